// What the process tells its caller. docs/cli.md lists them.
#pragma once

namespace feedwatch::app {

enum exit_code : int {
    exit_ok = 0,
    exit_failed = 1,  // something could not be done, or an input could not be processed; stderr says what
    exit_usage = 2,   // the command line or the configuration is wrong
};

}  // namespace feedwatch::app
