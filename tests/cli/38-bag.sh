# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# extract --bag: a BagIt bag of blobs and manifest, complete or visibly not one.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

mkdir -p in/sub
cp "$samples/good-vault-key.json" in/a.json
cp "$samples/good-data-disks.json" in/sub/b.json
cp "$samples/bad-b64-alphabet.json" in/bad.json

# bag DIR DESCRIPTION: DIR is a valid bag, by other means.
bag() {
	for sums in manifest-sha256.txt tagmanifest-sha256.txt; do
		(cd "$1" && sha256sum --strict -c $sums) >out 2>err
		ok $? "$2: $sums"
	done
	(cd "$1" && find data -type f | LC_ALL=C sort) >there
	sed 's/^[0-9a-f]*  //' "$1/manifest-sha256.txt" | LC_ALL=C sort >named
	same there named "$2: every file of the payload is named, and no other"
	equal "$(sed -n 's/^Payload-Oxum: //p' "$1/bag-info.txt")" \
		"$(find "$1/data" -type f -printf '%s\n' |
			awk '{ n += $1 } END { print n "." NR }')" "$2: its size"
	printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' |
		cmp -s - "$1/bagit.txt"
	ok $? "$2: it is declared"
}

# ---- a bag --------------------------------------------------------------------

before=$(date -u +%F)
run extract --bag=new/bag --note=case=17 --note="$(printf 'x=a: b\nc')" in
exits 1 b64.alphabet 'a bag, one input refused'
bag new/bag 'a bag'
equal "$(find new/bag -type f | LC_ALL=C sort | tr '\n' ' ')" \
	"new/bag/bag-info.txt new/bag/bagit.txt new/bag/data/a.blob new/bag/data/manifest.jsonl new/bag/data/sub/b.2.blob new/bag/data/sub/b.blob new/bag/manifest-sha256.txt new/bag/tagmanifest-sha256.txt " \
	'these files and no other'
key_data in/a.json | cmp -s - new/bag/data/a.blob
ok $? 'the blobs are the usual ones'
says new/bag/bag-info.txt 'Cvmkey-Note: case=17' 'a note'
says new/bag/bag-info.txt 'Cvmkey-Note: x=a: b\nc' 'a note stays in its line'
date=$(sed -n 's/^Bagging-Date: //p' new/bag/bag-info.txt)
[ "$date" = "$before" ] || [ "$date" = "$(date -u +%F)" ]
ok $? 'the date'
equal "$(sed -n 's/^Bag-Software-Agent: //p' new/bag/bag-info.txt)" \
	"$("$cvmkey" --version)" 'the program'
equal "$(grep -vcE '^[A-Za-z-]+: .' new/bag/bag-info.txt)" 0 \
	'each line is a label and a value'
mode new/bag 700 'only for its owner'
mode new/bag/manifest-sha256.txt 600 'its files, too'
"$cvmkey" verify -q new/bag/data/manifest.jsonl 2>err
ok $? 'verify takes its manifest'
matches new/bag/data/manifest.jsonl \
	'.[0].notes.case == "17" and (map(.blob?.path? // empty) ==
	["a.blob", "sub/b.blob", "sub/b.2.blob"])' 'whose paths are as ever'

for jobs in 1 8; do
	rm -rf again
	run extract -j$jobs --bag=again/ in
	grep -v manifest.jsonl new/bag/manifest-sha256.txt >wanted
	grep -v manifest.jsonl again/manifest-sha256.txt | cmp -s - wanted
	ok $? "the same sums: -j$jobs"
done

# ---- names --------------------------------------------------------------------

mkdir odd
cp in/a.json odd/100%.json
cp in/a.json "$(printf 'odd/l\nf.json')"
cp in/a.json "$(printf 'odd/c\rr.json')"
cp in/a.json "odd/a b\\c.json"
run extract --bag=names odd
expect 0 'odd names'
sed 's/^[0-9a-f]*  //' names/manifest-sha256.txt >got
printf '%s\n' data/100%25.blob 'data/a b\c.blob' data/c%0Dr.blob data/l%0Af.blob \
	data/manifest.jsonl >wanted
same got wanted 'CR, LF and % are percent-encoded, and nothing else'
cat >decode.py <<'X'
import hashlib, os, re, sys
bag = os.fsencode(sys.argv[1])
for line in open(bag + b"/manifest-sha256.txt", "rb").read().split(b"\n")[:-1]:
    sha, path = line.split(b"  ", 1)
    path = re.sub(b"%(0A|0D|25)", lambda m: bytes([int(m[1], 16)]), path)
    with open(bag + b"/" + path, "rb") as f:
        assert hashlib.sha256(f.read()).hexdigest().encode() == sha, path
X
python3 decode.py names 2>err
ok $? 'decoded they are the files'
(cd names && sha256sum -c manifest-sha256.txt 2>&1) | grep -qxF 'data/a b\c.blob: OK'
ok $? 'sha256sum finds a name with a backslash'

# ---- what is there already ----------------------------------------------------

cp new/bag/manifest-sha256.txt sums
for option in --quiet --resume; do
	run extract $option --bag=new/bag in
	exits 3 io.exists "a complete bag, $option"
	same new/bag/manifest-sha256.txt sums "it stays as it was, $option"
done
cp in/a.json in/z.json
run extract --force --bag=new/bag --note=case=18 in
exits 1 b64.alphabet '--force replaces it'
bag new/bag '--force'
[ -e new/bag/data/z.blob ] && ! grep -q case=17 new/bag/bag-info.txt
ok $? '--force: it is the new one'
rm in/z.json
run extract --force --bag=new/bag in
expect 3 '--force: a blob of an earlier run'
says err '[bag.extra]' 'which is no part of it'
silent new/bag/bagit.txt 'the bag is not declared any more'
rm new/bag/data/z.blob
run extract --resume --bag=new/bag in
exits 1 b64.alphabet '--resume after it was removed'
bag new/bag '--force, then --resume'
run extract --force --bag=new/bag in missing.json
expect 3 '--force, and an input that cannot be read'
silent new/bag/bagit.txt 'the old declaration does not stand for the new files'
printf 'mine\n' >new/bag/data/manifest.jsonl
cp again/bagit.txt new/bag
run extract --force --bag=new/bag in
exits 3 io.exists '--force does not replace what is no manifest'
same new/bag/bagit.txt again/bagit.txt 'the declaration stays then'
rm -rf new
mkdir -p full/data
echo >full/data/note.txt
run extract --bag=full in
exits 3 io.exists 'a data folder that is not empty'
equal "$(find full -type f)" full/data/note.txt 'nothing is put there'
run extract --resume --bag=full in
expect 3 '--resume: what else is there'
says err '[bag.extra]' 'is found'
absent full/bagit.txt 'no bag then'
rm full/data/note.txt
run extract --resume --bag=full in
exits 1 b64.alphabet '--resume after it was removed'
bag full '--resume'
mkdir other
echo mine >other/bagit.txt
run extract --force --bag=other in
exits 3 io.exists '--force does not replace what is no declaration'
equal "$(cat other/bagit.txt)" mine 'it stays as it was'

# ---- not complete -------------------------------------------------------------

# as runs leave it that were killed between any two of their last steps
run extract --bag=whole in/a.json in/sub/b.json
expect 0 'a whole one'
set -- data/manifest.jsonl manifest-sha256.txt bag-info.txt tagmanifest-sha256.txt bagit.txt
while [ $# -gt 0 ]; do
	rm -rf killed
	cp -a whole killed
	for name; do rm "killed/$name"; done
	run extract --resume --bag=killed in/a.json in/sub/b.json
	expect 0 "--resume from where $1 is missing"
	bag killed "--resume from $1"
	shift
done
echo changed >>killed/data/a.blob
rm killed/bagit.txt
run extract --resume --bag=killed in/a.json in/sub/b.json
expect 3 '--resume: a blob that was changed'
absent killed/bagit.txt 'no bag then'

mkdir twice
cp in/a.json twice/a.json
run extract --bag=less in/a.json twice/a.json
exits 3 io.exists 'a name that two inputs have'
says err '[bag.incomplete]' 'it is said that the bag is not complete'
absent less/bagit.txt 'it is not declared'
run extract --bag=none missing.json
exits 3 io.open 'no input can be read'
absent none/bagit.txt 'no bag'
run extract --bag=refused in/bad.json
exits 1 b64.alphabet 'no input is good'
bag refused 'a bag of the manifest alone'

# ---- usage --------------------------------------------------------------------

usage_error extract --bag=b -d c in
usage_error extract --bag=b -o c in/a.json
usage_error extract --bag=b --manifest in
usage_error extract --bag=b --sums in
usage_error extract --bag= in
usage_error show --bag=b in
absent b 'wrong usage: nothing is made'

done_testing
