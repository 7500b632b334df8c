#include <algorithm>

#include "io/yaml/yaml.hpp"

namespace feedwatch::yaml {

void problems::add(position at, std::string path, std::string message) {
    all_.push_back({at, std::move(path), std::move(message)});
}

std::string problems::text() const {
    std::vector<const problem*> sorted;
    for (const problem& p : all_) sorted.push_back(&p);
    std::stable_sort(sorted.begin(), sorted.end(), [](const problem* a, const problem* b) {
        return std::pair(a->at.line, a->at.column) < std::pair(b->at.line, b->at.column);
    });
    std::string out;
    for (const problem* p : sorted) {
        if (!out.empty()) out += '\n';
        out += file_ + ":" + std::to_string(p->at.line) + ":" + std::to_string(p->at.column) + ": ";
        if (!p->path.empty()) out += p->path + ": ";
        out += p->message;
    }
    return out;
}

error problems::to_error() const {
    return {errc::invalid_config, text()};
}

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known) {
    // Levenshtein with swapped neighbours counted once, as typing errs.
    const auto distance = [&](std::string_view other) {
        std::vector<std::vector<std::size_t>> d(name.size() + 1, std::vector<std::size_t>(other.size() + 1));
        for (std::size_t i = 0; i <= name.size(); ++i) d[i][0] = i;
        for (std::size_t j = 0; j <= other.size(); ++j) d[0][j] = j;
        for (std::size_t i = 1; i <= name.size(); ++i) {
            for (std::size_t j = 1; j <= other.size(); ++j) {
                const std::size_t change = d[i - 1][j - 1] + (name[i - 1] == other[j - 1] ? 0U : 1U);
                d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, change});
                if (i > 1 && j > 1 && name[i - 1] == other[j - 2] && name[i - 2] == other[j - 1]) {
                    d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[name.size()][other.size()];
    };
    constexpr std::size_t name_bytes_max = 64;
    if (name.empty() || name.size() > name_bytes_max) return std::nullopt;
    std::optional<std::string> best;
    std::size_t best_distance = 1 + std::max<std::size_t>(1, name.size() / 3);
    for (const std::string& k : known) {
        if (k.size() > name_bytes_max) continue;
        const std::size_t d = distance(k);
        if (d < best_distance) {
            best_distance = d;
            best = k;
        }
    }
    return best;
}

}  // namespace feedwatch::yaml
