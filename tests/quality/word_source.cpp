// nnoise_quality_words <order> [part]: raw words to standard output until the reader closes it, for
//   nnoise_quality_words steps | dieharder -g 200 ...
// nnoise_quality_words --list: the orders, as a result table.
#include "words.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
        std::puts("order\tword i is");
        for (const quality::Order& order : quality::orders()) {
            std::printf("%s\t%s\n", order.name.data(), order.meaning.data());
        }
        return 0;
    }
    const quality::Order* order = argc >= 2 ? quality::find_order(argv[1]) : nullptr;
    if (order == nullptr || argc > 3) {
        std::fprintf(stderr, "usage: nnoise_quality_words <order> [part]\n");
        for (const quality::Order& known : quality::orders()) {
            std::fprintf(stderr, "  %-12s %s\n", known.name.data(), known.meaning.data());
        }
        return 2;
    }
    const auto part = static_cast<std::uint32_t>(argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0);
    quality::WordStream stream(*order, part);
    while (std::fwrite(stream.chunk().data(), 4, stream.chunk().size(), stdout) == stream.chunk().size()) {
        stream.skip_chunk();
    }
    return 0;
}
