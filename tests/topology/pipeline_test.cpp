// Poll, dedup, match and the sinks together on topics in memory: a few thousand seeded runs in which transactions
// abort, processes crash, partitions move and servers fail. Afterwards nothing is lost, nothing is there twice, and
// everybody has been told exactly what was published. FEEDWATCH_TOPOLOGY_SEED replays one run.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

#include "core/record/duplicate.hpp"
#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "io/log/log.hpp"
#include "processors/dedup/dedup.hpp"
#include "processors/match/match.hpp"
#include "producers/poll/poller.hpp"
#include "sinks/alerts/alerts.hpp"
#include "sinks/storage/storage.hpp"
#include "tests/processors/dedup/samples.hpp"
#include "tests/support/topology.hpp"
#include "tests/topology/scripted_web.hpp"
#include "tests/topology/woken_step.hpp"

namespace feedwatch::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

constexpr int feeds = 4;
constexpr int rounds = 8;
constexpr std::string_view planted = " Officials spoke of immigration enforcement on Tuesday. ";

std::string feed_url(int n) {
    return "https://outlet" + std::to_string(n) + ".example/feed";
}

std::shared_ptr<const rule_set> rules() {
    return compile_rules("topics:\n  - {id: immigration, query: '\"immigration enforcement\"'}\n").value();
}

alerts_config channels() {
    alerts_config c;
    channel_config one;
    one.name = "ops";
    one.url = std::string(scripted_web::receiver_url);
    one.secrets = {secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=")};
    one.attempts_max = 50;  // the receiver recovers before we give up
    c.channels = {one};
    return c;
}

// What was published, by title: the truth that everything is compared with.
struct truth {
    std::set<std::string> originals, copies, updates;
    std::set<std::string> flagged;  // titles of originals and updates with the phrase
};

class world {
  public:
    world(std::uint64_t seed, const std::filesystem::path& folder)
        : random_(seed), web_(seed ^ 0x5eed, 0.15), rules_(rules()), topology_(seed, {}) {
        topology_.add_step([this] {
            auto through = std::make_unique<web_exchange>(web_);
            auto& exchange = *through;
            poller_options options;
            options.seed = random_();
            return std::make_unique<woken_step>(std::move(through),
                                                std::make_unique<poller>(std::move(options), exchange, null_meter()));
        });
        topology_.add_step([] { return std::make_unique<dedup::dedup>(dedup_config{}, null_meter()); });
        topology_.add_step([this] { return std::make_unique<match_step>(rules_, null_meter()); });
        topology_.add_step([this] {
            auto through = std::make_unique<web_exchange>(web_);
            alerts::alerts_options options;
            options.config = channels();
            options.seed = random_();
            auto made = alerts::make_alerts(std::move(options), *through, null_meter());
            return std::make_unique<woken_step>(std::move(through), std::move(made.value()));
        });
        const std::string file = (folder / "feedwatch.db").string();
        topology_.add_sink(
            [file] { return storage::make_storage_sink(sqlite_config{file}, "storage-sqlite", null_meter()); });
    }

    void subscribe() {
        for (int n = 0; n < feeds; ++n) {
            feed f;
            f.id = feed_id("feed" + std::to_string(n));
            f.url = feed_url(n);
            f.publisher = "outlet" + std::to_string(n);
            f.first_fetch.kind = first_fetch::policy::all;
            f.interval = {std::chrono::minutes{1}, std::chrono::minutes{1}, std::chrono::minutes{5}};
            topology_.publish(topic::feeds, f.id.str(), to_json(f));
        }
    }

    // Some new articles, then, once those have been seen, copies elsewhere and corrections.
    void play_round(int round) {
        for (int n = 0; n < feeds; ++n) publish_original(n, round);
        settle();
        if (round % 4 == 1) change_guids();
        if (round % 2 == 1) publish_copy(round);
        if (round % 3 == 2) publish_update(round);
        settle();
    }

    // Until the pollers have found all that was published (servers fail meanwhile) and everybody has worked it through.
    void settle() {
        const std::size_t published = truth_.originals.size() + truth_.copies.size() + truth_.updates.size();
        for (int i = 0; i < 500 && topology_.log().all(topic::fetched).size() < published; ++i) {
            ASSERT_TRUE(topology_.run_until_idle());
            topology_.time().advance(std::chrono::minutes{10});
        }
        ASSERT_TRUE(topology_.run_until_idle());
        // Two more polls find nothing new.
        topology_.time().advance(std::chrono::minutes{10});
        ASSERT_TRUE(topology_.run_until_idle());
    }

    // The outside recovers; retries of days may still be due.
    void recover() {
        web_.stop_failing();
        for (int i = 0; i < 40; ++i) {
            ASSERT_TRUE(topology_.run_until_idle());
            topology_.time().advance(std::chrono::hours{6});
        }
        ASSERT_TRUE(topology_.run_until_idle());
    }

    void check() const {
        ASSERT_THAT(topology_.broken_promises(), IsEmpty());
        ASSERT_THAT(topology_.log().all(topic::dead), IsEmpty());
        std::vector<std::string> new_titles, update_titles, copy_titles, flagged_titles;
        std::map<std::string, std::string> stories;  // title of a flagged record to its story
        for (const auto& r : topology_.log().all(topic::items)) {
            const story_item i = story_item_from_json(*r.value).value();
            (i.verdict == verdict::new_story ? new_titles : update_titles).push_back(i.title);
        }
        for (const auto& r : topology_.log().all(topic::duplicates))
            copy_titles.push_back(duplicate_from_json(*r.value).value().title);
        std::set<std::string> alerted_stories;
        for (const auto& r : topology_.log().all(topic::flagged)) {
            const flagged_item i = flagged_item_from_json(*r.value).value();
            flagged_titles.push_back(i.title);
            alerted_stories.insert(i.story.str());
        }
        EXPECT_THAT(new_titles, UnorderedElementsAreArray(truth_.originals));
        EXPECT_THAT(update_titles, UnorderedElementsAreArray(truth_.updates));
        EXPECT_THAT(copy_titles, UnorderedElementsAreArray(truth_.copies));
        EXPECT_THAT(flagged_titles, UnorderedElementsAreArray(truth_.flagged));
        std::map<std::string, std::set<std::string>> stories_by_id;
        for (const auto& w : web_.accepted())
            stories_by_id[w.id].insert(flagged_item_from_json(w.body).value().story.str());
        std::set<std::string> told;
        for (const auto& [id, named] : stories_by_id) {
            EXPECT_EQ(named.size(), 1U) << "webhook id " << id;
            EXPECT_TRUE(told.insert(*named.begin()).second) << "two webhook ids for one story and topic";
        }
        EXPECT_EQ(told, alerted_stories);
    }

    [[nodiscard]] const topology& driver() const { return topology_; }
    [[nodiscard]] const scripted_web& web() const { return web_; }
    [[nodiscard]] std::size_t stories() const { return truth_.originals.size(); }

  private:
    void publish_original(int n, int round) {
        const std::uint64_t text_seed = random_();
        const bool flag = random_() % 3 == 0;
        std::string title = "Title " + std::to_string(n) + " of round " + std::to_string(round) + " " +
                            dedup::prose(text_seed, 4) + "end";
        std::string text = dedup::prose(text_seed, 90);
        if (flag) text += planted;
        const std::string guid = "g" + std::to_string(round);
        web_.publish(feed_url(n), {guid, title, "<p>" + text + "</p>"});
        web_.keep_newest(feed_url(n), 6);
        truth_.originals.insert(title);
        if (flag) truth_.flagged.insert(title);
        last_[n] = {guid, title, text};
    }

    // Nothing new for anybody; what is corrected later belongs to the story that it was.
    void change_guids() {
        const int n = static_cast<int>(random_() % feeds);
        const std::string suffix = "x" + std::to_string(random_() % 1000);
        web_.change_guids(feed_url(n), suffix);
        last_[n].guid += suffix;
        const std::size_t before = changes_seen(n);
        for (int i = 0; i < 500 && changes_seen(n) == before; ++i) {
            topology_.time().advance(std::chrono::minutes{10});
            ASSERT_TRUE(topology_.run_until_idle());
        }
        ASSERT_GT(changes_seen(n), before);
    }

    // Polls that saw the feed's ids change.
    [[nodiscard]] std::size_t changes_seen(int n) const {
        std::size_t seen = 0;
        for (const auto& r : topology_.log().all(topic::polls))
            seen += r.key == "feed" + std::to_string(n) && r.value && r.value->find("ids_changed") != std::string::npos;
        return seen;
    }

    void publish_copy(int round) {
        const int from = static_cast<int>(random_() % feeds);
        const int to = (from + 1) % feeds;
        const std::string title = "As others see it " + std::to_string(round);
        web_.publish(feed_url(to), {"copy" + std::to_string(round), title, "<p>" + last_[from].html + "</p>"});
        truth_.copies.insert(title);
    }

    void publish_update(int round) {
        const int n = static_cast<int>(random_() % feeds);
        published_item changed = last_[n];
        const bool flag = truth_.flagged.contains(changed.title);
        changed.title += " (corrected " + std::to_string(round) + ")";
        changed.html = "<p>" + changed.html + " " + dedup::prose(random_(), 20) + "</p>";
        web_.publish(feed_url(n), changed);
        truth_.updates.insert(changed.title);
        if (flag) truth_.flagged.insert(changed.title);
    }

    std::mt19937_64 random_;
    scripted_web web_;
    rules_source rules_;
    topology topology_;
    truth truth_;
    std::map<int, published_item> last_;  // newest original of each feed, its text as plain words
};

std::uint64_t runs() {
    if (const char* wanted = std::getenv("FEEDWATCH_TOPOLOGY_RUNS")) return std::strtoull(wanted, nullptr, 10);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 150;
#else
    return 2000;
#endif
}

// A folder on a memory file system where there is one: a run is a crash test of our code, not of the disk.
std::filesystem::path make_folder() {
    const std::filesystem::path base =
        std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string pattern = (base / "feedwatch-topology.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    return pattern;
}

void play(std::uint64_t seed, std::size_t& faults, std::size_t& not_modified) {
    SCOPED_TRACE("FEEDWATCH_TOPOLOGY_SEED=" + std::to_string(seed));
    const std::filesystem::path folder = make_folder();
    {
        world w(seed, folder);
        w.subscribe();
        for (int round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) w.play_round(round);
        w.recover();
        w.check();
        faults += w.driver().faults_injected();
        not_modified += w.web().not_modified();
    }
    std::filesystem::remove_all(folder);
}

TEST(pipeline, nothing_is_lost_and_nothing_comes_twice_whatever_fails) {
    log::configure({.level = "error", .format = "text"}, null_meter());
    std::size_t faults = 0;
    std::size_t not_modified = 0;
    if (const char* one = std::getenv("FEEDWATCH_TOPOLOGY_SEED"))
        return play(std::strtoull(one, nullptr, 10), faults, not_modified);
    const std::uint64_t count = runs();
    for (std::uint64_t seed = 1; seed <= count && !HasFailure(); ++seed) play(seed, faults, not_modified);
    RecordProperty("runs", static_cast<int>(count));
    RecordProperty("faults", static_cast<int>(faults));
    EXPECT_GT(faults, count * 10) << "too few faults to prove anything";
    EXPECT_GT(not_modified, count) << "conditional requests were not exercised";
}

}  // namespace
}  // namespace feedwatch::testing
