#!/bin/sh
# SPDX-License-Identifier: MIT
# make check-network: every scenario of tests/cli under strace. No run of the
# program makes a network call or one of io_uring, or starts a program.
#
# Calls are traced before the kernel's filter refuses them: what is tried is
# seen. Scenarios that trace by themselves do without it here.
set -u

: "${srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${builddir:=$PWD}"
export srcdir builddir

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

trace() {
	strace -f -Y -qq -e signal=none -e trace=%network,io_uring_setup,execve,execveat \
		-o "$work/log" "$@"
}

if ! trace true >/dev/null 2>&1; then
	echo 'strace is missing, too old (5.17 has -Y), or cannot trace here'
	exit 77
fi

# tried: calls in the log by the program; a copy of it has another name. That
# it is started itself is none of them.
tried() {
	grep -E '^[0-9]+<(cvmkey|program)> ' "$work/log" | grep -vE \
		'> (execve\(".*/(cvmkey|program)", |<\.\.\. execve resumed|\+\+\+ )'
}

# a run of the tests for the sandbox shows that what is refused is seen
if [ -x "$builddir/tests/unit/test_sandbox" ]; then
	CK_RUN_CASE=calls trace "$builddir/tests/unit/test_sandbox" >/dev/null 2>&1
	seen=$(grep -c 'socket(.*EPERM' "$work/log")
	echo "seen in a program that tries: $seen socket calls that were refused"
	[ "$seen" -ge 5 ] || exit 1
fi

scenarios=0 runs=0 calls=0
for f in "$srcdir"/tests/cli/[0-9]*.sh; do
	trace timeout 1200 sh "$f" >"$work/out" 2>&1 </dev/null
	n=$(grep -cE 'execve\(".*/(cvmkey|program)", .* = 0$' "$work/log")
	tried >"$work/tried"
	found=$(wc -l <"$work/tried")
	printf '%-28s %6d runs, %d calls\n' "$(basename "$f" .sh)" "$n" "$found"
	[ "$found" -eq 0 ] || head -n 5 "$work/tried"
	scenarios=$((scenarios + 1)) runs=$((runs + n)) calls=$((calls + found))
done
echo "$scenarios scenarios, $runs runs of cvmkey, $calls calls to the network or of programs"
[ "$calls" -eq 0 ] && [ "$runs" -ge 1000 ]
