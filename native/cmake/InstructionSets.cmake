# Kernels are written once and compiled once per instruction set: src/cpu/simd/<family>_<isa>.cpp. Only those files get
# ISA flags; detection and dispatch are compiled for the plain machine, so that they run anywhere.
#
# Sets NNOISE_ISA_SOURCES.

set(NNOISE_ISA_SOURCES "")

# nnoise_add_isa(<suffix> <flags>...): adds src/cpu/simd/*_<suffix>.cpp, compiled with the flags.
function(nnoise_add_isa suffix)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/src/cpu/simd/*_${suffix}.cpp")
  if(sources)
    set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS "${ARGN}")
  endif()
  set(NNOISE_ISA_SOURCES ${NNOISE_ISA_SOURCES} ${sources} PARENT_SCOPE)
endfunction()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  nnoise_add_isa(avx2 -mavx2 -mfma -mf16c)
  # GCC's own header passes "undefined" vectors to builtins that never read them, and GCC 12 warns of it (its bug 105593).
  nnoise_add_isa(avx512 -mavx2 -mfma -mf16c -mavx512f -mavx512dq -mavx512vl -mavx512bw
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  # Advanced SIMD with fma is part of the baseline.
  nnoise_add_isa(neon)
endif()
