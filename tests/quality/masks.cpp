// nnoise_quality_masks: dropout, salt and pepper, and signs, along each direction of an address; a result table on
// standard output.
#include "draws.hpp"

#include "core/uniform.hpp"

#include <algorithm>
#include <cmath>

namespace {

using namespace quality;

constexpr std::int64_t chunks = 256; // 2^26 decisions a case
constexpr float salt = 2.0f, pepper = -2.0f;

Fill<float> dropout(float probability) {
    return [=](std::int64_t rows, std::int64_t columns, float* out, const nnoise_address& a) {
        std::fill_n(out, rows * columns, 1.0f);
        return nnoise_dropout(nullptr, NNOISE_DTYPE_FLOAT32, rows, columns, out, out, a, probability);
    };
}

Fill<float> salt_and_pepper(float probability) {
    return [=](std::int64_t rows, std::int64_t columns, float* out, const nnoise_address& a) {
        std::fill_n(out, rows * columns, 1.0f);
        return nnoise_salt_and_pepper(nullptr, NNOISE_DTYPE_FLOAT32, rows, columns, out, out, a, probability, salt,
                                      pepper);
    };
}

Fill<float> signs() {
    return [](std::int64_t rows, std::int64_t columns, float* out, const nnoise_address& a) {
        return nnoise_fill_signs(nullptr, NNOISE_DTYPE_FLOAT32, rows, columns, out, a);
    };
}

// The state of an element: dropped or not; salt, pepper or neither; minus or plus. State 0 is the rarer one.
struct Kind {
    std::string name;
    Fill<float> fill;
    int (*state)(float value);
    std::vector<double> share; // of each state, exact
};

int dropped(float v) { return v == 0.0f ? 0 : 1; }
int kept(float v) { return v == 0.0f ? 1 : 0; }
int peppered(float v) { return v == salt ? 0 : v == pepper ? 1 : 2; }
int negative(float v) { return v == -1.0f ? 0 : 1; }

std::vector<Kind> kinds() {
    std::vector<Kind> list;
    for (const float p : {0.001f, 0.01f, 0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 0.999f}) {
        const double share = static_cast<double>(nnoise::threshold(static_cast<double>(p))) * 0x1p-32;
        list.push_back(p <= 0.5f
                           ? Kind{text("dropout %g", static_cast<double>(p)), dropout(p), dropped, {share, 1 - share}}
                           : Kind{text("dropout %g", static_cast<double>(p)), dropout(p), kept, {1 - share, share}});
    }
    for (const float p : {0.01f, 0.1f, 0.5f}) {
        const double half = static_cast<double>(nnoise::threshold(static_cast<double>(p) / 2)) * 0x1p-32;
        const double both = static_cast<double>(nnoise::threshold(static_cast<double>(p))) * 0x1p-32;
        list.push_back({text("salt and pepper %g", static_cast<double>(p)),
                        salt_and_pepper(p),
                        peppered,
                        {half, both - half, 1 - both}});
    }
    list.push_back({"signs", signs(), negative, {0.5, 0.5}});
    return list;
}

// `turn` numbers the kinds: each sees addresses of its own, so that their results are independent.
void print_kind(const Kind& kind, std::int64_t turn, Direction direction) {
    const std::string suite = text("masks along %s", name_of(direction));
    const std::size_t states = kind.share.size();
    const double n = static_cast<double>(chunks * chunk_draws);
    constexpr int lags[] = {1, 2, 3, 4, 8, 32, 128, 1024};
    std::vector<std::uint64_t> counts(states), gaps(static_cast<std::size_t>(12 / kind.share[0]) + 2);
    std::vector<std::vector<std::uint64_t>> tables(std::size(lags), std::vector<std::uint64_t>(states * states));
    std::vector<float> values(chunk_draws);
    std::vector<std::uint8_t> state(chunk_draws);
    constexpr std::size_t block = 4096;
    double dispersion = 0, blocks = 0, gap_total = 0;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        fill_chunk(direction, turn * chunks + chunk, kind.fill, values.data());
        std::size_t in_block = 0, last = 0;
        bool started = false;
        for (std::size_t i = 0; i < values.size(); ++i) {
            state[i] = static_cast<std::uint8_t>(kind.state(values[i]));
            ++counts[state[i]];
            if (state[i] == 0) {
                ++in_block;
                if (started) { // from one event of state 0 to the next: geometric
                    ++gaps[std::min(i - last - 1, gaps.size() - 1)];
                    gap_total += 1;
                }
                started = true;
                last = i;
            }
            if ((i + 1) % block == 0) {
                const double mean = static_cast<double>(block) * kind.share[0];
                const double difference = static_cast<double>(in_block) - mean;
                dispersion += difference * difference / (mean * (1 - kind.share[0]));
                blocks += 1;
                in_block = 0;
            }
        }
        for (std::size_t l = 0; l < std::size(lags); ++l) {
            for (std::size_t i = 0; i + static_cast<std::size_t>(lags[l]) < state.size(); ++i) {
                ++tables[l][state[i] * states + state[i + static_cast<std::size_t>(lags[l])]];
            }
        }
    }
    if (states == 2) {
        print_z(suite, kind.name + ": share", n, static_cast<double>(counts[0]) / n, kind.share[0],
                std::sqrt(kind.share[0] * kind.share[1] / n));
    } else {
        print_chi_square(suite, kind.name + ": shares", n, chi_square(counts, kind.share, n));
    }
    // A squared standardised count has the variance 2 + (1 - 6 q (1 - q)) / (4096 q (1 - q)); the mean of 16384 is
    // normal.
    const double mean = static_cast<double>(block) * kind.share[0], q = kind.share[0];
    print_z(suite, kind.name + ": variance of counts in 4096", n, dispersion / blocks, 1,
            std::sqrt((2 + (1 - 6 * q * (1 - q)) / (mean * (1 - q))) / blocks));
    std::vector<double> geometric(gaps.size());
    double rest = 1;
    for (std::size_t g = 0; g < gaps.size(); ++g) {
        geometric[g] = g + 1 < gaps.size() ? rest * q : rest;
        rest -= geometric[g];
    }
    print_chi_square(suite, kind.name + ": gaps", n, chi_square(gaps, geometric, gap_total));
    for (std::size_t l = 0; l < std::size(lags); ++l) {
        print_chi_square(suite, text("%s: pairs %d apart", kind.name.c_str(), lags[l]), n,
                         independence(tables[l], states));
    }
}

} // namespace

int main() {
    print_titles();
    std::int64_t turn = 0;
    for (const Kind& kind : kinds()) {
        for (const Direction direction : directions) {
            print_kind(kind, turn, direction);
            std::fflush(stdout);
        }
        ++turn;
    }
    return 0;
}
