#!/bin/sh
# SPDX-License-Identifier: MIT
#
# slurm.sh LIST PARTS OUTDIR [OPTION]...
#
# Extracts the configs of a long list on many machines: a Slurm array with one
# task for each part of the list, and a job after it that joins the manifests.
#
#   LIST    names of configs, a NUL after each, as find -print0 writes them;
#           absolute names, since the tasks run elsewhere
#   PARTS   how many tasks share it, at most the cluster's MaxArraySize; of
#           fewer names than that, fewer
#   OUTDIR  on a file system that all machines see; takes the blobs, below the
#           directories of their configs
#   OPTION  is given to each cvmkey: --note=case=17, --resume, ...
#
# For example, on the login node; `Submitted` lines name the two jobs:
#
#   find /evidence -name '*.json' -print0 | sort -z >list
#   SBATCH_PARTITION=short samples/slurm.sh list 40 /shared/blobs
#   cvmkey verify /shared/blobs/manifest.jsonl      # when both have ended
#
# OUTDIR/manifest.jsonl holds the manifests of the parts, one after the other,
# in the order of LIST. What the tasks said besides is in
# OUTDIR/manifest.parts/*.err, the highest of their exit statuses is that of
# the joining job. If a task was killed there is no OUTDIR/manifest.jsonl: remove
# manifest.parts, and submit again with --resume.
#
# Each task asks for one core and 256 MiB; CPUS and MEMORY in the environment
# change that, and SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_TIMELIMIT and so on
# hold as for any job. CVMKEY names the program, if it is not in PATH there.
# GNU split is needed.
set -eu

cvmkey=${CVMKEY:-cvmkey}

die() {
	printf 'slurm.sh: %s\n' "$*" >&2
	exit 2
}

# task WORK OUTDIR [OPTION]...: what one task of the array does.
task() {
	part=$(printf '%s/part.%06d' "$1" "$SLURM_ARRAY_TASK_ID")
	out=$2
	shift 2
	status=0
	"$cvmkey" extract -q "-j${SLURM_CPUS_PER_TASK:-1}" "$@" -d "$out" \
		--manifest="$part.jsonl" --files0-from="$part" \
		</dev/null 2>"$part.err" || status=$?
	echo "$status" >"$part.status"
	exit "$status"
}

# join WORK OUTDIR: what the job after the array does.
join() {
	worst=0
	lost=
	for part in "$1"/part.??????; do
		# A part without a status was killed; one without a manifest did not
		# come to its end, and the others would look like all there is.
		status=3
		if [ -f "$part.status" ]; then read -r status <"$part.status"; fi
		if [ "$status" -gt "$worst" ]; then worst=$status; fi
		if [ ! -f "$part.jsonl" ]; then lost="$lost ${part##*/}"; fi
	done
	if [ -n "$lost" ]; then
		echo "slurm.sh: no manifest.jsonl, since there is none of$lost" >&2
		exit "$((worst > 3 ? worst : 3))"
	fi
	cat "$1"/part.??????.jsonl >"$2/manifest.jsonl"
	exit "$worst"
}

# submit LIST PARTS OUTDIR [OPTION]...: splits the list, submits both jobs.
submit() {
	list=$1
	parts=$2
	out=$3
	shift 3
	case $parts in
	'' | *[!0-9]* | 0*) die "PARTS is a number from 1 on: $parts" ;;
	esac
	[ -r "$list" ] || die "cannot read $list"
	umask 077
	mkdir -p -- "$out"
	out=$(cd -- "$out" && pwd)
	work=$out/manifest.parts
	[ ! -e "$out/manifest.jsonl" ] || die "$out/manifest.jsonl exists"
	mkdir -- "$work" || die "an earlier run left $work: look at it, then remove it"

	# Whole names, in their order; a part that would be empty is not made.
	split -t '\0' -n "l/$parts" -e -a 6 -d -- "$list" "$work/part."
	last=$(find "$work" -name 'part.*' | wc -l)
	[ "$last" -gt 0 ] || die "$list names nothing"

	# Slurm runs a copy of this script: its arguments say which half
	array=$(sbatch --parsable --job-name=cvmkey --array="0-$((last - 1))" \
		--cpus-per-task="${CPUS:-1}" \
		--mem="${MEMORY:-256M}" --output=/dev/null \
		"$0" --task "$work" "$out" "$@")
	array=${array%%;*}
	echo "Submitted $array: $last parts"
	echo "Submitted $(sbatch --parsable --job-name=cvmkey-join \
		--dependency="afterany:$array" --output="$work/join.err" \
		"$0" --join "$work" "$out"): joins the manifests"
}

case ${1-} in
--task)
	shift
	task "$@"
	;;
--join)
	shift
	join "$@"
	;;
*)
	[ $# -ge 3 ] || die 'usage: slurm.sh LIST PARTS OUTDIR [OPTION]...'
	submit "$@"
	;;
esac
