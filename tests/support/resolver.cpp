#include "tests/support/resolver.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>

namespace {

std::mutex mutex;  // guards all below
std::condition_variable changed;
bool names_may_go = false;
std::map<std::string, std::deque<std::vector<std::string>>> known;
std::map<std::string, bool> slow;

std::optional<std::vector<std::string>> answer_for(const std::string& name) {
    std::unique_lock lock(mutex);
    if (slow.contains(name)) {
        changed.wait(lock, [] { return names_may_go; });
        return std::vector<std::string>{};
    }
    const auto found = known.find(name);
    if (found == known.end()) return std::nullopt;
    std::vector<std::string> out = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    return out;
}

}  // namespace

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** out) {
    using function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    const auto addresses = name == nullptr ? std::nullopt : answer_for(name);
    if (!addresses) return real(name, service, hints, out);
    addrinfo** end = out;
    *out = nullptr;
    for (const std::string& address : *addresses) {
        if (real(address.c_str(), service, hints, end) != 0) continue;  // another family than was asked for
        while (*end != nullptr) end = &(*end)->ai_next;
    }
    return *out == nullptr ? EAI_NONAME : 0;
}

namespace feedwatch::test {

void resolve_as(const std::string& name, std::vector<std::vector<std::string>> answers) {
    const std::lock_guard lock(mutex);
    known[name] = {answers.begin(), answers.end()};
}

void resolve_never(const std::string& name) {
    const std::lock_guard lock(mutex);
    slow[name] = true;
}

void let_names_go() {
    const std::lock_guard lock(mutex);
    names_may_go = true;
    changed.notify_all();
}

}  // namespace feedwatch::test
