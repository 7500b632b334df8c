// Folding of one word by ICU: NFKC case folding, then accents off. Buffers are reused.
#pragma once

#include <string>
#include <string_view>

#include <unicode/unorm2.h>

namespace feedwatch::text {

class folder {
  public:
    folder();  // throws std::runtime_error when ICU's data is missing

    // NFKC_Casefold with typographic apostrophes made plain and default ignorables gone; accents stay (stemmers need
    // them).
    void case_fold(std::string_view utf8, std::string& out);
    // Accents off and ligature letters apart ("ø" is "o", "æ" is "ae"), of something case-folded.
    void strip_accents(std::string_view case_folded, std::string& out);
    // NFC without ignorable characters: what `exact` compares.
    void compose(std::string_view utf8, std::string& out);

  private:
    void to_utf16(std::string_view utf8);
    void normalise(const UNormalizer2* with);  // buffer_ through buffer2_
    void to_utf8(std::string& out);

    const UNormalizer2* nfkc_casefold_;
    const UNormalizer2* nfc_;
    const UNormalizer2* nfd_;
    std::u16string buffer_;
    std::u16string buffer2_;
};

}  // namespace feedwatch::text
