#!/usr/bin/env bash
# Measures what docs/quality.md shows, and writes that page. Resumable: each finished test leaves a file in the output
# folder and is not run again; an interruption costs the test that was running.
#
#   tests/quality/run.sh <output folder> [stage ...]
#
# Stages, in this order unless some are named:
#   build  smallcrush  formula  draws  dieharder  crush  collect  page
# `collect` copies the numbers out of the output folder into tests/quality/results/, `page` writes docs/quality.md from
# those. dieharder is Debian's; for TestU01 set TESTU01_ROOT to where it is installed.
# Other settings: BUILD, the build folder (<output folder>/build); SMALLCRUSH_ORDERS, CRUSH_ORDERS and DIEHARDER_ORDERS, the
# orders that those stages take (all; elements and steps; all).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
results="$root/tests/quality/results"
out="$(mkdir -p "${1:?output folder}" && cd "$1" && pwd)"
shift
build="${BUILD:-$out/build}"
bin="$build/bin"
all_orders="elements rows steps sites seeds interleaved low-halves high-halves reversed control"

# once <file> <command ...>: runs the command unless an earlier run has finished it; its output becomes the file.
once() {
  local file="$1"
  shift
  if [[ ! -e "$file" ]]; then
    mkdir -p "$(dirname "$file")"
    "$@" > "$file.unfinished"
    mv "$file.unfinished" "$file"
  fi
}

stage_build() {
  cmake -S "$root/native" -B "$build" -DCMAKE_BUILD_TYPE=Release -DNNOISE_QUALITY=ON \
    -DTESTU01_ROOT="${TESTU01_ROOT:-}"
  cmake --build "$build" -j2
}

testu01() { # battery, number of tests, orders
  local order test
  for order in $3; do
    for ((test = 1; test <= $2; ++test)); do
      once "$out/testu01/$1/$order/$test.txt" nice -n 19 "$bin/nnoise_quality_testu01" "$1" "$order" "$test"
    done
  done
}

stage_smallcrush() { testu01 SmallCrush 10 "${SMALLCRUSH_ORDERS:-$all_orders}"; }
stage_crush() { testu01 Crush 96 "${CRUSH_ORDERS:-elements steps}"; }

# What `dieharder -a` runs, one file a test and tuple size. (102 takes sixteen tuple sizes in one go.)
dieharder_tests="0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 100 101 102 $(echo 200:{1..12})
  $(echo 201:{2..5}) $(echo 202:{2..5}) $(echo 203:{0..32}) 204 205 206 207 208 209"

dieharder_test() { # order, test[:tuple], part
  local options=(-d "${2%%:*}") report
  if [[ "$2" == *:* ]]; then
    options+=(-n "${2##*:}")
  fi
  # The writer ends by a closed pipe when the test has read enough; only dieharder's status counts.
  report="$({ nice -n 19 "$bin/nnoise_quality_words" "$1" "$3" 2> /dev/null || true; } |
    nice -n 19 dieharder -g 200 "${options[@]}")"
  if [[ "$report" != *Assessment* ]]; then
    echo "dieharder ${options[*]} gave no result: $report" >&2
    return 1
  fi
  echo "$report"
}

stage_dieharder() {
  local order test part
  for order in ${DIEHARDER_ORDERS:-$all_orders}; do
    part=1000
    for test in $dieharder_tests; do
      part=$((part + (${test%%:*} == 102 ? 16 : 1)))
      once "$out/dieharder/$order/${test/:/-}.txt" dieharder_test "$order" "$test" "$part"
    done
  done
}

stage_formula() { once "$out/formula.tsv" nice -n 19 "$bin/nnoise_quality_formula"; }

stage_draws() {
  local name
  for name in normals uniforms masks independence; do
    once "$out/$name.tsv" nice -n 19 "$bin/nnoise_quality_$name"
  done
}

# The p-values of the batteries as tables like the others: one line each, tests in numerical order.
collect_testu01() { # battery, file name
  local order file
  printf 'suite\ttest\tp\n'
  for order in $all_orders; do
    for file in $(ls -v "$out/testu01/$1/$order"/*.txt 2> /dev/null); do
      awk -v battery="$1" -v order="$order" '/^@p/ {
        name = $0
        sub(/^@p [^ ]+ [^ ]+ [^ ]+ /, "", name)
        printf "%s, %s\t%s %s\t%s\n", battery, order, $3, name, $4
      }' "$file"
    done
  done
}

collect_dieharder() {
  local order file
  printf 'suite\ttest\tp\n'
  for order in $all_orders; do
    for file in $(ls -v "$out/dieharder/$order"/*.txt 2> /dev/null); do
      awk -v order="$order" -F'|' 'NF == 6 && $5 ~ /[0-9]/ {
        gsub(/ /, "", $1)
        gsub(/ /, "", $2)
        printf "dieharder, %s\t%s %s\t%s\n", order, $1, $2, $5 + 0
      }' "$file"
    done
  done
}

stage_collect() {
  local name
  mkdir -p "$results"
  "$bin/nnoise_quality_words" --list > "$results/orders.tsv"
  collect_testu01 SmallCrush > "$results/smallcrush.tsv"
  collect_testu01 Crush > "$results/crush.tsv"
  collect_dieharder > "$results/dieharder.tsv"
  for name in formula normals uniforms masks independence; do
    cp "$out/$name.tsv" "$results/$name.tsv"
  done
}

stage_page() {
  "$bin/nnoise_quality_report" "$results" "$root/tests/quality/page.md" > "$root/docs/quality.md.unfinished"
  mv "$root/docs/quality.md.unfinished" "$root/docs/quality.md"
}

main() {
  local stage
  if (($# == 0)); then
    set -- build smallcrush formula draws dieharder crush collect page
  fi
  for stage in "$@"; do
    "stage_$stage"
  done
}

main "$@"
exit # the shell reads a script as it goes: what is edited below a running one must not run
