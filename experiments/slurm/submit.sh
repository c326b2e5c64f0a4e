#!/bin/bash
# Submits an experiment as a job array and the merge that depends on it.
#
#   experiments/slurm/submit.sh experiments/sweep.yaml 32 [sbatch options for the array, e.g. -p cpu]
#
# Environment: RESULTS (default results), DATA (default data), HARNESS (default bin/Harness, the program of
# the tarball, else .build/release/Harness),
# LOGS (folder of the merge's log, default the current one).
# A failed or killed task leaves its finished units; submit again and only the rest is done.
set -euo pipefail
cd "$(dirname "$0")/../.."

SPEC=${1:?usage: submit.sh SPEC SHARDS [sbatch options]}
SHARDS=${2:?usage: submit.sh SPEC SHARDS [sbatch options]}
shift 2
export SPEC SHARDS RESULTS="${RESULTS:-results}" DATA="${DATA:-data}"
export HARNESS="${HARNESS:-$([ -x bin/Harness ] && echo bin/Harness || echo .build/release/Harness)}"

array=$(sbatch --parsable --array="0-$((SHARDS - 1))" "$@" experiments/slurm/array.sbatch)
# An unmet dependency cancels the merge instead of leaving it in the queue for ever.
merge=$(sbatch --parsable --dependency="afterok:${array}" --kill-on-invalid-dep=yes "$@" \
  --output="${LOGS:-.}/mote-merge-%j.log" experiments/slurm/merge.sbatch)
echo "array ${array} (${SHARDS} tasks), then merge ${merge}; follow with: squeue -j ${array},${merge}"
