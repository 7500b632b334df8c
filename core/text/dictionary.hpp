// Words of scripts that do not put spaces between them, by ICU's dictionaries.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct UBreakIterator;

namespace feedwatch::text {

struct ubrk_close_call {
    void operator()(UBreakIterator* b) const noexcept;
};

class dictionary_breaker {
  public:
    struct piece {
        std::size_t offset;  // bytes
        std::size_t length;
    };
    // The words of a run of dictionary characters. The reference lives until the next call.
    const std::vector<piece>& split(std::string_view run);

  private:
    void split_part(std::string_view run, std::size_t base);

    std::unique_ptr<UBreakIterator, ubrk_close_call> words_;
    std::u16string utf16_;
    std::vector<std::size_t> offsets_;  // bytes of each UTF-16 unit
    std::vector<piece> pieces_;
};

}  // namespace feedwatch::text
