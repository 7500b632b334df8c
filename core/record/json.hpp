// How records become JSON and back. Each record lists its fields once, in `describe(record, visitor)`; the writer and
// the reader are visitors. Private to core/record.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/error.hpp"
#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch::record {

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_named = false;
template <class Tag>
inline constexpr bool is_named<named<Tag>> = true;
template <class T>
inline constexpr bool is_hashes =
    std::same_as<T, std::vector<std::uint16_t>> || std::same_as<T, std::vector<std::uint32_t>>;

// Writes one JSON object. Strings come out as valid UTF-8 without NUL, whatever they hold.
class writer {
  public:
    explicit writer(std::size_t bytes_expected) { out_.reserve(bytes_expected); }

    template <class T>
    void operator()(std::string_view name, const T& value) {
        begin_field(name);
        put(value);
    }
    template <class T>
    void put(const T& value);
    [[nodiscard]] std::string take() && { return std::move(out_); }

  private:
    void begin_field(std::string_view name);  // of our own choice: nothing in it to escape
    void put_string(std::string_view text);
    void put_number(std::uint64_t value);
    void put_number(double value);  // null where it is not finite
    void put_time(timestamp t);
    void put_null() { out_ += "null"; }
    void put_duration(duration d);
    void put_hashes(const std::vector<std::uint16_t>& values);
    void put_hashes(const std::vector<std::uint32_t>& values);

    std::string out_;
};

// A parsed value; `source` is simdjson's element, which stays out of this header.
class value {
  public:
    explicit value(const void* source) : source_(source) {}
    [[nodiscard]] bool is_null() const;
    // Each is false where the value is of another type or out of range. Strings come without NUL.
    [[nodiscard]] bool get(std::string& out) const;
    [[nodiscard]] bool get(bool& out) const;
    [[nodiscard]] bool get(double& out) const;
    [[nodiscard]] bool get(std::uint64_t& out) const;
    [[nodiscard]] bool get(timestamp& out) const;
    [[nodiscard]] bool get(duration& out) const;
    [[nodiscard]] bool get(std::vector<std::uint16_t>& out) const;
    [[nodiscard]] bool get(std::vector<std::uint32_t>& out) const;

    // Calls visit(key, value) or visit(value) for each member until one is false.
    template <class Visit>
    [[nodiscard]] bool each_field(Visit&& visit) const {
        return fields([](void* context, std::string_view key,
                         value v) { return (*static_cast<std::remove_reference_t<Visit>*>(context))(key, v); },
                      std::addressof(visit));
    }
    template <class Visit>
    [[nodiscard]] bool each_element(Visit&& visit) const {
        return elements(
            [](void* context, value v) { return (*static_cast<std::remove_reference_t<Visit>*>(context))(v); },
            std::addressof(visit));
    }
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_array() const;

  private:
    bool fields(bool (*visit)(void*, std::string_view, value), void* context) const;
    bool elements(bool (*visit)(void*, value), void* context) const;
    const void* source_;
};

// A date that is a string, but not RFC 3339.
struct unread_date {
    std::string field;
    std::string text;
};

// Fills a record from a parsed object. A field that is null or not there keeps its default, one that is not known is
// ignored, of two with the same name the last counts; the first of the wrong type ends the reading, with its path in
// problem().
class reader {
  public:
    // Where `unread` is given, a date that cannot be read is put there instead of ending the reading.
    explicit reader(std::vector<unread_date>* unread = nullptr) : unread_(unread) {}

    template <class T>
    [[nodiscard]] bool read(value from, T& out);
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  private:
    bool refuse(std::string_view why) {
        problem_ = why;
        return false;
    }
    template <class T>
    bool read_fields(value from, T& out);
    template <class T>
    bool read_list(value from, std::vector<T>& out);
    template <class T>
    bool read_time(value from, T& out);
    void prefix(std::string_view name) {
        if (!problem_.starts_with('[') && !problem_.starts_with(':')) problem_.insert(0, ".");
        problem_.insert(0, name);
    }

    std::vector<unread_date>* unread_;
    std::string problem_;  // "matches[2].score: should be a number"
};

// Parses one JSON object and hands it to `read`. Depth up to 64, size up to 256 MiB; lone surrogates and invalid UTF-8
// become U+FFFD. Not re-entrant: the parser is the thread's.
[[nodiscard]] result<> parse_object(std::string_view json,
                                    bool (*read)(void* context, value object, std::string& problem), void* context);

template <class T>
[[nodiscard]] std::string write_record(const T& record, std::size_t bytes_expected) {
    writer out(bytes_expected);
    out.put(record);
    return std::move(out).take();
}

template <class T>
[[nodiscard]] result<T> read_record(std::string_view json, std::vector<unread_date>* unread = nullptr) {
    struct {
        reader in;
        T out;
    } state{reader(unread), T{}};
    const auto read = [](void* context, value object, std::string& problem) {
        auto& s = *static_cast<decltype(state)*>(context);
        const bool good = s.in.read(object, s.out);
        if (!good) problem = s.in.problem();
        return good;
    };
    if (const auto parsed = parse_object(json, read, &state); !parsed) return parsed.error();
    return std::move(state.out);
}

[[nodiscard]] error missing_field(std::string_view name);

// --- the visitors' templates ---

template <class T>
void writer::put(const T& value) {
    if constexpr (std::convertible_to<const T&, std::string_view>) {
        put_string(value);
    } else if constexpr (is_named<T>) {
        put_string(value.str());
    } else if constexpr (std::same_as<T, bool>) {
        out_ += value ? "true" : "false";
    } else if constexpr (std::unsigned_integral<T>) {
        put_number(std::uint64_t{value});
    } else if constexpr (std::same_as<T, double>) {
        put_number(value);
    } else if constexpr (std::same_as<T, timestamp>) {
        // Where a date is not optional, the epoch stands for one that is not known.
        value == timestamp{} ? put_null() : put_time(value);
    } else if constexpr (std::same_as<T, std::optional<timestamp>>) {
        value ? put_time(*value) : put_null();
    } else if constexpr (std::same_as<T, duration>) {
        put_duration(value);
    } else if constexpr (is_hashes<T>) {
        put_hashes(value);
    } else if constexpr (std::is_enum_v<T>) {
        put_string(name_of(value));
    } else if constexpr (is_optional<T>) {
        value ? put(*value) : put_null();
    } else if constexpr (is_vector<T>) {
        out_ += '[';
        for (const auto& element : value) {
            if (out_.back() != '[') out_ += ',';
            put(element);
        }
        out_ += ']';
    } else {
        out_ += '{';
        describe(value, *this);
        out_ += '}';
    }
}

template <class T>
bool reader::read(value from, T& out) {
    if (from.is_null()) return true;
    if constexpr (std::same_as<T, std::string>) {
        return from.get(out) || refuse(": should be a string");
    } else if constexpr (is_named<T>) {
        std::string text;
        if (!from.get(text)) return refuse(": should be a string");
        out = T(std::move(text));
        return true;
    } else if constexpr (std::same_as<T, bool>) {
        return from.get(out) || refuse(": should be true or false");
    } else if constexpr (std::unsigned_integral<T>) {
        std::uint64_t number = 0;
        if (!from.get(number) || number > std::numeric_limits<T>::max())
            return refuse(": should be a whole number in range");
        out = static_cast<T>(number);
        return true;
    } else if constexpr (std::same_as<T, double>) {
        return from.get(out) || refuse(": should be a number");
    } else if constexpr (std::same_as<T, timestamp> || std::same_as<T, std::optional<timestamp>>) {
        return read_time(from, out);
    } else if constexpr (std::same_as<T, duration>) {
        return from.get(out) || refuse(": should be a duration");
    } else if constexpr (is_hashes<T>) {
        return from.get(out) || refuse(": should be base64 of whole integers");
    } else if constexpr (std::is_enum_v<T>) {
        std::string text;
        return (from.get(text) && read_name(text, out)) || refuse(": has no such value");
    } else if constexpr (is_optional<T>) {
        typename T::value_type held{};
        if (!read(from, held)) return false;
        out = std::move(held);
        return true;
    } else if constexpr (is_vector<T>) {
        return read_list(from, out);
    } else {
        return read_fields(from, out);
    }
}

template <class T>
bool reader::read_time(value from, T& out) {
    timestamp read{};
    if (from.get(read)) {
        out = read;
        return true;
    }
    std::string text;
    if (unread_ == nullptr || !from.get(text)) return refuse(": should be an RFC 3339 date");
    unread_->push_back({{}, std::move(text)});
    return true;
}

template <class T>
bool reader::read_fields(value from, T& out) {
    if (!from.is_object()) return refuse(": should be an object");
    // Our own writer keeps the order of the fields: look first where the one after the last is.
    std::size_t expected = 0;
    return from.each_field([&](std::string_view key, value member) {
        bool good = true;
        bool found = false;
        const auto look = [&](bool everywhere) {
            std::size_t at = 0;
            const auto match = [&]<class Field>(std::string_view name, Field& field) {
                const std::size_t here = at++;
                if (found || (!everywhere && here != expected) || name != key) return;
                found = true;
                expected = here + 1;
                const std::size_t unread = unread_ == nullptr ? 0 : unread_->size();
                good = read(member, field);
                if (!good) prefix(name);
                if (unread_ != nullptr && unread_->size() > unread && unread_->back().field.empty())
                    unread_->back().field = name;
            };
            describe(out, match);
        };
        look(false);
        if (!found) look(true);
        return good;
    });
}

template <class T>
bool reader::read_list(value from, std::vector<T>& out) {
    if (!from.is_array()) return refuse(": should be an array");
    out.clear();
    return from.each_element([&](value element) {
        const std::size_t index = out.size();
        if (read(element, out.emplace_back())) return true;
        prefix("[" + std::to_string(index) + "]");
        return false;
    });
}

}  // namespace feedwatch::record
