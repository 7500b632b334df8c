#include "core/url/tracking.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.hpp"

namespace feedwatch::url {
namespace {

// Written from the documentation of the tools that add them and from what feeds carry. Kept narrow: a parameter that
// some site reads to choose the article (id, p, page, article, story, v) must never be here. Each table is sorted, for
// binary search; the test says so.
constexpr std::array exact{
    // clang-format off
    std::string_view{"__cft__"}, std::string_view{"__hsfp"}, std::string_view{"__hssc"}, std::string_view{"__hstc"},
    std::string_view{"__s"}, std::string_view{"__tn__"}, std::string_view{"__twitter_impression"},
    std::string_view{"_branch_match_id"}, std::string_view{"_branch_referrer"}, std::string_view{"_bta_c"},
    std::string_view{"_bta_tid"}, std::string_view{"_ga"}, std::string_view{"_gl"}, std::string_view{"_hsenc"},
    std::string_view{"_hsmi"}, std::string_view{"_ke"}, std::string_view{"_kx"}, std::string_view{"_openstat"},
    std::string_view{"action_object_map"}, std::string_view{"action_ref_map"}, std::string_view{"action_type_map"},
    std::string_view{"asc_campaign"}, std::string_view{"asc_refurl"}, std::string_view{"asc_source"},
    std::string_view{"cmp_ext"}, std::string_view{"cmpid"}, std::string_view{"cmpredirect"},
    std::string_view{"cndid"}, std::string_view{"cvid"}, std::string_view{"dclid"}, std::string_view{"dicbo"},
    std::string_view{"dm_i"}, std::string_view{"echobox"}, std::string_view{"ef_id"}, std::string_view{"epik"},
    std::string_view{"fb_action_ids"}, std::string_view{"fb_action_types"}, std::string_view{"fb_comment_id"},
    std::string_view{"fb_ref"}, std::string_view{"fb_source"}, std::string_view{"fbadid"},
    std::string_view{"fbclid"}, std::string_view{"ftag"}, std::string_view{"ga_campaign"},
    std::string_view{"ga_content"}, std::string_view{"ga_medium"}, std::string_view{"ga_place"},
    std::string_view{"ga_source"}, std::string_view{"ga_term"}, std::string_view{"gad_campaignid"},
    std::string_view{"gad_source"}, std::string_view{"gbraid"}, std::string_view{"gclid"},
    std::string_view{"gclsrc"}, std::string_view{"gs_l"}, std::string_view{"guccounter"},
    std::string_view{"guce_referrer"}, std::string_view{"guce_referrer_sig"}, std::string_view{"hootpostid"},
    std::string_view{"hsctatracking"}, std::string_view{"icid"}, std::string_view{"ig_mid"},
    std::string_view{"ig_rid"}, std::string_view{"igsh"}, std::string_view{"igshid"}, std::string_view{"ijsh"},
    std::string_view{"irclickid"}, std::string_view{"irgwc"}, std::string_view{"li_fat_id"},
    std::string_view{"mbid"}, std::string_view{"mc_cid"}, std::string_view{"mc_eid"}, std::string_view{"mc_tc"},
    std::string_view{"mkt_tok"}, std::string_view{"ml_subscriber"}, std::string_view{"ml_subscriber_hash"},
    std::string_view{"msclkid"}, std::string_view{"mtm_campaign"}, std::string_view{"ncid"},
    std::string_view{"ns_campaign"}, std::string_view{"ns_fee"}, std::string_view{"ns_linkname"},
    std::string_view{"ns_mchannel"}, std::string_view{"ns_source"}, std::string_view{"ocid"},
    std::string_view{"oly_anon_id"}, std::string_view{"oly_enc_id"}, std::string_view{"onwardjourney"},
    std::string_view{"pinned_post_asset_id"}, std::string_view{"pinned_post_locator"},
    std::string_view{"pinned_post_type"}, std::string_view{"rb_clickid"}, std::string_view{"recip_id"},
    std::string_view{"ref_src"}, std::string_view{"ref_url"}, std::string_view{"referrer"},
    std::string_view{"s_cid"}, std::string_view{"s_kwcid"}, std::string_view{"sc_cid"}, std::string_view{"scid"},
    std::string_view{"ser_id"}, std::string_view{"sh_kit"}, std::string_view{"smid"}, std::string_view{"smtyp"},
    std::string_view{"social_token"}, std::string_view{"spm"}, std::string_view{"sr_share"},
    std::string_view{"srsltid"}, std::string_view{"sscid"}, std::string_view{"tdclid"},
    std::string_view{"trackingid"}, std::string_view{"trk"}, std::string_view{"trkcampaign"},
    std::string_view{"ttclid"}, std::string_view{"twclid"}, std::string_view{"vero_conv"},
    std::string_view{"vero_id"}, std::string_view{"vgo_ee"}, std::string_view{"wbraid"},
    std::string_view{"wickedid"}, std::string_view{"wprov"}, std::string_view{"wt_mc"}, std::string_view{"wt_zmc"},
    std::string_view{"xtor"}, std::string_view{"xtref"}, std::string_view{"yclid"}, std::string_view{"ysclid"},
    // clang-format on
};

constexpr std::array<std::string_view, 17> prefixes{
    "utm_",        "utm-",    "mtm_",   "pk_",       "piwik_", "matomo_", "hsa_",        "at_custom", "at_medium",
    "at_campaign", "at_link", "at_bbc", "at_format", "at_ptr", "ito_",    "vn_campaign", "sb_referer"};

// Ordinary names that are tracking only with a value that names a channel.
constexpr std::array<std::string_view, 18> channel_names{"campaign", "cid",    "cmp", "emc",    "feature", "from",
                                                         "ito",      "medium", "mod", "output", "partner", "ref",
                                                         "referer",  "rss",    "sns", "source", "src",     "via"};
constexpr std::array<std::string_view, 13> channels{"rss", "feed",       "atom",       "twitter", "facebook",
                                                    "fb",  "newsletter", "email",      "social",  "share",
                                                    "tw",  "linkedin",   "syndication"};

constexpr std::array<std::string_view, 10> idle_fragments{
    "comments", "respond", "disqus_thread", "ref", "rss", "comment-form", "share", "top", "main", "content"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& list, std::string_view what) {
    return std::find(list.begin(), list.end(), what) != list.end();
}

bool starts_with_any(std::string_view text, const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](std::string_view p) { return text.starts_with(p); });
}

// "rss", "rss-3", "feed_home": a channel, alone or with a suffix.
bool names_a_channel(std::string_view value) {
    const std::size_t end = std::min(value.find_first_of("-_.:0123456789"), value.size());
    return has(channels, value.substr(0, end));
}

}  // namespace

bool is_tracking_parameter(std::string_view raw_name, std::string_view raw_value) {
    // No name in the tables is longer, and prefixes are seen in the beginning.
    std::array<char, 32> buffer{};
    const std::string_view beginning = raw_name.substr(0, buffer.size());
    std::transform(beginning.begin(), beginning.end(), buffer.begin(), [](char c) { return ascii_lower(c); });
    const std::string_view name(buffer.data(), beginning.size());
    if (raw_name.size() < buffer.size() && std::binary_search(exact.begin(), exact.end(), name)) return true;
    if (starts_with_any(name, prefixes)) return true;
    if (!has(channel_names, name)) return false;
    const std::string value = ascii_lower(raw_value);
    return names_a_channel(value) ||
           (name == "rss" && (value == "1" || value.empty() || value == "yes" || value == "true"));
}

bool is_variant_parameter(std::string_view raw_name, std::string_view raw_value) {
    if (raw_name.size() > 10) return false;  // "outputtype"
    const std::string name = ascii_lower(raw_name);
    const std::string value = ascii_lower(raw_value);
    if (name == "amp") return value.empty() || value == "1" || value == "true" || value == "0";
    if (name == "outputtype" || name == "output" || name == "view" || name == "mode")
        return value == "amp" || value == "mobile";
    return name == "amp_js_v" || name == "amp_gsa" || name == "usqp";
}

bool is_tracking_fragment(std::string_view fragment) {
    if (fragment.empty()) return true;
    if (fragment.front() == '!' || fragment.front() == '/') return false;
    if (fragment.starts_with(":~:")) return true;
    const std::string text = ascii_lower(fragment);
    if (has(idle_fragments, text)) return true;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) {
        const std::string_view name = std::string_view(text).substr(0, equals);
        return is_tracking_parameter(name, std::string_view(text).substr(equals + 1)) || name == "ref" ||
               name == "source";
    }
    return false;
}

}  // namespace feedwatch::url
