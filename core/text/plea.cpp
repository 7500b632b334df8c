#include "core/text/plea.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/text/lower.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t plea_bytes_max = 240;  // a longer block is prose, whatever it begins with

// Lower case. What a block begins with when it asks the reader for something or leads away.
constexpr std::array<std::string_view, 88> beginnings{"read more",
                                                      "read the full",
                                                      "read full",
                                                      "read the rest",
                                                      "read on",
                                                      "read original",
                                                      "continue reading",
                                                      "click here to",
                                                      "keep reading",
                                                      "full story",
                                                      "view the full",
                                                      "view original",
                                                      "see more",
                                                      "see also:",
                                                      "more on this",
                                                      "more from ",
                                                      "more:",
                                                      "related:",
                                                      "related articles",
                                                      "related stories",
                                                      "related posts",
                                                      "also read",
                                                      "read also",
                                                      "read next",
                                                      "you may also like",
                                                      "you might also like",
                                                      "share this",
                                                      "share on ",
                                                      "share via",
                                                      "tweet this",
                                                      "like this:",
                                                      "follow us",
                                                      "follow @",
                                                      "join us on",
                                                      "subscribe to",
                                                      "subscribe now",
                                                      "sign up for",
                                                      "sign up to",
                                                      "get our newsletter",
                                                      "get the latest",
                                                      "newsletter:",
                                                      "support our",
                                                      "donate",
                                                      "become a member",
                                                      "advertisement",
                                                      "all rights reserved",
                                                      "copyright ©",
                                                      "copyright (c)",
                                                      "© ",
                                                      "(c) 20",
                                                      "filed under",
                                                      "tags:",
                                                      "posted in ",
                                                      "permalink",
                                                      "comments (",
                                                      "leave a comment",
                                                      "originally published",
                                                      "this article originally appeared",
                                                      "weiterlesen",
                                                      "mehr zum thema",
                                                      "lire la suite",
                                                      "lire aussi",
                                                      "leer más",
                                                      "seguir leyendo",
                                                      "leggi anche",
                                                      "continua a leggere",
                                                      "lees meer",
                                                      "läs mer",
                                                      "czytaj więcej",
                                                      "читать далее",
                                                      "à lire aussi",
                                                      "lesen sie auch",
                                                      "lesen sie mehr",
                                                      "lee también",
                                                      "lea también",
                                                      "leia também",
                                                      "lees ook",
                                                      "läs också",
                                                      "les også",
                                                      "læs også",
                                                      "lue myös",
                                                      "czytaj też",
                                                      "czytaj także",
                                                      "čtěte také",
                                                      "citește și",
                                                      "читайте также",
                                                      "читайте також",
                                                      "baca juga"};

}  // namespace

std::span<const std::string_view> closing_plea_beginnings() noexcept {
    return beginnings;
}

bool is_closing_plea(std::string_view block) {
    if (block.size() > plea_bytes_max) return false;
    const std::string text = lower_of(block);
    if (std::ranges::any_of(beginnings, [&](std::string_view b) { return text.starts_with(b); })) return true;
    if (text.starts_with("the post ") && text.find(" appeared first on ") != std::string::npos) return true;
    if (text.ends_with("all rights reserved.") || text.ends_with("all rights reserved")) return true;
    return text.find_first_not_of(" .…-–—*#|»›>[]()&\n") == std::string::npos;  // only marks: "[...]", "***"
}

}  // namespace feedwatch
