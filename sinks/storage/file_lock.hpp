// One process holds a file: an advisory lock on a file of its own, which ends with the process whatever ends it.
// (Not on the database itself: closing any descriptor of it would drop SQLite's own locks.)
#pragma once

#include <optional>
#include <string>

#include "core/error.hpp"

namespace feedwatch::storage {

class file_lock {
  public:
    // errc::unavailable where it is held or cannot be made.
    static result<file_lock> take(const std::string& path);
    file_lock(file_lock&& other) noexcept;
    file_lock& operator=(file_lock&& other) noexcept;
    ~file_lock();

  private:
    explicit file_lock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace feedwatch::storage
