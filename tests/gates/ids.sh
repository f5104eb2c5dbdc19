# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every id of base/code.h stands once in cvmkey-formats(5), and is provoked by
# a sample or by a test.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

sed -n 's/^    X([A-Z0-9_]*, "\([a-z0-9.-]*\)".*/\1/p' \
	"$srcdir/src/base/code.h" | sort >table
[ "$(sort -u table | wc -l)" -eq "$(wc -l <table)" ]
ok $? "no id stands twice: $(wc -l <table) ids"

sed -n 's/^\.It Ic //p' "$srcdir/man/cvmkey-formats.5" | sort >manual
diff table manual >out
ok $? 'cvmkey-formats(5) has each of them once'

while read -r id; do
	name=$(sed -n "s/^    X(\([A-Z0-9_]*\), \"$id\".*/CVK_E_\1/p" "$srcdir/src/base/code.h")
	grep -qwF -e "$id" -e "$name" "$srcdir"/samples/README "$srcdir"/tests/cli/*.sh \
		"$srcdir"/tests/unit/*.c || echo "$id"
done <table >out
[ ! -s out ]
ok $? 'each is provoked by a sample or a test'

# what stands in the source is in the table: nothing else looks like an id
grep -rhoE 'CVK_E_[A-Z0-9_]+' "$srcdir/src" | sort -u | sed 's/^CVK_E_//' >used
sed -n 's/^    X(\([A-Z0-9_]*\), .*/\1/p' "$srcdir/src/base/code.h" | sort -u >names
comm -23 names used >out
[ ! -s out ]
ok $? 'each is used in the source'

done_testing
