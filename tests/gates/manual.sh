# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The table of options, --help and each command's page name the same options.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

man=$srcdir/man

# Long options of the table in src/cmd/options.c that are shown.
sed -n "s/^    {\"\([a-z0-9-]*\)\", \(0\|'.'\), .*/\1/p" "$srcdir/src/cmd/options.c" |
	grep -v '^test-args$' | sort -u >table
[ "$(wc -l <table)" -ge 20 ]
ok $? 'options were found'

: >all
for command in extract show carve verify diagnose report runbook selftest; do
	run $command --help
	sed -n 's/^  .*--\([a-z0-9-]*\).*/\1/p' out | sort -u >help
	sed -n 's/^\.It .*Fl -\([a-z0-9-]*\).*/\1/p' "$man/cvmkey-$command.1" | sort -u >page
	diff help page >out
	ok $? "cvmkey-$command(1) has the options that --help shows"
	cat help >>all
done
sort -u all | cmp -s - table
ok $? '--help shows the options of the table'

# a command's code, manual and test are found by its name
run --help
sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out >commands
while read -r command; do
	[ -f "$srcdir/src/cmd/$command.c" ] && [ -f "$man/cvmkey-$command.1" ] &&
		ls "$srcdir"/tests/cli/*-"$command".sh >/dev/null 2>&1 &&
		grep -qE "^\.(Xr|It Cm) (cvmkey-)?$command" "$man/cvmkey.1"
	ok $? "$command: code, page, scenario, and its place in cvmkey(1)"
done <commands

if command -v mandoc >/dev/null; then
	for f in "$man"/*.[15]; do mandoc -T lint "$f" 2>&1; done |
		grep -v -e 'lacks .* entry, run makewhatis' >out
	[ ! -s out ]
	ok $? 'mandoc -T lint has nothing to say'
else
	skip 'mandoc -T lint has nothing to say' 'mandoc is missing'
fi

done_testing
