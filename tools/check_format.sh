#!/usr/bin/env bash
# Fails on C++ that clang-format would write differently.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
git ls-files '*.h' '*.cpp' | xargs -r clang-format-14 --dry-run --Werror
echo "format: canonical"
