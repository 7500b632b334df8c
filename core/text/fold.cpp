#include "core/text/fold.hpp"

#include <unicode/ustring.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "core/text/character.hpp"

namespace feedwatch::text {
namespace {

const UNormalizer2* loaded(const UNormalizer2* normalizer, UErrorCode status) {
    if (U_FAILURE(status)) throw std::runtime_error(std::string("ICU's data is missing: ") + u_errorName(status));
    return normalizer;
}

bool is_apostrophe(char16_t c) {
    return c == 0x2018 || c == 0x2019 || c == 0x02BC || c == 0xFF07;
}

// Marks that fold. Not those of Indic scripts, where they are vowels.
bool is_accent(char16_t c) {
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0483 && c <= 0x0487) ||
           (c >= 0x0591 && c <= 0x05C7 && c != 0x05BE) || (c >= 0x0610 && c <= 0x061A) || c == 0x0640 ||
           (c >= 0x064B && c <= 0x065F) || c == 0x0670 || (c >= 0x06D6 && c <= 0x06ED) ||
           (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF);
}

// Letters that Unicode does not decompose though readers take them for an accented letter or a ligature.
const char16_t* apart(char16_t c) {
    switch (c) {
        case 0x00E6:
            return u"ae";
        case 0x0153:
            return u"oe";
        case 0x00F8:
            return u"o";
        case 0x00FE:
            return u"th";
        case 0x00F0:
        case 0x0111:
            return u"d";
        case 0x0127:
            return u"h";
        case 0x0131:
            return u"i";
        case 0x0142:
            return u"l";
        case 0x014B:
            return u"n";
        case 0x0167:
            return u"t";
        default:
            return nullptr;
    }
}

// й and ў are letters of their own, not и and у with an accent.
bool keeps_breve(char16_t base) {
    return base == 0x0438 || base == 0x0443;
}

}  // namespace

folder::folder() {
    UErrorCode status = U_ZERO_ERROR;
    nfkc_casefold_ = loaded(unorm2_getNFKCCasefoldInstance(&status), status);
    nfc_ = loaded(unorm2_getNFCInstance(&status), status);
    nfd_ = loaded(unorm2_getNFDInstance(&status), status);
}

void folder::to_utf16(std::string_view utf8) {
    buffer_.resize(utf8.size() + 1);  // UTF-16 never has more units than UTF-8 has bytes
    std::int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8WithSub(buffer_.data(), static_cast<std::int32_t>(buffer_.size()), &length, utf8.data(),
                         static_cast<std::int32_t>(utf8.size()), 0xFFFD, nullptr, &status);
    buffer_.resize(static_cast<std::size_t>(length));
}

void folder::normalise(const UNormalizer2* with) {
    buffer2_.resize(std::max<std::size_t>(buffer2_.capacity(), buffer_.size() * 2 + 32));
    for (;;) {
        UErrorCode status = U_ZERO_ERROR;
        const std::int32_t length =
            unorm2_normalize(with, buffer_.data(), static_cast<std::int32_t>(buffer_.size()), buffer2_.data(),
                             static_cast<std::int32_t>(buffer2_.size()), &status);
        if (status == U_BUFFER_OVERFLOW_ERROR) {
            buffer2_.resize(static_cast<std::size_t>(length) + 1);
            continue;
        }
        buffer2_.resize(U_FAILURE(status) ? 0 : static_cast<std::size_t>(length));
        break;
    }
    buffer_.swap(buffer2_);
}

void folder::to_utf8(std::string& out) {
    out.resize(buffer_.size() * 3);
    std::int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8WithSub(out.data(), static_cast<std::int32_t>(out.size()), &length, buffer_.data(),
                       static_cast<std::int32_t>(buffer_.size()), 0xFFFD, nullptr, &status);
    out.resize(static_cast<std::size_t>(length));
}

void folder::case_fold(std::string_view utf8, std::string& out) {
    to_utf16(utf8);
    normalise(nfkc_casefold_);
    std::replace_if(buffer_.begin(), buffer_.end(), is_apostrophe, u'\'');
    to_utf8(out);
}

void folder::strip_accents(std::string_view case_folded, std::string& out) {
    to_utf16(case_folded);
    normalise(nfd_);
    buffer2_.clear();
    char16_t base = 0;
    for (const char16_t c : buffer_) {
        if (is_accent(c)) {
            if (c == 0x0306 && keeps_breve(base)) buffer2_.push_back(c);
            continue;
        }
        base = c;
        if (const char16_t* letters = apart(c)) {
            buffer2_.append(letters);
        } else {
            buffer2_.push_back(c);
        }
    }
    buffer_.swap(buffer2_);
    normalise(nfc_);
    to_utf8(out);
}

void folder::compose(std::string_view utf8, std::string& out) {
    to_utf16(utf8);
    std::erase_if(buffer_, [](char16_t c) { return class_of(c) == word_class::ignored; });
    normalise(nfc_);
    to_utf8(out);
}

}  // namespace feedwatch::text
