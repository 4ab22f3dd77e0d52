#!/usr/bin/env bash
# Builds and runs the tests under a sanitizer; any report is a failure.
#   tools/ci_sanitizer.sh asan|tsan
set -euo pipefail
cd "$(dirname "$0")/.."

kind=$1
export ASAN_OPTIONS=halt_on_error=1:detect_leaks=1:detect_stack_use_after_return=1
export LSAN_OPTIONS=suppressions=$PWD/tools/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
# `unsanitized`: whole runs of the program, whose every part other tests take through the sanitizer.
targets=() tests=(--no-suite unsanitized)
if [ "$kind" = tsan ]; then
  # Threads exist only around the event loop, in the sandbox's listener, where a lease is renewed and in test servers;
  # values and tasks of base/ and engine/ are what they hand to each other. Everything else would cost minutes and prove
  # nothing.
  tests=(unit-base unit-engine unit-io unit-sandbox unit-shared-store)
  targets=(tests/unit/base/unit-base tests/unit/engine/unit-engine tests/unit/platform/io/unit-io
           tests/unit/platform/sandbox/unit-sandbox tests/unit/platform/store/unit-shared-store)
fi
scripts/build "$kind" "${targets[@]}"
meson test -C "build-$kind" --no-rebuild --print-errorlogs --timeout-multiplier 6 "${tests[@]}" | tail -n 60
