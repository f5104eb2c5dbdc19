#!/bin/sh
# SPDX-License-Identifier: MIT
#
# parallel.sh LIST PARTS OUTDIR [OPTION]...
#
# Extracts the configs of a long list by several cvmkey at once on one machine.
# GNU parallel runs them; where it is missing, xargs -P does.
#
#   LIST    names of configs, a NUL after each, as find -print0 writes them
#   PARTS   how many cvmkey share it; of fewer names than that, fewer
#   OUTDIR  takes the blobs, below the directories of their configs
#   OPTION  is given to each cvmkey: --note=case=17, --resume, ...
#
# For example, four at once, and the proof afterwards:
#
#   find /evidence -name '*.json' -print0 | sort -z >list
#   samples/parallel.sh list 4 blobs
#   cvmkey verify blobs/manifest.jsonl
#
# blobs/manifest.jsonl holds the manifests of the parts, one after the other:
# the records stand in the order of LIST, and each part brings a first line
# and a summary of its own. What the parts said besides is in
# blobs/manifest.parts/*.err. The exit status is the highest of all parts. If a
# part was killed there is no blobs/manifest.jsonl: remove manifest.parts, and
# run again with --resume.
#
# CVMKEY names the program, if it is not in PATH. GNU split is needed.
set -eu

cvmkey=${CVMKEY:-cvmkey}

die() {
	printf 'parallel.sh: %s\n' "$*" >&2
	exit 2
}

[ $# -ge 3 ] || die 'usage: parallel.sh LIST PARTS OUTDIR [OPTION]...'
list=$1
parts=$2
out=$3
shift 3
case $parts in
'' | *[!0-9]* | 0*) die "PARTS is a number from 1 on: $parts" ;;
esac
[ -r "$list" ] || die "cannot read $list"

manifest=$out/manifest.jsonl
work=$out/manifest.parts
[ ! -e "$manifest" ] || die "$manifest exists"
umask 077
mkdir -p -- "$out"
mkdir -- "$work" || die "an earlier run left $work: look at it, then remove it"

# Whole names, in their order; a part that would be empty is not made.
split -t '\0' -n "l/$parts" -e -a 6 -d -- "$list" "$work/part."

# What one job does: the part's manifest, messages and exit status lie beside
# it. The list says what to read: standard input is not for the job.
# shellcheck disable=SC2016 # the job expands it
job='
part=$1 cvmkey=$2 out=$3
shift 3
status=0
"$cvmkey" extract -q -j1 "$@" -d "$out" --manifest="$part.jsonl" \
	--files0-from="$part" </dev/null 2>"$part.err" || status=$?
echo "$status" >"$part.status"
'

if parallel --version 2>/dev/null </dev/null | grep -q '^GNU parallel'; then
	find "$work" -name 'part.*' -print0 | sort -z |
		parallel -0 -q -I @PART@ -j "$parts" sh -c "$job" job @PART@ "$cvmkey" "$out" "$@"
else
	find "$work" -name 'part.*' -print0 | sort -z |
		xargs -0 -P "$parts" -I @PART@ sh -c "$job" job @PART@ "$cvmkey" "$out" "$@"
fi

# A part without a status was killed; one without a manifest did not come to
# its end, and the others would look like all there is.
worst=0
lost=
for part in "$work"/part.??????; do
	status=3
	if [ -f "$part.status" ]; then read -r status <"$part.status"; fi
	if [ "$status" -gt "$worst" ]; then worst=$status; fi
	if [ -s "$part.err" ]; then cat "$part.err" >&2; fi
	if [ ! -f "$part.jsonl" ]; then lost="$lost ${part##*/}"; fi
done
if [ -n "$lost" ]; then
	echo "parallel.sh: no $manifest, since there is none of$lost" >&2
	exit "$((worst > 3 ? worst : 3))"
fi
cat "$work"/part.??????.jsonl >"$manifest"
exit "$worst"
