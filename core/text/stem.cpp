#include "core/text/stem.hpp"

#include <libstemmer.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/text/analysis.hpp"

namespace feedwatch::text {
namespace {

// ISO 639-1 code and Snowball 2.2's name of the algorithm.
struct algorithm {
    std::string_view language;
    const char* name;
};
constexpr std::array algorithms{
    algorithm{"ar", "arabic"},    algorithm{"ca", "catalan"},    algorithm{"da", "danish"},
    algorithm{"de", "german"},    algorithm{"el", "greek"},      algorithm{"en", "english"},
    algorithm{"es", "spanish"},   algorithm{"eu", "basque"},     algorithm{"fi", "finnish"},
    algorithm{"fr", "french"},    algorithm{"ga", "irish"},      algorithm{"hi", "hindi"},
    algorithm{"hu", "hungarian"}, algorithm{"hy", "armenian"},   algorithm{"id", "indonesian"},
    algorithm{"it", "italian"},   algorithm{"lt", "lithuanian"}, algorithm{"ne", "nepali"},
    algorithm{"nl", "dutch"},     algorithm{"no", "norwegian"},  algorithm{"pt", "portuguese"},
    algorithm{"ro", "romanian"},  algorithm{"ru", "russian"},    algorithm{"sr", "serbian"},
    algorithm{"sv", "swedish"},   algorithm{"ta", "tamil"},      algorithm{"tr", "turkish"},
    algorithm{"yi", "yiddish"},
};

const char* algorithm_of(std::string_view primary) noexcept {
    const auto* found =
        std::find_if(algorithms.begin(), algorithms.end(), [&](const algorithm& a) { return a.language == primary; });
    return found == algorithms.end() ? nullptr : found->name;
}

}  // namespace

bool has_stemmer(std::string_view primary) noexcept {
    return algorithm_of(primary) != nullptr;
}

void sb_stemmer_delete_call::operator()(sb_stemmer* s) const noexcept {
    sb_stemmer_delete(s);
}

std::uint8_t stemmers::index_of(std::string_view primary) {
    const char* name = algorithm_of(primary);
    if (name == nullptr) return 0;
    for (const entry& e : entries_) {
        if (e.language == primary) return e.index;
    }
    entry made{std::string(primary), std::unique_ptr<sb_stemmer, sb_stemmer_delete_call>(sb_stemmer_new(name, "UTF_8")),
               0};
    if (made.stemmer != nullptr) {
        made.index = static_cast<std::uint8_t>(by_index_.size());
        by_index_.push_back(made.stemmer.get());
    }
    entries_.push_back(std::move(made));
    return entries_.back().index;
}

std::string_view stemmers::stem(std::uint8_t index, std::string_view word) {
    sb_stemmer* with = by_index_[index];
    if (with == nullptr) return word;
    const sb_symbol* out =
        sb_stemmer_stem(with, reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
    if (out == nullptr) return word;  // out of memory, says libstemmer
    return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(sb_stemmer_length(with))};
}

}  // namespace feedwatch::text
