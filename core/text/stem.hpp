// Snowball's stemmers by language, made when first asked for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sb_stemmer;

namespace feedwatch::text {

struct sb_stemmer_delete_call {
    void operator()(sb_stemmer* s) const noexcept;
};

class stemmers {
  public:
    // A small number for the primary language ("en"), 0 where there is no stemmer. Stable for this object's life.
    std::uint8_t index_of(std::string_view primary);
    // `word` must be case-folded UTF-8. The view lives until the next call; with index 0 it is `word`.
    std::string_view stem(std::uint8_t index, std::string_view word);

  private:
    struct entry {
        std::string language;
        std::unique_ptr<sb_stemmer, sb_stemmer_delete_call> stemmer;  // null: none for this language
        std::uint8_t index = 0;
    };
    std::vector<entry> entries_;                  // languages asked for
    std::vector<sb_stemmer*> by_index_{nullptr};  // lent by entries_
};

}  // namespace feedwatch::text
