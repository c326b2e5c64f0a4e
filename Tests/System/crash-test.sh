#!/bin/bash
# Interrupts runs in every way and compares the tables of the resumed runs byte for byte with those
# of a run that was left alone: SIGKILL and SIGINT at random moments, 1 and 2 workers, 1, 3 and 7
# shards, a full disk, two writers; a file of output scale that cannot be written.
#
#   Tests/System/crash-test.sh [KILLS]        default 20
set -euo pipefail
cd "$(dirname "$0")/../.."

kills=${1:-20}
harness=$(realpath "${HARNESS:-.build/release/Harness}")
spec=$PWD/Tests/System/small.yaml
work=$(mktemp -d)
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$work"' EXIT
RANDOM=${SEED:-$$}

run() { "$harness" run "$spec" --data "$work/data" --results "$@" >"$work/log" 2>&1; }
fail() { echo "FAILED: $*" >&2; [ ! -s "$work/log" ] || tail -20 "$work/log" >&2; exit 1; }
same() { # FOLDER WHAT: tables, model-templates, results per person and replicates equal those of the undisturbed run.
  for part in tables templates records/subjects records/replicates; do
    diff -r "$work/whole/small/$part" "$1/small/$part" || fail "$2: $part differ"
  done
  [ ! -e "$1/small/scores" ] || [ -z "$(find "$1/small/scores" -type f)" ] \
    || fail "$2: score blocks are left over"
  [ -z "$(find "$1" -name '*.partial')" ] || fail "$2: half-written files are left over"
}
# Starts a run, sends a signal after a random share of the undisturbed run's time.
# Sets $code to its exit code (0 when it was faster).
disturb() { # SIGNAL FOLDER
  "$harness" run "$spec" --data "$work/data" --results "$2" --workers 2 >"$work/log" 2>&1 &
  local process=$!
  sleep "$(awk -v r=$RANDOM -v t="$whole" 'BEGIN { printf "%.3f", t * r / 32768 }')"
  kill -s "$1" $process 2>/dev/null || true
  code=0
  wait $process 2>/dev/null || code=$?
}

"$harness" synthesize --subjects 150 --rows 600 --dimension 128 --output "$work/made.h5" >/dev/null
mkdir "$work/data" && mv "$work/made.h5" "$work/data/"
start=$(date +%s.%N)
run "$work/whole" --workers 2 || fail "the undisturbed run"
whole=$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
echo "undisturbed run: ${whole} s"

# SIGKILL: four kills to a results folder, then it is finished and compared.
for ((k = 1; k <= kills; k++)); do
  disturb KILL "$work/killed"
  if ((k % 4 == 0 || k == kills)); then
    run "$work/killed" --workers 2 || fail "the run after SIGKILL number $k"
    same "$work/killed" "after SIGKILL number $k"
    rm -rf "$work/killed"
  fi
done
echo "SIGKILL at $kills random moments: tables identical"

for signal in INT TERM; do
  expected=$([ $signal = INT ] && echo 130 || echo 143)
  for k in 1 2 3; do
    disturb $signal "$work/stopped"
    [ $code = $expected ] || [ $code = 0 ] || fail "exit code $code after SIG$signal, expected $expected"
    # A signal that comes before the first line finds a program that has not begun.
    [ $code = 0 ] || [ ! -s "$work/log" ] || grep -q "to go on: " "$work/log" \
      || fail "SIG$signal: no word on how to go on"
  done
  run "$work/stopped" --workers 2 || fail "the run after SIG$signal"
  same "$work/stopped" "after SIG$signal"
  rm -rf "$work/stopped"
done
echo "SIGINT and SIGTERM: exit codes 130 and 143, tables identical"

run "$work/one" --workers 1 || fail "the run with one worker"
same "$work/one" "with one worker"
echo "1 and 2 workers: tables identical"

for n in 1 3 7; do
  folders=()
  for ((i = 0; i < n; i++)); do
    run "$work/shards/$n/$i" --shard $i/$n || fail "shard $i/$n"
    folders+=("$work/shards/$n/$i")
  done
  if [ $n = 3 ]; then
    # A shard that is not there: what is missing is listed, nothing is evaluated.
    code=0
    "$harness" merge "$spec" --data "$work/data" --results "$work/partial" "${folders[@]:1}" \
      >"$work/log" 2>&1 || code=$?
    [ $code = 1 ] || fail "merge of 2 of 3 shards exits $code, expected 1"
    grep -q -- "--shard 0/3 again" "$work/log" || fail "merge does not name the missing shard"
    [ -z "$(ls "$work/partial/small/records")" ] || fail "an incomplete merge left records"
  fi
  "$harness" merge "$spec" --data "$work/data" --results "$work/merged/$n" "${folders[@]}" \
    >"$work/log" 2>&1 || fail "merge of $n shards"
  same "$work/merged/$n" "$n shards"
done
echo "1, 3 and 7 shards: tables identical"

sed 's/epochs: 6/epochs: 7/' "$spec" >"$work/other.yaml"
code=0
"$harness" merge "$work/other.yaml" --data "$work/data" --results "$work/mixed" \
  "${folders[@]}" >"$work/log" 2>&1 || code=$?
[ $code = 65 ] && grep -q "spec part 'training' changed" "$work/log" \
  || fail "merge of shards of another spec exits $code, expected 65"
echo "shards of another spec: refused"

# Two writers: the second one is sent away and spoils nothing.
"$harness" run "$spec" --data "$work/data" --results "$work/two" --workers 1 >"$work/first" 2>&1 &
first=$!
while [ ! -s "$work/two/small/.lock" ]; do sleep 0.02; done
code=0
run "$work/two" || code=$?
[ $code = 1 ] && grep -q "in use by another run (process $first" "$work/log" \
  || fail "the second writer exits $code"
wait $first || fail "the first writer"
same "$work/two" "two writers"
echo "two writers: the second is refused, tables identical"

# A file of output scale that becomes larger than the system allows (2 MB here, of 5): told, nothing left.
cat >"$work/scale.yaml" <<END
extends: $spec
name: scale
outputs: [scale]
presets: [paper]
balancing_factors: [0.5]
cost: {subjects: 1, repeats: 1, precision_subjects: 2, scale_people: [50], scale_precisions: [float32]}
END
measure() { "$harness" measure "$work/scale.yaml" --data "$work/data" --results "$work/scale" >"$work/log" 2>&1; }
code=0
(trap '' XFSZ && ulimit -f 2000 && measure) || code=$?
[ $code = 1 ] && grep -q "could not be written, and nothing is left of it" "$work/log" \
  || fail "a file of scale that cannot be written: exit code $code"
[ -z "$(find "$work/scale" -name '*.h5*')" ] || fail "a file of scale is left over"
measure || fail "measuring scale after it failed"
echo "scale, a file that cannot be written: exit 1, nothing left, measured once there is space"

if [ "$(id -u)" -eq 0 ] && mkdir "$work/disk" && mount -t tmpfs -o size=600k none "$work/disk" 2>/dev/null; then
  mounted=$work/disk
  code=0
  run "$work/disk" --workers 2 || code=$?
  [ $code = 1 ] && grep -q "no space left on the device" "$work/log" \
    || fail "on a full disk the run exits $code"
  mount -o remount,size=200m "$work/disk"
  run "$work/disk" --workers 2 || fail "the run after space was made"
  same "$work/disk" "after a full disk"
  umount "$work/disk"
  mounted=
  echo "full disk: exit 1, tables identical once there is space"
else
  echo "full disk: skipped, mounting a small tmpfs needs root"
fi
