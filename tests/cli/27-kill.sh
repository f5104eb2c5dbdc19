# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Killed at any moment: what is there is whole and right, what else is there a
# later run removes, and --resume completes it. CVMKEY_KILLS=50
# CVMKEY_FILES=5000 for the long form, TMPDIR for another file system.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

files=${CVMKEY_FILES:-1000}
folders=50

# Every file is another one, so that no blob can stand for its neighbour.
mkdir in
i=0
while [ $i -lt $folders ]; do
	mkdir -p "in/vm$((i % 7))/d$i"
	i=$((i + 1))
done
awk -v n="$files" -v f=$folders 'BEGIN { for (; i < n; i++)
	printf "in/vm%d/d%d/c%d.json\n", i % f % 7, i % f, i }' |
	python3 "$srcdir/tests/cli/distinct.py" "$samples/good-vault-key-small.json" ||
	skip_all 'no python3'

"$cvmkey" extract -q -j2 -d whole in >out 2>err
[ "$(find whole -name '*.blob' | wc -l)" -eq "$files" ]
ok $? "an undisturbed run of $files files in $folders folders"
(cd whole && find . -type f -exec sha256sum {} +) | sort >sums
[ "$(cut -c1-64 sums | sort -u | wc -l)" -eq "$files" ]
ok $? 'of which no two are the same'

# A file system where files need a name from the start.
poorer="strace -f -qq -o log -P /proc/self/fd
	-e inject=access:error=ENOENT -e inject=faccessat2:error=ENOENT"
# shellcheck disable=SC2086 # words
$poorer "$cvmkey" extract -q -d probe "$samples/good-vault-key.json" >out 2>err
grep -q INJECTED log 2>/dev/null || poorer=
# the leak check of sanitizers does not work below strace
[ "${sanitized:-no}" != yes ] || poorer=

# now: in milliseconds.
now() {
	date +%s%N | cut -c1-13
}

# random N: a number below N.
random() {
	od -An -N4 -tu4 /dev/urandom | awk -v n="$1" '{ print $1 % n }'
}

# torn: the blobs that are not what they should be, and other names.
torn() {
	(cd killed 2>/dev/null && find . -type f ! -name '.*.cvmkey-part' \
		-exec sha256sum {} +) | sort >found
	comm -23 found sums
}

# kill_after MILLISECONDS OPTION...: a run that ends so, in the directory
# killed, or is faster: then it is false.
kill_after() {
	after=$1
	shift
	# shellcheck disable=SC2086 # words
	setsid $below "$cvmkey" extract -q -j2 -d killed "$@" in >/dev/null 2>&1 &
	pid=$!
	sleep "$((after / 1000)).$(printf %03d $((after % 1000)))"
	kill -9 -$pid 2>/dev/null
	ended=0
	wait $pid 2>/dev/null || ended=$?
	[ $ended -eq 137 ]
}

# round NAME KILLS OPTION...: the kills of one way to write.
round() {
	name=$1
	kills=$2
	shift 2
	rm -rf killed
	from=$(now)
	# shellcheck disable=SC2086
	$below "$cvmkey" extract -q -j2 -d killed "$@" in >/dev/null 2>&1
	took=$(($(now) - from + 1))
	i=0 wrong='' torn=0 parts=0 counts='' lies=0 hits=0 completed=0
	while [ $i -lt "$kills" ]; do
		i=$((i + 1))
		[ "$name" = replaced ] || rm -rf killed
		if kill_after "$(random $took)" "$@"; then hits=$((hits + 1)); fi
		torn >bad
		[ ! -s bad ] || { torn=$((torn + $(wc -l <bad))) && wrong="$wrong torn$i"; }
		n=$(find killed -name '.*.cvmkey-part' 2>/dev/null | wc -l)
		parts=$((parts + n))
		[ "$name" != plain ] || [ "$n" -eq 0 ] || wrong="$wrong parts$i"
		counts="$counts $(wc -l <found)"
		# shellcheck disable=SC2086
		$below "$cvmkey" extract -q -j2 -d killed "$@" --resume in >out 2>err ||
			wrong="$wrong resume$i"
		if (cd killed && find . -type f -exec sha256sum {} +) | sort | cmp -s - sums; then
			completed=$((completed + 1))
		else
			lies=$((lies + 1)) && wrong="$wrong rest$i"
		fi
	done
	[ -z "$wrong" ]
	ok $? "$name: killed $i times within $took ms:${wrong:- whole, and completed}"
	echo "# $name: $kills kills of a run of $took ms, $hits before its end;" \
		"blobs that were torn: $torn; part files left: $parts;" \
		"completed by --resume: $completed"
	echo "# $name: blobs after each kill:$counts"
	# part files are left where files cannot be without a name
	[ "$name" = plain ] || parts=0
	echo "# faults: killed at random, $name $i $parts $torn $lies 0 0"
}

# Fewer where a run takes longer, unless a number is asked for.
below=
round plain "${CVMKEY_KILLS:-5}"
round replaced "${CVMKEY_KILLS:-2}" --force
if [ -n "$poorer" ]; then
	below=$poorer
	round named "${CVMKEY_KILLS:-2}"
else
	skip 'named: killed' 'no strace, or no call to fail'
fi

done_testing
