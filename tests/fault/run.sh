#!/bin/sh
# SPDX-License-Identifier: MIT
# make check-fault: everything that can fail below a run does, at every call.
# Ends with a table: how many faults there were, and after how many of them
# something was left over, torn, called good or blamed on the evidence.
set -u

: "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${builddir:=$PWD}"
logs=$builddir/fault
CVMKEY_FAULTS=full
: "${CVMKEY_KILLS:=20}"
export srcdir builddir CVMKEY_FAULTS CVMKEY_KILLS

rm -rf "$logs"
mkdir -p "$logs" || exit 1

# start NAME COMMAND...: a scenario beside the others.
start() {
	name=$1
	shift
	{
		"$@" >"$logs/$name" 2>"$logs/$name.errors" </dev/null ||
			echo "not ok $name ended with $?" >>"$logs/$name"
	} &
}

start calls sh "$srcdir/tests/cli/19-inject.sh"
start memory sh "$srcdir/tests/cli/22-memory.sh"
start short sh "$srcdir/tests/cli/32-short.sh"
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	start limits env CVMKEY_MOUNTS=yes unshare -m sh "$srcdir/tests/fault/limits.sh"
else
	start limits sh "$srcdir/tests/fault/limits.sh"
fi
start kill sh "$srcdir/tests/cli/27-kill.sh"
wait

cd "$logs" || exit 1
grep -h -A 12 '^not ok' calls memory short limits kill
grep -h ' # SKIP ' calls memory short limits kill
cat calls memory short limits kill | awk '
	function row(name, n) {
		printf "%-28s %8s %9s %6s %5s %6s %6s\n", name, n[1], n[2], n[3],
			n[4], n[5], n[6]
	}
	BEGIN {
		split("faults left-over torn lies blamed broken", n)
		row("", n)
	}
	/^(not )?ok / { checks++ }
	/^not ok / { failed++ }
	/ # SKIP / { skipped++ }
	sub(/^# faults: /, "") {
		for (i = 6; i; i--) {
			n[i] = $NF
			sum[i] += $NF
			sub(/ [0-9]+$/, "")
		}
		row($0, n)
		rows++
	}
	END {
		row("all", sum)
		printf "%d passed, %d failed, %d skipped\n",
			checks - failed - skipped, failed, skipped
		exit failed || rows < 5 || sum[2] + sum[3] + sum[4] + sum[5] + sum[6]
	}
'
