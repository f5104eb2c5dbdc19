#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/wine.sh BUILD FILE: the program for Windows FILE below wine against
# the one of BUILD: on every sample alone and on their folder as a whole, the
# blobs, manifests but for what they tell of the run, and exit statuses are the
# same. Prints TAP.
set -eu

build=$(cd "$1" && pwd)
exe=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
WINEDEBUG=-all
export WINEDEBUG

out=$(mktemp -d "${TMPDIR:-/tmp}/cvmkey-wine.XXXXXX")
trap 'wineserver -k 2>/dev/null || :; rm -rf "$out"' EXIT
trap 'exit 99' HUP INT TERM
WINEPREFIX=$out/wine
export WINEPREFIX
cd "$out"
cp -R "$build/samples" samples
# Windows counts in 100 ns
find samples -exec touch -d '2026-01-02 03:04:05 UTC' {} +

count=0
failed=0
# verdict STATUS TEXT
verdict() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
		sed 's/^/# /' difference
	fi
}

# both NAME ARGUMENT...: the same command with each program, in a folder of its
# own beside the samples.
both() {
	name=$1
	shift
	rm -rf here there
	mkdir here there
	here=0 there=0
	(cd here && "$build/cvmkey" "$@" >../here.out 2>../here.err) || here=$?
	(cd there && wine "$exe" "$@" >../there.out 2>../there.err) || there=$?
	# the same folder, for manifests name it
	for side in here there; do
		find "$side" -name '*manifest*' | while read -r manifest; do
			jq -cS 'select(.type != "run")' "$manifest" >"$manifest.new"
			mv "$manifest.new" "$manifest"
		done
	done
	same=0
	{
		[ "$here" -eq "$there" ] || echo "exit status $here, below wine $there"
		diff -r here there || :
	} >difference 2>&1
	[ ! -s difference ] || same=1
	verdict "$same" "$name: exit $here, $(find there -name '*.blob' | wc -l) blobs"
}

for sample in samples/*-*; do
	name=$(basename "$sample")
	both "$name" extract -q -d out --manifest=manifest.json "../samples/$name"
done
both 'the whole folder' extract -q -d out --manifest=manifest.json ../samples
echo "1..$count"
echo "# $((count - failed)) of $count the same"
[ "$failed" -eq 0 ]
