#include "producers/extract/pleas.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t plea_bytes_max = 240;  // a longer block is prose, whatever it begins with
constexpr std::size_t byline_bytes_max = 90;

// Lower case. What a block begins with when it asks the reader for something or leads away.
constexpr std::array<std::string_view, 58> beginnings{"read more",
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
                                                      "this article originally appeared"};

constexpr std::array<std::string_view, 12> beginnings_elsewhere{
    "weiterlesen", "mehr zum thema",     "lire la suite", "lire aussi", "leer más",      "seguir leyendo",
    "leggi anche", "continua a leggere", "lees meer",     "läs mer",    "czytaj więcej", "читать далее"};

bool begins_with_any(std::string_view text, const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](std::string_view b) { return text.starts_with(b); });
}

bool has_upper_after(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= 'A' && text[at] <= 'Z';
}

}  // namespace

bool is_closing_plea(std::string_view block) {
    if (block.size() > plea_bytes_max) return false;
    const std::string text = ascii_lower(block);
    if (begins_with_any(text, beginnings) || begins_with_any(text, beginnings_elsewhere)) return true;
    if (text.starts_with("the post ") && text.find(" appeared first on ") != std::string::npos) return true;
    if (text.ends_with("all rights reserved.") || text.ends_with("all rights reserved")) return true;
    return text.find_first_not_of(" .…-–—*#|»›>[]()&\n") == std::string::npos;  // only marks: "[...]", "***"
}

bool is_link_block(const text_block& block) {
    return block.link_bytes > 0 && block.link_bytes * 10ULL >= block.length * 9ULL;
}

bool is_byline(std::string_view block) {
    if (block.size() > byline_bytes_max || block.find('\n') != std::string_view::npos) return false;
    const char last = block.empty() ? '.' : block.back();
    if (last == '.' || last == '!' || last == '?' || last == ':') return false;  // a sentence, a lead-in
    for (const std::string_view start : {"By ", "BY ", "by ", "Por ", "Von ", "Par ", "Di ", "Door "})
        if (block.starts_with(start)) return has_upper_after(block, start.size());
    const std::string text = ascii_lower(block);
    return text.starts_with("posted by ") || text.starts_with("written by ") || text.starts_with("photo: ") ||
           text.starts_with("photo by ");
}

}  // namespace feedwatch
