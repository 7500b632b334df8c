#include <unistd.h>

#include <array>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "producers/extract/main_text.hpp"

namespace feedwatch::app {

int extract(const extract_options& options) {
    const auto page = read_input(options.file);
    if (!page) {
        complain("extract", page.error().message());
        return exit_failed;
    }
    const std::array documents{html_to_blocks(*page)};
    line_writer out(STDOUT_FILENO);
    (void)out.write(main_texts_of(documents, {}).texts.front());
    (void)out.flush();
    if (!out.failure()) return exit_ok;
    complain("extract", out.failure()->message());
    return exit_failed;
}

}  // namespace feedwatch::app
