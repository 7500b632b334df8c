// DNS for tests: names whose answers are told here. libcurl resolves through the program's getaddrinfo, which this
// file's source defines; all other names are looked up as always. Names last for the process.
#pragma once

#include <string>
#include <vector>

namespace feedwatch::test {

// The answers to one look-up after the other, each a list of addresses; the last one stays. An empty list: no such
// name.
void resolve_as(const std::string& name, std::vector<std::vector<std::string>> answers);

// Look-ups of it take until let_names_go().
void resolve_never(const std::string& name);
void let_names_go();

}  // namespace feedwatch::test
