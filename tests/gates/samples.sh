# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# samples/README describes each sample once, with an id that exists.
. "${srcdir:-.}/tests/cli/lib.sh"

(cd "$samples" && for f in good-* odd-* bad-* export-*; do echo "$f"; done) | sort >made
awk '/^(good|odd|bad|export)-/ { print $1 }' "$srcdir/samples/README" | sort >described
cmp -s made described
ok $? 'every sample is described, and every described one made'
[ "$(wc -l <made)" -ge 60 ]
ok $? "there are enough of them: $(wc -l <made)"

awk '/^(good|odd|bad|export)-/ && NF < 4' "$srcdir/samples/README" >out
[ ! -s out ]
ok $? 'each has a sentence'

awk '/^(odd|bad)-/ { print $2 }' "$srcdir/samples/README" | sort -u >used
sed -n 's/^    X([A-Z0-9_]*, "\([a-z0-9.-]*\)".*/\1/p' \
	"$srcdir/src/base/code.h" | sort -u >ids
comm -23 used ids >out
[ ! -s out ]
ok $? 'each names an id of base/code.h'

"$srcdir/samples/make-samples" again
for f in again/*; do cmp -s "$f" "$samples/${f#again/}" || echo "$f"; done >out
[ ! -s out ]
ok $? 'they come out the same every time'

done_testing
