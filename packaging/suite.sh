#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/suite.sh BUILD FILE...: every scenario of tests/cli with FILE as the
# program under test, and the samples of BUILD. A file for another processor
# runs below qemu, one for Windows below wine. What cannot work is skipped by
# name, with its reason: whole scenarios by why_not, checks by windows.skip.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
builddir=$(cd "$1" && pwd)
srcdir=$top
shift
export builddir srcdir
: "${CC:=cc}"
export CC

out=$(mktemp -d "${TMPDIR:-/tmp}/cvmkey-suite.XXXXXX")
trap '[ ! -d "$out/wine" ] || wineserver -k || :; rm -rf "$out"' EXIT
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

# below_wine FILE: a program that runs FILE, and finds wine where PATH is empty;
# to wine names are of the locale. One server serves all of them.
below_wine() {
	WINEPREFIX=$out/wine
	WINEDEBUG=-all
	export WINEPREFIX WINEDEBUG
	mkdir -p "$WINEPREFIX"
	{ wineserver -p && wineboot -i; } >/dev/null 2>&1 || {
		echo 'suite: wine is missing' >&2
		exit 1
	}
	cat >"$out/cvmkey" <<-END
		#!/bin/sh
		PATH='$PATH' LC_ALL=C.UTF-8 exec wine '$1' "\$@"
	END
	chmod +x "$out/cvmkey"
}

# excuse SCENARIO: in its log checks that windows.skip lists are skipped; one that
# is listed and holds is told.
excuse() {
	awk -v scenario="$1" '
	function listed(text, i) {
		for (i = 1; i <= n; i++)
			if (text == check[i] || (index(check[i], "*") &&
				index(text, substr(check[i], 1, length(check[i]) - 1)) == 1))
				return i
		return 0
	}
	NR == FNR {
		if (/^\t/ && index($0, "\t" scenario ": ") == 1) {
			check[++n] = substr($0, length(scenario) + 4)
			why[n] = reason
		} else if (!/^[\t#]/)
			reason = $0
		next
	}
	/^not ok [0-9]+ - / {
		text = $0
		sub(/^not ok [0-9]+ - /, "", text)
		if (i = listed(text)) {
			used[i] = 1
			print substr($0, 5) " # SKIP " why[i]
			next
		}
	}
	{ print }
	END {
		for (i = 1; i <= n; i++)
			if (!used[i])
				print "not ok - holds, and windows.skip lists it: " check[i]
	}' "$top/packaging/windows.skip" "$out/$1.log" >"$out/excused"
	mv "$out/excused" "$out/$1.log"
}

# why_not SCENARIO: the reason why it cannot run on this file, if there is one.
why_not() {
	case $emulated:$1 in
	qemu:39-sandbox) echo 'needs seccomp, which qemu does not have' ;;
	qemu:18-system) echo 'limits and signals what is qemu' ;;
	qemu:19-inject) echo 'lets calls of qemu fail' ;;
	wine:18-system | wine:27-kill)
		echo 'limits, stops and kills processes as Linux does' ;;
	wine:19-inject | wine:41-untouched) echo 'sees the calls of wine' ;;
	wine:42-terminal) echo 'needs a terminal, which stands behind wine' ;;
	esac
}

# run_all: each scenario to its NAME.log and NAME.status, several side by side.
run_all() {
	# shellcheck disable=SC2016 # for that shell
	for scenario in $scenarios; do
		[ "$(why_not "$(basename "$scenario" .sh)")" ] || echo "$scenario"
	done | xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 1 sh -c '
		status=0
		name=$(basename "$2" .sh)
		sh "$2" >"$1/$name.log" 2>&1 || status=$?
		echo "$status" >"$1/$name.status"' sh "$out"
}

# tell NAME: what a scenario skipped and what failed, and counts it.
tell() {
	reason=$(why_not "$1")
	if [ "$reason" ]; then
		echo "$1: SKIP, it $reason"
		skipped=$((skipped + 1))
		return
	fi
	[ "$emulated" != wine ] || excuse "$1"
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
	scenarios=$(echo "$top"/tests/cli/[0-9]*.sh)
	unset sanitized windows sandbox CVMKEY_CONFIGS
	arch=${file##*-}
	if [ "$arch" = x86_64.exe ]; then
		below_wine "$file"
		CVMKEY=$out/cvmkey
		scenarios="$scenarios $top/packaging/windows-files.sh"
		emulated=wine
		# each file takes wine long
		sanitized=yes windows=yes sandbox=no CVMKEY_CONFIGS=1000
		export sanitized windows sandbox CVMKEY_CONFIGS
	elif [ "$arch" != "$(uname -m)" ]; then
		below_qemu "$arch" "$file"
		CVMKEY=$out/cvmkey
		# as for sanitizers: no limit on the memory that qemu needs, too
		emulated=qemu
		sanitized=yes
		export sanitized
	fi
	export CVMKEY CVMKEY_FILE emulated
	passed=0 bad=0 skipped=0
	started=$(date +%s)
	run_all
	for scenario in $scenarios; do
		tell "$(basename "$scenario" .sh)"
	done
	echo "$(basename "$file"): $(($(date +%s) - started)) s"
	echo "$(basename "$file"): $passed passed, $bad failed, $skipped skipped"
	failed=$((failed + bad))
done
[ "$failed" -eq 0 ]
