# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Evidence is as it was, seen from outside: bytes, times, modes, what stands
# beside it; and what the program does to it, call by call.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

mkdir -p evidence/sub/deep
cp "$samples"/good-* "$samples"/odd-* evidence/sub
cp "$samples/bad-b64-alphabet.json" "$samples/bad-json-truncated.json" evidence/sub/deep
cp "$samples/good-vault-key.json" evidence/c.json
echo other >evidence/other.txt
tar -cf evidence/a.tar -C evidence sub/deep c.json
tar -czf evidence/a.tgz -C evidence sub/deep c.json
ln -s c.json evidence/link
mkfifo evidence/pipe
printf 'evidence/c.json\000evidence/sub\000' >evidence/list
"$cvmkey" extract -d blobs --manifest evidence/c.json evidence/sub >/dev/null 2>&1

# look: what is known of each name. stat(1) looks at what it is given and reads
# nothing, so that it changes nothing by itself.
find evidence | sort >names
look() {
	xargs -d '\n' stat -c '%n %x %y %z %s %a %u %i %h' <names
}

# age: access times before the last change, so that a read would set them
age() {
	xargs -d '\n' touch -h -a -d 2001-01-01T00:00:00Z <names
	look >facts.before
}
find evidence -type f -exec sha256sum {} + | sort >sums.before

# what is looked for shows where a program reads as most do
age
cat evidence/c.json >/dev/null
ls evidence/sub >/dev/null
look >facts.after
changed=$(comm -13 facts.before facts.after | wc -l)
if [ "$changed" -ge 1 ]; then
	equal "$changed" 2 'cat and ls change access times here'
else
	skip 'cat and ls change access times here' 'this file system keeps none'
fi

# untouched DESCRIPTION: after the last run
untouched() {
	look >facts.after
	same facts.before facts.after "$1: times, sizes and modes stay"
	find evidence | sort | cmp -s names -
	ok $? "$1: nothing is put beside"
	find evidence -type f -exec sha256sum {} + | sort >sums.after
	same sums.before sums.after "$1: bytes stay"
}

# of HOW ARGUMENT...: one run
of() {
	how=$1
	shift
	age
	run "$@"
	[ "$status" -le 1 ] || grep -q '\[io.output-is-input\]' err
	ok $? "$how: exit $status"
	untouched "$how"
}
of show show evidence/c.json
of 'show of all' show -v -j2 evidence
of extract extract -d single evidence/c.json
of 'extract of all' extract -j2 --parents -d all --manifest --sums evidence evidence/a.tar
of 'extract --force' extract -j1 -f --parents -d all --manifest --sums evidence
of 'extract --resume' extract --resume -d single evidence/c.json
of 'a list' extract --files0-from=evidence/list -d listed
of archives show --json evidence/a.tar evidence/a.tgz
of verify verify -v blobs/manifest.jsonl
of 'an output into the evidence that is refused' extract -f -o evidence/c.json evidence/c.json
age
"$cvmkey" show --json - <evidence/c.json >out 2>err
matches out '.[0].input.atime == "may-change"' 'standard input: its access time may change'
look >facts.after
# the shell that opened it decided that
[ "$(comm -13 facts.before facts.after | grep -cv '^evidence/c.json ')" -eq 0 ]
ok $? 'and nothing else does'

# what the record says of the access time is so
age
run show --json evidence/c.json
matches out '.[0].input.atime == "kept"' 'the record says it is kept'
untouched 'and it is'
cp "$cvmkey" program
chmod 755 . program
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
if am_root && as_nobody ./program --version >/dev/null 2>&1 && [ "$changed" -ge 1 ]; then
	age
	as_nobody ./program show --json evidence/c.json >out 2>err
	matches out '.[0].input.atime == "may-change"' \
		'of a file of somebody else it says that it may change'
	look >facts.after
	equal "$(comm -13 facts.before facts.after | cut -d' ' -f1)" evidence/c.json \
		'and that is all that changes'
else
	skip 'a file of somebody else' 'nobody cannot run the program, or times are not kept'
fi

# ---- call by call -----------------------------------------------------------

if ! am_root || ! command -v strace >/dev/null ||
	! strace -f -y -qq -o log -e trace=%file,%desc "$cvmkey" --version >out 2>err; then
	skip 'what is done to evidence' 'strace cannot trace here, or not as this user'
	done_testing
fi

# calls ARGUMENT...: those that name something in the evidence, or work on it;
# what is written to reports does not count as a name, nor do the counters of
# a build for coverage
calls() {
	strace -f -y -qq -o log -e trace=%file,%desc -e signal=none \
		"$cvmkey" "$@" >out 2>err </dev/null
	sed '/\.gcda[">]/d; s/^[0-9]* *//; /^execve/d; s/^\(writev\{0,1\}([^"]*\)".*/\1/' log |
		grep -e '"evidence[/"]' -e '<[^>]*/evidence[/>]' >>seen
}
: >seen
calls extract -j2 --parents -d traced --manifest --sums evidence
calls extract -f --parents -d traced evidence/c.json evidence/a.tgz
calls show evidence/c.json evidence/missing.json evidence/pipe.json
calls verify blobs/manifest.jsonl
opens='^openat\([^"]*"[^"]*", O_RDONLY[A-Z_|]*( <unfinished|\))'
[ "$(grep -cE "$opens" seen)" -ge 50 ] && grep -q '^read([0-9]*<[^>]*/evidence/c.json>' seen
ok $? "calls were seen: $(wc -l <seen)"
# names of outputs are those of evidence, below traced
grep -vE "$opens" seen | grep -v '<[^>]*/traced[/>]\|"traced/' |
	grep -vE '^(read|pread64|lseek|close|stat|fstat|newfstatat|statx|getdents64|fadvise64|mmap|readlink|access)\(' |
	grep -vE '^fcntl\(.*, F_(GETF[LD]|SETFD|DUPFD_CLOEXEC)' |
	grep -v '^<\.\.\. ' >out
[ ! -s out ]
ok $? 'evidence is opened for reading, and only read'

done_testing
