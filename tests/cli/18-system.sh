# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# System trouble: full disks, closed streams, limits, signals, permissions.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

cp "$samples/good-vault-key.json" c.json
cp "$samples/good-managed-hsm-key.json" h.json
cp "$samples/bad-b64-alphabet.json" bad.json
key_data c.json >expected
key_data h.json >expected.h
: >said

# whole FILE: absent, or the blob of c.json and for its owner only.
whole() {
	[ ! -e "$1" ] || { cmp -s "$1" expected && [ "$(mode_of "$1")" = 600 ]; }
}

# ---- standard output and error ----------------------------------------------

if [ -w /dev/full ]; then
	for format in '' --json -v; do
		rm -rf full
		status=0
		# shellcheck disable=SC2086 # an option or none
		"$cvmkey" extract $format -d full c.json >/dev/full 2>err || status=$?
		exits 3 io.stdout "standard output on a full disk ${format:-as text}"
		same full/c.blob expected 'the blob is whole'
		cat err >>said
	done
	status=0
	"$cvmkey" extract -d full2 bad.json c.json >/dev/full 2>err || status=$?
	expect 3 'a full disk and a bad input'
	says err '[b64.alphabet]' 'both are told: the input'
	says err '[io.stdout]' 'both are told: the disk'
	same full2/c.blob expected 'the good one is written'
	status=0
	"$cvmkey" extract -q -d full3 c.json >/dev/full 2>err || status=$?
	expect 0 '-q needs no standard output'
	status=0
	"$cvmkey" show c.json >/dev/full 2>err || status=$?
	exits 3 io.stdout 'show: standard output on a full disk'
	status=0
	"$cvmkey" extract -o - c.json >/dev/full 2>err || status=$?
	expect 3 '-o - on a full disk'
	equal "$(grep -c 'cvmkey: error: .*\[io.stdout\]$' err)" 1 'is said once'
	! grep -q ': ok$' err
	ok $? 'the report does not call it ok'
	cat err >>said
	status=0
	"$cvmkey" extract -d full4 bad.json c.json >out 2>/dev/full || status=$?
	[ "$status" -eq 1 ] || [ "$status" -eq 3 ]
	ok $? 'standard error on a full disk does not make it good'
	same full4/c.blob expected 'the blob is whole'
else
	skip 'full disks' 'no /dev/full'
fi

status=0
"$cvmkey" extract -d closed1 c.json >&- 2>err || status=$?
exits 3 io.stdout 'standard output closed'
same closed1/c.blob expected 'the blob is whole, without the report in it'
cat err >>said
status=0
"$cvmkey" extract -d closed2 c.json >out 2>&- || status=$?
expect 0 'standard error closed'
same closed2/c.blob expected 'the blob is whole'
status=0
"$cvmkey" extract -d closed3 bad.json >out 2>&- || status=$?
expect 1 'standard error closed and a bad input'
absent closed3 'nothing is written'
status=0
"$cvmkey" extract -d closed4 c.json <&- >out 2>err || status=$?
expect 0 'standard input closed'
same closed4/c.blob expected 'the blob is whole'
status=0
"$cvmkey" extract -d closed5 - <&- >out 2>err || status=$?
[ "$status" -eq 1 ] || [ "$status" -eq 3 ]
ok $? 'standard input closed, and named as input'
absent closed5 'nothing is written'
shows_plain 'and it is said'
cat err >>said
status=0
"$cvmkey" extract -d closed6 c.json <&- >&- 2>&- || status=$?
expect 3 'all three closed'
same closed6/c.blob expected 'the blob is whole'
equal "$(find closed6 | wc -l)" 2 'and there is nothing else'
status=0
"$cvmkey" extract -f -d closed6 c.json <&- >&- 2>&- || status=$?
expect 3 'all three closed, with --force'
same closed6/c.blob expected 'the blob is whole'
status=0
"$cvmkey" extract -o - c.json >&- 2>err || status=$?
expect 3 '-o - with standard output closed'
status=0
"$cvmkey" extract -o - c.json <&- 2>&- >out || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
ok $? '-o - with the other two closed'
same out expected 'standard output is the blob alone'
same c.json "$samples/good-vault-key.json" 'the input was not written to'

# The reader of the report goes away.
cp c.json many.json
set --
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 \
	28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 \
	53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 \
	78 79 80; do
	ln many.json "m$i.json"
	set -- "$@" "m$i.json"
done
for format in -v --json; do
	{
		status=0
		"$cvmkey" extract $format --no-sync -d "gone$format" "$@" 2>err ||
			status=$?
		echo $status >status
	} | head -n 1 >out
	equal "$(cat status)" 3 "the reader goes away, $format: exit 3"
	says err '[io.stdout]' 'and says why'
	equal "$(find "gone$format" -name 'm*.blob' -size 7225c | wc -l)" $# \
		'every blob is whole all the same'
	cat err >>said
done
{
	status=0
	"$cvmkey" extract -o - c.json 2>err || status=$?
	echo $status >status
} | :
status=$(cat status)
[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
ok $? '-o - into a pipe that nobody reads'

# ---- files ------------------------------------------------------------------

run extract -d missing missing.json
exits 3 io.open 'a missing file'
cat err >>said
run extract --json -d missing missing.json
matches out '.[0].status == "error" and .[0].findings[-1].id == "io.open" and
	.[1].errors == 1 and .[1].refused == 0' 'its record has the status error'
absent missing 'nothing is written'
run extract -d trouble missing.json c.json
expect 3 'a missing file before a good one'
same trouble/c.blob expected 'the good one is written'

if am_root; then
	for what in 'an unreadable file' 'an output directory that is read-only' \
		'a directory that cannot be created' 'an unreadable directory'; do
		skip "$what" 'root may do anything'
	done
else
	cp c.json secret.json
	chmod 0 secret.json
	run extract -d secret secret.json c.json
	exits 3 io.open 'an unreadable file'
	same secret/c.blob expected 'the next one is written'
	cat err >>said
	mkdir fixed
	chmod 555 fixed
	run extract -d fixed c.json
	exits 3 io.create 'an output directory that is read-only'
	run extract -f -d fixed c.json
	exits 3 io.create 'the same with --force'
	cat err >>said
	run extract -d fixed/new c.json
	exits 3 io.create 'a directory that cannot be created'
	nothing_left fixed 'nothing was put into it'
	chmod 755 fixed
	mkdir dark
	cp c.json dark
	chmod 0 dark
	run extract -d dark2 dark/c.json
	exits 3 io.open 'an unreadable directory'
	chmod 755 dark
	# may be entered and written, not listed
	mkdir blind
	chmod 333 blind
	run extract -d blind c.json
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	ok $? 'an output directory that cannot be listed'
	chmod 755 blind
	whole blind/c.blob
	ok $? 'the blob is whole or absent'
fi
run extract -d /proc/self/none c.json
expect 3 'an output directory that no one can create'
run extract -o /proc/self/none c.json
exits 3 io.create 'an output file that no one can create'
cat err >>said

# A file system that is full, or read-only.
if am_root && command -v mount >/dev/null && command -v unshare >/dev/null &&
	unshare -m true 2>/dev/null; then
	mkdir tiny
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare -m sh -c '
		mount -t tmpfs -o size=16k,mode=755 none tiny || exit 77
		head -c 12288 /dev/zero >tiny/filler
		"$1" extract -d tiny c.json >out 2>err
		echo $? >status
		ls -A tiny >listing
		"$1" extract -f -d tiny c.json >out.f 2>err.f
		echo $? >status.f
		ls -A tiny >listing.f
		rm tiny/filler
		"$1" extract -d tiny c.json >out.r 2>err.r
		echo $? >status.r
		cp tiny/c.blob freed
		head -c 4096 /dev/zero >tiny/filler
		"$1" extract -f -d tiny c.json >/dev/null 2>&1
		echo $? >status.o
		cmp -s tiny/c.blob freed && ls -A tiny >listing.o
		mount -o remount,ro none tiny
		"$1" extract -d tiny/new c.json >out.ro 2>err.ro
		echo $? >status.ro
		"$1" extract -d tiny h.json >out.ro2 2>err.ro2
		echo $? >status.ro2
	' sh "$cvmkey" >/dev/null 2>&1
	if [ -f status.ro2 ]; then
		status=$(cat status)
		exits 3 io.write 'a full file system'
		equal "$(cat listing)" filler 'nothing is left on it'
		mv err.f err
		status=$(cat status.f)
		exits 3 io.write 'a full file system, with --force'
		equal "$(cat listing.f)" filler 'nothing is left on it either'
		equal "$(cat status.r)" 0 'once there is room it is written'
		same freed expected 'and whole'
		equal "$(cat status.o)" 3 'no room to replace a blob'
		equal "$(tr '\n' ' ' <listing.o)" 'c.blob filler ' 'the old one stays'
		mv err.ro err
		status=$(cat status.ro)
		exits 3 io.create 'a file system that is read-only, a new directory'
		mv err.ro2 err
		status=$(cat status.ro2)
		exits 3 io.create 'a file system that is read-only'
		cat err >>said
	else
		skip 'a full file system' 'no tmpfs can be mounted'
	fi
else
	skip 'a full file system' 'only root can mount one'
fi

# ---- limits -----------------------------------------------------------------

# limited OPTION VALUE ARGUMENT...: run below that limit of ulimit, core files
# aside. The shell that sets the limit opens nothing itself.
limited() {
	status=0
	# shellcheck disable=SC2016 # expanded by the inner shell
	sh -c 'ulimit -c 0; [ "$1" != ignore ] || { trap "" XFSZ; shift; }
		ulimit "$1" "$2" || exit 77; shift 2; exec "$@"' sh "$@" \
		>out 2>err </dev/null || status=$?
}

# ulimit -f counts blocks of 512 bytes: the blobs are larger. So are the
# counters of a build for coverage: they are thrown away.
GCOV_PREFIX=$work/counters
export GCOV_PREFIX
for force in '' -f; do
	mkdir "limit$force"
	# shellcheck disable=SC2086 # an option or none
	limited -f 1 "$cvmkey" extract -q $force -d "limit$force" c.json
	[ "$status" -gt 2 ] && [ "$status" -ne 77 ]
	ok $? "a limit on the size of files, options '$force': not good"
	whole "limit$force/c.blob"
	ok $? 'no incomplete file has the name of the blob'
	# shellcheck disable=SC2086 # an option or none
	limited ignore -f 1 "$cvmkey" extract -q $force -d "limit$force" h.json
	exits 3 io.write 'the same with SIGXFSZ ignored'
	absent "limit$force/h.blob" 'nothing is written'
	cat err >>said
	run extract -f -d "limit$force" c.json
	expect 0 'the next run'
	equal "$(ls -A "limit$force")" c.blob 'leaves nothing but the blob'
done
unset GCOV_PREFIX

# three of them are the streams
for n in 3 4 5 6 7; do
	for force in '' -f; do
		rm -rf few
		# shellcheck disable=SC2086 # an option or none
		limited -n $n "$cvmkey" extract $force -d few c.json
		case $status in
		0) cmp -s few/c.blob expected ;;
		3) grep -q '\[io\.[a-z]*\]$' err && [ ! -e few/c.blob ] ;;
		*) [ "$status" -gt 77 ] && [ ! -e few/c.blob ] ;;
		esac
		ok $? "$n open files, options '$force': whole or not at all"
		equal "$(find few -name '.*part' 2>/dev/null)" '' \
			"$n open files, options '$force': nothing else is left"
	done
done
rm -rf few
set --
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	mkdir -p few.in/$i
	ln c.json few.in/$i/c.json
	set -- "$@" few.in/$i/c.json
done
limited -n 10 "$cvmkey" extract --no-sync --parents -d few "$@"
expect 0 'ten open files are enough for many inputs'
equal "$(find few -name c.blob -size 7225c | wc -l)" $# 'all are written'

if [ "${sanitized:-no}" = yes ]; then
	skip 'little memory' 'sanitizers need a lot'
else
	wrong='' refused=
	for kib in 3000 4000 5000 6000 8000 12000 16000 24000 32000; do
		rm -rf little
		limited -v $kib "$cvmkey" extract -d little c.json
		case $status in
		0) cmp -s little/c.blob expected || wrong="$wrong $kib" ;;
		1 | 2) wrong="$wrong $kib:$status" ;;
		3) grep -q '\[memory.exhausted\]$' err || wrong="$wrong $kib" ;;
		*) ;; # the linker
		esac
		[ "$status" -eq 0 ] || whole little/c.blob || wrong="$wrong $kib"
	done
	equal "$wrong" '' 'little memory: whole, or memory.exhausted'
	{ printf '{"Filler":"'; head -c 30000000 /dev/zero | tr '\0' x; printf '",'
		tail -c +2 c.json; } >large.json
	wrong=
	for mib in 8 16 32 48 64 80 96; do
		rm -rf little
		limited -v $((mib * 1024)) "$cvmkey" extract --json -d little \
			large.json c.json
		printed out
		case $status in
		0) [ -f little/large.blob ] || wrong="$wrong $mib" ;;
		3)
			refused=yes
			grep -q 'large.json: .*\[memory.exhausted\]$' err &&
				[ ! -e little/large.blob ] &&
				cmp -s little/c.blob expected || wrong="$wrong $mib"
			;;
		*) wrong="$wrong $mib:$status" ;;
		esac
	done
	equal "$wrong" '' 'too little memory for one input: the next is written'
	equal "$refused" yes 'memory was too little at least once'
	rm -f large.json
fi

# ---- signals ----------------------------------------------------------------

# sleeping PID: it has installed its handlers and waits.
sleeping() {
	tries=0
	while [ $tries -lt 200 ]; do
		caught=$(sed -n 's/^SigCgt:[[:space:]]*0*//p' "/proc/$1/status" 2>/dev/null)
		if [ -n "$caught" ] && grep -q '^State:.S' "/proc/$1/status" 2>/dev/null
		then
			sleep 0.05
			return 0
		fi
		tries=$((tries + 1))
		sleep 0.02
	done
	return 1
}

# ends PID: waits for it at most some seconds; $status, 0 if it had to be killed
ends() {
	tries=0
	while kill -0 "$1" 2>/dev/null && [ $tries -lt 100 ]; do
		grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null && break
		tries=$((tries + 1))
		sleep 0.02
	done
	[ $tries -lt 100 ] || kill -KILL "$1" 2>/dev/null
	status=0
	wait "$1" 2>/dev/null || status=$?
}

mkfifo fifo
if env --default-signal=INT,HUP,TERM true 2>/dev/null && [ -r /proc/self/status ]; then
	for pair in TERM:143 INT:130 HUP:129; do
		signal=${pair%:*}
		# waits for a writer to open the FIFO
		env --default-signal=INT,HUP,TERM "$cvmkey" extract -d "sig$signal" c.json fifo \
			h.json >out 2>err </dev/null &
		pid=$!
		sleeping $pid
		kill "-$signal" $pid
		ends $pid
		equal "$status" "${pair#*:}" \
			"SIG$signal while a FIFO is opened: ends with that signal"
		same "sig$signal/c.blob" expected 'what was written before is whole'
		equal "$(ls -A "sig$signal")" c.blob 'and nothing else is left'
		# waits for the writer to write; fd 9 is open once it has the FIFO
		env --default-signal=INT,HUP,TERM "$cvmkey" extract -f -d "sig$signal" c.json \
			fifo h.json >out 2>err </dev/null &
		pid=$!
		exec 9>fifo
		head -c 1000 c.json >&9
		sleeping $pid
		kill "-$signal" $pid
		ends $pid
		exec 9>&-
		equal "$status" "${pair#*:}" \
			"SIG$signal while a FIFO is read: ends with that signal"
		same "sig$signal/c.blob" expected 'what was written before is whole'
		equal "$(ls -A "sig$signal")" c.blob 'and nothing else is left'
		cat err >>said
	done
	# a blob on its way into a FIFO
	"$cvmkey" extract -o fifo c.json >out 2>err </dev/null &
	pid=$!
	sleeping $pid
	kill -TERM $pid
	ends $pid
	equal "$status" 143 'SIGTERM while the output is a FIFO that nobody reads'
	# what is ignored stays ignored, as below nohup
	(
		trap '' TERM
		exec "$cvmkey" extract -d ignored fifo >out 2>err </dev/null
	) &
	pid=$!
	exec 9>fifo
	head -c 1000 c.json >&9
	sleep 0.1
	kill -TERM $pid
	tail -c +1001 c.json >&9
	exec 9>&-
	ends $pid
	equal "$status" 0 'a signal that is ignored stays ignored'
	same ignored/fifo.blob expected 'and the blob is written'
else
	skip 'signals' 'no env --default-signal or no /proc'
fi

# ---- words ------------------------------------------------------------------

! grep -qi 'success' said
ok $? 'no message speaks of success'
! grep 'cvmkey: error:' said | grep -qv '\[[a-z][a-z0-9.-]*\]$'
ok $? 'every message ends with its id'
[ "$(grep -c 'cvmkey: error:' said)" -ge 10 ]
ok $? 'there were messages'
plain said
ok $? 'all of them are plain text'

done_testing
