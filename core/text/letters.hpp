// How the letters of two bytes (Latin with accents, Greek, Cyrillic, Hebrew, Arabic ...) fold where they stand among
// such letters: one by one, as folder does it, from a table.
#pragma once

#include <array>
#include <cstdint>

namespace feedwatch::text {

class two_byte_letters {
  public:
    struct alignas(4) folding {
        std::array<unsigned char, 2> bytes{};
        std::uint16_t length = 0;  // 0: no letter, or it folds to more
    };

    static const two_byte_letters& all();  // throws std::runtime_error when ICU's data is missing

    // Of a lead byte 0xC2..0xDF and the byte that continues it.
    [[nodiscard]] const folding& of(unsigned char lead, unsigned char next) const noexcept {
        return foldings_[(lead & 0x1FU) << 6U | (next & 0x3FU)];
    }

  private:
    two_byte_letters();
    std::array<folding, 0x800> foldings_{};
};

}  // namespace feedwatch::text
