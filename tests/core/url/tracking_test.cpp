#include "core/url/tracking.hpp"

#include <gtest/gtest.h>

namespace feedwatch::url {
namespace {

// The table is searched by halves: one name out of order would hide others.
TEST(tracking_table, finds_first_middle_and_last_names) {
    for (const char* name : {"__cft__", "_ga", "fbclid", "gclid", "igshid", "mc_cid", "mkt_tok", "msclkid", "ref_src",
                             "srsltid", "twclid", "wt_mc", "xtor", "yclid", "ysclid"})
        EXPECT_TRUE(is_tracking_parameter(name, "1")) << name;
}

TEST(tracking_table, leaves_parameters_that_choose_an_article) {
    for (const char* name : {"id", "p", "page", "article", "story", "v", "q", "s", "t", "cid", "ref", "source", "mod",
                             "feature", "action", "c", "newsid"})
        EXPECT_FALSE(is_tracking_parameter(name, "12")) << name;
}

}  // namespace
}  // namespace feedwatch::url
