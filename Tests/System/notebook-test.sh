#!/bin/bash
# Executes the notebook of experiments/notebooks on the smoke experiment, cut to one small dataset of
# people, and checks what is committed of it. python and jupyter of experiments/notebooks/requirements.txt
# are the first on the PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."

harness=$(realpath "${HARNESS:-.build/release/Harness}")
notebook=experiments/notebooks/reading-results.ipynb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$harness" synthesize --suite smoke --output "$work/data" >/dev/null
"$harness" run experiments/smoke.yaml --results "$work/results" --set data="$work/data" \
  --set evaluate=LFW --set extractors=ArcFace --set training.epochs=4 >/dev/null 2>"$work/log" \
  || { tail "$work/log" >&2; exit 1; }
MOTE_RESULTS="$work/results" MOTE_HARNESS="$harness" IPYTHONDIR="$work" \
  jupyter nbconvert --log-level=ERROR --to notebook --execute "$notebook" --output-dir "$work" --output executed
python Tests/System/check_notebook.py "$notebook" "$work/executed.ipynb"
