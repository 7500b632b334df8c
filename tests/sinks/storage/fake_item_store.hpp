// A store in memory that fails as a test says, and commits or not before it does.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "sinks/storage/item_store.hpp"

namespace feedwatch::test {

// What a test sees of it while a sink owns the store.
struct fake_store_state {
    enum class fault { fails_before_commit, fails_after_commit, not_reachable };
    std::deque<std::optional<fault>> plan;  // for the next writes, in order; nullopt: none
    bool reachable = true;
    std::map<topic_partition, std::int64_t> positions;
    std::map<std::string, std::size_t> rows;     // written, by table
    std::map<std::string, std::size_t> removed;  // ids asked for, by table
    std::size_t writes = 0;
};

class fake_item_store final : public storage::item_store {
  public:
    explicit fake_item_store(fake_store_state& state) : state_(state) {}
    [[nodiscard]] std::string_view kind() const override { return "fake"; }
    result<> open() override {
        if (!state_.reachable) return error(errc::unavailable, "away");
        return {};
    }
    result<std::vector<position>> positions(std::string_view, std::span<const topic_partition> wanted) override {
        if (!state_.reachable) return error(errc::unavailable, "away");
        std::vector<position> found;
        for (const topic_partition& p : wanted)
            if (const auto at = state_.positions.find(p); at != state_.positions.end())
                found.push_back({p, at->second});
        return found;
    }
    result<storage::changed> write(std::string_view, const storage::changes& what,
                                   std::span<const storage::move> moves) override {
        ++state_.writes;
        std::optional<fake_store_state::fault> now;
        if (!state_.plan.empty()) {
            now = state_.plan.front();
            state_.plan.pop_front();
        }
        if (now == fake_store_state::fault::fails_before_commit) return error(errc::unavailable, "before");
        for (const storage::move& m : moves) {
            const auto at = state_.positions.find(m.of);
            const auto stored = at == state_.positions.end() ? std::nullopt : std::optional(at->second);
            if (stored != m.from) return storage::position_moved(m.of);
        }
        for (const storage::move& m : moves) state_.positions[m.of] = m.to;
        storage::changed written;
        for (const storage::removal& r : what.removals) {
            state_.removed[std::string(r.table)] += r.ids.size();
            written.removed.push_back(r.ids.size());
        }
        for (const storage::row_set& r : what.rows) {
            state_.rows[std::string(r.into->table)] += r.size();
            written.written.push_back(r.size());
        }
        if (now == fake_store_state::fault::fails_after_commit) return error(errc::unavailable, "after");
        return written;
    }

  private:
    fake_store_state& state_;
};

}  // namespace feedwatch::test
