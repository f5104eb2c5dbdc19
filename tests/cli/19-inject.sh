# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every system call of a run fails once with each of several errors, and the
# run is killed before each: a blob is there whole or not at all.
# CVMKEY_FAULTS=full takes more ways to run, every call and every error; with
# counted=yes nothing fails behind the program's own end, where a build for
# coverage stores its counters.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../fault/ways.sh
. "$srcdir/tests/fault/ways.sh"

[ "${sanitized:-no}" != yes ] || skip_all 'sanitizers do not bear it'
command -v strace >/dev/null || skip_all 'no strace'
command -v timeout >/dev/null || skip_all 'no timeout'
strace -f -qq -o log -e inject=fsync:error=EIO:when=1 true >/dev/null 2>&1 ||
	skip_all 'strace cannot trace here'

full=${CVMKEY_FAULTS:-}
calls='openat open read pread64 write writev fstat stat newfstatat fsync linkat renameat renameat2
	unlinkat fchmod close mkdirat fcntl flock lseek mmap brk access
	faccessat2 syncfs getdents64'
# what reads and writes nothing; no way may make another call than these all
others='clone clone3 exit exit_group futex getrandom getuid ioctl
	landlock_add_rule landlock_create_ruleset landlock_restrict_self madvise
	mprotect mremap munmap prctl prlimit64 rseq rt_sigaction rt_sigprocmask sched_getaffinity
	set_robust_list uname'
# the counters of coverage are in files that are locked
[ "${counted:-no}" = no ] || others="$others getpid"

make_ways

# injected OPTION...: a run below strace, with $status. The outer redirection
# takes what the shell says of a killed process.
injected() {
	status=0
	# shellcheck disable=SC2086 # words
	{ run_way timeout 20 strace -f -qq -o log $base "$@" \
		>out.txt 2>err.txt </dev/null; } 2>/dev/null || status=$?
	cat err.txt >>errors.txt
	[ "$status" -eq 0 ] || cat out.txt >>reports.txt
}

# shellcheck disable=SC2317 # called through a variable
# uninjected: the same without strace.
uninjected() {
	status=0
	[ "$way" != listed ] || rm -f out/manifest.jsonl out/SHA256SUMS
	again=--resume
	run_way >out.txt 2>/dev/null </dev/null || status=$?
	again=
}

# sound_after_error: no verdict on the evidence, no crash, no hang, and
# nothing left behind, unless the fault was just that it could not be removed.
# The first calls are the dynamic linker's, which ends as it likes.
sound_after_error() {
	sound || return 1
	[ "$call" = unlinkat ] || ! leftover || return 1
	case $status in
	0 | 3) ;;
	1 | 2 | 124) return 1 ;;
	*) [ "$i" -le "$first" ] ;;
	esac
}

# shellcheck disable=SC2317 # called through a variable
# sound_after_kill: what is left is removed by the next run.
sound_after_kill() {
	sound && [ "$status" -eq 137 ] || return 1
	case $way in
	group | listed)
		! leftover || return 1
		uninjected
		[ "$status" -eq 0 ] && sound && ! leftover
		return
		;;
	force | self | over | named | linked | moved) leftover || return 0 ;;
	*) leftover && return 1 || return 0 ;;
	esac
	done_before=$([ -e out/c.blob ] && echo yes)
	case $way in
	force)
		uninjected
		[ "$status" -eq 0 ] && sound && ! leftover
		;;
	over)
		injected
		[ "$status" -eq 0 ] && sound && ! leftover
		;;
	self)
		uninjected
		[ "$status" -eq 3 ] && sound && ! leftover
		;;
	*)
		injected
		! leftover && [ -e out/c.blob ] || return 1
		[ "$status" -eq 0 ] || [ "$done_before" = yes ]
		;;
	esac
}

# result GOOD DESCRIPTION: for the main shell to print.
result() {
	printf '%s %s\n' "$1" "$2" >>results
}

# called LOG: the calls of a run, up to where the counters of coverage begin.
called() {
	sed -n '/\.gcda"/,$d; s/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' "$1"
}

# count_calls: how often the run makes each call, into the file counts; what
# the run leaves is the reference.
count_calls() {
	prepare
	injected
	called log | sort | uniq -c >counts
	cp log log.whole
	keep_reference
	sed '1,/fcntl(0, F_GETFD)/d' log.whole >log.own
	called log.own | sort -u >calls.own
	for call in $calls $others; do echo "$call"; done | sort >calls.known
	comm -23 calls.own calls.known >calls.unknown
	[ ! -s calls.unknown ]
	result $? "$way: it makes no other calls: $(tr '\n' ' ' <calls.unknown)"
}

occurrences() {
	awk -v call="$1" '$2 == call { n = $1 } END { print n + 0 }' counts
}

# before_main CALL: how many of them the dynamic linker makes.
before_main() {
	sed '/fcntl(0, F_GETFD)/q' log.whole | grep -v 'fcntl(0' |
		grep -c "^[0-9]* *$1("
}

# span CALL: $first calls are the linker's, which knows no ways and so is
# swept in one of them; the next to sweep is behind $i, the last $n.
span() {
	n=$(occurrences "$1")
	first=$(before_main "$1")
	i=$first
	[ "$way" != plain ] || i=0
	case $base in *=$1:*) return 1 ;; esac
	[ "$n" -gt "$i" ]
}

# sweep CALL KIND WHAT: each occurrence of the call.
sweep() {
	span "$1" || return 0
	total=$((total + n - i))
	set -- "$@" "$((n - i))"
	wrong=
	while [ "$i" -lt "$n" ]; do
		i=$((i + 1))
		prepare
		injected -e "inject=$1:$3:when=$i"
		"sound_after_$2" || { wrong="$wrong $i($status)" && blame; }
	done
	[ -z "$wrong" ]
	result $? "$way: $1, $3: each of $4 occurrences${wrong:+, wrong at$wrong}"
}

# sweep_on CALL ERROR: the call fails from each of its occurrences on; those
# of the dynamic linker are left out.
sweep_on() {
	span "$1" || return 0
	i=$first
	[ "$n" -gt "$i" ] || return 0
	wrong=
	while [ "$i" -lt "$n" ]; do
		i=$((i + 1))
		prepare
		injected -e "inject=$1:error=$2:when=$i+"
		sound_after_error || { wrong="$wrong $i+($status)" && blame; }
	done
	total=$((total + n - first))
	[ -z "$wrong" ]
	result $? "$way: $1, $2 from then on: each of $((n - first)) occurrences${wrong:+, wrong at$wrong}"
}

# errors_of CALL: the errors it gets in this way. Not in full those are left
# out that another way has as well.
errors_of() {
	if [ -n "$full" ]; then
		echo EIO ENOSPC EINTR ENOMEM EACCES EDQUOT EROFS
		return
	fi
	case $way:$1 in
	self:mmap | group:mmap | listed:mmap) ;;
	named:mmap | named:read | named:fcntl) ;;
	linked:mmap | linked:read | linked:fcntl) ;;
	moved:mmap | moved:read | moved:fcntl) ;;
	over:mmap | over:read | over:fcntl) ;;
	named:* | linked:* | moved:* | over:* | listed:*) echo EIO ;;
	group:*) echo EIO EACCES ;;
	*) echo EIO ENOSPC EINTR ENOMEM EACCES ;;
	esac
}

# errors_on CALL: the errors it goes on to give.
errors_on() {
	case $full:$way:$1 in
	# a directory that loses files by no means keeps them
	*:unlinkat) ;;
	full:* | *:plain:* | *:force:* | *:self:*) echo EIO ENOSPC EACCES ;;
	*:group:* | *:listed:*) echo EIO ;;
	esac
}

# sweep_call CALL: everything for one call.
sweep_call() {
	call=$1
	if [ "$call" = brk ]; then
		# the kernel tells no error, but the old end
		[ "$way" = self ] || sweep brk error retval=0
	else
		for error in $(errors_of "$call"); do
			sweep "$call" error "error=$error"
		done
	fi
	[ "${counted:-no}" = no ] || return 0
	[ -z "$full$(errors_of "$call")" ] || sweep "$call" kill signal=SIGKILL
	[ "$call" != brk ] || return 0
	for error in $(errors_on "$call"); do
		sweep_on "$call" "$error"
	done
}

# sweep_way NAME: everything for one way.
sweep_way() {
	way=$1
	cd "$way" || exit 99
	total=0
	no_blame
	base_of "$way"
	count_calls
	case $way in
	self) [ "$status" -eq 3 ] && sound && ! leftover ;;
	*) [ "$status" -eq 0 ] && sound && ! leftover ;;
	esac
	result $? "$way: what must hold does without a fault"
	for call in $calls; do
		sweep_call "$call"
	done
	# what comes of these is not said to be of the input or the output
	for call in $others; do
		[ -n "$full" ] || continue
		sweep "$call" kill signal=SIGKILL
	done
	foreign_ids >ids.wrong
	[ ! -s ids.wrong ]
	result $? "$way: only what the machine could not is told: $(tr '\n' ' ' <ids.wrong)"
	misattributed=$((misattributed + $(wc -l <ids.wrong)))
	echo "$total $leftovers $torn $lies $misattributed $ends" >tally
	cd ..
}

# The calls that make a file system look poorer.
base=
way=plain
mkdir probe
cd probe || exit 99
prepare
injected
cp log log.whole
proc=$(grep '^[0-9]* *access(' log.whole | grep -n '"/proc/self/fd"' | cut -d: -f1)
proc=${proc:+access:error=ENOENT:when=$proc+}
if [ -z "$proc" ]; then
	proc=$(grep '^[0-9]* *faccessat2(' log.whole |
		grep -n '"/proc/self/fd"' | cut -d: -f1)
	proc=${proc:+faccessat2:error=ENOENT:when=$proc+}
fi
cd .. || exit 99
named="-e inject=$proc"
linked="$named -e inject=renameat2:error=EINVAL"
moved="$linked -e inject=linkat:error=EPERM"

# base_of WAY: what is injected besides.
base_of() {
	base=
	case $1 in
	named | over) base=$named ;;
	linked) base=$linked ;;
	moved) base=$moved ;;
	esac
}

[ -z "$full" ] || ways="$ways $more_ways"
[ -e two.zip ] || ways=$(echo "$ways" | sed 's/ zip / /')
# each process takes the next way that no other has begun
for _ in $(seq "$(getconf _NPROCESSORS_ONLN)"); do
	for way in $ways; do
		mkdir "$way" 2>/dev/null || continue
		sweep_way "$way"
	done &
done
wait

for way in $ways; do
	[ -s "$way/tally" ]
	ok $? "$way: was swept to its end"
	while read -r good description; do
		ok "$good" "$description"
	done <"$way/results"
done
cases=$(cat ./*/tally | awk '{ n += $1 } END { print n + 0 }')
[ "$cases" -ge 1000 ]
ok $? "$cases faults were injected"
tally calls ./*/tally

# Which calls the ways are about: else the sweeps would prove nothing.
for pair in plain:linkat plain:fsync plain:write plain:mkdirat force:renameat \
	force:flock force:linkat over:renameat over:flock group:syncfs group:fsync \
	group:mkdirat group:linkat listed:linkat named:renameat linked:linkat linked:unlinkat moved:renameat; do
	grep -q "^[0-9]* *${pair#*:}2\{0,1\}(" "${pair%:*}/log.whole"
	ok $? "the way ${pair%:*} makes the call ${pair#*:}"
done

# What is said about it.
cat ./*/errors.txt >said
! grep -q Success said
ok $? 'no message speaks of success'
! grep 'cvmkey: error:' said | grep -qv '\[[a-z][a-z0-9.-]*\]$'
ok $? 'every message ends with its id'

# An existing file stays where the file system can do little.
for way in named linked moved; do
	base_of $way
	cd $way || exit 99
	rm -rf out && mkdir out && cp ../old out/c.blob
	injected
	[ "$status" -eq 3 ] && cmp -s out/c.blob ../old && ! leftover &&
		grep -q '\[io.exists\]$' err.txt
	ok $? "$way: an existing file is not replaced"
	cd .. || exit 99
done
base=

# Names that say what went wrong: one fault, one id.
# fault ID CALL:HOW PATTERN WAY: the occurrence whose line has the pattern.
fault() {
	way=$4
	cd "$way" || exit 99
	base_of "$way"
	at=$(grep "^[0-9]* *${2%%:*}(" log.whole | grep -n -e "$3" | head -n 1 |
		cut -d: -f1)
	if [ -z "$at" ]; then
		skip "$way: $2 is $1" 'the call has another name here'
		cd .. || exit 99
		return
	fi
	prepare
	injected -e "inject=$2:when=$at"
	[ "$status" -eq 3 ] && [ "$(grep -c '^cvmkey: error: ' err.txt)" -eq 1 ] &&
		grep -q "\[$1\]\$" err.txt
	ok $? "$way: $2 is $1"
	cd .. || exit 99
}

fault io.open openat:error=EIO 'c.json' plain
fault io.open openat:error=EACCES 'c.json' plain
fault io.open openat:error=ENOENT 'c.json' plain
fault io.read read:error=EIO 'OsDisk' plain
fault io.read newfstatat:error=EIO "st_size=$(wc -c <c.json).*AT_EMPTY" plain
fault io.read fstat:error=EIO "st_size=$(wc -c <c.json)" plain
fault io.create mkdirat:error=EACCES out plain
fault io.create mkdirat:error=ENOSPC out plain
fault io.create openat:error=EACCES O_TMPFILE plain
fault io.create openat:error=ENOSPC O_TMPFILE plain
fault io.write write:error=ENOSPC AzureKey plain
fault io.write write:error=EIO AzureKey plain
fault io.write write:error=EFBIG AzureKey plain
fault io.write write:error=EDQUOT AzureKey plain
fault io.sync fsync:error=EIO . force
fault io.sync fsync:error=ENOSPC . force
fault io.publish linkat:error=EACCES . plain
fault io.exists linkat:error=EEXIST . plain
fault io.publish renameat:error=EACCES . force
fault io.publish renameat:error=EXDEV . force
fault io.publish linkat:error=EROFS cvmkey-part force
fault io.create openat:error=EROFS cvmkey-part over
fault io.publish renameat2:error=EACCES . named
fault io.exists renameat2:error=EEXIST . named
fault io.stdout write:error=EIO 'write(1,' plain
fault io.stdout write:error=EPIPE 'write(1,' plain

if [ ! -d verify ]; then
	way=verify
	mkdir verify && cd verify || exit 99
	prepare
	injected
	cp log log.whole
	cd .. || exit 99
fi
fault io.open newfstatat:error=EIO "st_size=$(wc -c <expected).*AT_EMPTY" verify
fault io.read read:error=EIO AzureKey verify

# What syncfs says of a whole group.
way=group
cd group || exit 99
[ "$(grep -c '^[0-9]* *syncfs(' log.whole)" -eq 2 ]
ok $? 'group: one syncfs for the bytes, one for the names'
prepare
injected -e inject=syncfs:error=EIO:when=1
[ "$status" -eq 0 ] && sound &&
	[ "$(grep -c '^[0-9]* *fsync(.* = 0$' log)" -ge "$(($(grep -c '^[0-9]* *fsync(' log.whole) + 6))" ]
ok $? 'group: where syncfs fails for the bytes each file is asked'
prepare
injected -e inject=fsync:error=EIO:when=5 -e inject=syncfs:error=EIO:when=1
[ "$status" -eq 3 ] && sound && [ "$(grep -c '\[io.sync\]$' err.txt)" -eq 1 ]
ok $? 'group: the one that cannot be synced is named, and no other'
prepare
injected -e inject=syncfs:error=EIO:when=2
[ "$status" -eq 3 ] && sound && [ "$(grep -c '\[io.sync\]$' err.txt)" -eq 6 ]
ok $? 'group: where it fails for the names none counts as durable'
prepare
injected -e inject=fsync:error=EIO:when=2
[ "$status" -eq 3 ] && sound && [ ! -e out/a/x/y/1.blob ] &&
	[ -e out/a/x/y/2.blob ] && grep -q '\[io.create\]$' err.txt &&
	[ "$(grep -c 'mkdirat([0-9]*, "a"' log)" -eq 2 ]
ok $? 'group: a folder that may not last is made again'
cd .. || exit 99

# Killed with the name of a part file, and the next run has nothing to write.
way=force
cd force || exit 99
prepare
cp ../expected out/c.blob && chmod 600 out/c.blob
injected -e inject=renameat,renameat2:signal=SIGKILL
[ "$status" -eq 137 ] && leftover && sound &&
	"$cvmkey" extract -q --resume -d out ../c.json && ! leftover &&
	cmp -s out/c.blob ../expected
ok $? 'force: --resume removes the part file beside a blob that is right'
cd .. || exit 99

# A part file that comes back however often it is removed.
way=force
cd force || exit 99
prepare
injected -e inject=linkat:error=EEXIST
[ "$status" -eq 3 ] && sound && grep -q '\[io.busy\]$' err.txt
ok $? 'force: linkat:error=EEXIST for ever is io.busy'
cd .. || exit 99

# Interrupted calls are made again.
for pair in 'read:OsDisk' 'write:AzureKey' 'fsync:.' 'openat:c.json'; do
	way=plain
	cd plain || exit 99
	at=$(grep "^[0-9]* *${pair%%:*}(" log.whole | grep -n -e "${pair#*:}" |
		head -n 1 | cut -d: -f1)
	prepare
	injected -e "inject=${pair%%:*}:error=EINTR:when=$at"
	[ "$status" -eq 0 ] && sound
	ok $? "${pair%%:*} (${pair#*:}) interrupted: made again"
	cd .. || exit 99
done

# Writes and reads that do less than they were asked to.
way=plain
cd plain || exit 99
at=$(grep "^[0-9]* *write(" log.whole | grep -n AzureKey | cut -d: -f1)
prepare
injected -e "inject=write:retval=0:when=$at"
sound
ok $? 'a write that takes nothing once'
cd .. || exit 99

# A file system that cannot hold the mode, as exFAT: the umask takes all bits,
# and setting them fails. The blob is there, and the record says so.
mkdir "$work/mode"
(
	umask 777
	strace -f -qq -o /dev/null -e inject=fchmod:error=EPERM \
		"$cvmkey" extract --json -d "$work/mode" "$samples/good-vault-key.json"
) >"$work/mode.out" 2>/dev/null && grep -q '"id":"io.mode","severity":"note"' "$work/mode.out"
ok $? 'a mode that the file system cannot hold is noted'

done_testing
