#include "core/text/dictionary.hpp"

#include <unicode/ubrk.h>

#include <stdexcept>

#include "core/text/character.hpp"

namespace feedwatch::text {
namespace {

// ICU's dictionary breakers are worse than linear in the length of a run; sentences are shorter than this.
constexpr std::size_t run_units_max = 2048;

}  // namespace

void ubrk_close_call::operator()(UBreakIterator* b) const noexcept {
    ubrk_close(b);
}

void dictionary_breaker::split_part(std::string_view run, std::size_t base) {
    UErrorCode status = U_ZERO_ERROR;
    ubrk_setText(words_.get(), reinterpret_cast<const UChar*>(utf16_.data()), static_cast<std::int32_t>(utf16_.size()),
                 &status);
    if (U_FAILURE(status) != 0) return;
    std::int32_t from = ubrk_first(words_.get());
    for (std::int32_t to = ubrk_next(words_.get()); to != UBRK_DONE; from = to, to = ubrk_next(words_.get())) {
        const std::size_t begin = offsets_[static_cast<std::size_t>(from)];
        const std::size_t end = offsets_[static_cast<std::size_t>(to)];
        // A piece of zero-width spaces only is no word.
        if (class_of(decode(run, begin - base).code_point) == word_class::dictionary)
            pieces_.push_back({begin, end - begin});
    }
}

const std::vector<dictionary_breaker::piece>& dictionary_breaker::split(std::string_view run) {
    if (words_ == nullptr) {
        UErrorCode status = U_ZERO_ERROR;
        words_.reset(ubrk_open(UBRK_WORD, "", nullptr, 0, &status));
        if (U_FAILURE(status) != 0)
            throw std::runtime_error(std::string("ICU's data is missing: ") + u_errorName(status));
    }
    pieces_.clear();
    std::size_t at = 0;
    while (at < run.size()) {
        utf16_.clear();
        offsets_.clear();
        const std::size_t base = at;
        while (at < run.size() && utf16_.size() < run_units_max) {
            const decoded c = decode(run, at);
            offsets_.push_back(at);
            if (c.code_point >= 0x10000) {
                offsets_.push_back(at);
                utf16_.push_back(static_cast<char16_t>(0xD7C0U + (c.code_point >> 10U)));
                utf16_.push_back(static_cast<char16_t>(0xDC00U + (c.code_point & 0x3FFU)));
            } else {
                utf16_.push_back(static_cast<char16_t>(c.code_point));
            }
            at += c.length;
        }
        offsets_.push_back(at);
        split_part(run.substr(base, at - base), base);
    }
    return pieces_;
}

}  // namespace feedwatch::text
