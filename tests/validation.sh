#!/bin/sh
# SPDX-License-Identifier: MIT
# make validation: which requirement was tested how, and with what result, from
# the logs of the last make check. Writes validation.txt; fails if a requirement
# has no test that passed, or one that failed.
set -u

: "${srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${builddir:=$PWD}"
requirements=$srcdir/tests/validation/requirements
report=$builddir/validation.txt
program=$builddir/cvmkey

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# judge TEST ERE: "RESULT PASSED FAILED SKIPPED" of a log of make check.
judge() {
	log=$builddir/tests/$1.log
	if [ ! -f "$log" ]; then
		echo 'not-run 0 0 0'
	elif [ -n "$(find "$program" -newer "$log")" ]; then
		echo 'older-than-program 0 0 0'
	else
		grep -E "^(not )?ok [0-9]+( -)? .*(${2:-.})" "$log" |
			awk '
				/^not ok/ { failed++; next }
				/# SKIP/ { skipped++; next }
				{ passed++ }
				END {
					r = failed ? "fail" : passed ? "pass" : skipped ? "skip" : "no-such-check"
					print r, passed + 0, failed + 0, skipped + 0
				}'
		# a scenario that ended early did not print its plan
		grep -qE '^1\.\.[0-9]' "$log" || echo 'incomplete 0 1 0'
	fi
}

# row ID REQUIREMENT: judges the tests in $work/tests.
row() {
	[ -s "$work/tests" ] || echo 'no-test 0 0 0 -' >"$work/results"
	while IFS=' ' read -r test ere; do
		judge "$test" "$ere" | sed "s|\$| $test|"
	done <"$work/tests" >>"$work/results"
	awk -v id="$1" -v what="$2" '
		$1 == "pass" { pass++ }
		$1 == "skip" { skip++ }
		$1 != "pass" && $1 != "skip" { bad = bad " " $5 ": " $1 }
		{ checks += $2; failed += $3; skipped += $4; tests = tests " " $5 }
		END {
			result = bad || !NR ? "FAIL" : skip ? (pass ? "pass (part)" : "skip") : "pass"
			printf "%-10s %-11s %s\n", id, result, what
			printf "%22s %d checks passed, %d failed, %d skipped:%s\n", "", checks, failed, skipped, tests
			if (bad) printf "%22s%s\n", "", bad
		}' "$work/results"
	: >"$work/results"
	: >"$work/tests"
}

: >"$work/tests"
: >"$work/results"
{
	echo 'cvmkey: requirements, tests and results'
	echo
	"$program" --version -v
	echo "program SHA-256 $(sha256sum <"$program" | cut -d' ' -f1)"
	echo "tested on $(uname -srm), $(date -u +%Y-%m-%dT%H:%M:%SZ)"
	echo
	id=
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'#'*) ;;
		'	'*) printf '%s\n' "${line#	}" >>"$work/tests" ;;
		CVK-*)
			[ -z "$id" ] || row "$id" "$what"
			id=${line%% *} what=${line#* }
			;;
		esac
	done <"$requirements"
	row "$id" "$what"
} >"$work/report"
total=$(grep -c '^CVK-' "$work/report")
failed=$(grep -cE '^CVK-[^ ]+ +FAIL' "$work/report")
skipped=$(grep -cE '^CVK-[^ ]+ +(skip|pass \(part\))' "$work/report")
{
	cat "$work/report"
	echo
	echo "$total requirements: $((total - failed - skipped)) hold, $skipped in part or not tested here, $failed do not or have no test"
} >"$report"
cat "$report"
[ "$total" -gt 0 ] && [ "$failed" -eq 0 ]
