#include "app/run/changed_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace feedwatch::app {
namespace {

class watched_file : public testing::Test {
  protected:
    watched_file()
        : file_((std::filesystem::temp_directory_path() / ("feedwatch-watched-" + std::to_string(getpid()))).string()) {
        write("one");
    }
    ~watched_file() override { std::filesystem::remove(file_); }
    void write(const std::string& content) const { std::ofstream(file_) << content; }
    std::string file_;
};

TEST_F(watched_file, tells_a_change_once) {
    changed_files files({file_});
    EXPECT_FALSE(files.look());
    write("two and more");
    EXPECT_TRUE(files.look());
    EXPECT_FALSE(files.look());
}
TEST_F(watched_file, tells_a_replacement_as_editors_and_config_maps_make_it) {
    changed_files files({file_});
    std::ofstream(file_ + ".new") << "one";
    std::filesystem::rename(file_ + ".new", file_);
    EXPECT_TRUE(files.look());
}
TEST_F(watched_file, tells_that_a_file_went_and_came_back) {
    changed_files files({file_});
    std::filesystem::remove(file_);
    EXPECT_TRUE(files.look());
    write("back");
    EXPECT_TRUE(files.look());
}

}  // namespace
}  // namespace feedwatch::app
