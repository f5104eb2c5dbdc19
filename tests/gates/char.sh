# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Whether char is signed differs between processors. Built either way the
# program says and writes the same for every sample.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

if [ "${sanitized:-no}" = yes ]; then
	skip 'signed and unsigned char give the same' 'one plain build does this'
	done_testing
fi

for sign in signed unsigned; do
	mkdir $sign
	# shellcheck disable=SC2046,SC2086,SC2154
	${CC:-cc} -std=c11 -D_GNU_SOURCE -DPACKAGE_VERSION='"0"' -O1 -f$sign-char \
		-I"$srcdir/src" $(find "$srcdir/src" -name '*.c' ! -name 'win32_*') -o $sign/cvmkey \
		$libs >out 2>&1
	ok $? "the program builds with $sign char"
	(
		cd $sign || exit 99
		./cvmkey extract --json -d blobs "$samples"/good-* "$samples"/odd-* "$samples"/bad-*
	) >$sign/json 2>$sign/err
done
[ -s signed/json ] && cmp -s signed/json unsigned/json
ok $? 'the records are the same'
cmp -s signed/err unsigned/err
ok $? 'the messages are the same'
(cd signed/blobs && sha256sum ./*) >signed/sums
(cd unsigned/blobs && sha256sum ./*) >unsigned/sums
[ -s signed/sums ] && cmp -s signed/sums unsigned/sums
ok $? "the blobs are the same: $(wc -l <signed/sums)"

done_testing
