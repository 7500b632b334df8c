# Most of a file's compile time is the standard library's headers: they are read once, here. A file still includes what
# it uses; the dev preset builds without, so that a missing include is found and no warning is lost.
option(FEEDWATCH_PRECOMPILE "Precompile the headers of the standard library" ON)

if(FEEDWATCH_PRECOMPILE)
  set(standard_headers
    <algorithm> <array> <charconv> <chrono> <cstdint> <cstring> <deque> <filesystem> <functional> <limits> <map> <memory>
    <mutex> <optional> <random> <set> <span> <sstream> <string> <string_view> <unordered_map> <utility> <vector>)
  file(WRITE "${PROJECT_BINARY_DIR}/precompiled.cpp" "")
  add_library(feedwatch_precompiled STATIC "${PROJECT_BINARY_DIR}/precompiled.cpp")
  target_link_libraries(feedwatch_precompiled PRIVATE feedwatch_flags)
  target_precompile_headers(feedwatch_precompiled PRIVATE ${standard_headers})
  if(FEEDWATCH_TESTS)
    add_library(feedwatch_precompiled_test STATIC "${PROJECT_BINARY_DIR}/precompiled.cpp")
    target_link_libraries(feedwatch_precompiled_test PRIVATE feedwatch_flags GTest::gmock)
    target_precompile_headers(feedwatch_precompiled_test PRIVATE ${standard_headers} <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # The first for ccache. The others: GCC 12 warns, wrongly, of overflows inside std::string's operator+ (GCC's bug 105329),
    # and tells a system header's warnings from ours only where it was not precompiled.
    target_compile_options(feedwatch_flags INTERFACE
      -fpch-preprocess -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endif()

# feedwatch_precompile(TARGET [test]): test adds GoogleTest's headers.
function(feedwatch_precompile target)
  if(FEEDWATCH_PRECOMPILE AND "test" IN_LIST ARGN)
    target_precompile_headers(${target} REUSE_FROM feedwatch_precompiled_test)
  elseif(FEEDWATCH_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM feedwatch_precompiled)
  endif()
endfunction()
