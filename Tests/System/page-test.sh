#!/bin/bash
# Looks at the page of a small run, and at the index of its results folder, in a headless Chromium; writes
# the index from several commands at once.
#
#   Tests/System/page-test.sh [PAGE…]        other pages instead; PICTURES=FOLDER keeps screenshots and PDF
#
# Exits 77 where Chromium is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

harness=$(realpath "${HARNESS:-.build/release/Harness}")
python=${PYTHON:-python3}
options=()
[ -z "${PICTURES:-}" ] || options=(--pictures "$PICTURES")
look() { "$python" Tests/System/page_test.py "${options[@]}" "$@"; }
look || exit $?
if (($#)); then look "$@"; exit; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; [ ! -s "$work/log" ] || tail -20 "$work/log" >&2; exit 1; }
mkdir "$work/data"
"$harness" synthesize --subjects 150 --rows 600 --dimension 128 --output "$work/data/made.h5" >/dev/null
sed -e 's/^outputs:.*/outputs: [table1, table2, figure3, table4, sweep, claims, report]/' \
  Tests/System/small.yaml >"$work/small.yaml"
"$harness" run "$work/small.yaml" --data "$work/data" --results "$work/results" >"$work/log" 2>&1 \
  || fail "run"
if grep -q "$work" "$work/results/small/report.html"; then fail "the page names folders of this machine"; fi

# Commands of several experiments at once leave a whole index with all of them.
for i in 1 2 3 4; do cp -r "$work/results/small" "$work/results/small-$i"; done
processes=()
for i in 1 2 3 4 1 2 3 4; do
  "$harness" table "$work/results/small-$i" -o report >>"$work/log" 2>&1 &
  processes+=($!)
done
for process in "${processes[@]}"; do wait "$process" || fail "table"; done
index=$work/results/index.html
[ "$(grep -c '<h2><a href="small' "$index")" -eq 5 ] || fail "the index does not list 5 experiments"
tail -1 "$index" | grep -qx '</html>' || fail "the index is not whole"
[ -z "$(find "$work/results" -name '*.partial')" ] || fail "half-written files are left over"
cp "$index" "$work/before.html"
"$harness" table "$work/results/small-1" -o report >>"$work/log" 2>&1
cmp "$index" "$work/before.html" || fail "the same results give another index"

look "$work/results/small/report.html" "$index"
