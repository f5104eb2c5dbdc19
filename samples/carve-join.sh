#!/bin/sh
# SPDX-License-Identifier: MIT
#
# carve-join.sh OUTDIR
#
# Joins what the parts of a carved image left in OUTDIR/manifest.parts to
# OUTDIR/manifest.jsonl; carve-parallel.sh and carve-slurm.sh call it.
#
# Parts do not know of each other, so a backup that lies in several of them was
# written by each. The blob that was found first is kept, the records of the
# others name it, and their files, of the same bytes, are removed.
set -eu

[ $# -eq 1 ] || { echo 'usage: carve-join.sh OUTDIR' >&2; exit 2; }
out=$1
work=$out/manifest.parts

# A blob's name ends in its hash: carved-OFFSET-HASH.blob. Only names of that
# form are looked at, and nothing else in a record has one in that place.
rm -f "$work/twice"
cat "$work"/part.??????.jsonl | LC_ALL=C awk -v twice="$work/twice" '
	/^\{"schema":"cvmkey\/1","type":"carve","status":"ok",/ &&
	match($0, /"blob":\{"path":"carved-[0-9a-f]+-[0-9a-f]+[a-z.]*\.blob",/) {
		path = substr($0, RSTART + 16, RLENGTH - 18)
		key = path
		sub(/^carved-[0-9a-f]+-/, "", key)
		if (!(key in first))
			first[key] = path
		else if (first[key] != path) {
			print path >twice
			$0 = substr($0, 1, RSTART + 15) first[key] \
				substr($0, RSTART + RLENGTH - 2)
		}
	}
	{ print }
' >"$work/joined"

# the copy goes only if it is one: half of a hash is not all of it
if [ -f "$work/twice" ]; then
	sort -u "$work/twice" | while read -r path; do
		rest=${path#carved-????????????????-}
		for kept in "$out"/carved-????????????????-"$rest"; do
			[ "${kept##*/}" != "$path" ] || continue
			cmp -s -- "$kept" "$out/$path" && rm -- "$out/$path"
			break
		done
	done
fi
mv -- "$work/joined" "$out/manifest.jsonl"

# a part without a status was killed
worst=0 found=0 none=0
for part in "$work"/part.??????.jsonl "$work"/part.??????.err; do
	part=${part%.*}
	status=3
	if [ -f "$part.status" ]; then read -r status <"$part.status"; fi
	if [ "$status" -eq 1 ] && grep -q '\[input\.none\]$' "$part.err"; then
		status=0
		none=1
	else
		found=1
	fi
	if [ "$status" -gt "$worst" ]; then worst=$status; fi
done
for err in "$work"/part.??????.err; do
	grep -v -e '\[input\.none\]$' -e '^cvmkey: hint: run again with -v' "$err" >&2 || :
done
if [ "$found" -eq 0 ] && [ "$none" -eq 1 ]; then
	echo 'carve-join.sh: no key backup was found in any part' >&2
	worst=1
fi
exit "$worst"
