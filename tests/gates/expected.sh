# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What 'show' says of every sample is what samples/expected holds, in text and
# in JSON. After a change that is meant: make update-expected, and read the
# difference.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

"$srcdir/samples/make-expected" "$cvmkey" "$samples" made
for f in "$samples"/good-* "$samples"/odd-* "$samples"/bad-*; do
	name=${f##*/}
	{ diff "$srcdir/samples/expected/$name.txt" "made/$name.txt" &&
		diff "$srcdir/samples/expected/$name.json" "made/$name.json"; } >out 2>&1
	ok $? "$name is reported as expected"
done
(cd "$srcdir/samples/expected" && ls) >has
(cd made && ls) >wants
cmp -s has wants
ok $? 'nothing is expected of samples that are not there'

done_testing
