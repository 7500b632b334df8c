#include "producers/parse/xml_feed.hpp"

#include <algorithm>
#include <optional>

#include "core/url/url.hpp"
#include "producers/parse/date.hpp"
#include "producers/parse/looks_like.hpp"
#include "producers/parse/xml_feed_fields.hpp"
#include "producers/parse/xml_item_fields.hpp"
#include "producers/parse/xml_reader.hpp"

namespace feedwatch {
namespace {

class xml_feed_reader {
  public:
    xml_feed_reader(std::string_view xml, const parse_hints& hints, const parse_limits& limits)
        : reader_(xml, {.depth_max = limits.depth_max, .attributes_max = limits.attributes_max}), limits_(limits) {
        out_.base = hints.url;
    }

    result<draft_feed> run(std::string_view xml) {
        for (auto event = reader_.next(); event != xml_reader::event::end_of_document; event = reader_.next()) {
            if (event == xml_reader::event::start) {
                start();
            } else if (event == xml_reader::event::end && item_ != nullptr && reader_.depth() == item_depth_) {
                finish_item();
            }
        }
        if (item_ != nullptr) {
            out_.warnings.emplace_back("the document ends inside an item, which is left out");
            out_.items.pop_back();
        }
        const bool feed = sitemap_ ? !out_.items.empty() : root_ || (!out_.items.empty() && !another_root_);
        if (!feed) return error(errc::malformed, looks_like(xml));
        out_.truncated = reader_.ended_inside();
        if (reader_.depth_exceeded())
            out_.warnings.push_back("elements nested deeper than " + std::to_string(limits_.depth_max) +
                                    " were flattened");
        if (reader_.attributes_exceeded())
            out_.warnings.push_back("more than " + std::to_string(limits_.attributes_max) +
                                    " attributes in one element; the rest was not read");
        return std::move(out_);
    }

  private:
    void start() {
        if (is_item()) {
            if (item_ != nullptr) finish_item();  // the last one was never closed
            begin_item();
            return;
        }
        if (item_ != nullptr) {
            if (reader_.is(xml_space::news, "name")) {
                read_feed_field(reader_, out_);
            } else {
                read_item_field(reader_, *item_);
            }
            return;
        }
        if (is_root()) {
            root_ = true;
            note_base_and_language();
            note_channel_attributes();
            return;
        }
        if (root_) {
            read_feed_field(reader_, out_);
        } else if (reader_.is(xml_space::plain, "urlset")) {
            sitemap_ = true;
        } else if (reader_.name() == "html" || reader_.name() == "opml") {
            another_root_ = true;  // unless a feed is inside, as some pages have it
        }
    }

    bool is_item() {
        if (reader_.space() != xml_space::plain) return false;
        return reader_.name() == "item" || reader_.name() == "entry" || (sitemap_ && reader_.name() == "url");
    }

    bool is_root() {
        const std::string_view name = reader_.name();
        if (reader_.space() == xml_space::rdf) return name == "rdf";
        return reader_.space() == xml_space::plain &&
               (name == "rss" || name == "channel" || name == "feed" || name == "rdf");
    }

    void note_base_and_language() {
        if (auto base = reader_.attribute("xml:base")) {
            if (auto resolved = resolve_url(out_.base, *base)) {
                out_.base = *std::move(resolved);
            }
        }
        if (auto language = reader_.attribute("xml:lang"); language && !language->empty())
            out_.language = *std::move(language);
    }

    // CDF's.
    void note_channel_attributes() {
        if (const auto href = reader_.attribute("href"); href && out_.feed.link.empty())
            out_.feed.link = resolve_url(out_.base, *href).value_or(std::string{});
        if (const auto changed = reader_.attribute("lastmod"); changed && !out_.feed.updated)
            if (const auto date = parse_feed_date(*changed)) out_.feed.updated = date->when;
    }

    void begin_item() {
        item_ = &out_.items.emplace_back();
        item_depth_ = reader_.depth();
        item_->base = out_.base;
        if (auto base = reader_.attribute("xml:base"))
            if (auto resolved = resolve_url(out_.base, *base)) item_->base = *std::move(resolved);
        if (auto language = reader_.attribute("xml:lang"))
            item_->language.offer(*std::move(language), markup::plain, 1);
        if (auto about = reader_.attribute("about")) {
            item_->guid.offer(*about, markup::plain, 1);
            item_->url.offer(*std::move(about), markup::plain, 1);
        }
        if (auto href = reader_.attribute("href")) item_->url.offer(*std::move(href), markup::plain, 1);  // CDF
        if (auto changed = reader_.attribute("lastmod")) item_->updated.offer(*std::move(changed), markup::plain, 1);
    }

    void finish_item() {
        // A sitemap lists all sorts of pages; only Google's news sitemaps say what is an article.
        const bool no_article = sitemap_ && item_->title.kind == markup::none;
        item_ = nullptr;
        if (no_article) {
            out_.items.pop_back();
        } else if (out_.items.size() > limits_.items_max) {
            out_.items.pop_back();
            ++out_.items_dropped;
        }
    }

    xml_reader reader_;
    const parse_limits& limits_;
    draft_feed out_;
    draft_item* item_ = nullptr;  // the last of out_.items, while it is read
    std::size_t item_depth_ = 0;
    bool root_ = false;
    bool another_root_ = false;
    bool sitemap_ = false;
};

}  // namespace

result<draft_feed> read_xml_feed(std::string_view xml, const parse_hints& hints, const parse_limits& limits) {
    return xml_feed_reader(xml, hints, limits).run(xml);
}

}  // namespace feedwatch
