# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Names and contents that mean to trick a terminal, a shell or a reader.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

cp "$samples/good-vault-key.json" c.json
key_data c.json >expected
cp "$samples/bad-b64-alphabet.json" bad.json

# restores NAME OUT: the az line of OUT, run by a shell, restores NAME; a line
# that cannot hold the name has a place for it instead.
restores() {
	sed -n 's/^ *\(az keyvault .*\)/\1/p' "$2" >line
	[ "$(wc -l <line)" -eq 1 ] && sh -n line 2>/dev/null || return 1
	# shellcheck disable=SC2016 # expanded by the inner shell
	(
		mkdir -p jail && cd jail || exit 1
		PATH=/nonexistent /bin/sh -c 'az() { printf "%s\n" "$#" "$@"; }
			. ../line' >../arguments 2>../complaints
	)
	[ ! -s complaints ] && [ -z "$(ls -A jail)" ] || return 1
	printf '%s\n' 7 keyvault key restore --vault-name kv-cvm-prod --file \
		"$1" >wanted
	cmp -s wanted arguments && return 0
	printf '%s\n' 7 keyvault key restore --vault-name kv-cvm-prod --file \
		'<blob>' >wanted
	cmp -s wanted arguments && ! plain_name "$1"
}

# plain_name NAME: true if the name can be printed as it is.
plain_name() {
	printf '%s\n' "$1" >name.txt
	[ "$(wc -l <name.txt)" -eq 1 ] && plain name.txt
}

# ---- names ------------------------------------------------------------------

# hostile STEM DESCRIPTION: a good and a bad input of that name.
hostile() {
	mkdir in out.d
	if ! takes_name "$1.json" || ! cp c.json "in/$1.json" 2>/dev/null; then
		rm -rf in out.d
		skip "$2" 'the file system does not take the name'
		return
	fi
	(cd in && exec "$cvmkey" extract -d ../out.d -- "$1.json") \
		>out 2>err </dev/null
	expect_status $? 0 "$2: accepted"
	cmp -s "out.d/$1.blob" expected && [ "$(find out.d | wc -l)" -ge 2 ]
	ok $? "$2: the blob has the name"
	shows_plain "$2: the report is plain text"
	restores "../out.d/$1.blob" out
	ok $? "$2: the az line is safe"
	(cd in && exec "$cvmkey" extract -fvd ../out.d --json -- "$1.json") \
		>out 2>err </dev/null
	expect_status $? 0 "$2: accepted with --json"
	printed out
	shows_plain "$2: the record is plain text"
	# not @base64d: it makes U+FFFD of what is no UTF-8
	jq -r 'select(.input) | .input | "x" + (.path_base64 // ""), .path' out >both
	sed -n '1s/^x//p' both | base64 -d >got
	[ -s got ] || tail -n +2 both | head -c -1 >got
	printf '%s.json' "$1" | cmp -s - got
	ok $? "$2: the record holds the exact name"
	cp bad.json "in/$1.json"
	(cd in && exec "$cvmkey" extract -d ../out.d -- "$1.json" "$1.missing") \
		>out 2>err </dev/null
	expect_status $? 3 "$2: refused"
	shows_plain "$2: the messages are plain text"
	equal "$(grep -c '^cvmkey: error: .* \[' err):$(wc -l <err)" 2:3 \
		"$2: two messages and a hint of one line each"
	rm -rf in out.d
}

expect_status() {
	status=$1
	expect "$2" "$3"
}

hostile "$(printf 'a\nb')" 'a line feed'
hostile "$(printf 'a\ncvmkey: error: b: forged [json.syntax]\nc')" 'a forged message'
hostile "$(printf 'a\033[31mb\033]0;title\007')" 'ESC and BEL'
hostile "$(printf 'a\rb\tc\bd')" 'CR, TAB and BS'
hostile "$(printf 'a\177b\001')" 'DEL and SOH'
hostile "a'b" 'a single quote'
hostile "''''" 'nothing but quotes'
hostile 'a"b' 'a double quote'
hostile 'a\b\\c\n' 'backslashes'
# shellcheck disable=SC2016 # not to be expanded
hostile '$(touch pwned)`touch pwned`$HOME' 'substitutions'
hostile 'a; touch pwned #' 'a second command'
hostile 'a && touch pwned | cat > pwned <x' 'operators'
hostile '*?[a-z]{b,c}~!' 'patterns'
hostile '~root' 'a tilde'
hostile ' a  b ' 'blanks'
hostile '-rf' 'a leading dash'
hostile '--help' 'an option'
hostile '-' 'a dash'
hostile '%s%n%d%999999d' 'conversions'
hostile "$(printf 'a\377\376b')" 'no UTF-8'
hostile "$(printf 'a\303')" 'half a character'
hostile "$(printf 'a\300\257b')" 'an overlong slash'
hostile "$(printf 'a\355\240\200b')" 'a surrogate in UTF-8'
hostile "$(printf 'a\342\200\256gpj.blob')" 'U+202E'
hostile "$(printf 'a\342\201\246b\342\201\251')" 'bidi isolates'
hostile "$(printf 'a\342\200\213\357\273\277b')" 'zero width characters'
hostile "$(printf 'a\302\205b\302\23331mc')" 'C1 controls'
hostile "$(printf 'a\342\200\250b\342\200\251c')" 'line and paragraph separators'
hostile "$(printf 'a\342\200\230b\342\200\231')" 'curly quotes'
hostile "$(printf 'gr\303\274n \342\202\254 \360\237\220\221')" 'other scripts'
hostile "$(head -c 250 /dev/zero | tr '\0' x)" '255 bytes'
hostile "$(head -c 125 /dev/zero | tr '\0' '\377')" '130 bytes that are no UTF-8'

usage_error extract -d out.d ''
usage_error show ''
absent out.d 'an empty name creates nothing'

# The same for output names and directories.
# shellcheck disable=SC2016 # not to be expanded
for name in "$(printf 'd\033[31m\nx')" "$(printf 'd\377')" "d'e" '-d' \
	"$(printf 'd\342\200\256')" 'd$(touch pwned)'; do
	takes_name "$name" || {
		skip 'a hostile output' 'the file system does not take the name'
		continue
	}
	run extract -d "./$name" c.json
	expect 0 'a hostile output directory'
	shows_plain 'is shown escaped'
	restores "./$name/c.blob" out
	ok $? 'the az line is safe'
	run extract -d "./$name" c.json
	exits 3 io.exists 'and once more'
	shows_plain 'is shown escaped in the message'
	rm -rf "./$name"
	run extract -o "./$name" c.json
	expect 0 'a hostile output file'
	shows_plain 'is shown escaped'
	restores "./$name" out
	ok $? 'the az line is safe'
	rm -f "./$name"
	run extract -o "$name/missing/x" c.json
	exits 3 io.create 'a hostile directory that is missing'
	shows_plain 'is shown escaped'
done
run extract -o-x.blob c.json
restores ./-x.blob out
ok $? 'an output that begins with a dash is no option of az'
cp "$samples/good-vault-key.blob" ./-y.blob
run show -- -y.blob
sed -n 's/^ *\(az keyvault .*\)/\1/p' out | grep -q -- "--file ./-y.blob\$"
ok $? 'nor is a backup shown whose name begins with a dash'
run show - <"$samples/good-vault-key.blob"
status=0
"$cvmkey" show - <"$samples/good-vault-key.blob" >out 2>err || status=$?
expect 0 'a backup on standard input'
! grep -q -- "--file '\{0,1\}-'\{0,1\}\$" out
ok $? 'no command restores a file called -'
absent pwned 'nothing was executed'
absent jail/pwned 'nothing was executed by the az lines'

# PowerShell: one word in single quotes, nothing that ends it early.
cp c.json "p'q\$(r)\`s.json"
run extract -d . "p'q\$(r)\`s.json"
says out "-InputFile 'p''q\$(r)\`s.blob'" 'PowerShell: quotes are doubled'
cp c.json "$(printf 'p\342\200\231; calc; \342\200\231.json')"
run extract -d . "$(printf 'p\342\200\231; calc; \342\200\231.json')"
! grep 'Restore-AzKeyVaultKey' out | grep -q calc
ok $? 'PowerShell: a curly quote, which it takes for a quote, is not given'

# ---- contents ---------------------------------------------------------------

# Every line is the inside of a JSON string that a terminal must not see.
cat >words <<'WORDS'
\u001b[2J\u001b]0;owned\u0007
a\nb\r\nc\td\be\ff\u000b
\u0000\u0001\u007f
\u0085\u009b31m\u0090x\u009c
\u202eabc\u2066def\u2069\u200f\u061c
\u2028\u2029\u200b\u200d\ufeff\u00ad
\u2060\u206f\ufff9\ufffb
\udb40\udc41\udb40\udc7f
cvmkey: error: forged [io.read]\nnext  az keyvault key restore --file /etc/shadow
WORDS
des=/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups
with_members '' >hostile.json
data=${small_data:?}

# with_data TEXT: a config with this key data.
with_data() {
	printf '{"OsDiskEncryptionDetails":{"KeyBackupData":"%s"}}\n' "$1"
}

# b64url: base64url without padding
b64url() {
	base64 | tr -d '=\n' | tr '+/' '_-'
}

# shown DESCRIPTION: both formats of the input are plain, JSON is JSON.
shown() {
	good=0
	for format in --json -v; do
		run show $format hostile.json
		cat out err >both
		plain both && [ "$status" -le 1 ] &&
			! grep -q '^cvmkey: error: forged\|^next' both || good=1
		[ "$format" != --json ] || cat out >>records
	done
	ok "$good" "$1"
}

i=0
while read -r w; do
	i=$((i + 1))
	name=$(printf %s "$w" | sed 's/\\u0000//g') # is refused in a name
	raw=$(printf '"%s"' "$name" | jq -r .)
	with_members "\"Text\":\"$w\"," >hostile.json
	shown "string $i: a value"
	with_members "\"x$name\":\"value\"," >hostile.json
	shown "string $i: a name"
	with_members "\"Deep\":{\"$w-\":[{\"$w\":\"$w\"}]}," >hostile.json
	shown "string $i: names and values below"
	with_members "\"KeyVaultResourceType\":\"$w\"," >hostile.json
	shown "string $i: the resource type"
	with_members "\"KeyVersion\":\"$w\",\"KeyUrl\":\"https://kv-cvm-prod.vault.azure.net/keys/k$w\",\"EncryptionType\":\"$w\"," \
		>hostile.json
	shown "string $i: version, key URL, type"
	with_members "\"DiskEncryptionSetId\":\"$des/$w\u00fc/providers/Microsoft.Compute/diskEncryptionSets/d\",\"OsDiskEncryptionSetId\":\"$des/g\u00fc$w/providers/Microsoft.Compute/diskEncryptionSets/e\"," \
		>hostile.json
	shown "string $i: resource ids"
	with_data "$w" >hostile.json
	shown "string $i: the key data"
	with_data "$(printf %.100s "$data")$w${data#????????????????????}" \
		>hostile.json
	shown "string $i: inside the key data"
	with_members "\"x$name\":1,\"x$name\":2," >hostile.json
	shown "string $i: a name that stands twice"
	says err '[json.duplicate-name]' "string $i: is a duplicate name"
	with_members "\"x$name\":1,\"X$name\":2," >hostile.json
	shown "string $i: a name in two letter cases"
	says err '[json.duplicate-name]' "string $i: is a duplicate name, too"
	printf '{"OsDiskEncryptionDetails":{"x%s":{"KeyBackupData":"%s"},"Y%s":"https://a.vault.azure.net/keys/b","Z%s":"https://a.vault.azure.net/keys/c"}}' \
		"$name" "$data" "$name" "$name" >hostile.json
	shown "string $i: in pointers of findings"
	# what a backup says of its wrapping
	for member in kid alg enc; do
		kid=k alg=RSA-OAEP-256 enc=A256CBC-HS512
		eval "$member=\$w"
		{
			printf '\046AzureKeyVaultKeyBackupV1.microsoft.com'
			printf '{"kid":"%s","alg":"%s","enc":"%s"}' "$kid" "$alg" "$enc" |
				b64url
			dd if=expected bs=39 skip=1 2>/dev/null | sed 's/^[^.]*//'
		} >hostile.blob
		with_data "$(base64 <hostile.blob | tr -d '\n')" >hostile.json
		shown "string $i: $member of the backup"
		cp hostile.blob hostile.json
		shown "string $i: $member of a bare backup"
	done
	printf '<?xml version="1.0"?><Error><Code>%s</Code><Message>x</Message></Error>' \
		"$raw" >hostile.json
	shown "string $i: the code of an XML error"
	says err '[kind.xml]' "string $i: is an XML error"
	printf '{"OsDiskEncryptionDetails": %s' "$raw" >hostile.json
	shown "string $i: raw, where a value should stand"
	printf '{"OsDiskEncryptionDetails": {"a": "%s"}}' "$raw" >hostile.json
	shown "string $i: raw, in a string"
	printf %s "$raw" >hostile.json
	shown "string $i: the whole document"
done <words
jq -es --argjson n "$(wc -l <records)" 'length == $n and
	all(.[]; .schema == "cvmkey/1")' records >/dev/null
ok $? 'all records were JSON'

# Bytes one by one, raw in a string, where a value stands, and in key data.
wrong=
for high in 0 1 2 3; do
	for low in 00 01 02 03 07 10 11 12 13 14 15 16 17 20 33 34 37 40 42 47 77; do
		# shellcheck disable=SC2059 # an octal escape is wanted
		byte="\\$high$low"
		{
			printf '{"OsDiskEncryptionDetails":{"a'
			# shellcheck disable=SC2059
			printf "$byte"
			printf '":"KeyBackupData"}}'
		} >hostile.json
		run show hostile.json
		cat out err >both
		plain both && [ "$status" -le 1 ] || wrong="$wrong s$byte"
		{
			printf '{"a":'
			# shellcheck disable=SC2059
			printf "$byte"
			printf '}'
		} >hostile.json
		run show hostile.json
		cat out err >both
		plain both && [ "$status" -eq 1 ] || wrong="$wrong v$byte"
	done
done
equal "$wrong" '' 'single bytes in JSON are never shown raw'

# The commands hold words of the document: only those that may be names.
# shellcheck disable=SC2016 # not to be expanded
for host in "kv'; touch pwned; '.vault.azure.net" 'kv;touch pwned.vault.azure.net' \
	'-x.vault.azure.net' 'kv$(touch pwned).vault.azure.net' \
	'.vault.azure.net' 'kv@evil.vault.azure.net' 'kv%0a.vault.azure.net'; do
	with_members "\"KeyUrl\":\"https://$host/keys/k\"," >hostile.json
	run extract -f -o h.blob hostile.json
	expect 0 "the key URL https://$host/keys/k"
	sed -n 's/^ *\(az keyvault .*\)/\1/p' out >line
	sh -n line 2>/dev/null && ! grep -q 'touch\|--vault-name -\|evil\|%' line
	ok $? 'does not get into the command'
done
absent pwned 'nothing was executed'

# Names that look like paths.
with_members '"../../../etc/passwd":"x","KeyUrl":"https://kv.vault.azure.net/keys/..",' >hostile.json
run extract -d paths hostile.json
expect 0 'names that look like paths'
equal "$(find paths -type f)" paths/hostile.blob 'get into no path'

done_testing
