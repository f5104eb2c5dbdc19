#!/bin/sh
# SPDX-License-Identifier: MIT
#
# carve-parallel.sh IMAGE PARTS OUTDIR [OPTION]...
#
# Carves one large image by several cvmkey at once on one machine, each in its
# part. GNU parallel runs them; where it is missing, xargs -P does.
#
#   IMAGE   a raw image or a block device
#   PARTS   how many cvmkey share it
#   OUTDIR  takes the blobs
#   OPTION  is given to each cvmkey: --note=case=17, --partial, ...
#
# For example, four at once, and the proof afterwards:
#
#   samples/carve-parallel.sh /dev/sdb 4 found
#   cvmkey verify found/manifest.jsonl
#
# found/manifest.jsonl holds the manifests of the parts, one after the other:
# the records stand in the order of offsets. A backup that lies in several parts
# keeps the blob of the first, as in a single run. What the parts said besides
# is in found/manifest.parts/*.err. The exit status is the highest of all parts;
# a part in which nothing was found counts only if nothing was in any.
#
# CVMKEY names the program, if it is not in PATH.
set -eu

cvmkey=${CVMKEY:-cvmkey}
here=$(dirname "$0")

die() {
	printf 'carve-parallel.sh: %s\n' "$*" >&2
	exit 2
}

[ $# -ge 3 ] || die 'usage: carve-parallel.sh IMAGE PARTS OUTDIR [OPTION]...'
image=$1
parts=$2
out=$3
shift 3
case $parts in
'' | *[!0-9]* | 0*) die "PARTS is a number from 1 on: $parts" ;;
esac
[ -r "$image" ] || die "cannot read $image"
# the size of a device, too
size=$(($(if [ -b "$image" ]; then blockdev --getsize64 "$image"; else stat -Lc %s -- "$image"; fi)))
[ "$size" -gt 0 ] || die "$image is empty"
step=$(((size + parts - 1) / parts))

work=$out/manifest.parts
[ ! -e "$out/manifest.jsonl" ] || die "$out/manifest.jsonl exists"
umask 077
mkdir -p -- "$out"
mkdir -- "$work" || die "an earlier run left $work: look at it, then remove it"

# What one job does: the part's manifest, messages and exit status lie beside
# one another.
# shellcheck disable=SC2016 # the job expands it
job='
part=$1 cvmkey=$2 out=$3 image=$4 step=$5
shift 5
status=0
name=$out/manifest.parts/$(printf "part.%06d" "$part")
"$cvmkey" carve -q -j1 "$@" -d "$out" --manifest="$name.jsonl" \
	--offset=$((part * step)) --length="$step" "$image" </dev/null 2>"$name.err" || status=$?
echo "$status" >"$name.status"
'

# parts that would begin behind the end are none
last=$(((size + step - 1) / step - 1))
if parallel --version 2>/dev/null </dev/null | grep -q '^GNU parallel'; then
	seq 0 "$last" |
		parallel -q -I @PART@ -j "$parts" sh -c "$job" job @PART@ "$cvmkey" "$out" "$image" "$step" "$@"
else
	seq 0 "$last" |
		xargs -P "$parts" -I @PART@ sh -c "$job" job @PART@ "$cvmkey" "$out" "$image" "$step" "$@"
fi
exec sh "$here/carve-join.sh" "$out"
