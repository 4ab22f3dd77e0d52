#!/usr/bin/env bash
# Builds the fuzz targets with clang's libFuzzer, ASan and UBSan and runs them on their corpora: docs/fuzzing.md.
#   tools/ci_fuzz.sh [SECONDS [TARGET...]]      default: 8 seconds each, all targets
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-8}
shift || true
dir=build-fuzz
if [ ! -f $dir/build.ninja ]; then
  # Several sources a compilation: most of the time is spent reading headers.
  CC="ccache clang-14" CXX="ccache clang++-14" meson setup $dir --buildtype=plain -Doptimization=1 \
    -Dcpp_args=-gline-tables-only -Dfuzz=true --unity=on --unity-size=8 -Db_sanitize=address,undefined \
    -Db_lundef=false -Db_pch=false >/dev/null
fi
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(ls tests/fuzz/corpus)
ninja -C $dir "${targets[@]/#/tests/fuzz/fuzz-}" >$dir/build.log || { grep -v '^\[' $dir/build.log | tail -n 80 >&2; exit 1; }
mkdir -p $dir/found

export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# fuzz TARGET: its log is printed where it found something.
fuzz() {
  local name=$1 log=$dir/found/$1.log
  mkdir -p "$dir/corpus/$name"
  # The first folder is written to, the second is only read.
  if "$dir/tests/fuzz/fuzz-$name" "$dir/corpus/$name" "tests/fuzz/corpus/$name" -max_total_time="$seconds" -timeout=20 \
    -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -artifact_prefix="$dir/found/$name-" >"$log" 2>&1; then
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
  else
    echo "$name: found something" >&2
    grep -v '^#' "$log" | tail -n 60 >&2
    return 1
  fi
}
export -f fuzz
export dir seconds
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -euo pipefail -c 'fuzz {}'
echo "fuzz: ${#targets[@]} targets, nothing found"
