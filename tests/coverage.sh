#!/bin/sh
# SPDX-License-Identifier: MIT
# make coverage: lines and branches of src/ that the tests reach, by folder; the
# report for each file is coverage/report/index.html. With clang 19 also the
# conditions of src/evidence/ that unit tests show to decide on their own
# (MC/DC): coverage/report/conditions.txt. What is missed in src/evidence/ must
# be what tests/coverage-missing lists.
set -u

: "${srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${builddir:=$PWD}"
: "${MAKE:=make}"
srcdir=$(cd "$srcdir" && pwd -P)
tree=$builddir/coverage

die() {
	printf 'coverage: %s\n' "$*" >&2
	exit 1
}

command -v gcovr >/dev/null || die 'gcovr is missing'
mkdir -p "$tree" && cd "$tree" || exit 1
if [ ! -f Makefile ]; then
	"$srcdir/configure" -q --enable-coverage || die 'configure failed'
fi
# TESTS= builds what make check needs and runs nothing
"$MAKE" --no-print-directory all check TESTS= >build.log 2>&1 ||
	die "the build failed: $tree/build.log"
find . -name '*.gcda' -exec rm -f {} +
rm -rf logs report
mkdir logs report

failed=
# counted NAME COMMAND...: a test, with its output in logs/.
counted() {
	log=logs/$1
	shift
	timeout 600 "$@" >"$log" 2>&1 </dev/null &&
		! grep -q '^not ok' "$log" || failed="$failed $log"
}

# fork_of NAME: a test case that Check has to kill loses its counters, so no
# forks; but some tests have cases that need a process of their own, and end it
# with exit(), or change who runs it.
fork_of() {
	case $1 in
	test_outfile | test_walk_failures) echo yes ;;
	*) echo no ;;
	esac
}

for f in "$srcdir"/tests/unit/test_*.c; do
	name=$(basename "$f" .c)
	counted "$name" env CK_FORK="$(fork_of "$name")" "tests/unit/$name"
done
builddir=$tree
sanitized=no
sandbox=no
export srcdir builddir sanitized sandbox
for f in "$srcdir"/tests/cli/[0-9]*.sh; do
	counted "$(basename "$f" .sh)" env counted=yes sh "$f"
done

gcovr --root "$srcdir" --filter "$srcdir/src/" --json report/files.json \
	--csv report/files.csv --html-details report/index.html . ||
	die 'gcovr failed'
# file, lines, reached, share, branches, reached, share
awk -F , '
	function row(name, l, lr, b, br) {
		printf "%-10s %5d of %5d lines %5.1f %%   %5d of %5d branches %5.1f %%\n",
			name, lr, l, l ? 100 * lr / l : 100, br, b, b ? 100 * br / b : 100
	}
	NR == 1 { next }
	{
		split($1, part, "/")
		folder = part[2]
		if (!(folder in lines)) order[++n] = folder
		lines[folder] += $2; lines_in[folder] += $3
		branches[folder] += $5; branches_in[folder] += $6
		l += $2; lr += $3; b += $5; br += $6
	}
	END {
		for (i = 1; i <= n; i++) {
			f = order[i]
			row(f, lines[f], lines_in[f], branches[f], branches_in[f])
		}
		row("all", l, lr, b, br)
	}
' report/files.csv >report/table.txt
cat report/table.txt
# what every folder has at least
awk '$1 != "all" && ($6 < ($1 == "evidence" ? 99 : 90) ||
	($1 == "evidence" && $12 < 95)) { low = 1; print $1 ": too few" }
	END { exit low }' report/table.txt || failed="$failed the-share-reached"
echo "each file: $tree/report/index.html"
missing() {
	python3 "$srcdir/tests/coverage-missing.py" \
		"$srcdir/tests/coverage-missing" "$srcdir" "$@"
}
missing report/files.json || failed="$failed tests/coverage-missing"

# mcdc: the conditions, in a build of its own below mcdc/.
mcdc() {
	mkdir -p mcdc && cd mcdc || return 1
	[ -f Makefile ] || "$srcdir/configure" -q --enable-coverage=mcdc \
		CC="$clang" || return 1
	"$MAKE" --no-print-directory all check TESTS= >build.log 2>&1 || return 1
	rm -f ./*.profraw
	set --
	for f in "$srcdir"/tests/unit/test_*.c; do
		name=$(basename "$f" .c)
		LLVM_PROFILE_FILE=$name.%1m.profraw CK_FORK=$(fork_of "$name") \
			"tests/unit/$name" >/dev/null 2>&1 || return 1
		set -- "$@" -object "tests/unit/$name"
	done
	"llvm-profdata$llvm" merge -o all.profdata ./*.profraw || return 1
	set -- cvmkey "$@" -instr-profile=all.profdata "$srcdir"/src/evidence/*.[ch]
	"llvm-cov$llvm" show --show-mcdc "$@" >../report/conditions.txt &&
		"llvm-cov$llvm" export "$@" >export.json &&
		missing ../report/conditions.txt export.json
}

clang=${MCDC_CC:-clang-19}
llvm=-${clang##*-}
if command -v "$clang" >/dev/null && command -v "llvm-cov$llvm" >/dev/null; then
	(mcdc) || failed="$failed mcdc"
else
	echo "MC/DC: not measured, $clang or llvm-cov$llvm is missing"
fi
[ -z "$failed" ] || die "tests failed:$failed"
