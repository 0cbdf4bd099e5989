# Makes src/Bindings/Generated again:
#
#   cmake [-DGENERATOR=<program>] -P src/Bindings/generation/Generate.cmake
#
# The generator is the tool pinned in .config/dotnet-tools.json, unless GENERATOR names a program (a generator built from
# its own source, say). A name that left the headers leaves no file behind, and a failed run changes nothing.
cmake_minimum_required(VERSION 3.25)

get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(output "${root}/src/Bindings/Generated")
set(backup "${output}.previous")
if(GENERATOR)
  set(command "${GENERATOR}")
else()
  set(command dotnet tool run ClangSharpPInvokeGenerator --)
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
  message(FATAL_ERROR "ClangSharpPInvokeGenerator failed (${result}); a warning counts as a failure. Without the tool, run "
    "`dotnet tool restore` or name a generator with -DGENERATOR=<program>.")
endif()
file(REMOVE_RECURSE "${backup}")

set(MODE write)
include("${CMAKE_CURRENT_LIST_DIR}/HeaderHash.cmake")
