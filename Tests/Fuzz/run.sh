#!/usr/bin/env bash
# Fuzzes the targets named, so many seconds each: `make fuzz`. Seeds are the files of the repository
# and Corpora, FUZZ_SEED of the environment makes a run repeatable; what crashed, hung or grew is kept
# in .build/fuzz/findings, and the exit code is 1.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
shift
program=.build/fuzz/release/Fuzz
# The process that reads HDF5 files is the program itself, without a sanitizer.
ln -sf "$PWD/.build/release/Harness" "$(dirname "$program")/Harness"
mkdir -p .build/fuzz/findings
failed=""
for target in "$@"; do
  own=.build/fuzz/corpora/$target
  mkdir -p "$own"
  seeds=(Tests/Fuzz/Corpora/"$target"/*)
  case $target in
    spec) seeds+=(experiments/*.yaml) ;;
    claims) seeds+=(experiments/published/claims.yaml) ;;
    npy) seeds+=(Tests/Fixtures/import/*.npy) ;;
    npz) seeds+=(Tests/Fixtures/import/*.npz) ;;
    text) seeds+=(Tests/Fixtures/import/*.{csv,tsv,txt}) ;;
    hdf5 | layouts) seeds+=(Tests/Fixtures/hdf5/*.h5 Tests/Fixtures/import/*.{h5,mat}) ;;
  esac
  for seed in "${seeds[@]}"; do
    if [ -f "$seed" ]; then cp -n "$seed" "$own/seed-$(basename "$seed")" 2>/dev/null || true; fi
  done
  # The HDF5 library crashes, loops and leaks, which is why it runs apart: here it is only counted.
  options=()
  # A file over which the library loops takes 10 s of processor time, some answers a minute.
  patience=25
  if [[ $target =~ ^(layouts|templates)$ ]]; then patience=300; fi
  if [ "$target" = hdf5 ]; then
    options=(-fork=1 -ignore_crashes=1 -ignore_timeouts=1 -ignore_ooms=1 -detect_leaks=0)
  fi
  echo "== $target"
  code=0
  FUZZ_TARGET=$target "$program" -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -timeout="$patience" -rss_limit_mb=4096 "${options[@]}" \
    -artifact_prefix=.build/fuzz/findings/"$target"- -print_final_stats=1 "$own" \
    >.build/fuzz/"$target".log 2>&1 || code=$?
  # With -fork the code is that of the last process that ended: by a crash, too much memory, a timeout
  # or what leaked until it was stopped. That it ran is what its counts say.
  if [ "$target" = hdf5 ] && grep -qaE '^#[0-9]+:.*cov' .build/fuzz/hdf5.log; then code=0; fi
  if [ $code -ne 0 ]; then
    failed="$failed $target"
    grep -aE 'ERROR|SUMMARY|Fatal error|artifact' .build/fuzz/"$target".log | head -8
  fi
  grep -aE 'stat::number_of_executed_units' .build/fuzz/"$target".log ||
    grep -aE '^#[0-9]+:.*cov' .build/fuzz/"$target".log | tail -1 || true
done
if [ -n "$failed" ]; then
  echo "failed:$failed; what did it is in .build/fuzz/findings" >&2
  exit 1
fi
