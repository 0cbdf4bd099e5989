// Says above the results what they were measured with: the library's version and instruction set, and which of its
// kernels OpenBLAS picked.
#include "support.hpp"

#include <string>

#if NNOISE_BENCH_OPENBLAS
extern "C" char* openblas_get_config(void);
extern "C" char* openblas_get_corename(void);
#endif

namespace {

std::string library() {
    nnoise_context_info info = {};
    info.size = sizeof info;
    if (nnoise_context_describe(nullptr, &info) != NNOISE_STATUS_OK) {
        return nnoise_last_error();
    }
    constexpr const char* names[] = {"auto", "scalar", "avx2", "avx512", "neon"};
    static_assert(NNOISE_ISA_SCALAR == 1 && NNOISE_ISA_AVX2 == 2 && NNOISE_ISA_AVX512 == 3 && NNOISE_ISA_NEON == 4);
    return std::string(nnoise_version()) + ", " + names[info.isa];
}

std::string openblas() {
#if NNOISE_BENCH_OPENBLAS
    return std::string(openblas_get_corename()) + " kernels; " + openblas_get_config();
#else
    return "absent";
#endif
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    benchmark::AddCustomContext("nativenoise", library());
    benchmark::AddCustomContext("compiler", __VERSION__);
    benchmark::AddCustomContext("openblas", openblas());
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
