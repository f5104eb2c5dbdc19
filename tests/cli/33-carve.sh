# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Key backups out of images: every form, wherever windows and parts end, with
# any number of threads, from media that fail.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

good=$samples/good-vault-key.json
blob=$samples/good-vault-key.blob
S=$(wc -c <"$blob")

# noise BYTES SEED: bytes that hold nothing, the same for a seed.
noise() {
	python3 -c 'import random, sys
sys.stdout.buffer.write(random.Random(sys.argv[2]).randbytes(int(sys.argv[1])))' "$1" "$2"
}

# at FILTER: of the records of backups that the last run printed.
hits() {
	jq -r "select(.type == \"carve\") | $1" out
}

# ---- one of each --------------------------------------------------------------

{ noise 5000 a; cat "$good"; noise 700 b; cat "$blob"; noise 3 c; } >image
run carve --json -d one image
expect 0 'a config and a blob in an image'
n=$(($(tr -d '\n' <"$good" | wc -c) + $(grep -c '' "$good") - 1))
hits '[.offset, .length, .source, .encoding, .escaped] | @tsv' >got
printf '5000\t%d\tconfig\tutf-8\t0\n%d\t%d\tblob\t\t0\n' "$n" $((5000 + $(wc -c <"$good") + 700)) "$S" |
	cmp -s - got
ok $? 'offset, length and source of each'
equal "$(hits '.key.name // "-"' | tr '\n' ' ')" "$(jq -r .OsDiskEncryptionDetails.KeyUrl "$good" |
	sed 's,.*/keys/\([^/]*\).*,\1,') - " "the config's key is told, the blob has none"
equal "$(hits .cross_check | tr '\n' ' ')" 'agreed skipped ' 'what comes from a config is derived twice'
equal "$(ls one)" "carved-0000000000001388-$(sha256sum "$blob" | cut -c 1-16).blob" \
	'two places of one backup give one blob, named by offset and hash'
cmp -s one/* "$blob"
ok $? 'which has its bytes'
[ "$(mode_of one/*)" = 600 ]
ok $? 'and mode 0600'
equal "$(hits .blob.path | sort -u | wc -l)" 1 'both records name it'
matches out 'map(select(.type == "image"))[0] | .hits == 2 and .size == .length and .refused == 0' \
	'the image has a record of its own'
run carve -d text image
expect 0 'as text'
grep -q '^image: config at offset 5000, [0-9]* bytes: ok$' out &&
	grep -q '(found before)$' out && grep -q 'searched, 2 key backups found: ok$' out
ok $? 'the report says what, where, and what was found before'
shows_plain 'and is plain'
equal "$(grep -c 'cvmkey diagnose' out)" 1 'only of a config it says how to go on with it'
grep -q "cvmkey diagnose '<config>'$" out
ok $? 'which has to be cut out first'

run carve --json -d e "$blob"
expect 0 'an image that is nothing but a blob'
equal "$(hits .offset)" 0 'begins at 0'
run carve --json -d f "$good"
expect 0 'an image that is nothing but a config'
noise 3000000 d >none
run carve -d none.d none
exits 1 input.none 'nothing is found in noise'
[ ! -e none.d ]
ok $? 'and nothing is made'
: >empty
run carve -d none.d empty
exits 1 input.empty 'an empty image'
run carve -d none.d missing
exits 3 io.open 'an image that is not there'
run carve -d none.d .
exits 3 io.directory 'a folder'
usage_error carve
usage_error carve ''
usage_error carve - -
usage_error carve --offset=1 image image
usage_error carve --length=0 image
usage_error carve --offset=x image
usage_error carve --offset=9T5 image
usage_error carve --note=a=b image

# ---- every form, across the end of a window ------------------------------------

# check_truth IMAGE: each backup was found once, as what it is, and no other.
check_truth() {
	python3 - "$1.truth" out <<'EOF'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[2])]
hits = {r["backup"]["sha256"]: r for r in rows if r["type"] == "carve" and r["status"] == "ok"}
exact = {"config", "config-wrapped", "blob", "gzip"}
wrong = []
for line in open(sys.argv[1]):
    offset, length, sha256, form, encoding, alignment = line.rstrip("\n").split("\t")
    offset, length = int(offset), int(length)
    r = hits.pop(sha256, None)
    source = {"base": "base64", "blob": "blob"}.get(form[:4], "config")
    if r is None:
        wrong.append("missed: " + line)
    elif r["source"] != source or (r["compression"] == "gzip") != (form == "gzip"):
        wrong.append("another source: " + line)
    elif not offset <= r["offset"] <= r["offset"] + r["length"] <= offset + length:
        wrong.append("another place: " + line)
    elif form in exact and (r["offset"], r["length"]) != (offset, length):
        wrong.append("not exactly there: " + line)
    elif r["escaped"] != (int(form[-1]) if form[:4] == "esca" else 0):
        wrong.append("other escapes: " + line)
    elif form[:6] == "config" and r["encoding"] != encoding.replace("16-", "16"):
        wrong.append("another encoding: " + line)
wrong += ["found: %d" % r["offset"] for r in hits.values()]
wrong += ["refused: %d" % r["offset"] for r in rows if r["status"] != "ok"] if "status" in rows[0] else []
print("".join(w.rstrip("\n") + "\n" for w in wrong))
sys.exit(bool(wrong))
EOF
}

# without the summary, which has no status
strip_summary() {
	grep -v '"type":"summary"' out >stripped && mv stripped out
}

for filler in random ones; do
	python3 "$srcdir/tests/bench/gen_image.py" forms "$filler.raw" --filler "$filler"
	run carve --json --no-sync -d "$filler" "$filler.raw"
	expect 0 "every form between $filler"
	strip_summary
	check_truth "$filler.raw" >err 2>&1
	ok $? "each of $(wc -l <"$filler.raw.truth") is found, as what it is, and nothing else"
done
rm -rf ones ones.raw
cp out all.json

for jobs in 1 2 7; do
	run carve --json --no-sync "-j$jobs" --resume -d random random.raw
	cksum <out >"cksum.$jobs"
done
cmp -s cksum.1 cksum.2 && cmp -s cksum.1 cksum.7
ok $? 'any number of threads prints the same bytes'
mv out by-file
status=0
"$cvmkey" carve --json --no-sync --resume -d random - <random.raw >out 2>err || status=$?
expect 0 'standard input'
sed 's/"image":"-"/"image":"random.raw"/' out | cmp -s - by-file
ok $? 'gives the same records'
run carve --json --no-gzip --no-sync --resume -d random random.raw
equal "$(hits .compression | sort | uniq -c | tr -s ' ')" " $(grep -vc '	gzip	' random.raw.truth) none" \
	'--no-gzip leaves gzip streams alone'

# ---- parts ---------------------------------------------------------------------

run carve -q --no-sync --manifest --sums -d whole random.raw
expect 0 'with manifest and sums'
(cd whole && sha256sum --quiet -c SHA256SUMS) >/dev/null 2>&1
ok $? 'which sha256sum confirms'
run verify whole/manifest.jsonl
expect 0 'verify confirms the manifest'
run verify --json whole/manifest.jsonl
grep -q '"id":"verify.carved"' out
ok $? 'and says that nothing was derived again [verify.carved]'
# what lies twice, in two parts and across the end of one
{ cat random.raw; cat "$good" "$blob"; } >twice.raw
CVMKEY=$cvmkey
export CVMKEY
for parts in 1 7; do
	sh "$srcdir/samples/carve-parallel.sh" twice.raw $parts "parts.$parts" --no-sync >out 2>err </dev/null
	equal "$?" 0 "carve-parallel.sh: $parts parts"
	grep '"type":"carve"' "parts.$parts/manifest.jsonl" >"carved.$parts"
	(cd "parts.$parts" && sha256sum -- *.blob) >"blobs.$parts"
done
[ -s carved.1 ] && cmp -s carved.1 carved.7
ok $? '1 and 7 parts give the same records'
cmp -s blobs.1 blobs.7
ok $? 'and the same blobs'
run verify parts.7/manifest.jsonl
expect 0 'the joined manifest is confirmed'
# cuts inside of documents: at each of them a part ends
sed -n '1p;30p' random.raw.truth | cut -f 1,2 >cuts
while read -r offset length; do
	for cut in 0 1 $((length / 2)) "$length"; do
		at=$((offset + cut))
		run carve --json --no-sync --resume --length=$at -d random random.raw
		hits .offset >left
		run carve --json --no-sync --resume --offset=$at -d random random.raw
		hits .offset >right
		cat left right >joined
		hits_of=$(jq -r 'select(.type == "carve") | .offset' by-file | cksum)
		[ "$(cksum <joined)" = "$hits_of" ] &&
			[ -z "$(awk -v at=$at '$1 >= at' left)" ] && [ -z "$(awk -v at=$at '$1 < at' right)" ] ||
			echo "$at"
	done
done <cuts >bad
[ ! -s bad ]
ok $? 'each hit belongs to the part in which it begins, wherever that ends'
run carve --offset=1T -d none.d image
exits 1 image.range 'a part behind the end'
run carve --json --offset=1T -d none.d none
matches out 'map(select(.type == "image"))[0].length == 0 and .[-1].bytes_in == 0' \
	'of which nothing is said to have been searched'
# one machine of a cluster: sbatch runs the task at once
mkdir bin
cat >bin/sbatch <<'EOF'
#!/bin/sh
array=
while :; do
	case $1 in
	--array=*) array=${1#--array=0-} ;;
	--*) ;;
	*) break ;;
	esac
	shift
done
if [ -n "$array" ]; then
	for n in $(seq 0 "$array"); do SLURM_ARRAY_TASK_ID=$n sh "$@" || :; done
else
	sh "$@" >&2
fi
echo 7
EOF
chmod +x bin/sbatch
PATH=$PWD/bin:$PATH sh "$srcdir/samples/carve-slurm.sh" "$PWD/twice.raw" 5 slurm --no-sync >out 2>err
equal "$?" 0 'carve-slurm.sh: 5 parts'
grep '"type":"carve"' slurm/manifest.jsonl | sed "s,\"image\":\"[^\"]*\",\"image\":\"twice.raw\"," | cmp -s - carved.1
ok $? 'give the same records'
rm -rf parts.? slurm whole twice.raw

# ---- what is not whole -----------------------------------------------------------

head -c 3000 "$blob" >start
sed 's/\("KeyBackupData": *"[A-Za-z0-9]\{4000\}\)[^"]*/\1/' "$good" >cut.json
{ noise 100 e; cat start; noise 2000 f; cat cut.json; noise 100 g; base64 -w 0 "$blob" | head -c 2000; noise 50 h; } >broken
run carve --json -d broken.d broken
equal "$status" 1 'backups that are not whole: exit 1'
hits '[.status, .source, .findings[-1].id, .backup.size] | @tsv' >got
printf 'refused\tblob\tblob.truncated\t3000\nrefused\tconfig\tblob.truncated\t3000\nrefused\tbase64\tblob.truncated\t1500\n' |
	cmp -s - got
ok $? 'each is refused, with its reason and how much is there'
equal "$(hits .key.name | sed -n 2p)" "$(hits .key.name | sed -n 2p | grep .)" 'a config still names its key'
[ ! -e broken.d ]
ok $? 'nothing is written'
run carve --json --partial --manifest=m -d broken.d broken
expect 0 'with --partial'
equal "$(hits '.findings[-1].id + " " + (.partial | tostring)' | sort | uniq -c | tr -s ' ')" ' 3 carve.partial true' \
	'each is a warning'
equal "$(find broken.d -name '*.partial.blob' | wc -l)" 2 'and written, two of them being one, under a name that says so'
cmp -s start broken.d/carved-0000000000000064-*.partial.blob
ok $? 'as far as it is there'
run carve --partial --strict -d strict broken
equal "$status $(ls strict 2>/dev/null)" '1 ' '--strict refuses them still'
run carve --partial -d p2 broken
grep -q 'no store takes this' out
ok $? 'the report says what they are worth'
# a token that looks like an HSM's backup, but for the key it names
python3 -c "
import base64, random
u = lambda b: base64.urlsafe_b64encode(b).rstrip(b'=')
r = random.Random(1)
print((u(b'{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"kid\":\"session\"}') + b'..' + u(r.randbytes(16)) + b'.' + u(r.randbytes(1600)) + b'.' + u(r.randbytes(32))).decode())
print('AzureKeyVaultKeyBackupV1.microsoft.com &AzureKeyVaultKeyBackupV1.microsoft.comeyJ')" >other
run carve --partial -d none.d other
exits 1 input.none 'tokens, and the magic alone, are no backups'

# ---- nested, damaged, hostile ------------------------------------------------------

cat "$samples/good-data-disks.json" >disks
run carve --json -d disks.d disks
expect 0 'a config of several disks'
[ "$(hits .offset | sort -u | wc -l)" -eq 1 ] && [ "$(hits .backup.sha256 | wc -l)" -gt 1 ] &&
	[ "$(find disks.d -name '*.blob' | wc -l)" -eq "$(hits .backup.sha256 | sort -u | wc -l)" ]
ok $? 'gives a record for each, of one document'
cat "$samples/good-ade-both.json" >ade
run carve --json -d ade.d ade
equal "$status $(find ade.d -name '*.secret.blob' | wc -l) $(hits .document | sort -u)" '0 1 ade' \
	'a config of Azure Disk Encryption, with its secret'
jq -cR '{log: .}' -s "$good" >log
run carve --json -d log.d log
equal "$(hits '[.source, .escaped, (.findings[] | select(.id == "carve.escaped") | .severity)] | @tsv')" \
	"$(printf 'config\t1\tnote')" 'a config in a log line [carve.escaped]'
# as .NET writes quotes, once and twice
python3 -c '
import json, sys
text = open(sys.argv[1]).read()
for n in (1, 2):
    text = "{\"log\":" + json.dumps(text).replace("\\\"", "\\u0022") + "}"
    open("net.%d" % n, "w").write(text)' "$good"
for n in 1 2; do
	run carve --json -d "net.$n.d" "net.$n"
	equal "$(hits '[.source, .escaped, .key.name] | @tsv' | tr '\t' ' ')" \
		"config $n cvm-os-key" "$n: a config whose quotes are \\u0022"
done
gzip -nc "$good" | cat - "$blob" >zipped
run carve --json -d gz zipped
equal "$(hits '[.offset, .compression, .inner_offset, .findings[0].id] | @tsv' | head -n 1)" \
	"$(printf '0\tgzip\t0\tcarve.gzip')" 'a config in a gzip stream [carve.gzip]'
cat "$good" "$samples/good-managed-hsm-key.json" "$samples/good-data-disks.json" |
	gzip -nc >several.gz
run carve --json -d several several.gz
expect 0 'a gzip stream of several configs'
equal "$(hits '[.offset, .inner_offset, .source] | @tsv' | tr '\t\n' '  ')" \
	"0 0 config 0 $(($(wc -c <"$good"))) config 0 $(($(cat "$good" \
		"$samples/good-managed-hsm-key.json" | wc -c))) config 0 $(($(cat "$good" \
		"$samples/good-managed-hsm-key.json" | wc -c))) config " 'each of them is told'
equal "$(cd several && sha256sum ./* | cut -c 1-16 | sort)" \
	"$(find several -type f | sed 's/.*-\(.*\)\.blob/\1/' | sort)" 'and each backup is a blob'
equal "$(find several -type f | wc -l)" 3 'one that two of them hold is one blob'
gzip -nc "$good" | head -c 5000 >cut.gz
run carve --json -d gz2 cut.gz
equal "$(hits '.source + " " + .status')" 'base64 refused' 'of a gzip stream that was cut the start is looked at'
{ gzip -nc "$good" | head -c 5000; gzip -nc "$samples/good-managed-hsm-key.json"; } >follows.gz
run carve --json -d gz3 follows.gz
equal "$(hits '[.offset, .status, .compression] | @tsv' | tr '\t\n' '  ')" '0 refused gzip 5000 ok gzip ' \
	'and what follows it is found'
# what extract refuses may still hold a backup that is whole
for f in "$samples"/bad-*.json "$samples"/odd-*.json; do
	run carve --json -d bad.d --resume "$f"
	[ "$status" -le 1 ] || echo "$f: $status"
done >ends
[ ! -s ends ]
ok $? 'every damaged sample comes to an end'
sed 's/^{/{"OsDiskEncryptionDetails":{},/' "$good" >twice.json
run carve --json -d twice.d twice.json
equal "$status $(hits '[.status, .source] | @tsv' | head -n 1 | tr '\t' ' ')" '0 ok base64' \
	'a config that is refused gives its backup by itself'
# a config that holds another one in a string, and text that it does not mean
jq -c --rawfile old "$samples/good-managed-hsm-key.json" \
	--slurpfile disks "$samples/good-data-disks.json" \
	'{Old: $old} + . + {Note: ("was " + ([$disks[] | .. | .KeyBackupData? // empty] | first))}' \
	"$good" >nested
gzip -nc nested >nested.gz
for f in nested nested.gz; do
	run carve --json -d "$f.d" "$f"
	expect 0 "$f: a config around another"
	equal "$(hits '[.source, .escaped, .status] | @tsv' | tr '\t\n' '  ')" \
		'config 0 ok config 1 ok base64 0 ok ' 'each backup is told, and each once'
	equal "$(find "$f.d" -type f | wc -l)" 3 'and written'
done
# disks that share a key
jq -c '.OsDiskEncryptionDetails.KeyBackupData as $b | . + {Disks: [{KeyBackupData: $b}, {KeyBackupData: $b}]}' \
	"$good" >same
run carve --json --manifest -d same.d same
expect 0 'a config that gives a backup three times'
equal "$(hits '[.status, .blob.path] | @tsv' | uniq -c | tr -s ' ' | cut -f 1)" ' 3 ok' 'names its one blob each time'
run verify same.d/manifest.jsonl
expect 0 'and verify confirms it'
# places that look like configs without end
python3 -c '
import base64, sys
w = base64.b64encode(b"&AzureKeyVaultKey").decode()
sys.stdout.write(("{\"OsDiskEncryptionDetails\":{\"a\":[\"" + w + "\",") * 300 + "\"" + "x" * (3 << 20) + "\n")
' >crowded
cat "$blob" >>crowded
run carve --json -d crowded.d crowded
equal "$status $(hits .source)" '0 blob' 'what is made to slow a search down does not'
grep -q '"id":"carve.crowded"' out
ok $? 'and is told of [carve.crowded]'
# a stream that holds more than is unpacked, as the image and inside of one
{ head -c 7000000 /dev/zero; cat "$good"; } | gzip -nc >packed
run carve --json -d packed.d packed
matches out 'map(select(.type == "image"))[0].findings[0] |
	.id == "carve.gzip-cut" and .severity == "warning"' \
	'an image that is compressed is told not to be searched whole [carve.gzip-cut]'
run carve -q --strict -d packed.d packed
exits 1 carve.gzip-cut 'and refused where it is strict'
{ printf x; cat packed "$good"; } >outer
for jobs in 1 2; do
	run carve --json -j$jobs -d outer.$jobs outer
	expect 0 "-j$jobs: such a stream in an image"
	matches out 'map(select(.type == "image"))[0].findings | length == 1 and
		.[0].id == "carve.gzip-cut" and .[0].severity == "note"' 'is a note'
done
run carve --json --no-gzip -d outer.3 outer
lacks out carve.gzip-cut '--no-gzip says nothing of it'
# gzip streams of empty blocks, and one whose name has no end
python3 -c '
import sys
head = b"\x1f\x8b\x08\0\0\0\0\0\0\3"
sys.stdout.buffer.write((head + b"\0\x0a\0\xf5\xff") * 100 + b"\0\0\0\xff\xff" * (5 << 20))
sys.stdout.buffer.write(b"\x1f\x8b\x08\x08\0\0\0\0\0\3" + b"a" * (25 << 20))
' >endless
cat "$good" >>endless
run carve --json -d endless.d endless
equal "$status $(hits .offset)" "0 $((1500 + (25 << 20) + 10 + (25 << 20)))" \
	'gzip streams that give nothing end the search of none'
matches out 'map(select(.type == "image"))[0].findings[0].id == "carve.crowded"' 'and are told of'
status=0
"$cvmkey" carve --json --resume -d endless.d - <endless >out.stdin 2>err || status=$?
expect 0 'nor from standard input'
sed 's/"image":"-"/"image":"endless"/; s/"path":"-"/"path":"endless"/' out.stdin | cmp -s - out
ok $? 'which gives the same records'
rm endless

# ---- images ------------------------------------------------------------------------

split -b 9000 -d -a 3 --numeric-suffixes=1 image disk.
run carve --json -d segments disk.001
expect 0 'segments are one image'
hits .offset >got
"$cvmkey" carve --json --resume -d segments image | jq -r 'select(.type == "carve") | .offset' | cmp -s - got
ok $? 'with the same offsets'
matches out 'map(select(.type == "image"))[0].segments > 2' 'the record counts them'
rm disk.002
run carve -d none.d disk.001
exits 1 image.segment 'a segment is missing'
truncate -s 5G sparse
dd if="$good" of=sparse bs=1M seek=4000 conv=notrunc 2>/dev/null
if [ "$(du -k sparse | cut -f 1)" -lt 100000 ]; then
	run carve --json -d sparse.d sparse
	equal "$status $(hits .offset)" '0 4194304000' 'a sparse image of 5 GiB'
	matches out 'map(select(.type == "image"))[0] | .sparse > 4e9 and .size == 5368709120' 'its holes are not read'
	python3 -c 'open("sparse", "r+b").truncate(16 << 40)' 2>/dev/null &&
		run carve --json --offset=3G --length=1G -d sparse2.d sparse &&
		equal "$status $(hits .offset)" '0 4194304000' 'a part of 16 TiB'
else
	skip 'sparse images' 'this file system has none'
fi
while IFS='|' read -r id magic; do
	# shellcheck disable=SC2059 # bytes
	{ printf "$magic"; noise 5000 i; cat "$blob"; } >container
	run carve -d none.d container
	exits 1 "image.$id" "a container of the kind $id"
	grep -q '^cvmkey: hint: pipe it: .* | cvmkey carve -$' err
	ok $? 'with the command that pipes it'
	status=0
	"$cvmkey" carve -d none.d - <container >out 2>err || status=$?
	exits 1 "image.$id" 'also from standard input'
done <<'EOF'
ewf|EVF\011\015\012\377\000
ewf|EVF2\015\012\201\000
aff|AFF10\015\012\000
vmdk|KDMV\001\000\000\000
vmdk|# Disk DescriptorFile\nversion=1\n
vhd|conectix\000\000\000\002
vhdx|vhdxfileQ\000
qcow2|QFI\373\000\000\000\003
EOF

# ---- media that fail -------------------------------------------------------------

if ! preload bad.so "$srcdir/tests/fault/failread.c"; then
	skip 'media that fail' "$why_not"
else
	{ noise 1048000 k; cat "$blob"; noise 2000000 l; cat "$good"; } >medium
	second=$((1048000 + S + 2000000))
	status=0
	LD_PRELOAD=$PWD/bad.so BAD_FILE=medium \
		BAD_RANGES="512-1024 4096-4608 4608-5632 1500160-1900032" \
		"$cvmkey" carve --json -d medium.d medium >out 2>err || status=$?
	exits 3 image.unreadable 'sectors that cannot be read'
	equal "$(hits .offset | tr '\n' ' ')" "1048000 $second " 'all else is found, at its place'
	matches out 'map(select(.type == "image"))[0].unreadable == {bytes: 401920, ranges: [
		{offset: 512, length: 512}, {offset: 4096, length: 1536}, {offset: 1500160, length: 399872}]}' \
		'they are counted and listed'
	printed out
	status=0
	LD_PRELOAD=$PWD/bad.so BAD_FILE=medium BAD_RANGES="1050112-1050624" \
		"$cvmkey" carve --json -d medium2.d medium >out 2>err || status=$?
	equal "$status $(hits '.status + " " + .findings[-1].id' | head -n 1)" '3 refused blob.truncated' \
		'a backup with a hole is there up to it'
	status=0
	LD_PRELOAD=$PWD/bad.so BAD_FILE=medium BAD_RANGES="0-99999999" \
		"$cvmkey" carve --json -d medium3.d medium >out 2>err || status=$?
	equal "$status $(hits .offset)" '3 ' 'nothing can be read'
	n=0 status=3
	while [ "$status" -eq 3 ] && [ "$n" -lt 40 ]; do
		status=0
		LD_PRELOAD=$PWD/bad.so BAD_FILE=image BAD_RANGES=0-99999999 BAD_AFTER=$n \
			"$cvmkey" carve -j1 --json -d "after.$n" image >out 2>err || status=$?
		n=$((n + 1))
	done
	equal "$status $((n > 4)) $(hits .offset | wc -l)" '0 1 2' \
		'a medium that fails while a hit is proved is not passed over'
fi

# ---- what is there already --------------------------------------------------------

run carve -d one image
equal "$status $(grep -c 'io.exists\]$' err)" '3 2' 'existing blobs are kept, and no record says otherwise'
run carve --resume -d one image
expect 0 '--resume takes them'
run carve --force -d one image
expect 0 '--force replaces them'
cp image "one/carved-0000000000001388-$(sha256sum "$blob" | cut -c 1-16).blob"
image_blob=one/carved-0000000000001388-$(sha256sum "$blob" | cut -c 1-16).blob
run carve --force -d one "$image_blob"
equal "$status $(grep -c 'io.output-is-input\]$' err)" '3 2' 'but never an image of the run'
run carve -q --progress=always -d progress image
grep -q 'MiB/s' err
ok $? 'progress tells the rate'
odd_name=$(printf 'a\033\377.raw')
cp image "./$odd_name"
run carve --json -d odd "$odd_name"
expect 0 'a name that has to be escaped'
run carve -d odd2 "$odd_name"
shows_plain 'its report is plain'

done_testing
