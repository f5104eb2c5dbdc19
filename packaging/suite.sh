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

# below_qemu ARCH FILE: a program that runs FILE, where this processor cannot,
# also for a caller without a PATH. qemu has no seccomp to offer: that warning is
# left out, since every run has it.
below_qemu() {
	command -v "qemu-$1" >/dev/null || {
		echo "suite: qemu-$1 is missing" >&2
		exit 1
	}
	cat >"$out/cvmkey" <<-END
		#!/bin/sh
		PATH='$PATH'
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
	19-inject) echo 'lets calls of qemu fail' ;;
	esac
}

# run_all: each scenario to its NAME.log and NAME.status, several side by side.
run_all() {
	# shellcheck disable=SC2016 # for that shell
	for scenario in "$top"/tests/cli/[0-9]*.sh; do
		name=$(basename "$scenario" .sh)
		[ "$(why_not "$name")" ] || echo "$name"
	done | xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 1 sh -c '
		status=0
		sh "$srcdir/tests/cli/$2.sh" >"$1/$2.log" 2>&1 || status=$?
		echo "$status" >"$1/$2.status"' sh "$out"
}

# tell NAME: what a scenario skipped and what failed, and counts it.
tell() {
	reason=$(why_not "$1")
	if [ "$reason" ]; then
		echo "$1: SKIP, it $reason"
		skipped=$((skipped + 1))
		return
	fi
	log=$out/$1.log
	status=$(cat "$out/$1.status")
	# a scenario that ends without its plan has failed as well
	if [ "$status" -ne 0 ] || ! grep -aq '^1\.\.' "$log"; then
		bad=$((bad + 1))
		echo "$1: exit $status"
	fi
	grep -a -A 12 '^not ok' "$log" || :
	grep -a '# SKIP' "$log" | sed "s/^/$1: /" || :
	skipped=$((skipped + $(grep -ac '^ok.*# SKIP\|^1\.\.0 # SKIP' "$log" || :)))
	bad=$((bad + $(grep -ac '^not ok' "$log" || :)))
	passed=$((passed + $(grep -a '^ok' "$log" | grep -vc '# SKIP' || :)))
}

failed=0
for file; do
	file=$(cd "$(dirname "$file")" && pwd)/$(basename "$file")
	CVMKEY=$file
	CVMKEY_FILE=$file
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
	export CVMKEY CVMKEY_FILE emulated
	passed=0 bad=0 skipped=0
	started=$(date +%s)
	run_all
	for scenario in "$top"/tests/cli/[0-9]*.sh; do
		tell "$(basename "$scenario" .sh)"
	done
	echo "$(basename "$file"): $(($(date +%s) - started)) s"
	echo "$(basename "$file"): $passed passed, $bad failed, $skipped skipped"
	failed=$((failed + bad))
done
[ "$failed" -eq 0 ]
