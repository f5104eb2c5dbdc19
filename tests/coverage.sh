#!/bin/sh
# SPDX-License-Identifier: MIT
# make coverage: lines and branches of src/ that the tests reach, by folder; the
# report for each file is coverage/report/index.html.
#
# Left out: tests/cli/19-inject.sh. It makes every system call fail once, also
# the many that store the counters. So what only a failing system call reaches
# counts as not reached; most of it is in src/os/.
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
rm -rf logs report memory
mkdir logs report memory

failed=
# counted NAME COMMAND...: a test, with its output in logs/.
counted() {
	log=logs/$1
	shift
	timeout 600 "$@" >"$log" 2>&1 </dev/null &&
		! grep -q '^not ok' "$log" || failed="$failed $log"
}

# A test case that Check has to kill loses its counters, so no forks; but these
# two have cases that need a process of their own, and end it with exit().
for f in "$srcdir"/tests/unit/test_*.c; do
	name=$(basename "$f" .c)
	case $name in
	test_outfile | test_readfile) fork=yes ;;
	*) fork=no ;;
	esac
	counted "$name" env CK_FORK=$fork "tests/unit/$name"
done
builddir=$tree
sanitized=no
sandbox=no
export srcdir builddir sanitized sandbox
for f in "$srcdir"/tests/cli/[0-9]*.sh; do
	case $f in
	*/19-inject.sh) continue ;;
	*/22-memory.sh) continue ;; # below
	esac
	counted "$(basename "$f" .sh)" sh "$f"
done
# Failing memory hits the code that stores the counters, too: runs crash there,
# so there is nothing to judge, and what was stored before may be lost. These
# counters are kept apart and then added.
GCOV_PREFIX=$tree/memory timeout 600 sh "$srcdir/tests/cli/22-memory.sh" \
	>logs/22-memory 2>&1 </dev/null
if [ -d "memory$tree" ]; then
	find src -name '*.gcno' | while read -r f; do
		cp "$f" "memory$tree/$f"
	done
fi

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
' report/files.csv | tee report/table.txt
echo "each file: $tree/report/index.html"
[ -z "$failed" ] || die "tests failed:$failed"
