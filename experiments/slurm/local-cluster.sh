#!/bin/bash
# A one-node Slurm on this machine, without systemd or cgroups, for tests (root, Debian packages
# slurmctld slurmd slurm-client munge). All its state lies in the folder given.
#
#   local-cluster.sh start DIR     then: export SLURM_CONF=DIR/slurm.conf
#   local-cluster.sh stop DIR
set -euo pipefail

action=${1:?usage: local-cluster.sh start|stop DIR}
dir=$(realpath -m "${2:?usage: local-cluster.sh start|stop DIR}")
host=$(hostname -s)
export SLURM_CONF="$dir/slurm.conf"

start() {
  [ "$(id -u)" -eq 0 ] || { echo "local-cluster.sh needs root (munged, slurmd)" >&2; exit 77; }
  for program in slurmctld slurmd sbatch munged; do
    command -v "$program" >/dev/null || PATH="$PATH:/usr/sbin" command -v "$program" >/dev/null || {
      echo "no $program: apt-get install slurmctld slurmd slurm-client munge" >&2; exit 77; }
  done
  mkdir -p "$dir/state" "$dir/spool" "$dir/log"
  if ! munge -n >/dev/null 2>&1; then
    [ -e /etc/munge/munge.key ] || { dd if=/dev/urandom of=/etc/munge/munge.key bs=1024 count=1 status=none; }
    chmod 400 /etc/munge/munge.key
    mkdir -p /run/munge /var/lib/munge /var/log/munge
    chown munge: /etc/munge/munge.key /run/munge /var/lib/munge /var/log/munge
    setpriv --reuid=munge --regid=munge --clear-groups /usr/sbin/munged
  fi
  cat >"$SLURM_CONF" <<CONF
ClusterName=local
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
# A requeued task starts again after this many seconds instead of 120.
AuthInfo=cred_expire=10
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
ReturnToService=2
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
MinJobAge=3600
BatchStartTimeout=60
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=test Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  /usr/sbin/slurmctld
  /usr/sbin/slurmd
  for _ in $(seq 100); do
    [ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && return 0
    sleep 0.2
  done
  echo "the node did not come up; see $dir/log" >&2
  exit 1
}

stop() {
  scancel --state=PENDING,RUNNING --user=root 2>/dev/null || true
  for name in slurmd slurmctld; do
    [ -e "$dir/$name.pid" ] && kill "$(cat "$dir/$name.pid")" 2>/dev/null || true
  done
}

"$action"
