#!/bin/bash
# A one-node Slurm on this machine runs a small experiment as an array of 4, one task of which is
# stopped as before its time limit and requeued; the merged tables are compared with those of a local
# run, byte for byte.
# Exits 77 where Slurm cannot be started (not root, packages missing).
set -euo pipefail
cd "$(dirname "$0")/../.."

harness=$(realpath "${HARNESS:-.build/release/Harness}")
cluster=experiments/slurm/local-cluster.sh
work=$(mktemp -d)
# The cluster's own folder must be readable by its daemons.
chmod 755 "$work"
"$cluster" start "$work/cluster" || exit $?
export SLURM_CONF=$work/cluster/slurm.conf
trap '"$cluster" stop "$work/cluster"; rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; tail -n 20 "$work"/*.log >&2 || true; exit 1; }

spec=Tests/System/small.yaml
export DATA=$work/data RESULTS=$work/results HARNESS=$harness LOGS=$work
mkdir "$DATA"
"$harness" synthesize --subjects 150 --rows 600 --dimension 128 --output "$DATA/made.h5"
"$harness" run "$spec" --data "$DATA" --results "$work/local" >"$work/local.log" 2>&1 || fail "local run"

submitted=$(experiments/slurm/submit.sh "$spec" 4 --cpus-per-task=1 --mem=0 \
  --output="$work/task-%a.log") || fail "submit"
echo "$submitted"
array=$(echo "$submitted" | sed -E 's/array ([0-9]+) .*/\1/')
merge=$(echo "$submitted" | sed -E 's/.*merge ([0-9]+);.*/\1/')

# The first task gets the signal that comes before a time limit; its script requeues it.
process=
for _ in $(seq 600); do
  process=$(pgrep -f -- "^$harness run $spec --shard 0/4 --results $RESULTS" | head -1) && break
  sleep 0.05
done
[ -n "$process" ] || fail "task 0 did not start"
# Held still until the signal is there: the small experiment is soon over.
kill -STOP "$process" || fail "task 0 was finished before it could be stopped"
scancel --signal=INT --batch "${array}_0" || fail "task 0 took no signal"
sleep 2
kill -CONT "$process" || fail "task 0 was gone before it could be stopped"
echo "task 0 stopped"

for _ in $(seq 600); do
  state=$(scontrol -o show job "$merge" 2>/dev/null | sed -E 's/.* JobState=([A-Z_]+).*/\1/') || state=
  case $state in
    COMPLETED) break ;;
    FAILED | CANCELLED | TIMEOUT | NODE_FAIL) fail "merge job: $state" ;;
  esac
  sleep 0.5
done
[ "$state" = COMPLETED ] || { squeue; fail "the merge job is still $state"; }
[ "$(scontrol -o show job "${array}_0" | sed -E 's/.* Restarts=([0-9]+).*/\1/')" -ge 1 ] \
  || fail "task 0 was not restarted"
diff -r "$work/local/small/tables" "$RESULTS/small/tables" || fail "tables differ"
diff -r "$work/local/small/templates" "$RESULTS/small/templates" || fail "model-templates differ"
echo "array of 4 with one task stopped and requeued, merged: tables identical to the local run"
