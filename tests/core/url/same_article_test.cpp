// Pairs of URLs of one article, as feeds, readers, aggregators and mails carry them.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/url/url.hpp"

namespace feedwatch {
namespace {

struct pair_of {
    const char* a;
    const char* b;
};

constexpr std::array pairs{
    // clang-format off
    // scheme, host, port, case
    pair_of{"http://news.example/2026/11/27/storm", "https://news.example/2026/11/27/storm"},
    pair_of{"HTTPS://News.Example/storm", "https://news.example/storm"},
    pair_of{"https://news.example:443/storm", "https://news.example/storm"},
    pair_of{"http://news.example:80/storm", "https://news.example/storm"},
    pair_of{"https://news.example:0443/storm", "https://news.example/storm"},
    pair_of{"https://reader:pass@news.example/storm", "https://news.example/storm"},
    pair_of{"https://news.example./storm", "https://news.example/storm"},
    pair_of{"//news.example/storm", "//news.example/storm"},
    pair_of{"https:\\\\news.example\\storm", "https://news.example/storm"},
    // international names
    pair_of{"https://bücher.example/neu", "https://xn--bcher-kva.example/neu"},
    pair_of{"https://BÜCHER.example/neu", "https://bücher.example/neu"},
    pair_of{"https://b%C3%BCcher.example/neu", "https://bücher.example/neu"},
    pair_of{"https://президент.рф/news/1", "https://xn--d1abbgf6aiiy.xn--p1ai/news/1"},
    pair_of{"https://news。example/storm", "https://news.example/storm"},
    // percent-encoding
    pair_of{"https://news.example/%7Ejane/a", "https://news.example/~jane/a"},
    pair_of{"https://news.example/caf%c3%a9", "https://news.example/café"},
    pair_of{"https://news.example/caf%C3%A9", "https://news.example/caf%c3%A9"},
    pair_of{"https://news.example/a%2Db", "https://news.example/a-b"},
    pair_of{"https://news.example/a b", "https://news.example/a%20b"},
    pair_of{"https://news.example/?q=%E4%B8%AD", "https://news.example/?q=中"},
    pair_of{"https://news.example/a[1]", "https://news.example/a%5B1%5D"},
    // paths
    pair_of{"https://news.example/storm/", "https://news.example/storm"},
    pair_of{"https://news.example/world/../storm", "https://news.example/storm"},
    pair_of{"https://news.example/./storm", "https://news.example/storm"},
    pair_of{"https://news.example//2026//storm", "https://news.example/2026/storm"},
    pair_of{"https://news.example/storm/index.html", "https://news.example/storm/"},
    pair_of{"https://news.example/storm/index.php", "https://news.example/storm"},
    pair_of{"https://news.example/storm/Default.aspx", "https://news.example/storm"},
    pair_of{"https://news.example/storm/index.shtml", "https://news.example/storm"},
    pair_of{"https://news.example/index.php?id=7", "https://news.example/?id=7"},
    pair_of{"https://news.example/storm;jsessionid=0A1B", "https://news.example/storm"},
    pair_of{"https://news.example", "https://news.example/"},
    // mobile and other names of one site
    pair_of{"https://www.news.example/storm", "https://news.example/storm"},
    pair_of{"https://m.news.example/storm", "https://www.news.example/storm"},
    pair_of{"https://mobile.news.co.uk/storm", "https://www.news.co.uk/storm"},
    pair_of{"https://touch.news.example/storm", "https://www.news.example/storm"},
    pair_of{"https://wap.news.example/storm", "https://news.example/storm"},
    pair_of{"https://en.m.wikipedia.org/wiki/Storm", "https://en.wikipedia.org/wiki/Storm"},
    pair_of{"https://en.m.wikipedia.org/wiki/Storm?wprov=sfla1", "https://en.wikipedia.org/wiki/Storm"},
    pair_of{"https://twitter.com/jane/status/12", "https://x.com/jane/status/12"},
    pair_of{"https://mobile.twitter.com/jane/status/12?s=20&t=abc", "https://x.com/jane/status/12"},
    pair_of{"https://old.reddit.com/r/news/comments/1/x/", "https://www.reddit.com/r/news/comments/1/x"},
    pair_of{"https://np.reddit.com/r/news/comments/1/x/", "https://reddit.com/r/news/comments/1/x"},
    pair_of{"https://www.bbc.co.uk/news/articles/c1", "https://www.bbc.com/news/articles/c1"},
    pair_of{"https://edition.cnn.com/2026/11/27/x/index.html", "https://www.cnn.com/2026/11/27/x"},
    pair_of{"https://news.example/storm?mobile=1", "https://news.example/storm"},
    pair_of{"https://jane.blogspot.com/2026/11/a.html?m=1", "https://jane.blogspot.com/2026/11/a.html"},
    // AMP
    pair_of{"https://amp.news.example/storm", "https://news.example/storm"},
    pair_of{"https://news.example/storm/amp", "https://news.example/storm"},
    pair_of{"https://news.example/storm/amp/", "https://news.example/storm"},
    pair_of{"https://news.example/amp/storm", "https://news.example/storm"},
    pair_of{"https://www.bbc.com/news/amp/world-1234", "https://www.bbc.com/news/world-1234"},
    pair_of{"https://news.example/storm/amphtml", "https://news.example/storm"},
    pair_of{"https://news.example/storm.amp.html", "https://news.example/storm.html"},
    pair_of{"https://news.example/storm.amp", "https://news.example/storm"},
    pair_of{"https://news.example/storm?amp", "https://news.example/storm"},
    pair_of{"https://news.example/storm?amp=1", "https://news.example/storm"},
    pair_of{"https://news.example/storm?id=4&amp=1", "https://news.example/storm?id=4"},
    pair_of{"https://news.example/storm?outputType=amp", "https://news.example/storm"},
    pair_of{"https://news.example/storm?noamp=mobile", "https://news.example/storm"},
    pair_of{"https://www.google.com/amp/s/news.example/storm", "https://news.example/storm"},
    pair_of{"https://www.google.co.uk/amp/s/amp.news.example/storm.amp.html", "https://news.example/storm.html"},
    pair_of{"https://www.google.com/amp/news.example/storm", "https://news.example/storm"},
    pair_of{"https://news-example.cdn.ampproject.org/c/s/news.example/storm", "https://news.example/storm"},
    pair_of{"https://news-example.cdn.ampproject.org/v/s/news.example/storm?amp_js_v=0.1", "https://news.example/storm"},
    pair_of{"https://news-example.cdn.ampproject.org/c/news.example/storm", "http://news.example/storm"},
    pair_of{"https://cdn.ampproject.org/c/s/news.example/storm", "https://news.example/storm"},
    pair_of{"https://news-example.bing-amp.com/c/s/news.example/storm", "https://news.example/storm"},
    // print
    pair_of{"https://news.example/2026/storm-12/print", "https://news.example/2026/storm-12"},
    pair_of{"https://news.example/2026/storm-12/print/", "https://news.example/2026/storm-12"},
    pair_of{"https://news.example/print/2026/storm-12", "https://news.example/2026/storm-12"},
    pair_of{"https://news.example/storm?print=1", "https://news.example/storm"},
    pair_of{"https://news.example/storm?print=true", "https://news.example/storm"},
    pair_of{"https://news.example/storm?id=3&output=print", "https://news.example/storm?id=3"},
    pair_of{"https://news.example/storm?view=print", "https://news.example/storm"},
    pair_of{"https://news.example/storm?printable=yes", "https://news.example/storm"},
    pair_of{"https://www.nytimes.com/2026/11/27/a.html?pagewanted=print", "https://www.nytimes.com/2026/11/27/a.html"},
    // tracking, everywhere
    pair_of{"https://news.example/storm?utm_source=rss&utm_medium=feed", "https://news.example/storm"},
    pair_of{"https://news.example/storm?UTM_SOURCE=rss", "https://news.example/storm"},
    pair_of{"https://news.example/storm?fbclid=IwAR0", "https://news.example/storm"},
    pair_of{"https://news.example/storm?id=1&gclid=x", "https://news.example/storm?id=1"},
    pair_of{"https://news.example/storm?id=1&amp;utm_source=rss", "https://news.example/storm?id=1"},
    pair_of{"https://news.example/storm?mc_cid=1&mc_eid=2", "https://news.example/storm"},
    pair_of{"https://news.example/storm?_hsenc=a&_hsmi=2", "https://news.example/storm"},
    pair_of{"https://news.example/storm?wt_zmc=sm.ext", "https://news.example/storm"},
    pair_of{"https://news.example/storm?at_medium=RSS&at_campaign=KARANGA", "https://news.example/storm"},
    pair_of{"https://news.example/storm?ref=rss", "https://news.example/storm"},
    pair_of{"https://news.example/storm?source=Newsletter", "https://news.example/storm"},
    pair_of{"https://news.example/storm?rss=1", "https://news.example/storm"},
    pair_of{"https://news.example/storm?share=twitter", "https://news.example/storm"},
    pair_of{"https://news.example/storm?replytocom=55", "https://news.example/storm"},
    pair_of{"https://news.example/?p=123&PHPSESSID=0f", "https://news.example/?p=123"},
    pair_of{"https://news.example/storm?", "https://news.example/storm"},
    pair_of{"https://news.example/storm?&&", "https://news.example/storm"},
    // in the fragment
    pair_of{"https://news.example/storm#xtor=RSS-3", "https://news.example/storm"},
    pair_of{"https://news.example/storm#utm_source=rss&utm_medium=feed", "https://news.example/storm"},
    pair_of{"https://news.example/storm#ref=feed", "https://news.example/storm"},
    pair_of{"https://news.example/storm#comments", "https://news.example/storm"},
    pair_of{"https://news.example/storm#", "https://news.example/storm"},
    pair_of{"https://news.example/storm#:~:text=wind", "https://news.example/storm"},
    pair_of{"https://news.example/storm#part-2:~:text=wind", "https://news.example/storm#part-2"},
    pair_of{"https://news.example/storm#part=2&utm_source=rss", "https://news.example/storm#part=2"},
    pair_of{"https://news.example/#!/storm?utm_source=rss", "https://news.example/#!/storm"},
    // on one site
    pair_of{"https://www.nytimes.com/2026/11/27/a.html?smid=tw-share&referringSource=x", "https://nytimes.com/2026/11/27/a.html"},
    pair_of{"https://www.dw.com/en/storm/a-1?maca=en-rss-en-all-1573-rdf", "https://www.dw.com/en/storm/a-1"},
    pair_of{"https://www.wsj.com/articles/storm-1?mod=hp_lead_pos1", "https://www.wsj.com/articles/storm-1"},
    pair_of{"https://www.washingtonpost.com/storm-1/?wpisrc=nl_x&tid=a", "https://www.washingtonpost.com/storm-1/"},
    pair_of{"https://www.bloomberg.com/news/1?srnd=premium", "https://www.bloomberg.com/news/1"},
    pair_of{"https://www.theguardian.com/world/1?CMP=share_btn_tw", "https://www.theguardian.com/world/1"},
    pair_of{"https://jane.substack.com/p/storm?r=abc&s=r", "https://jane.substack.com/p/storm"},
    pair_of{"https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s&si=x", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"},
    pair_of{"https://youtu.be/dQw4w9WgXcQ?t=42", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"},
    pair_of{"https://m.youtube.com/watch?v=dQw4w9WgXcQ&feature=youtu.be", "https://youtu.be/dQw4w9WgXcQ"},
    pair_of{"https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"},
    pair_of{"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"},
    pair_of{"https://f.example/showthread.php?t=12&s=0123456789abcdef0123456789abcdef", "https://f.example/showthread.php?t=12"},
    pair_of{"https://f.example/viewtopic.php?t=12&sid=0123456789abcdef0123456789ABCDEF", "https://f.example/viewtopic.php?t=12"},
    // wrapped
    pair_of{"https://www.google.com/url?rct=j&sa=t&url=https://news.example/storm&ct=ga&usg=A", "https://news.example/storm"},
    pair_of{"https://www.google.de/url?q=https%3A%2F%2Fnews.example%2Fstorm%3Fid%3D4", "https://news.example/storm?id=4"},
    pair_of{"http://news.google.com/news/url?sa=t&fd=R&url=http://news.example/storm", "https://news.example/storm"},
    pair_of{"https://news.google.com/rss/articles/CBMiGmh0dHBzOi8vbmV3cy5leGFtcGxlL3N0b3Jt0gEA?oc=5", "https://news.example/storm"},
    pair_of{"https://news.google.com/articles/CBMiGmh0dHBzOi8vbmV3cy5leGFtcGxlL3N0b3Jt", "https://news.example/storm"},
    pair_of{"https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fnews.example%2fstorm&c=1", "https://news.example/storm"},
    pair_of{"https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9uZXdzLmV4YW1wbGUvc3Rvcm0&ntb=1", "https://news.example/storm"},
    pair_of{"https://r.search.yahoo.com/_ylt=A/RU=https%3a%2f%2fnews.example%2fstorm/RK=2/RS=y", "https://news.example/storm"},
    pair_of{"https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fstorm%3Ffbclid%3DI&h=AT0", "https://news.example/storm"},
    pair_of{"https://lm.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fstorm", "https://news.example/storm"},
    pair_of{"https://l.instagram.com/?u=https%3A%2F%2Fnews.example%2Fstorm&e=AT", "https://news.example/storm"},
    pair_of{"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnews.example%2Fstorm&data=05", "https://news.example/storm"},
    pair_of{"https://urldefense.proofpoint.com/v2/url?u=https-3A__news.example_storm-2Dat-2Dsea&d=Dw", "https://news.example/storm-at-sea"},
    pair_of{"https://urldefense.com/v3/__https://news.example/storm__;!!abc$", "https://news.example/storm"},
    pair_of{"https://out.reddit.com/?url=https%3A%2F%2Fnews.example%2Fstorm&token=a", "https://news.example/storm"},
    pair_of{"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fnews.example%2Fstorm", "https://news.example/storm"},
    pair_of{"https://vk.com/away.php?to=https%3A%2F%2Fnews.example%2Fstorm", "https://news.example/storm"},
    pair_of{"https://t.umblr.com/redirect?z=https%3A%2F%2Fnews.example%2Fstorm&t=a", "https://news.example/storm"},
    pair_of{"https://duckduckgo.com/l/?uddg=https%3A%2F%2Fnews.example%2Fstorm", "https://news.example/storm"},
    pair_of{"https://href.li/?https://news.example/storm", "https://news.example/storm"},
    pair_of{"https://go.theregister.com/feed/www.theregister.com/2026/11/27/storm/", "https://www.theregister.com/2026/11/27/storm/"},
    pair_of{"http://rss.feedsportal.com/c/1/f/2/s/3/l/0L0Snews0Bexample0Cworld0Estorm/story01.htm", "https://www.news.example/world-storm"},
    pair_of{"https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fnews.example%252Fstorm", "https://news.example/storm"},
    pair_of{"https://flipboard.com/redirect?url=https%3A%2F%2Fm.news.example%2Fstorm%2Famp", "https://news.example/storm"},
    // clang-format on
};
static_assert(pairs.size() >= 120);

TEST(urls_of_one_article, agree) {
    for (const pair_of& p : pairs) EXPECT_EQ(canonical_url(p.a), canonical_url(p.b)) << p.a << "\n" << p.b;
}

TEST(urls_of_one_article, have_a_stable_canonical_form) {
    for (const pair_of& p : pairs) {
        for (const char* url : {p.a, p.b}) {
            const std::string once = canonical_url(url);
            EXPECT_EQ(canonical_url(once), once) << url;
        }
    }
}

}  // namespace
}  // namespace feedwatch
