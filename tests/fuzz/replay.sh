# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every fuzz target on the samples, its corpus and what was ever found with it:
# no oracle is violated, with any compiler.
. "${srcdir:-.}/tests/cli/lib.sh"

fuzz=$srcdir/tests/fuzz
mkdir seeds
if command -v python3 >/dev/null; then
	python3 "$fuzz/make-corpus.py" "$samples" seeds >out 2>&1
	ok $? 'archives and key backups are made'
else
	skip 'archives and key backups are made' 'python3 is missing'
fi

# a target that is not built is no target
for source in "$fuzz"/fuzz_*.c; do
	name=${source##*/fuzz_}
	name=${name%.c}
	set -- "$samples"
	for f in "$fuzz/corpus/$name" "$fuzz/findings/$name" "seeds/$name"; do
		[ ! -d "$f" ] || set -- "$@" "$f"
	done
	"$builddir/tests/fuzz/fuzz_$name" "$@" >out 2>err
	status=$?
	[ $status -eq 0 ]
	ok $? "$name: $(tail -n 1 out)"
done

# they can fail
for f in "$fuzz"/corpus/* "$fuzz"/findings/*; do
	[ -f "$fuzz/fuzz_${f##*/}.c" ] || echo "$f"
done >out
[ ! -s out ]
ok $? 'each corpus has its target'

done_testing
