#include "producers/parse/opml.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/hash.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/text.hpp"
#include "producers/parse/encoding.hpp"
#include "producers/parse/looks_like.hpp"
#include "producers/parse/xml_reader.hpp"

namespace feedwatch {
namespace {

void add_tag(std::vector<std::string>& tags, std::string_view tag) {
    std::string clean = one_line(tag);
    if (!clean.empty() && std::find(tags.begin(), tags.end(), clean) == tags.end()) tags.push_back(std::move(clean));
}

// "/Tech/Databases,/News": paths and names, by OPML 2.0.
void add_categories(std::vector<std::string>& tags, std::string_view list) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find_first_of(",/"), list.size());
        add_tag(tags, list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

class opml_reader {
  public:
    opml_reader(std::string_view xml, std::vector<std::string>* left_out) : reader_(xml), left_out_(left_out) {}

    bool run() {
        bool is_opml = false;
        for (auto event = reader_.next(); event != xml_reader::event::end_of_document; event = reader_.next()) {
            if (event == xml_reader::event::start) {
                if (reader_.name() == "opml") is_opml = true;
                if (is_opml && reader_.name() == "outline") outline();
            } else if (event == xml_reader::event::end) {
                while (!folders_.empty() && folders_.back().depth >= reader_.depth()) folders_.pop_back();
            }
        }
        return is_opml;
    }

    std::vector<feed> take() { return std::move(feeds_); }

  private:
    struct folder {
        std::size_t depth;
        std::string title;
    };

    void outline() {
        const auto title = reader_.attribute("title");
        const std::string text = reader_.attribute("text").value_or("");
        const auto address = reader_.attribute("xmlurl");
        // Where a title is lacking, its place is often filled with the URL.
        const bool untitled = title && title->empty() && address && text == *address;
        const std::string name = title && !title->empty() ? *title : untitled ? std::string() : text;
        if (!address) {
            folders_.push_back({reader_.depth(), name});
            return;
        }
        auto url = resolve_url({}, *address);
        if (!url) {
            constexpr std::size_t shown_max = 200;
            if (left_out_ != nullptr)
                left_out_->push_back("no http or https URL: " +
                                     std::string(truncate_utf8(one_line(*address), shown_max)));
            return;
        }
        const auto [known, is_new] = index_.try_emplace(*url, feeds_.size());
        if (is_new) {
            feed f;
            f.id = feed_id(hash128_hex(*url));
            f.url = *std::move(url);
            f.title = one_line(name);
            feeds_.push_back(std::move(f));
        }
        feed& f = feeds_[known->second];
        for (const folder& around : folders_) add_tag(f.tags, around.title);
        add_categories(f.tags, reader_.attribute("category").value_or(""));
    }

    xml_reader reader_;
    std::vector<std::string>* left_out_;
    std::vector<folder> folders_;
    std::vector<feed> feeds_;
    std::unordered_map<std::string, std::size_t> index_;  // by URL
};

void put_attribute(std::string& out, std::string_view name, std::string_view value) {
    ((out += ' ') += name) += "=\"";
    escape_html(value, out);
    out += '"';
}

bool comes_apart(std::string_view tag) {
    return tag.find_first_of(",/") != std::string_view::npos;
}

// The tags that are folders: the first, and all up to the last that cannot stand in `category`. The reader finds them
// in the same order.
std::span<const std::string> folders_of(const feed& f) {
    std::size_t count = std::min<std::size_t>(f.tags.size(), 1);
    for (std::size_t n = 0; n < f.tags.size(); ++n)
        if (comes_apart(f.tags[n])) count = n + 1;
    return {f.tags.data(), count};
}

// Many readers need `text`; a `title` that is there and empty says that the feed has none.
void put_outline(std::string& out, const feed& f, std::string_view indent) {
    (out += indent) += "<outline type=\"rss\"";
    put_attribute(out, "text", f.title.empty() ? f.url : f.title);
    put_attribute(out, "title", f.title);
    put_attribute(out, "xmlUrl", f.url);
    std::string categories;
    for (const std::string& tag : f.tags) {
        if (comes_apart(tag)) continue;
        if (!categories.empty()) categories += ',';
        categories += tag;
    }
    if (!categories.empty()) put_attribute(out, "category", categories);
    out += "/>\n";
}

}  // namespace

result<std::vector<feed>> parse_opml(std::string_view bytes, std::vector<std::string>* left_out) {
    std::vector<std::string> warnings;
    std::string storage;
    const std::string_view xml = decode_document(bytes, {}, storage, warnings);
    opml_reader reader(xml, left_out);
    if (!reader.run()) return error(errc::malformed, "no OPML list; " + looks_like(bytes));
    return reader.take();
}

std::string to_opml(std::span<const feed> feeds, std::string_view title) {
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>";
    escape_html(title, out);
    out += "</title>\n  </head>\n  <body>\n";
    std::map<std::vector<std::string>, std::vector<const feed*>> folders;
    for (const feed& f : feeds) {
        const auto path = folders_of(f);
        folders[{path.begin(), path.end()}].push_back(&f);
    }
    for (const auto& [path, members] : folders) {
        std::string indent = "    ";
        for (const std::string& name : path) {
            (out += indent) += "<outline";
            put_attribute(out, "text", name);
            out += ">\n";
            indent += "  ";
        }
        for (const feed* f : members) put_outline(out, *f, indent);
        for (std::size_t n = path.size(); n > 0; --n) {
            indent.resize(indent.size() - 2);
            (out += indent) += "</outline>\n";
        }
    }
    return out + "  </body>\n</opml>\n";
}

}  // namespace feedwatch
