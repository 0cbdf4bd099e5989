# Linux on arm64, from Debian's cross compiler (package g++-aarch64-linux-gnu). What it makes runs here under QEMU's user
# emulation (package qemu-user), as a Cortex-A53: a processor of the first 64-bit generation, so that an instruction
# beyond the baseline is a fault and not a surprise on somebody's machine.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

find_program(compiler "${CMAKE_CXX_COMPILER}" NO_CACHE)
if(NOT compiler)
  message(FATAL_ERROR
    "${CMAKE_CXX_COMPILER} was not found. On Debian and Ubuntu: apt-get install g++-aarch64-linux-gnu")
endif()

# Programs of the build machine; headers, libraries and packages of the target alone.
set(NNOISE_SYSROOT /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH "${NNOISE_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-aarch64;-cpu;cortex-a53;-L;${NNOISE_SYSROOT}")
