#!/bin/sh
# SPDX-License-Identifier: MIT
#
# carve-slurm.sh IMAGE PARTS OUTDIR [OPTION]...
#
# Carves one large image on many machines: a Slurm array with one task for each
# part of it, and a job after it that joins the manifests.
#
#   IMAGE   a raw image under an absolute name that all machines see
#   PARTS   how many tasks share it, at most the cluster's MaxArraySize
#   OUTDIR  on a file system that all machines see; takes the blobs
#   OPTION  is given to each cvmkey: --note=case=17, --partial, ...
#
# For example, on the login node; `Submitted` lines name the two jobs:
#
#   SBATCH_PARTITION=short samples/carve-slurm.sh /shared/disk.raw 40 /shared/found
#   cvmkey verify /shared/found/manifest.jsonl      # when both have ended
#
# The result is that of carve-parallel.sh, which says more about it; the exit
# status it speaks of is that of the joining job.
#
# Each task asks for one core and 256 MiB; CPUS and MEMORY in the environment
# change that, and SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_TIMELIMIT and so on
# hold as for any job. CVMKEY names the program, if it is not in PATH there.
set -eu

cvmkey=${CVMKEY:-cvmkey}

die() {
	printf 'carve-slurm.sh: %s\n' "$*" >&2
	exit 2
}

# task OUTDIR IMAGE STEP [OPTION]...: what one task of the array does.
task() {
	out=$1
	image=$2
	step=$3
	shift 3
	name=$(printf '%s/manifest.parts/part.%06d' "$out" "$SLURM_ARRAY_TASK_ID")
	status=0
	"$cvmkey" carve -q "-j${SLURM_CPUS_PER_TASK:-1}" "$@" -d "$out" \
		--manifest="$name.jsonl" --offset=$((SLURM_ARRAY_TASK_ID * step)) \
		--length="$step" "$image" </dev/null 2>"$name.err" || status=$?
	echo "$status" >"$name.status"
	exit "$status"
}

# submit IMAGE PARTS OUTDIR [OPTION]...: submits both jobs.
submit() {
	image=$1
	parts=$2
	out=$3
	shift 3
	case $parts in
	'' | *[!0-9]* | 0*) die "PARTS is a number from 1 on: $parts" ;;
	esac
	[ -r "$image" ] || die "cannot read $image"
	size=$(stat -Lc %s -- "$image")
	[ "$size" -gt 0 ] || die "$image is empty, or no file"
	umask 077
	mkdir -p -- "$out"
	out=$(cd -- "$out" && pwd)
	work=$out/manifest.parts
	[ ! -e "$out/manifest.jsonl" ] || die "$out/manifest.jsonl exists"
	mkdir -- "$work" || die "an earlier run left $work: look at it, then remove it"
	step=$(((size + parts - 1) / parts))
	last=$(((size + step - 1) / step - 1))

	# Slurm runs a copy of the script: the one that joins goes along
	cp -- "$(dirname "$0")/carve-join.sh" "$work/join"
	array=$(sbatch --parsable --job-name=cvmkey-carve --array="0-$last" \
		--cpus-per-task="${CPUS:-1}" --mem="${MEMORY:-256M}" \
		--output=/dev/null "$0" --task "$out" "$image" "$step" "$@")
	array=${array%%;*}
	echo "Submitted $array: $((last + 1)) parts"
	echo "Submitted $(sbatch --parsable --job-name=cvmkey-join \
		--dependency="afterany:$array" --output="$work/join.err" \
		"$work/join" "$out"): joins the manifests"
}

case ${1-} in
--task)
	shift
	task "$@"
	;;
*)
	[ $# -ge 3 ] || die 'usage: carve-slurm.sh IMAGE PARTS OUTDIR [OPTION]...'
	submit "$@"
	;;
esac
