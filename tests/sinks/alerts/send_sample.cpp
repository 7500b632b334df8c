// Prints what the alerts step sends for one alert, as one JSON object {"headers": {...}, "body": "..."}: for a check by
// an independent implementation. Arguments: the time in seconds since 1970, then one or more secrets.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>

#include "tests/sinks/alerts/bench_runner.hpp"

int main(int argc, char** argv) {
    using namespace feedwatch;
    if (argc < 3) return 2;
    channel_config c = test::channel_named("ops");
    c.secrets.clear();
    for (int i = 2; i < argc; ++i) c.secrets.emplace_back(argv[i]);
    test::alert_bench b({c});
    b.now = timestamp(std::chrono::seconds(std::atoll(argv[1])));
    flagged_item item = test::alert_item("s1", {"fire"});
    item.text = "Na\xC3\xAFve \"quotes\", \\ and \xF0\x9F\x9A\xA8\n";
    b.flag(item);
    const auto& sent = b.http->all().at(0);
    boost::json::object headers;
    for (const auto& [name, value] : sent.what.headers) headers[name] = value;
    const boost::json::object out{{"headers", headers}, {"body", sent.what.body}};
    std::puts(boost::json::serialize(out).c_str());
}
