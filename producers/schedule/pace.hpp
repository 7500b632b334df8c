// How far apart the requests to one host start, as the host's answers teach it. Pure: values in, values out.
#pragma once

#include "core/time.hpp"

namespace feedwatch::schedule {

enum class lesson {
    none,     // says nothing about the pace
    good,     // it answered well
    trouble,  // a time-out, a broken connection, a 403 where it used to answer: slower, perhaps
    busy,     // 429, or 503 with Retry-After: too fast
};

inline constexpr duration pace_first = std::chrono::seconds{2};  // after the first `busy`; half of it after `trouble`
inline constexpr duration pace_max = std::chrono::minutes{10};   // nothing is given up: each host is asked so often
inline constexpr duration pace_least = std::chrono::milliseconds{250};  // less than this is none
inline constexpr duration pace_halves_every = std::chrono::hours{24};

// The pace after an answer: twice as slow for `busy`, half as slow again for `trouble`, a thirty-second faster for
// `good`. A host that bears one request a minute so gets some 4 % too many.
[[nodiscard]] duration taught(duration pace, lesson what);

// What is left of a pace when nothing was asked for so long.
[[nodiscard]] duration faded(duration pace, duration age);

// A pause that a host asks for (Retry-After) is the feed's own; the host as a whole is tried again after so long, since
// often one path of it is meant.
inline constexpr duration host_hold_max = std::chrono::minutes{15};

}  // namespace feedwatch::schedule
