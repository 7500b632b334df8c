// The command line: subcommands, options, help and exit codes.
#pragma once

namespace feedwatch::app {

// All that main() does. Returns an exit_code.
int main(int argc, char** argv);

}  // namespace feedwatch::app
