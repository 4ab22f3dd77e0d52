#!/usr/bin/env bash
# T1 of the gate: 5,000 lives of a platform under trouble, in the release build, on both cores. The asan suite lives some
# hundred of them too (tests/simulation/meson.build).
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/build simulation tests/simulation/simulation || exit 1
program=build-simulation/tests/simulation/simulation
seeds=${1:-5000}
"$program" 1 $((seeds / 2)) &
half=$!
"$program" $((seeds / 2 + 1)) "$seeds"
second=$?
wait "$half" && [ $second -eq 0 ]
