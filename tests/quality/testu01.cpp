// nnoise_quality_testu01 <battery> <order> <test>: one numbered test of SmallCrush, Crush or BigCrush on the words of
// an order, the test's number being the part. TestU01's own report goes to standard output; after it comes one line for
// each p-value:
//   @p <order> <number> <p> <name>
#include "words.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

extern "C" {
#include <TestU01.h>
}

namespace {

const struct {
    const char* name;
    int tests;
    void (*repeat)(unif01_Gen*, int*);
} batteries[] = {
    {"SmallCrush", 10, bbattery_RepeatSmallCrush},
    {"Crush", 96, bbattery_RepeatCrush},
    {"BigCrush", 106, bbattery_RepeatBigCrush},
};

quality::WordStream* stream; // TestU01's generators are functions without arguments

unsigned int next_word() { return stream->next(); }

} // namespace

int main(int argc, char** argv) {
    const quality::Order* order = argc == 4 ? quality::find_order(argv[2]) : nullptr;
    const int test = argc == 4 ? std::atoi(argv[3]) : 0;
    for (const auto& battery : batteries) {
        if (order == nullptr || std::strcmp(argv[1], battery.name) != 0 || test < 1 || test > battery.tests) {
            continue;
        }
        quality::WordStream words(*order, static_cast<std::uint32_t>(test));
        stream = &words;
        std::string name(order->name);
        unif01_Gen* generator = unif01_CreateExternGenBits(name.data(), next_word);
        int repetitions[201] = {};
        repetitions[test] = 1;
        battery.repeat(generator, repetitions);
        for (int i = 0; i < 200; ++i) {
            if (bbattery_pVal[i] >= 0 && bbattery_TestNames[i][0] != 0) { // -1: not of the test that ran
                std::printf("@p %s %d %.6e %s\n", name.c_str(), test, bbattery_pVal[i], bbattery_TestNames[i]);
            }
        }
        unif01_DeleteExternGenBits(generator);
        return 0;
    }
    std::fprintf(stderr, "usage: nnoise_quality_testu01 SmallCrush|Crush|BigCrush <order> <test from 1 on>\n");
    return 2;
}
