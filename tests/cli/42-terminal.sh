# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What a terminal gets to see of hostile evidence, taken from a terminal.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

command -v python3 >/dev/null || skip_all 'python3 is missing'
python3 "$srcdir/tests/cli/onterminal.py" true 2>/dev/null ||
	skip_all 'there are no terminals to be had'

# on_terminal ARGUMENT...: the program with all streams on one; in seen.
on_terminal() {
	status=0
	python3 "$srcdir/tests/cli/onterminal.py" "$cvmkey" "$@" >seen 2>out || status=$?
}

# clean DESCRIPTION: the terminal got something, all of it can be shown, and no
# line is one that the evidence made up.
clean() {
	[ -s seen ] && plain seen && ! grep -q '^cvmkey: error: forged\|^next' seen
	ok $? "$1"
}

# the terminal takes part: it is one, and passes on what hurts
on_terminal extract -o - "$samples/good-vault-key.json"
expect 2 'a key backup is not for a terminal'
grep -q '\[io.terminal\]' seen
ok $? 'so this is one'
printf 'a\033[2J\302\233\342\200\256' >hurts
python3 "$srcdir/tests/cli/onterminal.py" cat hurts >seen
cmp -s hurts seen && ! plain seen
ok $? 'it passes on every byte, and what hurts is seen'

# ---- texts in documents -----------------------------------------------------

# C0, DEL, C1, direction, separators, invisible; each as an escape and raw
cat >words <<'WORDS'
\u001b[2J\u001b]0;owned\u0007\u001bP+q\u001b\\
a\rb\bc\td\n\ncvmkey: error: forged [io.read]\nnext  x
\u0000\u0001\u0002\u000b\u000c\u000e\u001f\u007f
\u0080\u0084\u0085\u0090\u009b31m\u009c\u009d\u009f
\u202a\u202b\u202c\u202d\u202eabc\u2066\u2067\u2068def\u2069\u200e\u200f\u061c
\u2028\u2029\u200b\u200c\u200d\u2060\ufeff\u00ad
WORDS
mkdir texts
i=0
while read -r w; do
	i=$((i + 1))
	name=$(printf %s "$w" | sed 's/\\u0000//g')
	raw=$(printf '"%s"' "$name" | jq -r .)
	with_members "\"Text\":\"$w\",\"x$name\":\"$w\",\"KeyVaultResourceType\":\"$w\",\"KeyVersion\":\"$w\",\"KeyUrl\":\"https://kv.vault.azure.net/keys/$w\"," >texts/value$i.json
	with_members "\"x$name\":1,\"X$name\":2," >texts/twice$i.json
	with_members "\"x\":\"$raw\"," >texts/raw$i.json
	printf '{"OsDiskEncryptionDetails":{"KeyBackupData":"%s"}}' "$w" >texts/data$i.json
	printf '{"OsDiskEncryptionDetails": %s' "$raw" >texts/syntax$i.json
	printf '<?xml version="1.0"?><Error><Code>%s</Code></Error>' "$raw" >texts/page$i.json
	printf '%s' "$raw" >texts/text$i.json
done <words
for f in texts/*; do
	on_terminal show -v "$f"
	clean "show -v $f"
done
[ "$(cat texts/* | tr -dc '\033' | wc -c)" -gt 10 ]
ok $? 'there was something to escape'
on_terminal show --json texts
clean 'show --json of all'
on_terminal extract -j2 -d texts.d --manifest --progress=never texts
clean 'extract of all'

# what the program itself sends to erase its own line stands before each word
# of progress, and nowhere else
on_terminal show -j2 --progress=always texts
grep -q "$(printf '\r\033\\[K')" seen
ok $? 'progress is shown on a terminal'
sed "s/$(printf '\r\033\\[K')//g" seen >rest && mv rest seen
clean 'and the rest is clean'

# ---- names ------------------------------------------------------------------

hostile=$(printf 'a\033[31mb\rc\n\302\233d\342\200\256e\177\001')
mkdir "$hostile"
cp "$samples/good-vault-key.json" "$hostile/$hostile.json"
cp "$samples/bad-b64-alphabet.json" "$hostile/bad$hostile.json"
ln -s nowhere "$hostile/link"
on_terminal show -v "$hostile"
expect 1 'a folder of that name'
clean 'and what is in it'
on_terminal extract -v -d "$hostile.d" --manifest="m$hostile" --note="a=$hostile" "$hostile"
clean 'an output directory of that name'
on_terminal show "$hostile/missing$hostile" "$hostile.d/missing"
clean 'names of files that are missing'
on_terminal "$hostile"
expect 2 'a command of that name'
clean 'is shown escaped'
on_terminal show "--$hostile"
clean 'so is an option'
tar -cf "$hostile.tar" "$hostile"
on_terminal show -v "$hostile.tar"
clean 'members of an archive'
on_terminal extract --json -d members "$hostile.tar"
clean 'and their blobs'

# ---- manifests --------------------------------------------------------------

run extract --json -d blobs "$hostile"
cp out manifest
on_terminal verify -v -d blobs manifest
clean 'verify'
sed 's/\\\\x1b/\\u001b/g; s/\\\\n/\\n/g; s/\\\\r/\\r/g; s/\.blob"/\\u009b.blob"/' manifest >altered
! cmp -s manifest altered
ok $? 'a manifest that was altered'
on_terminal verify -v -d blobs altered
clean 'is shown escaped'
head -c 200 /dev/urandom >random
on_terminal verify random
clean 'so is one that is none'

done_testing
