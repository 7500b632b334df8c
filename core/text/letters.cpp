#include "core/text/letters.hpp"

#include <algorithm>
#include <string>

#include "core/text/character.hpp"
#include "core/text/fold.hpp"

namespace feedwatch::text {

two_byte_letters::two_byte_letters() {
    folder folds;
    std::string cased;
    std::string plain;
    for (std::uint32_t c = 0x80; c < foldings_.size(); ++c) {
        if (class_of(c) != word_class::letter) continue;
        const std::string letter{static_cast<char>(0xC0U | c >> 6U), static_cast<char>(0x80U | (c & 0x3FU))};
        folds.case_fold(letter, cased);
        folds.strip_accents(cased, plain);
        folding& f = foldings_[c];
        if (plain.empty() || plain.size() > f.bytes.size()) continue;
        std::ranges::copy(plain, f.bytes.begin());
        f.length = static_cast<std::uint16_t>(plain.size());
    }
}

const two_byte_letters& two_byte_letters::all() {
    static const two_byte_letters made;
    return made;
}

}  // namespace feedwatch::text
