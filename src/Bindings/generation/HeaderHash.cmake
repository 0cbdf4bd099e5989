# The hash that ties src/Bindings/Generated to native/include.
#
#   cmake -DMODE=write -P HeaderHash.cmake    writes Generated/HeaderHash.cs
#   cmake -DMODE=check -P HeaderHash.cmake    fails when Generated/HeaderHash.cs holds another hash
#
# The hash is SHA-256 over one line "<SHA-256 of the header, line ends as LF>  <file name>\n" for each header, ordered by
# name: what `sha256sum *.h | sha256sum` prints in native/include/nativenoise under LC_ALL=C.
cmake_minimum_required(VERSION 3.25)

get_filename_component(bindings "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
get_filename_component(include "${bindings}/../../native/include/nativenoise" ABSOLUTE)
set(output "${bindings}/Generated/HeaderHash.cs")

file(GLOB headers LIST_DIRECTORIES FALSE RELATIVE "${include}" "${include}/*.h")
list(SORT headers COMPARE STRING)
set(lines "")
foreach(header IN LISTS headers)
  file(READ "${include}/${header}" text)
  string(REPLACE "\r\n" "\n" text "${text}")
  string(SHA256 hash "${text}")
  string(APPEND lines "${hash}  ${header}\n")
endforeach()
string(SHA256 hash "${lines}")

if(MODE STREQUAL "write")
  file(READ "${CMAKE_CURRENT_LIST_DIR}/header.txt" banner)
  file(WRITE "${output}" "${banner}
namespace NativeNoise.Bindings;

internal static class HeaderHash
{
    /// <summary>SHA-256 of the headers that this folder was made from (see generation/HeaderHash.cmake).</summary>
    public const string Value = \"${hash}\";
}
")
elseif(MODE STREQUAL "check")
  set(found "")
  if(EXISTS "${output}")
    file(STRINGS "${output}" found REGEX "Value = ")
  endif()
  if(NOT found MATCHES "\"${hash}\"")
    message(NOTICE "native/include: error NN0003: the headers (hash ${hash}) are not those that src/Bindings/Generated "
      "was made from; run `./build.ps1 generate` and commit the result")
    message(FATAL_ERROR "The generated bindings do not belong to the headers.")
  endif()
else()
  message(FATAL_ERROR "MODE is '${MODE}'; expected write or check.")
endif()
