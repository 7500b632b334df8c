// Prints a line for every sample record: its topic, a tab, and the JSON as feedwatch writes it.
#include <boost/json.hpp>
#include <cstdio>
#include <string>

#include "core/record/dead.hpp"
#include "tests/core/record/samples.hpp"

namespace {

void print(const std::string& name, const std::string& json) {
    std::printf("%s\t%s\n", name.c_str(), json.c_str());
}

}  // namespace

int main() {
    for (const auto& [topic, json] : feedwatch::samples::all_as_written()) print(topic, json);
    boost::json::object headers;
    for (const auto& h : feedwatch::to_headers({"feedwatch.fetched", 3, 17, "dedup", "malformed", "byte 12", 2}))
        headers[h.name] = h.value;
    print("dead-headers", boost::json::serialize(headers));
}
