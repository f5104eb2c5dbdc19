# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The self-test: known answers, and a program that does not give them.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

run selftest
expect 0 'selftest'
silent err 'has nothing to complain of'
[ "$(grep -c '^ok  ' out)" -ge 39 ] && ! grep -q '^FAILED' out
ok $? "all answers are right: $(grep -c '^ok  ' out)"
equal "$(sed -n 's/^SHA-256 //p' out)" "$(sha256sum <"$program" | cut -d' ' -f1)" \
	'the hash of the program is what sha256sum says of it'
equal "$(sed -n 's/^result *//p' out)" \
	"$(grep -c '^ok  ' out) of $(grep -c '^ok  ' out) known answers" 'the result'
cp out text
run --version -v
grep -E '^(cJSON|libb64|nettle|zlib|minizip|sandbox) ' out >libraries
equal "$(grep -cxFf libraries text)" "$(wc -l <libraries)" \
	'libraries and sandbox are those of --version -v'
equal "$(wc -l <libraries)" 6 'each of them'

run selftest --json
expect 0 '--json'
matches out 'length >= 40 and all(.[:-1][]; .type == "selftest" and .status == "ok" and
	.got == .expected) and (.[-1] | .type == "selftest-summary" and
	.cases == .passed) and .[-1].cases == length - 1' 'all of it, as JSON'
equal "$(jq -r 'select(.program_sha256) | .program_sha256' out)" \
	"$(sha256sum <"$program" | cut -d' ' -f1)" 'and the hash'
run selftest -q
expect 0 '-q'
silent out 'prints nothing'
usage_error selftest c.json
usage_error selftest --strict
if [ -w /dev/full ]; then
	status=0
	"$cvmkey" selftest >/dev/full 2>err || status=$?
	exits 3 io.stdout 'standard output on a full disk'
fi

# What stands in the source as the right answer is what other programs make of
# the data there.
source=$srcdir/src/engine/selftest.c
# literal NAME: the string that a #define gives
literal() {
	awk -v name="$1" '
		$1 == "#define" { on = $2 == name }
		on { line = $0
			while (match(line, /"[^"]*"/)) {
				printf "%s", substr(line, RSTART + 1, RLENGTH - 2)
				line = substr(line, RSTART + RLENGTH)
			}
			if ($0 !~ /\\$/) on = 0 }' "$source"
}
{ literal MAGIC; literal REST; } | base64 -d >vault.blob
literal HSM | base64 -d >hsm.blob
equal "$(sha256sum <vault.blob)" "$(literal VAULT_BLOB)  -" \
	'sha256sum agrees: key vault'
equal "$(sha256sum <hsm.blob)" "$(literal HSM_BLOB)  -" \
	'sha256sum agrees: Managed HSM'
run show vault.blob hsm.blob
expect 0 'both are key backups'

# A library that errs is found out.
cat >wrong.c <<'EOF'
#include <string.h>
void nettle_sha256_digest(void *context, size_t n, unsigned char *digest);
unsigned long crc32(unsigned long crc, const unsigned char *p, unsigned n);
void nettle_sha256_digest(void *context, size_t n, unsigned char *digest)
{
    (void)context;
    memset(digest, 0x55, n);
}
unsigned long crc32(unsigned long crc, const unsigned char *p, unsigned n)
{
    (void)p;
    return crc + n;
}
EOF
if preload wrong.so wrong.c &&
	readelf -d "$program" | grep -q 'lib\(z\|nettle\)\.so'; then
	status=0
	LD_PRELOAD=$work/wrong.so "$cvmkey" selftest >out 2>err || status=$?
	exits 3 selftest.failed 'a library that errs'
	grep -q '^FAILED  config: gzip: .*, but got ' out && grep -q '^ok      base64' out
	ok $? 'says which answers are wrong'
	LD_PRELOAD=$work/wrong.so "$cvmkey" selftest --json >out 2>err
	printed out
	matches out 'any(.[]; .status == "failed" and .got != .expected) and
		(.[-1] | .passed < .cases)' 'also in JSON'
else
	skip 'a library that errs' "${why_not:-none is loaded}"
fi

done_testing
