// Records as few bytes, for those that rest in memory by the hundred thousand: the visitor of json.hpp's `describe()`,
// so that a field which is added there is held here too. Never written anywhere: the bytes change with the record.
//
// Hexadecimal, which hashes are, takes half its length; dates are told apart from the one before, numbers take the
// bytes they need. Private to core/record; append_packed() and …_from_packed() of each record are for all.
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/record/json.hpp"

namespace feedwatch::record {

class packer {
  public:
    explicit packer(std::string& out) : out_(out) {}

    template <class T>
    void operator()(std::string_view, const T& value) {
        put(value);
    }
    template <class T>
    void put(const T& value);

  private:
    void put_number(std::uint64_t n);
    void put_signed(std::int64_t n);
    void put_string(std::string_view text);
    void put_time(timestamp t);

    std::string& out_;
    timestamp last_{};
};

// Reads what packer wrote, in the same process: there is nothing to refuse.
class unpacker {
  public:
    explicit unpacker(std::string_view& in) : in_(in) {}

    template <class T>
    void operator()(std::string_view, T& value) {
        get(value);
    }
    template <class T>
    void get(T& value);

  private:
    std::uint64_t get_number();
    std::int64_t get_signed();
    std::string get_string();
    timestamp get_time();

    std::string_view& in_;
    timestamp last_{};
};

template <class T>
void packer::put(const T& value) {
    if constexpr (std::convertible_to<const T&, std::string_view>) {
        put_string(value);
    } else if constexpr (is_named<T>) {
        put_string(value.str());
    } else if constexpr (std::same_as<T, bool> || std::unsigned_integral<T> || std::is_enum_v<T>) {
        put_number(static_cast<std::uint64_t>(value));
    } else if constexpr (std::same_as<T, double>) {
        put_number(std::bit_cast<std::uint64_t>(value));
    } else if constexpr (std::same_as<T, timestamp>) {
        put_time(value);
    } else if constexpr (std::same_as<T, duration>) {
        put_signed(value.count());
    } else if constexpr (is_optional<T>) {
        put(value.has_value());
        if (value) put(*value);
    } else if constexpr (is_vector<T>) {
        put_number(value.size());
        for (const auto& element : value) put(element);
    } else {
        describe(value, *this);
    }
}

template <class T>
void unpacker::get(T& value) {
    if constexpr (std::same_as<T, std::string>) {
        value = get_string();
    } else if constexpr (is_named<T>) {
        value = T(get_string());
    } else if constexpr (std::same_as<T, bool> || std::unsigned_integral<T> || std::is_enum_v<T>) {
        value = static_cast<T>(get_number());
    } else if constexpr (std::same_as<T, double>) {
        value = std::bit_cast<double>(get_number());
    } else if constexpr (std::same_as<T, timestamp>) {
        value = get_time();
    } else if constexpr (std::same_as<T, duration>) {
        value = duration{get_signed()};
    } else if constexpr (is_optional<T>) {
        bool there = false;
        get(there);
        value.reset();
        if (there) get(value.emplace());
    } else if constexpr (is_vector<T>) {
        value.resize(get_number());
        for (auto& element : value) get(element);
    } else {
        describe(value, *this);
    }
}

}  // namespace feedwatch::record
