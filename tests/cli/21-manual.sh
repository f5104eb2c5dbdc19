# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every example of the manual is typed as it stands, in the order of the page,
# in a directory that holds the samples.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

PATH=$builddir:$PATH
examples=0
for page in cvmkey cvmkey-extract cvmkey-show cvmkey-verify cvmkey-diagnose \
	cvmkey-report cvmkey-runbook cvmkey-selftest cvmkey-carve; do
	mkdir "$work/$page"
	cd "$work/$page" || exit 99
	cp "$samples"/good-* "$samples"/odd-* "$samples"/bad-* "$samples"/export-* .
	! grep '^\.Dl.*"' "$srcdir/man/$page.1"
	ok $? "$page: no example loses its double quotes in print"
	sed -n 's/^\.Dl \$ //p' "$srcdir/man/$page.1" |
		sed 's/\\(dq/"/g; s/\\&//g; s/\\e/\\/g; s/\\-/-/g' >"$work/commands"
	while read -r line; do
		status=0
		sh -c "$line" >out 2>err </dev/null || status=$?
		[ "$status" -eq 0 ]
		ok $? "$page: $line"
		rm -f out err
		examples=$((examples + 1))
	done <"$work/commands"
done
cd "$work" || exit 99
[ "$examples" -ge 12 ]
ok $? 'examples were found'

done_testing
