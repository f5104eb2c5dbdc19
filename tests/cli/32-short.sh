# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Reads and writes move fewer bytes than asked for, and are interrupted: the
# result is the same. CVMKEY_FAULTS=full takes more sizes.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../fault/ways.sh
. "$srcdir/tests/fault/ways.sh"

preload shim.so "$srcdir/tests/fault/shortio.c" || skip_all "$why_not"

sizes='1 4095'
intervals='0 2'
if [ -n "${CVMKEY_FAULTS:-}" ]; then
	sizes='1 2 3 7 61 511 512 513 4095 4096 4097 65535'
	intervals='0 2 3'
fi

make_ways
[ -e two.zip ] || more_ways=$(echo "$more_ways" | sed 's/ zip / /')

# short_way NAME: every size and interval.
short_way() {
	way=$1
	wrong='' runs=0
	no_blame
	mkdir "$way" && cd "$way" || exit 99
	prepare
	run_way >out.txt 2>err.txt </dev/null
	before=$?
	keep_reference
	for size in $sizes; do
		for interval in $intervals; do
			prepare
			status=0
			run_way env LD_PRELOAD="$work/shim.so" SHORT_LOG=changed \
				SHORT_IO="$size" SHORT_EINTR="$interval" \
				>out.txt 2>err.txt </dev/null || status=$?
			runs=$((runs + 1))
			if [ "$status" -ne "$before" ] || ! sound || leftover ||
				! cmp -s out.txt ref.txt; then
				wrong="$wrong $size/$interval($status)"
				blame
			fi
		done
	done
	changed=$(awk '{ n += $1 } END { print n + 0 }' changed)
	echo "$changed $leftovers $torn $lies $misattributed $ends" >tally
	cd ..
	[ -z "$wrong" ] && [ "$changed" -ge "$runs" ]
	ok $? "$way: $changed calls in $runs runs:${wrong:- as ever}"
}

for name in plain force self group listed $more_ways; do
	short_way "$name"
done
tally 'short reads and writes' ./*/tally

done_testing
