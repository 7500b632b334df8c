// Notices that a file was written or replaced, by looking once in a while.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace feedwatch::app {

class changed_files {
  public:
    explicit changed_files(std::vector<std::string> files);
    // Whether any of them differs from the last look (the constructor's is the first).
    [[nodiscard]] bool look();

  private:
    using state =
        std::tuple<ino_t, off_t, std::int64_t, std::int64_t>;  // inode, size, mtime s and ns; zeros: not there
    [[nodiscard]] std::map<std::string, state> now() const;

    std::vector<std::string> files_;
    std::map<std::string, state> last_;
};

}  // namespace feedwatch::app
