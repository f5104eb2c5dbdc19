#!/bin/sh
# SPDX-License-Identifier: MIT
# make fuzz: runs the targets of a tree that was configured with CC=clang and
# --enable-fuzzer, one after the other, and prints how often each was run.
#
# FUZZ_TIME     seconds for each target (60)
# FUZZ_RUNS     or executions of each target, whatever comes first
# FUZZ_TARGETS  names of targets ("b64 json"); all of them if empty
#
# What it learns stays in the build tree below fuzz/: corpus/NAME from run to
# run, found/NAME-* what crashed, log/NAME.
set -u

: "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${builddir:=$PWD}"
: "${FUZZ_TIME:=60}" "${FUZZ_RUNS:=-1}" "${FUZZ_TARGETS:=}"
here=$srcdir/tests/fuzz
out=$builddir/fuzz

# allocations are small and many: short stacks, a small quarantine
ASAN_OPTIONS=malloc_context_size=4:quarantine_size_mb=16
export ASAN_OPTIONS

if [ -z "$FUZZ_TARGETS" ]; then
	for f in "$here"/fuzz_*.c; do
		f=${f##*/fuzz_}
		FUZZ_TARGETS="$FUZZ_TARGETS ${f%.c}"
	done
fi
"$builddir/tests/fuzz/fuzz_${FUZZ_TARGETS##* }" -help=1 2>&1 |
	grep -q max_len || {
	echo 'fuzz: this tree is not of CC=clang ./configure --enable-fuzzer' >&2
	exit 1
}
mkdir -p "$out/found" "$out/log"
python3 "$here/make-corpus.py" "$builddir/samples" "$out/seeds" || exit 1

# fuzz NAME: runs one target; false if it found something.
fuzz() {
	options=$(sed -n 's|^/\* libFuzzer: \(.*\) \*/$|\1|p' "$here/fuzz_$1.c")
	mkdir -p "$out/corpus/$1"
	set -- "$1" "$out/corpus/$1" "$builddir/samples"
	for f in "$here/corpus/$1" "$here/findings/$1" "$out/seeds/$1"; do
		[ ! -d "$f" ] || set -- "$@" "$f"
	done
	name=$1
	shift
	# shellcheck disable=SC2086 # options are words
	"$builddir/tests/fuzz/fuzz_$name" $options -dict="$here/cvmkey.dict" \
		-max_total_time="$FUZZ_TIME" -runs="$FUZZ_RUNS" -timeout=20 \
		-print_final_stats=1 -artifact_prefix="$out/found/$name-" "$@" \
		>"$out/log/$name" 2>&1
}

failed=0
printf '%-12s %12s %9s %9s\n' target executions edges corpus
for t in $FUZZ_TARGETS; do
	state=
	fuzz "$t" || {
		failed=1
		state="  failed: $out/log/$t"
	}
	awk -v name="$t" -v state="$state" '
		/ cov: / { for (i = 1; i < NF; i++) {
			if ($i == "cov:") edges = $(i + 1)
			if ($i == "corp:") corpus = $(i + 1) } }
		/number_of_executed_units/ { runs = $2 }
		END { printf "%-12s %12d %9d %9s%s\n", name, runs, edges, corpus, state }
	' "$out/log/$t"
done
exit $failed
