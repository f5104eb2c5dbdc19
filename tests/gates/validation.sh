# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Each requirement names tests that exist; and the table of make validation
# tells what failed, was not run, or has no test.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

requirements=$srcdir/tests/validation/requirements
grep -vE '^#|^$|^	[a-z]+/[a-z0-9_-]+( [^ ].*)?$|^CVK-[A-Z]{2}-[0-9]{2} [^ ].*\.$' \
	"$requirements" >out
[ ! -s out ]
ok $? 'every line is a requirement or a test'
sed -n 's/^\(CVK-[^ ]*\) .*/\1/p' "$requirements" | sort >ids
[ "$(wc -l <ids)" -ge 40 ] && [ -z "$(uniq -d ids)" ]
ok $? "no id stands twice: $(wc -l <ids) requirements"
sed -n 's/^	\([^ ]*\).*/\1/p' "$requirements" | sort -u | while read -r test; do
	[ -f "$srcdir/tests/$test.sh" ] || [ -f "$srcdir/tests/$test.c" ] || echo "$test"
done >out
[ ! -s out ]
ok $? 'the tests are there'

# The same script over a tree with one requirement of each sort.
mkdir -p tree/tests/validation build/tests/cli build/tests/unit
cat >tree/tests/validation/requirements <<'EOF'
CVK-AA-01 Good.
	cli/good
	unit/good right
CVK-AA-02 One failed.
	cli/good
	cli/bad
CVK-AA-03 Not run.
	cli/missing
CVK-AA-04 Without a test.
CVK-AA-05 Without a check of that sort.
	cli/good nothing like it
CVK-AA-06 Skipped.
	cli/skipped
CVK-AA-07 Skipped in part.
	cli/good
	cli/skipped
CVK-AA-08 Ended early.
	cli/early
CVK-AA-09 Not of this program.
	cli/old
EOF
cp "$cvmkey" build/cvmkey
touch -d 2001-01-01T00:00:00Z build/cvmkey
printf 'ok 1 - a\nok 2 - b\n1..2\n' >build/tests/cli/good.log
printf 'ok 1 - x.c:right:a\nnot ok 2 - x.c:wrong:a\n1..2\n' >build/tests/unit/good.log
printf 'ok 1 - a\nnot ok 2 - b\n1..2\n' >build/tests/cli/bad.log
printf 'ok 1 - a # SKIP why\n1..1\n' >build/tests/cli/skipped.log
printf 'ok 1 - a\n' >build/tests/cli/early.log
cp build/tests/cli/good.log build/tests/cli/old.log
touch -d 2000-01-01T00:00:00Z build/tests/cli/old.log

script=$srcdir/tests/validation.sh
# table: what the script makes of it, as "ID RESULT", and its status
table() {
	status=0
	srcdir=$work/tree builddir=$work/build sh "$script" >out 2>err || status=$?
	sed -n 's/^\(CVK-[^ ]*\)  *\(pass (part)\|[A-Za-z]*\) .*/\1 \2/p' out >got
}
table
cat >expected <<'EOF'
CVK-AA-01 pass
CVK-AA-02 FAIL
CVK-AA-03 FAIL
CVK-AA-04 FAIL
CVK-AA-05 FAIL
CVK-AA-06 skip
CVK-AA-07 pass (part)
CVK-AA-08 FAIL
CVK-AA-09 FAIL
EOF
same expected got 'each is judged'
equal "$status" 1 'a failure is one'
same out build/validation.txt 'the table is kept'
says out "$(sha256sum <build/cvmkey | cut -d' ' -f1)" 'with the hash of the program'
sed -n '/AA-01/,/unit/p; /AA-06/,/skipped/p' tree/tests/validation/requirements >some
mv some tree/tests/validation/requirements
table
equal "$status" 0 'what passed or was skipped is none'

done_testing
