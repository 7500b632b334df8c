#pragma once

#include "tests/support/postgres_server.hpp"

namespace feedwatch::test {

// One server for all tests of a program; nullptr where none is installed.
postgres_server* shared_postgres();

}  // namespace feedwatch::test
