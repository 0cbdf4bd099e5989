// Every line of tests/vectors/fingerprints.txt but `training`: the first 2^20 draws have the recorded hash on every
// instruction set of this machine, for every thread count, alignment and cut into calls, in place or not.
// The file is written by the plain reference, through the managed library (docs/fingerprint.md).
#include "fingerprint_lines.hpp"

#include "support.hpp"
#include "xxhash64.hpp"

#include <fstream>
#include <iomanip>
#include <map>
#include <sstream>

namespace {

using fingerprint::Line;
using fingerprint::Setting;

// The recorded hashes of the first blocks, by name and type.
const std::map<std::string, std::string>& recorded() {
    static const std::map<std::string, std::string> hashes = [] {
        std::map<std::string, std::string> read;
        std::ifstream file(std::string(NNOISE_TEST_VECTORS) + "/fingerprints.txt");
        EXPECT_TRUE(file) << "cannot read fingerprints.txt in " << NNOISE_TEST_VECTORS;
        for (std::string text; std::getline(file, text);) {
            std::istringstream words(text);
            std::string name, type, prefix;
            if (words >> name >> type >> prefix && name[0] != '#') {
                read[name + " " + type] = prefix;
            }
        }
        return read;
    }();
    return hashes;
}

std::vector<Line> all_lines() {
    std::vector<Line> lines = fingerprint::element_lines();
    for (Line& line : fingerprint::operation_lines()) {
        lines.push_back(std::move(line));
    }
    return lines;
}

// Thread counts 1, 2 and 5 on every set. The sets that are slow, the reference and those that run under emulation, get
// three settings; the others six.
std::vector<Setting> settings(nnoise_isa isa, bool element_wise) {
    std::vector<Setting> list = {{1, 3, 33, true}, {2, 0, 64, false}, {5, 1, 7, true}};
    if (element_wise && (isa == NNOISE_ISA_AVX2 || isa == NNOISE_ISA_AVX512)) {
        list.insert(list.end(), {{1, 0, 64, false}, {2, 7, 1, true}, {5, 2, 64, false}});
    }
    return list;
}

std::vector<nnoise_isa> every_set() {
    std::vector<nnoise_isa> sets = test::fast_sets();
    sets.push_back(NNOISE_ISA_SCALAR);
    return sets;
}

std::string hex(std::uint64_t value) {
    std::ostringstream text;
    text << std::hex << std::setfill('0') << std::setw(16) << value;
    return text.str();
}

class Fingerprint : public ::testing::TestWithParam<Line> {};

TEST_P(Fingerprint, IsTheRecordedOne) {
    const Line& line = GetParam();
    const auto expected = recorded().find(line.key());
    ASSERT_NE(expected, recorded().end()) << "fingerprints.txt has no line " << line.key();
    for (const nnoise_isa isa : every_set()) {
        for (const Setting& setting : settings(isa, line.element_wise)) {
            const test::Context context(setting.threads, isa);
            fingerprint::Bytes out;
            ASSERT_EQ(line.run(context, setting, out), NNOISE_STATUS_OK) << nnoise_last_error();
            ASSERT_EQ(expected->second, hex(test::xxhash64(out.data(), out.size())))
                << line.key() << ", set " << isa << ", " << setting.threads << " threads, offset " << setting.offset
                << ", " << setting.rows_per_call << " rows a call, in place " << setting.in_place;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Lines, Fingerprint, ::testing::ValuesIn(all_lines()),
                         [](const ::testing::TestParamInfo<Line>& parameter) {
                             return parameter.param.name + "_" + parameter.param.type;
                         });

TEST(Fingerprints, EveryRecordedLineIsComputedHere) {
    std::map<std::string, std::string> left = recorded();
    for (const Line& line : all_lines()) {
        left.erase(line.key());
    }
    // The training run is the managed library's.
    EXPECT_EQ(left.size(), 1u);
    EXPECT_EQ(left.count("training float32"), 1u);
}

// Fingerprints compare bytes, and the bits of NaNs are outside the contract: no line may make one.
TEST(Fingerprints, NoOutputIsNaN) {
    const test::Context context(2);
    for (const Line& line : all_lines()) {
        if (line.type != "float32") {
            continue;
        }
        fingerprint::Bytes out;
        ASSERT_EQ(line.run(context, {2, 0, 64, false}, out), NNOISE_STATUS_OK) << line.key();
        const auto* values = reinterpret_cast<const float*>(out.data());
        for (std::size_t i = 0; i < out.size() / sizeof(float); ++i) {
            ASSERT_EQ(values[i], values[i]) << line.key() << ", element " << i;
        }
    }
}

TEST(XxHash64, GivesThePublishedValues) {
    const std::pair<const char*, std::uint64_t> known[] = {
        {"", 0xEF46DB3751D8E999u},
        {"a", 0xD24EC4F1A98C6E5Bu},
        {"abc", 0x44BC2CF5AD770999u},
        {"Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1u},
    };
    for (const auto& [text, hash] : known) {
        EXPECT_EQ(test::xxhash64(text, std::strlen(text)), hash) << text;
    }
}

} // namespace
