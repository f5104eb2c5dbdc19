# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every system call of a run fails once with each of several errors, and the
# run is killed before each: a blob is there whole or not at all.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

[ "${sanitized:-no}" != yes ] || skip_all 'sanitizers do not bear it'
command -v strace >/dev/null || skip_all 'no strace'
command -v timeout >/dev/null || skip_all 'no timeout'
strace -f -qq -o log -e inject=fsync:error=EIO:when=1 true >/dev/null 2>&1 ||
	skip_all 'strace cannot trace here'

calls='openat open read write fstat newfstatat fsync linkat renameat renameat2
	unlinkat fchmod close mkdirat fcntl flock lseek mmap brk access
	faccessat2 syncfs getdents64'
errors='EIO ENOSPC EINTR ENOMEM EACCES'

cp "$samples/good-vault-key.json" c.json
key_data c.json >expected
cp "$samples/good-managed-hsm-key.blob" old
# six inputs in two folders; so many new folders that not each is synced
mkdir -p tree/a/x/y tree/b/x/y
for name in 1 2 3; do
	cp c.json "tree/a/x/y/$name.json"
	cp c.json "tree/b/x/y/$name.json"
done

# The ways to run; each has its directory, so that they can run side by side.
#   plain  a new blob in a new directory
#   force  --force over an existing blob
#   self   --force with an output that is the input
#   named  a new blob where files cannot be without a name
#   linked ... and renameat2 does not know RENAME_NOREPLACE
#   moved  ... and there are no hard links either
#   over   --force over an existing blob, where files cannot be without a name
#   group  six blobs in two new folders, made durable together
#   listed two blobs, a manifest and sums

# prepare: the state before a run.
prepare() {
	case $way in
	plain | group | listed) rm -rf out ;;
	named | linked | moved) rm -rf out && mkdir out ;;
	force | over) [ -d out ] || mkdir out; rm -f out/.[!.]* && cp ../old out/c.blob ;;
	self) [ -d out ] || mkdir out; rm -f out/.[!.]* && cp ../c.json out/c.json ;;
	esac
}

# injected OPTION...: a run below strace, with $status.
injected() {
	status=0
	case $way in
	plain | named | linked | moved) set -- "$@" "$cvmkey" extract -d out ../c.json ;;
	force | over) set -- "$@" "$cvmkey" extract --force -d out ../c.json ;;
	self) set -- "$@" "$cvmkey" extract --force -o out/c.json out/./c.json ;;
	group) set -- "$@" "$cvmkey" extract -j1 -d out ../tree ;;
	listed) set -- "$@" "$cvmkey" extract -j1 -d out --manifest --sums ../tree/a/x/y/1.json ../c.json ;;
	esac
	# the outer redirection takes what the shell says of a killed process
	# shellcheck disable=SC2086 # words
	{ timeout 20 strace -f -qq -o log $base "$@" >out.txt 2>err.txt </dev/null; } \
		2>/dev/null || status=$?
	cat err.txt >>errors.txt
}

# shellcheck disable=SC2317 # called through a variable
# uninjected: the same without strace.
uninjected() {
	status=0
	case $way in
	plain | named | linked | moved) "$cvmkey" extract -d out ../c.json ;;
	force | over) "$cvmkey" extract --force -d out ../c.json ;;
	self) "$cvmkey" extract --force -o out/c.json out/c.json ;;
	group) "$cvmkey" extract -j1 --resume -d out ../tree ;;
	listed) rm -f out/manifest.jsonl out/SHA256SUMS &&
		"$cvmkey" extract -j1 --resume -d out --manifest --sums ../tree/a/x/y/1.json ../c.json ;;
	esac >out.txt 2>/dev/null || status=$?
}

leftover() {
	for hidden in out/.[!.]* out/?/x/y/.[!.]*; do
		[ ! -e "$hidden" ] || return 0
	done
	return 1
}

# whole BLOB...: each is there whole, or, unless the run says it was good, not.
whole() {
	for blob; do
		if [ -e "$blob" ] || [ "$status" -eq 0 ]; then
			cmp -s "$blob" ../expected &&
				[ "$(stat -c %a "$blob")" = 600 ] || return 1
		fi
	done
}

# listings_whole: the manifest and the sums are there whole, or not at all; a
# blob that they call written is there.
listings_whole() {
	if [ "$status" -eq 0 ]; then
		[ -e out/manifest.jsonl ] && [ -e out/SHA256SUMS ] &&
			[ "$(wc -l <out/SHA256SUMS)" -eq 2 ] &&
			[ "$(grep -c '"status":"ok"' out/manifest.jsonl)" -eq 2 ] ||
			return 1
	fi
	if [ -e out/SHA256SUMS ]; then
		(cd out && [ ! -s SHA256SUMS ] || sha256sum --status -c SHA256SUMS) ||
			return 1
	fi
	if [ -e out/manifest.jsonl ]; then
		[ "$(wc -l <out/manifest.jsonl)" -eq 4 ] &&
			head -n 1 out/manifest.jsonl | grep -q '"type":"run"' &&
			tail -n 1 out/manifest.jsonl | grep -q '"type":"summary".*}$' ||
			return 1
		for listed in 1 c; do
			! grep -q "\"status\":\"ok\".*\"path\":\"$listed.blob\"" \
				out/manifest.jsonl || [ -e "out/$listed.blob" ] || return 1
		done
	fi
}

# sound: what must hold after every run.
sound() {
	case $way in
	self)
		cmp -s out/c.json ../c.json && [ "$status" -ne 0 ] || return 1
		;;
	force | over)
		if ! cmp -s out/c.blob ../old || [ "$status" -eq 0 ]; then
			cmp -s out/c.blob ../expected &&
				[ "$(stat -c %a out/c.blob)" = 600 ] || return 1
		fi
		;;
	group)
		whole out/a/x/y/1.blob out/a/x/y/2.blob out/a/x/y/3.blob \
			out/b/x/y/1.blob out/b/x/y/2.blob out/b/x/y/3.blob || return 1
		;;
	listed)
		whole out/1.blob out/c.blob && listings_whole || return 1
		;;
	*)
		whole out/c.blob || return 1
		;;
	esac
	[ "$status" -ne 0 ] || [ -s out.txt ]
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
	esac
	if leftover; then
		[ "$way" != plain ] || return 1
		done_before=$([ -e out/c.blob ] && echo yes)
		if [ "$way" = force ]; then
			uninjected
			[ "$status" -eq 0 ] && sound && ! leftover
		elif [ "$way" = over ]; then
			injected
			[ "$status" -eq 0 ] && sound && ! leftover
		elif [ "$way" = self ]; then
			uninjected
			[ "$status" -eq 3 ] && sound && ! leftover
		else
			injected
			! leftover && [ -e out/c.blob ] || return 1
			[ "$status" -eq 0 ] || [ "$done_before" = yes ]
		fi
	fi
}

# result GOOD DESCRIPTION: for the main shell to print.
result() {
	printf '%s %s\n' "$1" "$2" >>results
}

# count_calls: how often the run makes each call, into the file counts.
count_calls() {
	prepare
	injected
	sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' log | sort | uniq -c >counts
	cp log log.whole
}

occurrences() {
	awk -v call="$1" '$2 == call { n = $1 } END { print n + 0 }' counts
}

# before_main CALL: how many of them the dynamic linker makes.
before_main() {
	sed '/fcntl(0, F_GETFD)/q' log.whole | grep -v 'fcntl(0' |
		grep -c "^[0-9]* *$1("
}

# sweep CALL KIND WHAT: each occurrence of the call.
sweep() {
	n=$(occurrences "$1")
	[ "$n" -gt 0 ] || return 0
	first=$(before_main "$1")
	case $base in *=$1:*) return 0 ;; esac
	i=0 wrong=
	while [ "$i" -lt "$n" ]; do
		i=$((i + 1))
		prepare
		injected -e "inject=$1:$3:when=$i"
		"sound_after_$2" || wrong="$wrong $i($status)"
	done
	total=$((total + n))
	[ -z "$wrong" ]
	result $? "$way: $1, $3: each of $n occurrences${wrong:+, wrong at$wrong}"
}

# sweep_on CALL ERROR: the call fails from each of its occurrences on; those
# of the dynamic linker are left out.
sweep_on() {
	n=$(occurrences "$1")
	first=$(before_main "$1")
	[ "$n" -gt "$first" ] || return 0
	case $base in *=$1:*) return 0 ;; esac
	i=$first wrong=
	while [ "$i" -lt "$n" ]; do
		i=$((i + 1))
		prepare
		injected -e "inject=$1:error=$2:when=$i+"
		sound_after_error || wrong="$wrong $i+($status)"
	done
	total=$((total + n - first))
	[ -z "$wrong" ]
	result $? "$way: $1, $2 from then on: each of $((n - first)) occurrences${wrong:+, wrong at$wrong}"
}

# way NAME: everything for one way.
sweep_way() {
	way=$1
	mkdir "$way"
	cd "$way" || exit 99
	total=0
	count_calls
	case $way in
	self) [ "$status" -eq 3 ] && sound && ! leftover ;;
	*) [ "$status" -eq 0 ] && sound && ! leftover ;;
	esac
	result $? "$way: what must hold does without a fault"
	for call in $calls; do
		case $way:$call in
		# the same as in plain
		self:mmap | self:brk) continue ;;
		*:brk)
			# the kernel tells no error, but the old end
			sweep brk error retval=0
			sweep brk kill signal=SIGKILL
			continue
			;;
		named:mmap | named:read | named:fcntl) continue ;;
		linked:mmap | linked:read | linked:fcntl) continue ;;
		moved:mmap | moved:read | moved:fcntl) continue ;;
		over:mmap | over:read | over:fcntl) continue ;;
		group:mmap | listed:mmap) continue ;;
		esac
		for error in $errors; do
			case $way:$error in
			named:E[!I]* | linked:E[!I]* | moved:E[!I]* | over:E[!I]*)
				continue
				;;
			group:E[!IA]* | group:EINTR | listed:E[!I]* | listed:EINTR)
				continue
				;;
			esac
			sweep "$call" error "error=$error"
		done
		sweep "$call" kill signal=SIGKILL
		for error in EIO ENOSPC EACCES; do
			case $call in
			# a directory that loses files by no means keeps them
			unlinkat) continue ;;
			esac
			case $way in
			plain | force | self) sweep_on "$call" $error ;;
			group | listed) [ $error != EIO ] || sweep_on "$call" $error ;;
			esac
		done
	done
	echo "$total" >total
}

# The calls that make a file system look poorer.
base=
way=plain
mkdir probe
cd probe || exit 99
count_calls
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

(
	sweep_way plain
	cd ..
	base=$named
	sweep_way named
	cd ..
	base=$linked
	sweep_way linked
	cd ..
	base=$moved
	sweep_way moved
) &
(
	sweep_way force
	cd ..
	sweep_way self
	cd ..
	base=$named
	sweep_way over
	cd ..
	base=
	sweep_way listed
) &
(sweep_way group) &
wait

for way in plain force self named linked moved over group listed; do
	while read -r good description; do
		ok "$good" "$description"
	done <$way/results
done
cases=$(cat ./*/total | awk '{ n += $1 } END { print n + 0 }')
[ "$cases" -ge 1000 ]
ok $? "$cases faults were injected"

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
	case $way in
	named) base=$named ;;
	linked) base=$linked ;;
	moved) base=$moved ;;
	esac
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
	base=
	case $way in named | over) base=$named ;; esac
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
