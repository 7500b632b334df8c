#include "producers/extract/pleas.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.hpp"
#include "core/text/lower.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t byline_bytes_max = 90;

// Lower case. What a heading begins with over links, comments, a portrait of the author.
constexpr std::array<std::string_view, 166> headings{"related",
                                                     "more stories",
                                                     "more from",
                                                     "more on",
                                                     "more in ",
                                                     "more news",
                                                     "more articles",
                                                     "more posts",
                                                     "read more",
                                                     "read next",
                                                     "read also",
                                                     "also read",
                                                     "also on",
                                                     "see more",
                                                     "you may also",
                                                     "you might also",
                                                     "you may like",
                                                     "you might like",
                                                     "recommended",
                                                     "recommendations",
                                                     "most read",
                                                     "most popular",
                                                     "most viewed",
                                                     "popular posts",
                                                     "popular articles",
                                                     "trending",
                                                     "latest news",
                                                     "latest stories",
                                                     "latest posts",
                                                     "latest articles",
                                                     "recent posts",
                                                     "recent articles",
                                                     "comments",
                                                     "leave a comment",
                                                     "leave a reply",
                                                     "post a comment",
                                                     "share this",
                                                     "share article",
                                                     "share on",
                                                     "about the author",
                                                     "about author",
                                                     "newsletter",
                                                     "sign up",
                                                     "subscribe",
                                                     "tags",
                                                     "topics",
                                                     "filed under",
                                                     "follow us",
                                                     "up next",
                                                     "what to read next",
                                                     "don't miss",
                                                     "editor's picks",
                                                     "editors' picks",
                                                     "top stories",
                                                     "mehr zum thema",
                                                     "mehr zu",
                                                     "mehr von",
                                                     "mehr aus",
                                                     "das könnte",
                                                     "dies könnte",
                                                     "weitere artikel",
                                                     "weitere beiträge",
                                                     "weitere themen",
                                                     "weitere news",
                                                     "weitere meldungen",
                                                     "ähnliche",
                                                     "verwandte",
                                                     "lesen sie auch",
                                                     "lesen sie mehr",
                                                     "auch interessant",
                                                     "auch lesenswert",
                                                     "kommentare",
                                                     "schreibe einen kommentar",
                                                     "kommentar schreiben",
                                                     "schlagworte",
                                                     "schlagwörter",
                                                     "über den autor",
                                                     "über die autorin",
                                                     "artikel teilen",
                                                     "teilen",
                                                     "neueste",
                                                     "meistgelesen",
                                                     "zum weiterlesen",
                                                     "zum thema",
                                                     "passend zum thema",
                                                     "weiterführende",
                                                     "à lire",
                                                     "lire aussi",
                                                     "sur le même sujet",
                                                     "articles similaires",
                                                     "articles liés",
                                                     "commentaires",
                                                     "partager",
                                                     "dans la même rubrique",
                                                     "te puede interesar",
                                                     "también te",
                                                     "te recomendamos",
                                                     "noticias relacionadas",
                                                     "artículos relacionados",
                                                     "relacionad",
                                                     "comentarios",
                                                     "compartir",
                                                     "lee también",
                                                     "lea también",
                                                     "más noticias",
                                                     "leggi anche",
                                                     "articoli correlati",
                                                     "potrebbe interessarti",
                                                     "ti potrebbe",
                                                     "commenti",
                                                     "condividi",
                                                     "lees ook",
                                                     "gerelateerd",
                                                     "läs också",
                                                     "läs mer",
                                                     "czytaj także",
                                                     "czytaj też",
                                                     "zobacz też",
                                                     "zobacz także",
                                                     "leia também",
                                                     "leia mais",
                                                     "veja também",
                                                     "читайте также",
                                                     "čtěte také",
                                                     "přečtěte si",
                                                     "související",
                                                     "nepřehlédněte",
                                                     "ilgili haberler",
                                                     "benzer haberler",
                                                     "bunlar da ilginizi",
                                                     "meer over",
                                                     "lees verder",
                                                     "les også",
                                                     "læs også",
                                                     "lue myös",
                                                     "lue lisää",
                                                     "kapcsolódó",
                                                     "olvasson tovább",
                                                     "citește și",
                                                     "articole similare",
                                                     "διαβάστε επίσης",
                                                     "σχετικά άρθρα",
                                                     "читайте також",
                                                     "похожие",
                                                     "по теме",
                                                     "baca juga",
                                                     "berita terkait",
                                                     "xem thêm",
                                                     "tin liên quan",
                                                     "sobre o mesmo",
                                                     "en ce moment",
                                                     "les plus lus",
                                                     "plus d'articles",
                                                     "sur le même thème",
                                                     "lo más leído",
                                                     "le più lette",
                                                     "más leídas",
                                                     "mais lidas",
                                                     "meest gelezen",
                                                     "mest läst",
                                                     "mest lest",
                                                     "o autorovi",
                                                     "sobre el autor",
                                                     "sobre o autor",
                                                     "à propos de l'auteur",
                                                     "sull'autore"};
constexpr std::array<std::string_view, 22> headings_elsewhere{
    "関連記事",       "相关阅读",         "相关新闻",     "延伸阅读",         "관련기사", "اقرأ أيض",
    "مواضيع ذات صلة", "あわせて読みたい", "おすすめ記事", "こちらもおすすめ", "推荐阅读", "猜你喜欢",
    "相關新聞",       "相關閱讀",         "관련 기사",    "यह भी पढ़ें",         "ये भी पढ़ें",  "اقرأ المزيد",
    "קראו גם",        "כתבות נוספות",     "مطالب مرتبط",  "بیشتر بخوانید"};

bool begins_with_any(std::string_view text, const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](std::string_view b) { return text.starts_with(b); });
}

bool has_upper_after(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= 'A' && text[at] <= 'Z';
}

}  // namespace

bool is_plea_heading(std::string_view heading) {
    const std::string text = lower_of(heading);
    if (text.starts_with("related work")) return false;  // a chapter of papers
    return begins_with_any(text, headings) || begins_with_any(text, headings_elsewhere);
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
