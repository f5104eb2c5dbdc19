# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Memory runs out at every request in turn, once and from there on. The result
# is the same as ever, or exit 3 and a message: never bad evidence, never half
# a record, never a blob under another name. CVMKEY_FAULTS=full takes every way
# to run.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

preload shim.so "$srcdir/tests/fault/failmalloc.c" || skip_all "$why_not"

# sweep NAME ON ARGUMENT...: fails request 1, 2, 3 ... until none is left.
sweep() {
	name=$1
	on=$2
	shift 2
	rm -rf ref
	find_lines "$@"
	"$cvmkey" "$@" -d ref >ref.out 2>ref.err </dev/null
	[ "$1" = show ] || (cd ref && sha256sum ./*) >ref.sums
	n=0
	wrong=
	while :; do
		n=$((n + 1))
		rm -rf ref failed
		status=0
		FAIL_AT=$n FAIL_ON=$on FAIL_LOG=failed LD_PRELOAD=$work/shim.so \
			"$cvmkey" "$@" -d ref >out 2>err </dev/null || status=$?
		[ -z "$lines_on_stdout" ] || printed out
		[ -s failed ] || break
		judge || wrong="$wrong $n($status)"
	done
	[ -z "$wrong" ] && [ "$n" -gt 5 ]
	ok $? "$name: each of $((n - 1)) requests:${wrong:- right}"
}

# The last run was complete and right, or is exit 3 with a message; what stands
# in ref is right either way, and every line of JSON is one.
judge() {
	case $status in
	0) cmp -s out ref.out || return 1 ;;
	3) grep -q '^cvmkey: error: ' err || return 1 ;;
	*) return 1 ;;
	esac
	! grep -q 'cross\.disagreement\|report it' out err || return 1
	if [ -d ref ] && [ -n "$(ls -A ref)" ]; then
		(cd ref && sha256sum ./*) >sums
		! grep -vxFf ref.sums sums >/dev/null || return 1
	fi
	if grep -q '^{' out; then jq -e . <out >/dev/null 2>&1 || return 1; fi
}

one=$samples/good-vault-key.json
more="$samples/good-data-disks.json $samples/odd-utf-16le-bom.json"
for on in 0 1; do
	after=$([ $on = 0 ] && echo once || echo 'from there on')
	sweep "extract, $after" "$on" extract --no-sync "$one"
	sweep "extract --json, $after" "$on" extract --no-sync --json "$one"
	# shellcheck disable=SC2086
	sweep "several kinds, $after" "$on" extract --no-sync --json --force $more "$samples/odd-gzip.json.gz"
done

# a manifest of good blobs: none becomes a bad one, and none is left out
rm -rf ref
"$cvmkey" extract -q --manifest=m.jsonl --no-sync -d kept "$one" \
	"$samples/odd-utf-16le-bom.json" "$samples/odd-gzip.json.gz"
"$cvmkey" verify --json --strict -d kept m.jsonl >ref.out 2>ref.err
for on in 0 1; do
	n=0
	wrong=
	while :; do
		n=$((n + 1))
		rm -f failed
		status=0
		FAIL_AT=$n FAIL_ON=$on FAIL_LOG=failed LD_PRELOAD=$work/shim.so \
			"$cvmkey" verify --json --strict -d kept m.jsonl >out 2>err || status=$?
		printed out
		[ -s failed ] || break
		judge && ! grep -q 'verify\.\|manifest\.' out err || wrong="$wrong $n($status)"
	done
	[ -z "$wrong" ] && [ "$n" -gt 5 ]
	ok $? "verify, on $on: each of $((n - 1)) requests:${wrong:- right}"
done

# memory_way NAME: the same for a way to run.
memory_way() {
	way=$1
	wrong='' total=0
	no_blame
	mkdir "$way" && cd "$way" || exit 99
	prepare
	run_way >out.txt 2>err.txt </dev/null
	keep_reference
	for on in 0 1; do
		n=0
		while :; do
			n=$((n + 1))
			rm -f failed
			prepare
			status=0
			run_way env FAIL_AT=$n FAIL_ON=$on FAIL_LOG="$PWD/failed" \
				LD_PRELOAD="$work/shim.so" \
				>out.txt 2>err.txt </dev/null || status=$?
			[ -s failed ] || break
			total=$((total + 1))
			cat err.txt >>errors.txt
			[ "$status" -eq 0 ] || cat out.txt >>reports.txt
			case $status in
			0 | 3) sound && ! leftover ;;
			*) false ;;
			esac || { wrong="$wrong $n($status)" && blame; }
		done
	done
	foreign_ids >ids.wrong
	misattributed=$((misattributed + $(wc -l <ids.wrong)))
	echo "$total $leftovers $torn $lies $misattributed $ends" >tally
	[ -z "$wrong" ] && [ ! -s ids.wrong ] && [ "$total" -gt 10 ]
	set -- $? "$way: each of $total requests:${wrong:- right}"
	cd ..
	ok "$@"
}

if [ -n "${CVMKEY_FAULTS:-}" ]; then
	# shellcheck source-path=SCRIPTDIR source=../fault/ways.sh
	. "$srcdir/tests/fault/ways.sh"
	make_ways
	for name in plain force self group listed $more_ways; do
		[ "$name" != zip ] || [ -e two.zip ] || continue
		memory_way "$name"
	done
	tally memory ./*/tally
fi

done_testing
