#include "producers/extract/main_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>

#include "core/ascii.hpp"
#include "core/bytes.hpp"
#include "core/hash.hpp"
#include "core/text/plea.hpp"
#include "producers/extract/pleas.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t repeats_min = 3;
constexpr std::size_t repeats_percent_min = 30;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Of the block in lower case, each number as "0", each blank run as one space.
class block_hasher {
  public:
    std::uint64_t operator()(std::string_view block) {
        folded_.cut(0);
        std::size_t at = 0;
        while (at < block.size()) {
            if (at > 0 && block.size() - at >= bytes::block::size) {
                const bytes::block here(block.data() + at);
                here.lower().store(folded_.room(bytes::block::size));
                const auto special = here.between('0', '9') | here.equal('\n') | here.repeated(' ');
                const std::size_t plain = special == 0 ? bytes::block::size : bytes::block::first(special);
                folded_.used(plain);
                at += plain;
                if (special == 0) continue;
            }
            at = put(block, at);
        }
        return hash64(folded_.view());
    }

  private:
    // One character, number or blank run. Returns where it ends.
    std::size_t put(std::string_view block, std::size_t at) {
        const auto is_blank = [](char c) { return c == '\n' || c == ' '; };
        const char c = block[at++];
        if (is_digit(c)) {
            while (at < block.size() && is_digit(block[at])) ++at;
            folded_.append('0');
        } else if (is_blank(c)) {
            while (at < block.size() && is_blank(block[at])) ++at;
            if (!folded_.empty() && folded_.view().back() != ' ') folded_.append(' ');
        } else {
            folded_.append(ascii_lower(c));
        }
        return at;
    }

    bytes::buffer folded_;
};

std::string hex(std::uint64_t value) {
    std::string out(16, '0');
    for (std::size_t i = 16; i-- > 0; value >>= 4U) out[i] = "0123456789abcdef"[value & 0xFU];
    return out;
}

using hashes = std::vector<std::uint64_t>;  // of one document's blocks, in order

// How many different documents each block stands in.
std::unordered_map<std::uint64_t, std::size_t> count_documents(std::span<const text_blocks> documents,
                                                               const std::vector<hashes>& all, std::size_t& different) {
    std::unordered_map<std::uint64_t, std::size_t> counts;
    std::unordered_set<std::uint64_t> texts;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        if (documents[i].blocks.empty() || !texts.insert(hash64(documents[i].text)).second) continue;
        hashes once = all[i];
        std::sort(once.begin(), once.end());
        once.erase(std::unique(once.begin(), once.end()), once.end());
        for (const std::uint64_t h : once) ++counts[h];
    }
    different = texts.size();
    return counts;
}

// Marks what the words of the first and last blocks give away.
void drop_by_rules(const text_blocks& document, std::vector<bool>& keep) {
    const auto& blocks = document.blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (!keep[i]) continue;
        if (!is_byline(document.view(blocks[i]))) break;
        keep[i] = false;
    }
    for (std::size_t i = blocks.size(); i-- > 0;) {
        if (!keep[i]) continue;
        if (!is_closing_plea(document.view(blocks[i])) && !is_link_block(blocks[i])) break;
        keep[i] = false;
    }
}

std::string join(const text_blocks& document, const std::vector<bool>& keep) {
    std::string out;
    for (std::size_t i = 0; i < keep.size(); ++i) {
        if (!keep[i]) continue;
        if (!out.empty()) out += "\n\n";
        out += document.view(document.blocks[i]);
    }
    return out;
}

bool keeps_nothing(const std::vector<bool>& keep) {
    return std::find(keep.begin(), keep.end(), true) == keep.end();
}

}  // namespace

std::string block_hash(std::string_view block) {
    return hex(block_hasher()(block));
}

main_texts main_texts_of(std::span<const text_blocks> documents, const std::vector<std::string>& known) {
    block_hasher folded_hash;
    std::vector<hashes> all(documents.size());
    for (std::size_t i = 0; i < documents.size(); ++i)
        for (const text_block& b : documents[i].blocks) all[i].push_back(folded_hash(documents[i].view(b)));
    std::size_t different = 0;
    const auto counts = count_documents(documents, all, different);
    const std::unordered_set<std::string> remembered(known.begin(), known.end());
    const auto repeats = [&](std::uint64_t h) {
        const auto found = counts.find(h);
        const std::size_t n = found == counts.end() ? 0 : found->second;
        return (n >= repeats_min && n * 100 >= different * repeats_percent_min) ||
               (!remembered.empty() && remembered.contains(hex(h)));
    };

    main_texts out;
    std::unordered_set<std::uint64_t> removed;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        std::vector<bool> keep(all[i].size());
        for (std::size_t b = 0; b < keep.size(); ++b) keep[b] = !repeats(all[i][b]);
        const bool only_template = keeps_nothing(keep);
        if (only_template) keep.assign(keep.size(), true);
        const std::vector<bool> without_template = keep;
        drop_by_rules(documents[i], keep);
        if (keeps_nothing(keep)) keep = without_template;
        for (std::size_t b = 0; b < keep.size(); ++b)
            if (!without_template[b]) removed.insert(all[i][b]);
        out.texts.push_back(join(documents[i], keep));
    }
    for (const std::uint64_t h : removed) out.boilerplate.push_back(hex(h));
    std::sort(out.boilerplate.begin(), out.boilerplate.end());
    return out;
}

}  // namespace feedwatch
