# Configures and builds one native target, under a file lock so that parallel builds take turns:
#
#   cmake -DBUILD=<folder> -DCONFIG=<configuration> [-DTARGET_NAME=nativenoise] [-DOPTIONS=-DX=Y;...] [-DSTAMP=<file>]
#         -P NativeBuild.cmake
#
# Quiet when all is well. On failure the compiler's lines come out as they are and <folder>/build.log has the whole story.
# STAMP is touched with the time at which the build began, so that a source edited meanwhile still counts as newer.
if(CMAKE_VERSION VERSION_LESS 3.25)
  message(NOTICE "native: error NN0001: CMake 3.25 or later is needed, ${CMAKE_VERSION} was found at ${CMAKE_COMMAND}")
  message(FATAL_ERROR "CMake is too old.")
endif()
cmake_minimum_required(VERSION 3.25)

get_filename_component(source "${CMAKE_CURRENT_LIST_DIR}/../../../native" ABSOLUTE)
if(NOT TARGET_NAME)
  set(TARGET_NAME nativenoise)
endif()

file(MAKE_DIRECTORY "${BUILD}")
file(LOCK "${BUILD}.lock" GUARD PROCESS TIMEOUT 3600 RESULT_VARIABLE locked)
if(NOT locked EQUAL 0)
  message(NOTICE "native: error NN0004: no lock on ${BUILD}.lock within an hour (${locked}): another build holds it")
  message(FATAL_ERROR "The native build folder is locked.")
endif()

if(STAMP)
  file(TOUCH "${STAMP}.begun")
endif()

# A folder configured for another place (a moved or copied checkout) cannot be used again.
if(EXISTS "${BUILD}/CMakeCache.txt")
  file(STRINGS "${BUILD}/CMakeCache.txt" home REGEX "^CMAKE_HOME_DIRECTORY:")
  if(NOT home STREQUAL "CMAKE_HOME_DIRECTORY:INTERNAL=${source}")
    file(REMOVE "${BUILD}/CMakeCache.txt")
    file(REMOVE_RECURSE "${BUILD}/CMakeFiles")
  endif()
endif()

set(log "${BUILD}/build.log")
execute_process(
  COMMAND "${CMAKE_COMMAND}" -S "${source}" -B "${BUILD}" "-DCMAKE_BUILD_TYPE=${CONFIG}" ${OPTIONS}
  OUTPUT_FILE "${log}" ERROR_FILE "${log}" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  file(READ "${log}" text)
  if(text MATCHES "CMAKE_MAKE_PROGRAM is not set|unable to find a build program")
    message(NOTICE "native: error NN0002: CMake found no build program; install make or ninja "
      "(Debian, Ubuntu: apt-get install make)")
  elseif(text MATCHES "No CMAKE_C(XX)?_COMPILER could be found|CMAKE_C(XX)?_COMPILER not set")
    message(NOTICE "native: error NN0002: a C++20 compiler is needed and none was found; install g++ 12 or clang 14, or later "
      "(Debian, Ubuntu: apt-get install g++; macOS: xcode-select --install)")
  else()
    message(NOTICE "native: error NN0005: CMake could not configure native/ (${log})\n${text}")
  endif()
  message(FATAL_ERROR "The native library could not be configured.")
endif()

cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
execute_process(
  COMMAND "${CMAKE_COMMAND}" --build "${BUILD}" --config "${CONFIG}" --target ${TARGET_NAME} --parallel ${processors}
  OUTPUT_FILE "${log}" ERROR_FILE "${log}" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  file(READ "${log}" text)
  message(NOTICE "${text}\nnative: error NN0006: the native library did not compile (${log})")
  message(FATAL_ERROR "The native library could not be built.")
endif()

if(STAMP)
  file(RENAME "${STAMP}.begun" "${STAMP}")
endif()
