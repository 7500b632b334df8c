// Where a document is well-formed, the lenient reader must see what a conforming one sees: expat is the judge. Known
// and meant differences, which the generated documents leave out:
//   - names are compared in lower case and cut at 40 bytes, and an unknown default namespace counts as none
//   (xml_reader.hpp)
//   - "&#128;" to "&#159;" are read as windows-1252, which is what authors mean, not as control characters
//   - entities that a DTD declares are not expanded; HTML's names mean what they mean in HTML
//   - attributes that a DTD adds, and its types of attributes, are not known
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>

#include "producers/parse/encoding.hpp"
#include "tests/producers/parse/support.hpp"
#include "tests/producers/parse/xml_events.hpp"

namespace feedwatch {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

// A well-formed document for each seed.
class xml_writer {
  public:
    explicit xml_writer(std::uint32_t seed) : random_(seed) {}

    std::string document() {
        if (one_in(2)) out_ += R"(<?xml version="1.0")"s + (one_in(2) ? " encoding='UTF-8'" : "") + "?>";
        between();
        if (one_in(2)) {
            doctype();
            between();
        }
        element(0);
        between();
        return std::move(out_);
    }

  private:
    bool one_in(unsigned n) { return random_() % n == 0; }
    const auto& any_of(const auto& list) { return list[random_() % std::size(list)]; }

    void blanks() { out_ += any_of(std::array{" "sv, "\n"sv, "\r\n"sv, "\t"sv, " \n  "sv, "\r"sv}); }

    void comment() {
        out_ += "<!--";
        out_ += any_of(
            std::array{""sv, " c "sv, "it's <item> & \"so\" ]]> ?>"sv, " - > "sv, ">"sv, "<![CDATA["sv, "\xC3\xA9"sv});
        out_ += "-->";
    }

    void instruction() {
        out_ += any_of(std::array{"<?p?>"sv, "<?xml-stylesheet href='a>b' type=\"text/xsl\"?>"sv,
                                  "<?php echo \"<a>\"; ?>"sv, "<?q it's ] -- > <!-- ? ?>"sv});
    }

    // Comments, instructions and blanks: what may stand anywhere.
    void between() {
        for (auto n = random_() % 3; n > 0; --n) {
            if (one_in(3)) blanks();
            if (one_in(3)) comment();
            if (one_in(3)) instruction();
        }
    }

    void doctype() {
        out_ += "<!DOCTYPE any";
        out_ += any_of(std::array{""sv, " SYSTEM 'a>b.dtd'"sv, " PUBLIC \"-//It's//EN\" \"http://a.example/[.dtd\""sv});
        if (one_in(4)) {
            out_ += ">";
            return;
        }
        out_ += " [";
        has_entities_ = one_in(2);
        if (has_entities_)
            out_ += "<!ENTITY nbsp \"&#160;\"><!ENTITY eacute '&#xE9;'>\n<!ENTITY hellip \"\xE2\x80\xA6\">";
        for (auto n = random_() % 4; n > 0; --n) {
            between();
            out_ +=
                any_of(std::array{"<!ELEMENT any ANY>"sv, "<!ELEMENT b (c, d*)>"sv, "<!ATTLIST any z CDATA #IMPLIED>"sv,
                                  "<!ENTITY own \"]><item a='b'>\">"sv, "<!ENTITY own2 ']>\"'>"sv,
                                  "<!NOTATION n SYSTEM 'it\"s'>"sv, "<!ENTITY out SYSTEM 'http://a.example/x'>"sv});
        }
        between();
        out_ += any_of(std::array{"]>"sv, "] >"sv});
    }

    void reference() {
        if (has_entities_ && one_in(3))
            out_ += any_of(std::array{"&nbsp;"sv, "&eacute;"sv, "&hellip;"sv});
        else
            out_ += any_of(std::array{"&amp;"sv, "&lt;"sv, "&gt;"sv, "&quot;"sv, "&apos;"sv, "&#38;"sv, "&#x3C;"sv,
                                      "&#13;"sv, "&#10;"sv, "&#9;"sv, "&#x1F600;"sv, "&#65533;"sv, "&#xe9;"sv,
                                      "&#0065;"sv});
    }

    void words() {
        const std::string_view piece = any_of(std::array{
            "word"sv, "two words"sv, "a > b"sv, ">"sv, "]"sv, "]]"sv, "'"sv, "\""sv, "=/?!-"sv, "#38;"sv,
            "\xC3\xA9t\xC3\xA9"sv, "\xE6\x97\xA5\xE6\x9C\xAC"sv, "\xF0\x9F\x98\x80"sv, "\xEF\xBB\xBF"sv, "\xC2\x85"sv});
        if (piece.starts_with('>') && out_.ends_with("]")) return;  // "]]>" may not stand in text
        out_ += piece;
    }

    void cdata() {
        out_ += "<![CDATA[";
        out_ += any_of(std::array{""sv, "<p>it's &amp; so</p>"sv, "]"sv, "]] >"sv, "]>"sv, "<![CDATA["sv,
                                  "a\r\nb\rc\n"sv, "&nbsp; <item>"sv, "\xE6\x97\xA5"sv});
        out_ += "]]>";
    }

    std::string local() {
        return std::string(any_of(std::array{"a"sv, "title"sv, "Link"sv, "item"sv, "entry"sv, "ITEM"sv, "channel"sv,
                                             "b.c"sv, "d-e"sv, "_f1"sv, "\xC3\xA9t\xC3\xA9"sv,
                                             "a-name-that-is-longer-than-the-forty-bytes-that-are-kept"sv}));
    }
    std::string prefixed(std::string name, bool always) {
        if (prefixes_.empty() || (!always && one_in(2))) return name;
        return any_of(prefixes_) + ":" + name;
    }

    void value() {
        const char quote = one_in(2) ? '"' : '\'';
        out_ += any_of(std::array{"="sv, " = "sv, "=\n"sv});
        out_ += quote;
        for (auto n = random_() % 4; n > 0; --n) {
            if (one_in(3)) {
                reference();
            } else if (one_in(3)) {
                blanks();
            } else {
                out_ += any_of(std::array{"x"sv, "/>"sv, ">"sv, "a=b"sv, "\xC3\xA9"sv, "?a=1"sv});
                if (one_in(4)) out_ += quote == '"' ? '\'' : '"';
            }
        }
        out_ += quote;
    }

    void declare(std::string_view name, std::string_view uri) {
        blanks();
        ((out_ += name) += "='") += uri;
        out_ += '\'';
    }

    void attributes() {
        std::set<std::string> taken;  // two prefixes may stand for one namespace, so a name is not taken with both
        for (auto n = random_() % 4; n > 0; --n) {
            const std::string name = any_of(std::array{"href"s, "Href"s, "type"s, "b.c"s, "_d"s, "\xC3\xA9"s});
            const std::string written = one_in(3) ? prefixed(name, true) : name;
            if (!taken.insert(written == name ? name : ":" + name).second) continue;
            blanks();
            out_ += written;
            value();
        }
        if (one_in(8)) {
            out_ += one_in(2) ? " xml:lang" : "\nxml:base";
            value();
        }
    }

    void element(int depth) {
        const std::vector<std::string> outer = prefixes_;
        std::string declarations;
        std::swap(declarations, out_);
        constexpr std::array uris{"http://www.w3.org/2005/Atom"sv,
                                  "http://purl.org/dc/elements/1.1/"sv,
                                  "http://search.yahoo.com/mrss/"sv,
                                  "http://www.w3.org/1999/xhtml"sv,
                                  "urn:unknown"sv,
                                  "http://a.example/?a&amp;b"sv};
        if (one_in(4)) declare("xmlns", one_in(4) ? ""sv : any_of(uris));
        for (const std::string& prefix : {"p"s, "dc"s, "P"s}) {
            if (!one_in(5)) continue;
            declare("xmlns:" + prefix, any_of(uris));
            prefixes_.push_back(prefix);
        }
        std::swap(declarations, out_);
        const std::string name = prefixed(local(), false);
        (out_ += '<') += name;
        const bool late = one_in(2);  // declared after it is used: no difference
        if (!late) out_ += declarations;
        attributes();
        if (late) out_ += declarations;
        if (one_in(4)) blanks();
        if (one_in(5)) {
            out_ += "/>";
        } else {
            out_ += '>';
            content(depth);
            (out_ += "</") += name;
            if (one_in(6)) blanks();
            out_ += '>';
        }
        prefixes_ = outer;
    }

    void content(int depth) {
        for (auto n = random_() % 8; n > 0; --n) {
            switch (random_() % 8) {
                case 0:
                    words();
                    break;
                case 1:
                    reference();
                    break;
                case 2:
                    cdata();
                    break;
                case 3:
                    between();
                    break;
                case 4:
                    blanks();
                    break;
                default:
                    if (depth < 6) element(depth + 1);
            }
        }
    }

    std::mt19937 random_;
    std::string out_;
    std::vector<std::string> prefixes_;
    bool has_entities_ = false;
};

void expect_same(std::string_view xml, const std::vector<xml_event>& expected) {
    const std::vector<xml_event> seen = events_of_ours(xml, expected);
    for (std::size_t i = 0; i < std::min(seen.size(), expected.size()); ++i)
        ASSERT_EQ(seen[i], expected[i]) << "event " << i;
    ASSERT_EQ(seen.size(), expected.size());
}

TEST(xml_reader_and_expat, agree_on_generated_documents) {
    std::size_t events = 0;
    for (std::uint32_t seed = 1; seed <= 5000; ++seed) {
        const std::string xml = xml_writer(seed).document();
        SCOPED_TRACE("seed " + std::to_string(seed) + ": " + xml);
        std::string why;
        const auto expected = events_of_expat(xml, why);
        ASSERT_TRUE(expected) << "the generator wrote what is not well-formed: " << why;
        expect_same(xml, *expected);
        if (HasFailure()) return;
        events += expected->size();
    }
    EXPECT_GT(events, 50000U);
}

TEST(xml_reader_and_expat, agree_on_the_real_feeds_that_are_well_formed) {
    const auto folder = shared_data("real-feeds");
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
    std::size_t documents = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        const std::string extension = file.path().extension().string();
        if (extension != ".xml" && extension != ".rss" && extension != ".atom") continue;
        SCOPED_TRACE(file.path().string());
        std::vector<std::string> warnings;
        const std::string bytes = read_file(file.path());
        std::string storage;
        const std::string_view xml = decode_document(bytes, {}, storage, warnings);
        std::string why;
        const auto expected = events_of_expat(xml, why);
        if (!expected) continue;  // the reader is lenient with those on purpose: real_feeds_test, faults_test
        expect_same(xml, *expected);
        ++documents;
    }
    EXPECT_GT(documents, 150U);
}

}  // namespace
}  // namespace feedwatch
