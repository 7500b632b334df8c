#include "app/run/changed_files.hpp"

#include <sys/stat.h>

namespace feedwatch::app {

changed_files::changed_files(std::vector<std::string> files) : files_(std::move(files)), last_(now()) {}

std::map<std::string, changed_files::state> changed_files::now() const {
    std::map<std::string, state> all;
    for (const std::string& file : files_) {
        struct stat s {};
        if (::stat(file.c_str(), &s) != 0) s = {};
        all[file] = {s.st_ino, s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec};
    }
    return all;
}

bool changed_files::look() {
    auto current = now();
    if (current == last_) return false;
    last_ = std::move(current);
    return true;
}

}  // namespace feedwatch::app
