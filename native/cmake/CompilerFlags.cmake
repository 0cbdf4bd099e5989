# Compiler and linker flags, as interface targets:
#   nnoise_numeric        what decides the bits of a result; everything that computes uses it, tests included
#   nnoise_warnings       warnings, and whether they are errors
#   nnoise_library_flags  how the library's sources are compiled
#   nnoise_link_flags     how the shared library is linked

# ---------------------------------------------------------------------------------------------------------------------
# Numeric: IEEE semantics, operation by operation. Nothing here lets the compiler reassociate, contract or approximate.
# ---------------------------------------------------------------------------------------------------------------------
add_library(nnoise_numeric INTERFACE)
target_compile_options(nnoise_numeric INTERFACE
  # a * b + c stays two roundings unless the source says fma.
  -ffp-contract=off
  # sqrt sets no errno, so that it is the one instruction. The value is the same.
  -fno-math-errno
  # No floating-point traps are observed, so that selects may be if-converted. Values are the same.
  -fno-trapping-math)

# ---------------------------------------------------------------------------------------------------------------------
# Warnings
# ---------------------------------------------------------------------------------------------------------------------
add_library(nnoise_warnings INTERFACE)
target_compile_options(nnoise_warnings INTERFACE
  -Wall -Wextra
  # A local that hides another local. (GCC's plain -Wshadow also objects to a parameter named like a member.)
  $<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow>
  # A float that silently becomes a double is a different result.
  -Wdouble-promotion)
if(NNOISE_WERROR)
  target_compile_options(nnoise_warnings INTERFACE -Werror)
endif()

# ---------------------------------------------------------------------------------------------------------------------
# Sanitizers
# ---------------------------------------------------------------------------------------------------------------------
add_library(nnoise_sanitizers INTERFACE)
if(NNOISE_SANITIZE)
  target_compile_options(nnoise_sanitizers INTERFACE
    -fsanitize=${NNOISE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g
    # A C caller may pass any number for an enum; the library looks at it and refuses (and -fstrict-enums is never set).
    -fno-sanitize=enum)
  target_link_options(nnoise_sanitizers INTERFACE -fsanitize=${NNOISE_SANITIZE})
endif()

# ---------------------------------------------------------------------------------------------------------------------
# The library's sources
# ---------------------------------------------------------------------------------------------------------------------
add_library(nnoise_library_flags INTERFACE)
target_link_libraries(nnoise_library_flags INTERFACE nnoise_numeric nnoise_warnings nnoise_sanitizers Threads::Threads)
target_compile_options(nnoise_library_flags INTERFACE
  # Statics inside functions keep their guards: the guards live in libstdc++, so such a static is an error at link time
  # rather than a race.
  "$<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions;-fno-rtti>"
  # Only what carries NNOISE_API is visible; the version script says so again at link time.
  -fvisibility=hidden
  -fstack-protector-strong)
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O3 -DNDEBUG")

# GCC zeroes everything above 32 bytes with a string instruction, which starts up for longer than a small call's checks
# take together. Our structs of options and jobs get plain vector stores; what is larger goes to memset.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  target_compile_options(nnoise_library_flags INTERFACE -mmemset-strategy=vector_loop:512:noalign,libcall:-1:noalign)
endif()

# No path of the machine that built it in the library.
target_compile_options(nnoise_library_flags INTERFACE "-ffile-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}=native")

# ---------------------------------------------------------------------------------------------------------------------
# The shared library
# ---------------------------------------------------------------------------------------------------------------------
add_library(nnoise_link_flags INTERFACE)
target_link_libraries(nnoise_link_flags INTERFACE nnoise_sanitizers Threads::Threads m)
# CMake would otherwise add the C++ driver's own libraries (libstdc++) to a link that holds C++ objects.
set(CMAKE_CXX_IMPLICIT_LINK_LIBRARIES "")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  target_link_options(nnoise_link_flags INTERFACE
    "LINKER:--version-script=${CMAKE_CURRENT_SOURCE_DIR}/cmake/exports.map"
    LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack
    LINKER:--as-needed
    # Small compiler helpers come from the static archive: one shared library less at run time.
    -static-libgcc)
  if(NOT NNOISE_SANITIZE)
    # A symbol of libstdc++ that slipped in is an error here, not when the library is loaded. (Sanitizer runtimes are
    # found at load time by design.)
    target_link_options(nnoise_link_flags INTERFACE LINKER:-z,defs)
  endif()
endif()
