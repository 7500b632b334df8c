# Most of a file's compile time is the standard library's headers: they are read once, here. A file still includes what
# it uses; the sanitizer presets build without, so that a missing include is found.
option(FEEDWATCH_PRECOMPILE "Precompile the headers of the standard library and GoogleTest" ON)

if(FEEDWATCH_PRECOMPILE)
  set(standard_headers
    <algorithm> <array> <charconv> <chrono> <cstdint> <cstring> <deque> <filesystem> <functional> <limits> <map> <memory>
    <mutex> <optional> <random> <set> <span> <sstream> <string> <string_view> <unordered_map> <utility> <vector>)
  file(WRITE "${PROJECT_BINARY_DIR}/precompiled.cpp" "")
  add_library(feedwatch_precompiled STATIC "${PROJECT_BINARY_DIR}/precompiled.cpp")
  target_link_libraries(feedwatch_precompiled PRIVATE feedwatch_flags)
  target_precompile_headers(feedwatch_precompiled PRIVATE ${standard_headers})
  if(FEEDWATCH_TESTS)
    add_library(feedwatch_precompiled_tests STATIC "${PROJECT_BINARY_DIR}/precompiled.cpp")
    target_link_libraries(feedwatch_precompiled_tests PRIVATE feedwatch_flags GTest::gmock)
    target_precompile_headers(feedwatch_precompiled_tests PRIVATE ${standard_headers} <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(feedwatch_flags INTERFACE -fpch-preprocess)  # for ccache
  endif()
endif()

# feedwatch_precompile(TARGET feedwatch_precompiled|feedwatch_precompiled_tests)
function(feedwatch_precompile target from)
  if(FEEDWATCH_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()
