# Makes src/Bindings/Generated again:
#
#   cmake [-DGENERATOR=<program>] -P src/Bindings/generation/Generate.cmake
#
# The generator is ClangSharpPInvokeGenerator in the version that .config/dotnet-tools.json pins: GENERATOR where it names a
# program, else the one on PATH, else `dotnet tool run`. A name that left the headers leaves no file behind, and a failed run
# changes nothing.
cmake_minimum_required(VERSION 3.25)

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(output "${root}/src/Bindings/Generated")
set(backup "${output}.previous")

find_program(GENERATOR ClangSharpPInvokeGenerator)
if(GENERATOR)
  set(command "${GENERATOR}")
else()
  set(command dotnet tool run ClangSharpPInvokeGenerator --)
endif()

# Another version writes other code.
file(READ "${root}/.config/dotnet-tools.json" tools)
string(JSON pinned GET "${tools}" tools clangsharppinvokegenerator version)
execute_process(COMMAND ${command} --version
  WORKING_DIRECTORY "${root}" RESULT_VARIABLE result OUTPUT_VARIABLE version ERROR_VARIABLE version)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "ClangSharpPInvokeGenerator cannot be started (${result}). Run `dotnet tool restore`, or put a generator "
    "on PATH, or name one with -DGENERATOR=<program> before -P.\n${version}")
endif()
string(REGEX MATCH "version ([0-9.]+)" matched "${version}")
if(NOT CMAKE_MATCH_1 STREQUAL pinned)
  message(FATAL_ERROR "ClangSharpPInvokeGenerator ${CMAKE_MATCH_1} was found; .config/dotnet-tools.json pins ${pinned}.")
endif()

file(REMOVE_RECURSE "${backup}")
if(EXISTS "${output}")
  file(RENAME "${output}" "${backup}")
endif()
file(MAKE_DIRECTORY "${output}")

# Every path in generate.rsp is relative to the root.
execute_process(COMMAND ${command} "@src/Bindings/generation/generate.rsp"
  WORKING_DIRECTORY "${root}" RESULT_VARIABLE result)
if(result EQUAL 0 AND NOT EXISTS "${output}/NativeMethods.cs")
  set(result "no NativeMethods.cs written: is each --traverse path spelled like --file?")
endif()
if(NOT result EQUAL 0)
  file(REMOVE_RECURSE "${output}")
  if(EXISTS "${backup}")
    file(RENAME "${backup}" "${output}")
  endif()
  message(FATAL_ERROR "ClangSharpPInvokeGenerator failed (${result}); a warning counts as a failure.")
endif()
file(REMOVE_RECURSE "${backup}")

set(MODE write)
include("${CMAKE_CURRENT_LIST_DIR}/HeaderHash.cmake")
