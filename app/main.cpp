#include "app/cli.hpp"

int main(int argc, char** argv) {
    return feedwatch::app::main(argc, argv);
}
