// Fills one Kafka topic with `fetched` records for bench/run pipeline:
//   bench_load BOOTSTRAP TOPIC COUNT SEED
// ~2.3 kB of JSON each, words by Zipf's law from 20,000 made-up ones, every fifth an exact copy of an earlier item's
// text in another feed. Every text holds one of 100 phrases ("phrase<i> watch<i>"), so that what is not a copy is
// flagged.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/record/item.hpp"

namespace {

std::vector<std::string> make_vocabulary(std::mt19937_64& random) {
    static constexpr const char* syllables[] = {"ba",  "der", "lo",  "min", "ta",  "ri", "sol", "ven", "ka",  "pe",
                                                "nor", "ul",  "ges", "fa",  "tri", "mo", "sen", "du",  "cal", "wy"};
    std::uniform_int_distribution<std::size_t> syllable(0, std::size(syllables) - 1);
    std::uniform_int_distribution<int> length(1, 4);
    std::vector<std::string> words(20000);
    for (auto& word : words)
        for (int n = length(random) + (word.empty() ? 0 : 1); n >= 0; --n) word += syllables[syllable(random)];
    return words;
}

class writer {
  public:
    explicit writer(std::uint64_t seed) : random_(seed), words_(make_vocabulary(random_)) {
        cumulative_.reserve(words_.size());
        double sum = 0;
        for (std::size_t rank = 1; rank <= words_.size(); ++rank)
            cumulative_.push_back(sum += 1.0 / static_cast<double>(rank));
    }

    std::string text(std::size_t bytes) {
        std::string out;
        while (out.size() < bytes) {
            out += word();
            out += ' ';
        }
        const int phrase = std::uniform_int_distribution<int>(0, 99)(random_);
        out += "phrase" + std::to_string(phrase) + " watch" + std::to_string(phrase);
        return out;
    }

    std::size_t index(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

  private:
    const std::string& word() {
        const double at = std::uniform_real_distribution<double>(0, cumulative_.back())(random_);
        const auto found = std::lower_bound(cumulative_.begin(), cumulative_.end(), at);
        return words_[static_cast<std::size_t>(found - cumulative_.begin())];
    }

    std::mt19937_64 random_;
    std::vector<std::string> words_;
    std::vector<double> cumulative_;
};

feedwatch::item make_item(writer& write, std::vector<std::string>& texts, std::size_t number) {
    feedwatch::item item;
    const bool copy = number % 5 == 4;
    const std::string text = copy ? texts[write.index(texts.size())] : write.text(1500);
    if (!copy) texts.push_back(text);
    const std::string feed = "feed" + std::to_string(number % 997);
    item.id = feedwatch::item_id("1:" + std::to_string(number));
    item.feed = feedwatch::feed_id(feed);
    item.publisher = feed + ".example";
    item.guid = "https://" + feed + ".example/?p=" + std::to_string(number);
    item.url = "https://www." + feed + ".example/articles/2026/" + std::to_string(number) + ".html";
    item.canonical_url = "https://" + feed + ".example/articles/2026/" + std::to_string(number) + ".html";
    item.title = write.text(40);
    item.summary_html = "<p>" + text.substr(0, 200) + "</p>";
    item.text = text;
    item.authors.push_back({"A. Writer", "", ""});
    item.categories = {"news", "world"};
    item.observed = feedwatch::timestamp{std::chrono::seconds{1'790'000'000 + number / 50}};
    item.published = item.observed - std::chrono::minutes{5};
    item.language = "en";
    return item;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: bench_load BOOTSTRAP TOPIC COUNT SEED\n");
        return 2;
    }
    const std::size_t count = std::strtoull(argv[3], nullptr, 10);
    writer write(std::strtoull(argv[4], nullptr, 10));
    char reason[512];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    for (const auto& [name, value] : {std::pair{"bootstrap.servers", argv[1]},
                                      {"linger.ms", const_cast<char*>("20")},
                                      {"enable.idempotence", const_cast<char*>("true")},
                                      {"queue.buffering.max.kbytes", const_cast<char*>("200000")}})
        if (rd_kafka_conf_set(conf, name, value, reason, sizeof reason) != RD_KAFKA_CONF_OK)
            return std::fprintf(stderr, "%s\n", reason), 1;
    rd_kafka_t* producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    if (producer == nullptr) return std::fprintf(stderr, "%s\n", reason), 1;

    std::vector<std::string> texts;
    std::size_t bytes = 0;
    for (std::size_t n = 0; n < count; ++n) {
        const feedwatch::item item = make_item(write, texts, n);
        const std::string json = feedwatch::to_json(item);
        bytes += json.size();
        for (;;) {
            const auto e =
                rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(argv[2]), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                  RD_KAFKA_V_KEY(item.feed.str().data(), item.feed.str().size()),
                                  RD_KAFKA_V_VALUE(const_cast<char*>(json.data()), json.size()), RD_KAFKA_V_END);
            if (e == RD_KAFKA_RESP_ERR_NO_ERROR) break;
            if (e != RD_KAFKA_RESP_ERR__QUEUE_FULL) return std::fprintf(stderr, "%s\n", rd_kafka_err2str(e)), 1;
            rd_kafka_poll(producer, 100);
        }
        rd_kafka_poll(producer, 0);
    }
    const bool flushed = rd_kafka_flush(producer, 60'000) == RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_destroy(producer);
    std::printf("{\"records\": %zu, \"bytes_each\": %.0f}\n", count,
                static_cast<double>(bytes) / static_cast<double>(count));
    return flushed ? 0 : 1;
}
