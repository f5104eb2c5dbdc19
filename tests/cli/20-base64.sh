# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Random bytes of every length up to 200 and some larger ones come back as
# base64(1) decodes them, and as the second opinion does.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

# Reproducible bytes: the SHA-256 of a counter, again and again.
random() {
	awk -v n="$1" -v seed="$2" 'BEGIN {
		x = seed * 7919 + 17
		for (i = 0; i < n; i++) {
			x = (x * 16807) % 2147483647
			printf "\\%03o", int(x / 8388608) % 256
		}
	}' >octal
	# shellcheck disable=SC2059 # the format is the data
	printf "$(cat octal)"
}

sizes=$(awk 'BEGIN { for (i = 1; i <= 200; i++) print i; print 3071 "\n" 3072 "\n" 3073 "\n" 4096 "\n" 9999 }')
for n in $sizes; do
	random "$n" "$n" >"$n.bin"
	printf '{"OsDiskEncryptionDetails":{"KeyBackupData":"%s"}}' \
		"$(base64 -w 0 "$n.bin")" >"$n.json"
done
# shellcheck disable=SC2046
run extract --json --allow-unknown-format -d out.d $(for n in $sizes; do echo "$n.json"; done)
expect 0 'random bytes of every length'
[ "$(grep -c '"cross_check":"agreed"' out)" -eq 205 ]
ok $? 'libb64 decodes all of them to the same'
bad=
for n in $sizes; do
	cmp -s "$n.bin" "out.d/$n.blob" || bad="$bad $n"
	base64 -d <<EOF | cmp -s - "out.d/$n.blob" || bad="$bad $n"
$(jq -r .OsDiskEncryptionDetails.KeyBackupData "$n.json")
EOF
done
[ -z "$bad" ]
ok $? "base64(1) decodes all of them to the same:${bad:- yes}"

done_testing
