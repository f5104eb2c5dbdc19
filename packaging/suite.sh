#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/suite.sh BUILD FILE...: every scenario of tests/cli with FILE as the
# program under test, and the samples of BUILD. A file for another processor
# runs below qemu. What cannot work is skipped by name, with its reason.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
builddir=$(cd "$1" && pwd)
srcdir=$top
shift
export builddir srcdir
: "${CC:=cc}"
export CC

out=$(mktemp -d "${TMPDIR:-/tmp}/cvmkey-suite.XXXXXX")
trap 'rm -rf "$out"' EXIT
trap 'exit 99' HUP INT TERM

# below_qemu ARCH FILE: a program that runs FILE, where this processor cannot.
# qemu has no seccomp to offer: that warning is left out, since every run has it.
below_qemu() {
	command -v "qemu-$1" >/dev/null || {
		echo "suite: qemu-$1 is missing" >&2
		exit 1
	}
	cat >"$out/cvmkey" <<-END
		#!/bin/sh
		said=\$(mktemp)
		qemu-$1 '$2' "\$@" 2>"\$said"
		status=\$?
		sed '/\[sandbox.missing\]\$/{N;d;}' "\$said" >&2
		rm -f "\$said"
		exit \$status
	END
	chmod +x "$out/cvmkey"
}

# why_not SCENARIO: the reason why it cannot run on this file, if there is one.
why_not() {
	[ "$emulated" ] || return 0
	case $1 in
	39-sandbox) echo 'needs seccomp, which qemu does not have' ;;
	18-system) echo 'limits and signals what is qemu' ;;
	28-parts) echo 'empties the PATH that the way to qemu needs' ;;
	19-inject | 25-bulk | 27-kill | 31-bounded | 41-untouched)
		echo 'sees the calls, memory and processes of qemu'
		;;
	42-terminal) echo 'needs a terminal, which stands behind qemu' ;;
	esac
}

failed=0
for file; do
	file=$(cd "$(dirname "$file")" && pwd)/$(basename "$file")
	CVMKEY=$file
	emulated=
	unset sanitized
	arch=${file##*-}
	if [ "$arch" != "$(uname -m)" ]; then
		below_qemu "$arch" "$file"
		CVMKEY=$out/cvmkey
		# as for sanitizers: no limit on the memory that qemu needs, too
		emulated=yes
		sanitized=yes
		export sanitized
	fi
	export CVMKEY
	passed=0 bad=0 skipped=0
	for scenario in "$top"/tests/cli/[0-9]*.sh; do
		name=$(basename "$scenario" .sh)
		reason=$(why_not "$name")
		if [ "$reason" ]; then
			echo "$name: SKIP, it $reason"
			skipped=$((skipped + 1))
			continue
		fi
		status=0
		sh "$scenario" >"$out/log" 2>&1 || status=$?
		# a scenario that ends without its plan has failed as well
		if [ "$status" -ne 0 ] || ! grep -aq '^1\.\.' "$out/log"; then
			bad=$((bad + 1))
			echo "$name: exit $status"
		fi
		grep -a -A 12 '^not ok' "$out/log" || :
		grep -a '# SKIP' "$out/log" | sed "s/^/$name: /" || :
		skipped=$((skipped + $(grep -ac '^ok.*# SKIP\|^1\.\.0 # SKIP' "$out/log" || :)))
		bad=$((bad + $(grep -ac '^not ok' "$out/log" || :)))
		passed=$((passed + $(grep -a '^ok' "$out/log" | grep -vc '# SKIP' || :)))
	done
	echo "$(basename "$file"): $passed passed, $bad failed, $skipped skipped"
	failed=$((failed + bad))
done
[ "$failed" -eq 0 ]
