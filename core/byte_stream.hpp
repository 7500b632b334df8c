// Bytes out and in again, one after the other: what a step keeps between two runs (step.hpp). In the byte order of the
// machine: a stream is read where it was written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace feedwatch {

class byte_writer {
  public:
    virtual ~byte_writer() = default;
    // A failure is kept for whoever made the writer; what is written after it goes nowhere.
    virtual void write(std::span<const std::byte> bytes) = 0;

    template <class T>
    void put(const T& value) {
        static_assert(std::is_arithmetic_v<T>);
        write(std::as_bytes(std::span(&value, 1)));
    }
    void put_text(std::string_view text) {  // its size before it
        put(static_cast<std::uint32_t>(text.size()));
        write(std::as_bytes(std::span(text)));
    }
};

class byte_reader {
  public:
    virtual ~byte_reader() = default;
    // Fills all of `into`; false: so much is not left.
    [[nodiscard]] virtual bool read(std::span<std::byte> into) = 0;

    template <class T>
    [[nodiscard]] bool get(T& value) {
        static_assert(std::is_arithmetic_v<T>);
        return read(std::as_writable_bytes(std::span(&value, 1)));
    }
    // False also where it is longer than size_max.
    [[nodiscard]] bool get_text(std::string& text, std::uint32_t size_max) {
        std::uint32_t size = 0;
        if (!get(size) || size > size_max) return false;
        text.resize(size);
        return read(std::as_writable_bytes(std::span(text)));
    }
};

}  // namespace feedwatch
