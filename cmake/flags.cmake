# feedwatch_flags: what every target of ours is compiled with. Linked by feedwatch_library() and friends.
add_library(feedwatch_flags INTERFACE)
target_include_directories(feedwatch_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(feedwatch_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(FEEDWATCH_WARNINGS_AS_ERRORS)
  target_compile_options(feedwatch_flags INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # The release build of a daemon that reads hostile input keeps the cheap hardening.
  target_compile_definitions(feedwatch_flags INTERFACE _FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
  target_compile_options(feedwatch_flags INTERFACE -O2 -fstack-protector-strong)
endif()
if(FEEDWATCH_SANITIZE)
  target_compile_options(feedwatch_flags INTERFACE -fsanitize=${FEEDWATCH_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all)
  target_link_options(feedwatch_flags INTERFACE -fsanitize=${FEEDWATCH_SANITIZE})
  if(FEEDWATCH_SANITIZE MATCHES "undefined")
    # Boost.Asio compares function pointers of templates that vptr checking needs RTTI of in every library.
    target_compile_options(feedwatch_flags INTERFACE -fno-sanitize=vptr)
  endif()
endif()

find_program(FEEDWATCH_CCACHE ccache)
if(FEEDWATCH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache must not mind, so that precompiled headers are taken from it.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" "${FEEDWATCH_CCACHE}")
endif()
