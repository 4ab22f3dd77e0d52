#!/usr/bin/env bash
# scripts/quickstart twice, in a copy of the tree without state: it must apply, and then have nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf examples/254carbon/.carbon
scripts/quickstart
second=$(scripts/quickstart)
grep -q '^No changes\.' <<<"$second" || { echo "the second run has something to change:"; echo "$second" | head -n 40; exit 1; }
build-release/cli/carbon destroy -C examples/254carbon -e dev --world sandbox --yes
left=$(build-release/cli/carbon list -C examples/254carbon -e dev --world sandbox --json | jq '.resources | length')
[ "$left" -eq 0 ] || { echo "destroy left $left resources"; exit 1; }
rm -rf examples/254carbon/.carbon
echo "quickstart: applied, nothing to change, destroyed"
