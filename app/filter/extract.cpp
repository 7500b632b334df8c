#include <unistd.h>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "producers/extract/page.hpp"
#include "producers/parse/encoding.hpp"

namespace feedwatch::app {

int extract(const extract_options& options) {
    const auto page = read_input(options.file);
    if (!page) {
        complain("extract", page.error().message());
        return exit_failed;
    }
    const auto text = extract_page(decode_page(*page, ""), options.url);
    if (!text) {
        complain("extract", options.file + ": " + text.error().message());
        return exit_failed;
    }
    line_writer out(STDOUT_FILENO);
    (void)out.write(*text);
    (void)out.flush();
    if (!out.failure()) return exit_ok;
    complain("extract", out.failure()->message());
    return exit_failed;
}

}  // namespace feedwatch::app
