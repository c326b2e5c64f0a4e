#!/bin/bash
# Unpacks the tarball of `make dist` in a plain Debian 12 that has the runtime libraries and nothing
# else, and does there what README.md says to do without Swift: synthetic data, a run, its tables.
#
#   Tests/System/dist-test.sh [TARBALL]
#
# ROOT keeps the Debian between runs (default: a temporary one). Exits 77 where no Debian can be made
# (not root, no debootstrap).
set -euo pipefail
cd "$(dirname "$0")/../.."

tarball=$(realpath "${1:-.build/dist/mote-harness.tar.gz}")
list=experiments/slurm/runtime-packages.txt
[ -f "$tarball" ] || { echo "no '$tarball': run 'make dist' first" >&2; exit 1; }
skip() { echo "$* (the tarball was not tested)" >&2; exit 77; }
[ "$(id -u)" -eq 0 ] || skip "not root: a new Debian needs chroot"
command -v debootstrap >/dev/null || skip "no debootstrap: apt-get install debootstrap"
fail() { echo "FAILED: $*" >&2; exit 1; }

# One list: what is installed here stands in the recipe of the image, too.
while read -r package; do
  grep -qw -- "$package" experiments/slurm/harness.def || fail "harness.def lacks $package of $list"
done <"$list"

work=$(mktemp -d)
root=${ROOT:-$work/root}
cleanup() {
  umount -q "$root/proc" || true
  # Whatever is still mounted below must not be removed with the folder.
  grep -q " $root/" /proc/mounts || rm -rf "$work"
}
trap cleanup EXIT
[ -d "$root/usr" ] || debootstrap --variant=minbase bookworm "$root" "${MIRROR:-http://deb.debian.org/debian}" \
  >"$work/debootstrap.log" || { tail -n 5 "$work/debootstrap.log" >&2; skip "debootstrap made no Debian"; }
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
mkdir -p "$root/proc"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"; }

# Without the libraries the program must not start, or the test would not test the list.
rm -rf "$root/opt/mote"
mkdir -p "$root/opt/mote"
tar -xzf "$tarball" -C "$root/opt/mote" --strip-components=1
if [ -z "${ROOT:-}" ] && inside /opt/mote/bin/Harness --version >"$work/bare" 2>&1; then
  fail "the program runs without any of $list"
fi
inside apt-get update -qq >"$work/apt.log" 2>&1 || { tail "$work/apt.log" >&2; fail "apt-get update"; }
inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(cat "$list") \
  >"$work/apt.log" 2>&1 || { tail "$work/apt.log" >&2; fail "apt-get install"; }
if inside sh -c 'command -v swift' >/dev/null; then fail "there is a Swift in the new Debian"; fi

inside sh -c 'ldd /opt/mote/bin/Harness' >"$work/ldd"
if grep -E "not found|libswift" "$work/ldd"; then fail "a library is missing"; fi
inside sh -c 'cd /opt/mote && bin/Harness --version
  bin/Harness synthesize --suite smoke --output results/smoke/data
  bin/Harness validate experiments/smoke.yaml >/dev/null
  bin/Harness run experiments/smoke.yaml >/dev/null
  bin/Harness ls smoke' >"$work/log" 2>"$work/errors" || { tail -n 20 "$work/errors" >&2; fail "the run"; }
grep -qE '^([0-9]+) of \1 cells done$' "$work/log" || { cat "$work/log" >&2; fail "cells are missing"; }
for file in tables/table1.md tables/table2.csv report.html spec.yaml; do
  [ -s "$root/opt/mote/results/smoke/$file" ] || fail "no $file"
done
# The paper's values came with the tarball.
if grep -q "experiments/published" "$work/errors"; then fail "no published values were found"; fi
head -n 2 "$work/log"
grep " cells done" "$work/log"
echo "$(basename "$tarball"), $(stat -c %s "$tarball") bytes: make smoke's experiment ran in a plain Debian 12 with: $(xargs <"$list")"
