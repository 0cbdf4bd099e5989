# nnoise_formula_check: the check of the normal's formula, for the program here and for a test in tests/native. The
# instruction sets' files get the flags of the kernels (native/cmake/InstructionSets.cmake), the rest does not.
include_guard(GLOBAL)

set(folder "${CMAKE_CURRENT_LIST_DIR}")
set(sources "${folder}/formula_check.cpp")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  list(APPEND sources "${folder}/formula_avx2.cpp" "${folder}/formula_avx512.cpp")
  set_source_files_properties("${folder}/formula_avx2.cpp" PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
  set_source_files_properties("${folder}/formula_avx512.cpp" PROPERTIES
    COMPILE_OPTIONS "-mavx2;-mfma;-mavx512f;-mavx512dq;-mavx512vl;-mavx512bw;-Wno-maybe-uninitialized")
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  list(APPEND sources "${folder}/formula_neon.cpp")
endif()

add_library(nnoise_formula_check OBJECT ${sources})
target_include_directories(nnoise_formula_check
  PUBLIC "${folder}" "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
target_link_libraries(nnoise_formula_check PUBLIC nnoise_numeric nnoise_warnings nnoise_sanitizers Threads::Threads m)
