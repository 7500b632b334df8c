// Pairs of URLs that look alike and lead to different things.
#include <gtest/gtest.h>

#include <array>

#include "core/url/url.hpp"

namespace feedwatch {
namespace {

struct pair_of {
    const char* a;
    const char* b;
};

constexpr std::array pairs{
    // clang-format off
    // the query chooses
    pair_of{"https://news.example/?p=123", "https://news.example/?p=124"},
    pair_of{"https://news.example/?page_id=1", "https://news.example/?page_id=2"},
    pair_of{"https://news.example/index.php?id=1", "https://news.example/index.php?id=2"},
    pair_of{"https://news.example/article.asp?article=1", "https://news.example/article.asp?article=2"},
    pair_of{"https://news.example/story.php?storyid=1", "https://news.example/story.php?storyid=2"},
    pair_of{"https://news.example/a?page=1", "https://news.example/a?page=2"},
    pair_of{"https://news.example/a?v=1", "https://news.example/a?v=2"},
    pair_of{"https://news.example/a?s=1", "https://news.example/a?s=2"},
    pair_of{"https://news.example/a?sid=0123456789abcdef0123456789abcdef", "https://news.example/a?sid=0123456789abcdef0123456789abcdee"},
    pair_of{"https://news.example/view?cid=10", "https://news.example/view?cid=11"},
    pair_of{"https://news.example/view?ref=10", "https://news.example/view?ref=11"},
    pair_of{"https://news.example/view?source=reuters", "https://news.example/view?source=ap"},
    pair_of{"https://news.example/view?mod=news", "https://news.example/view?mod=sport"},
    pair_of{"https://news.example/view?feature=12", "https://news.example/view?feature=13"},
    pair_of{"https://news.example/view?type=a", "https://news.example/view?type=b"},
    pair_of{"https://news.example/view?format=long&id=1", "https://news.example/view?format=short&id=1"},
    pair_of{"https://news.example/view?campaign=senate", "https://news.example/view?campaign=house"},
    pair_of{"https://news.example/view?print=12", "https://news.example/view?print=13"},
    pair_of{"https://news.example/a?q=%2B", "https://news.example/a?q=-"},
    pair_of{"https://news.example/a?b=1&c=2", "https://news.example/a?b=12"},
    pair_of{"https://news.example/a?x", "https://news.example/a?y"},
    pair_of{"https://news.example/a?lang=en", "https://news.example/a?lang=de"},
    // sites with the id in the query
    pair_of{"https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcR"},
    pair_of{"https://www.youtube.com/playlist?list=A", "https://www.youtube.com/playlist?list=B"},
    pair_of{"https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/aQw4w9WgXcQ"},
    pair_of{"https://www.youtube.com/embed/videoseries?list=PLa", "https://www.youtube.com/embed/videoseries?list=PLb"},
    pair_of{"https://www.youtube.com/embed/live_stream?channel=UCa", "https://www.youtube.com/embed/live_stream?channel=UCb"},
    pair_of{"https://substack.com/app-link/post?publication_id=89120&post_id=1001",
            "https://substack.com/app-link/post?publication_id=77&post_id=2002"},
    pair_of{"https://google.github.io/amp/s/example.com/a", "https://example.com/a"},
    pair_of{"https://amazon.github.io/dp/1?ref=a", "https://amazon.github.io/dp/1?ref=b"},
    pair_of{"https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dqw4w9wgxcq"},
    pair_of{"https://news.ycombinator.com/item?id=1", "https://news.ycombinator.com/item?id=2"},
    pair_of{"https://forum.example/showthread.php?t=12", "https://forum.example/showthread.php?t=13"},
    pair_of{"https://forum.example/showthread.php?t=12&page=1", "https://forum.example/showthread.php?t=12&page=2"},
    pair_of{"https://forum.example/viewtopic.php?f=2&t=1", "https://forum.example/viewtopic.php?f=2&t=2"},
    pair_of{"https://forum.example/viewtopic.php?p=77#p77", "https://forum.example/viewtopic.php?p=78#p78"},
    pair_of{"https://www.facebook.com/story.php?story_fbid=1&id=9", "https://www.facebook.com/story.php?story_fbid=2&id=9"},
    pair_of{"https://www.facebook.com/permalink.php?story_fbid=1&id=9", "https://www.facebook.com/permalink.php?story_fbid=1&id=8"},
    pair_of{"https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=2&sn=b"},
    pair_of{"https://github.com/o/r/compare?ref=feed", "https://github.com/o/r/compare?ref=main"},
    pair_of{"https://x.com/search?q=a", "https://x.com/search?q=b"},
    pair_of{"https://www.google.com/search?q=a", "https://www.google.com/search?q=b"},
    // the fragment chooses
    pair_of{"https://news.example/#!/story/1", "https://news.example/#!/story/2"},
    pair_of{"https://news.example/#/story/1", "https://news.example/#/story/2"},
    pair_of{"https://news.example/live#post-1", "https://news.example/live#post-2"},
    pair_of{"https://news.example/live#block-65a", "https://news.example/live"},
    pair_of{"https://news.example/a#comment-1", "https://news.example/a#comment-2"},
    pair_of{"https://status.example/history#2026-11-27", "https://status.example/history#2026-11-26"},
    pair_of{"https://software.example/changes#v1.2", "https://software.example/changes#v1.3"},
    pair_of{"https://news.example/#id=1", "https://news.example/#id=2"},
    // paths
    pair_of{"https://news.example/A", "https://news.example/a"},
    pair_of{"https://news.example/a/b", "https://news.example/a-b"},
    pair_of{"https://news.example/a%2Fb", "https://news.example/a/b"},
    pair_of{"https://news.example/a%3Fb", "https://news.example/a?b"},
    pair_of{"https://news.example/2026/11/27/briefing", "https://news.example/2026/11/26/briefing"},
    pair_of{"https://news.example/story.html", "https://news.example/story.pdf"},
    pair_of{"https://news.example/index", "https://news.example/"},
    pair_of{"https://news.example/amp", "https://news.example/"},
    pair_of{"https://news.example/champ", "https://news.example/ch"},
    pair_of{"https://news.example/shop/print", "https://news.example/shop"},
    pair_of{"https://news.example/print/politics", "https://news.example/politics"},
    pair_of{"https://news.example/print", "https://news.example/"},
    pair_of{"https://news.example/blueprint", "https://news.example/blue"},
    pair_of{"https://news.example/m/1", "https://news.example/1"},
    pair_of{"https://archive.example/web/2020/https://a.example/", "https://archive.example/web/2020/https://b.example/"},
    // hosts and ports
    pair_of{"https://news.example/a", "https://news.test/a"},
    pair_of{"https://jane.blog.example/a", "https://john.blog.example/a"},
    pair_of{"https://jane.blogspot.com/a", "https://john.blogspot.com/a"},
    pair_of{"https://m.co.uk/a", "https://co.uk/a"},
    pair_of{"https://news.example:8443/a", "https://news.example/a"},
    pair_of{"https://en.wikipedia.org/wiki/Storm", "https://de.wikipedia.org/wiki/Storm"},
    pair_of{"https://news.bbc.co.uk/2/hi/1.stm", "https://www.bbc.com/2/hi/1.stm"},
    pair_of{"https://notyoutube.com/watch?v=1&t=1", "https://notyoutube.com/watch?v=1&t=2"},
    // wrappers that keep what they lead to
    pair_of{"https://t.co/abc", "https://t.co/abd"},
    pair_of{"https://bit.ly/abc", "https://bit.ly/abC"},
    pair_of{"http://feedproxy.google.com/~r/site/~3/a/story", "http://feedproxy.google.com/~r/site/~3/b/story"},
    pair_of{"https://news.google.com/rss/articles/CBMiWkFVX3lxTE5a", "https://news.google.com/rss/articles/CBMiWkFVX3lxTE5b"},
    pair_of{"https://www.google.com/url?q=https://a.example/1", "https://www.google.com/url?q=https://a.example/2"},
    pair_of{"https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F%3Fid%3D1", "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F%3Fid%3D2"},
    pair_of{"https://www.google.com/url?q=/story/1", "https://www.google.com/url?q=/story/2"},
    pair_of{"https://other.example/url?q=https://a.example/1", "https://a.example/1"},
    pair_of{"https://translate.google.com/translate?u=https://a.example/1&tl=de", "https://a.example/1"},
    // clang-format on
};
static_assert(pairs.size() >= 60);

TEST(urls_of_different_articles, stay_apart) {
    for (const pair_of& p : pairs) EXPECT_NE(canonical_url(p.a), canonical_url(p.b)) << p.a << "\n" << p.b;
}

}  // namespace
}  // namespace feedwatch
