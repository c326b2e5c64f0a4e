#!/bin/bash
# Lets other programs read what this one writes: PyEER and bob.measure compute error rates from exported
# scores, NumPy and h5py read the matrices, pandas reads the tables.
#
#   PYTHON=… Tests/System/readers-test.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

harness=$(realpath "${HARNESS:-.build/release/Harness}")
spec=$PWD/Tests/System/small.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/data"
"$harness" synthesize --subjects 150 --rows 600 --dimension 128 --output "$work/data/made.h5" >/dev/null
"$harness" run "$spec" --data "$work/data" --results "$work/results" >/dev/null 2>&1
for cell in Made_ArcFace_traditional_r0 Made_ArcFace_mote_paper_f0.5_r0; do
  for format in bob pyeer npy hdf5; do
    "$harness" scores "$spec" --data "$work/data" --cell $cell --format $format \
      --output "$work/$format/$cell" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  done
done
"${PYTHON:-python3}" Tests/System/read_scores.py "$work"
