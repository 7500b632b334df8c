// The item at hand, with what its decision needs worked out once.
#pragma once

#include <string>
#include <string_view>

#include "core/time.hpp"
#include "processors/dedup/document.hpp"
#include "processors/dedup/fingerprint.hpp"
#include "processors/dedup/story_index.hpp"

namespace feedwatch::dedup {

struct story_index::piece {
    std::string_view id;
    std::string_view feed;
    std::string publisher;  // its family, by core/publisher
    std::string_view source;
    std::uint64_t url_hash = 0;
    timestamp observed{};
    bool live = true;
    const fingerprint* print = nullptr;

    // Whether both come from one newsroom or machine, where texts may be alike without being copies. An aggregator's
    // items name their sources; a wire's copies name one source under several publishers.
    [[nodiscard]] bool same_source(const document_view& d) const noexcept {
        if (publisher.empty() || publisher != d.publisher()) return false;
        return source.empty() || d.source().empty() || source == d.source();
    }
    [[nodiscard]] bool same_title(const document_view& d) const noexcept {
        return print->title_hash != 0 && print->title_hash == d.title_hash;
    }
    [[nodiscard]] bool same_words(const document_view& d) const noexcept {
        return print->title_hash == d.title_hash && print->text_hash == d.text_hash;
    }
};

}  // namespace feedwatch::dedup
