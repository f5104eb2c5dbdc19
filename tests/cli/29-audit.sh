# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What verify finds out about a manifest from which something is missing.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

mkdir in
cp "$samples/good-vault-key.json" in/a.json
cp "$samples/good-data-disks.json" in/b.json
cp "$samples/bad-b64-alphabet.json" in/bad.json
cp "$samples/good-ade-both.json" in/c.json
echo text >in/other.txt
tar -C in -cf t.tar a.json bad.json other.txt c.json
cp t.tar in/u.tar
"$cvmkey" extract -q --no-sync -d o --manifest in missing t.tar >out 2>err
cp o/manifest.jsonl whole
lines=$(wc -l <whole)
[ "$lines" -eq 22 ] && [ "$(jq -r .type whole | sort | uniq -c | tr -s " \n" " ")" = \
	" 2 archive 18 extract 1 run 1 summary " ]
ok $? 'a manifest of every kind of record'
run verify --strict o/manifest.jsonl
expect 0 'which is whole'

# verdict FILE: what verify says of it: the status, and the ids of errors.
verdict() {
	status=0
	"$cvmkey" verify -d o "$1" >out 2>err || status=$?
	echo "$status $(sed -n 's/^cvmkey: error: .*\[\(.*\)\]$/\1/p' err | sort -u | tr '\n' ' ')"
}

# ---- cut ----------------------------------------------------------------------

n=1
while [ $n -lt "$lines" ]; do
	head -n $n whole >m
	echo "$n $(verdict m)"
	n=$((n + 1))
done | grep -v -e '^1 1 manifest.empty $' -e ' 1 manifest.cut $' >bad
silent bad 'cut at any line it is manifest.cut'

size=$(wc -c <whole)
last=$((size - $(tail -n 1 whole | wc -c)))
at=7
while [ $at -lt "$size" ]; do
	head -c $at whole >m
	echo "$at $(verdict m)"
	at=$((at + 311))
done >cuts
[ "$(wc -l <cuts)" -gt 100 ]
ok $? "cut at $(wc -l <cuts) places"
grep -v -e ' 1 manifest.cut $' -e ' 1 manifest.cut manifest.line $' \
	-e '^[0-9]\{1,3\} 1 manifest.line $' cuts >bad
silent bad 'cut in a line it is at least one of manifest.line and manifest.cut'
for at in $((last + 1)) $((size - 3)) $((size - 2)); do
	head -c $at whole >m
	echo "$at $(verdict m)"
done | grep -v ' 1 manifest.cut manifest.line $' >bad
silent bad 'cut in the summary it is both'

run verify --json -d o m
matches out '[.[] | select(.line and .blob == null) | .line, .findings[0].id] ==
	['"$lines"', "manifest.line"]' 'the line that was cut is named'
matches out '[.[] | select(.findings[0].id? == "manifest.cut")] | length == 1 and
	all(.[]; .line == null and .blob == null and .input == null and
	.status == "refused")' 'the manifest has a record of its own'
matches out '[.[] | select(.blob.path?) | .status] | all(. == "ok") and length == 11' \
	'every blob is looked at all the same'

# ---- lines that are gone ------------------------------------------------------

n=2
while [ $n -lt "$lines" ]; do
	sed ${n}d whole >m
	echo "$n $(verdict m)"
	n=$((n + 1))
done >gone
[ "$(grep -c ' 1 manifest.counts $' gone)" -eq $((lines - 2)) ]
ok $? 'without any one record it is manifest.counts'
grep -n '"status":"ok"' whole | cut -d: -f1 | while read -r n; do
	sed "${n}p" whole >m
	verdict m
done | grep -v manifest.counts >bad
silent bad 'with a good record twice it is, too'
sed 5,9d whole >m
equal "$(verdict m)" '1 manifest.counts ' 'without several records'
says err 'the summary does not count the records before it: inputs ' 'it says which count'
grep -v '"type":"archive"' whole >m
equal "$(verdict m)" '1 manifest.counts ' 'without the records of archives'
says err 'no record of the archive follows those of its members' 'and says what is missing'
sed 1d whole >m
equal "$(verdict m)" '0 ' 'the first line says nothing of blobs'
says out '[manifest.no-run]' 'but it is missed'
run verify --json -d o m
matches out '[.[] | select(.findings[0].id? == "manifest.no-run")] | length == 1 and
	(.[0] | .line == 1 and .blob == null and .status == "ok" and
	.findings[0].severity == "warning")' 'with a warning'
run verify --strict -d o m
exits 1 manifest.no-run '--strict refuses it'

for name in inputs ok refused errors skipped blobs bytes_in bytes_out; do
	jq -c "if .type == \"summary\" then .$name += 1 else . end" whole >m
	equal "$(verdict m)" '1 manifest.counts ' "a summary with another number of $name"
	says err "$name " 'says which'
done
jq -c 'if .type == "archive" then .members += 1 else . end' whole >m
equal "$(verdict m)" '1 manifest.counts ' 'an archive with another number of members'
jq -c 'if .type == "summary" then del(.blobs) else . end' whole >m
equal "$(verdict m)" '1 manifest.cut manifest.line ' 'a summary without a count is none'

# ---- manifests that were joined -----------------------------------------------

mkdir -p two/x
cp in/a.json two/x/e.json
cp in/bad.json two/x/f.json
run extract -q --no-sync -d o --manifest=second --parents two/x/e.json two/x/f.json missing
run extract -q --no-sync -d o --manifest=third missing
cat whole second third >m
equal "$(verdict m)" '0 ' 'joined, they are as good as each'
cat second whole >m
equal "$(verdict m)" '0 ' 'in any order'
{ sed '$d' whole && cat second; } >m
equal "$(verdict m)" '1 manifest.cut ' 'one of them cut: found where the next one begins'
run verify --json -d o m
matches out "[.[] | select(.findings[0].id? == \"manifest.cut\") | .line] == [$lines]" \
	'its line is that of the next run'
{ sed 3d whole && cat second; } >m
equal "$(verdict m)" '1 manifest.counts ' 'a line of one gone'
{ cat second && sed 1d whole; } >m
run verify --strict -d o m
exits 1 manifest.no-run 'the first line of one gone'

# an input that is named twice gives records twice, and counts twice
run extract -q --no-sync -d twice --manifest in/b.json in/b.json
run verify twice/manifest.jsonl
expect 0 'an input that is named twice'

# ---- members of archives --------------------------------------------------------

# A member that was refused stands before a good one of the same name; one is
# gzip, one has several backups, one a name of any bytes.
odd=$(printf 'odd\377\n.json')
mkdir first
cp in/bad.json first/twice.json
cp in/a.json in/twice.json
cp in/a.json "in/$odd"
gzip -c in/a.json >in/g.json.gz
pack='twice.json other.txt b.json c.json g.json.gz'
# shellcheck disable=SC2086 # words
tar -cf m.tar -C first twice.json -C ../in $pack "$odd"
gzip -c m.tar >m.tgz
python3 - <<'END' || skip_all 'no python3'
import warnings, zipfile
warnings.simplefilter("ignore")
with zipfile.ZipFile("m.zip", "w", zipfile.ZIP_DEFLATED) as a:
    a.write("first/twice.json", "twice.json")
    for name in "twice.json other.txt b.json c.json g.json.gz".split():
        a.write("in/" + name, name)
    a.write("in/bad.json", "bad.json")
END

# derived FILTER DESCRIPTION: what verify --json says of the blobs in p.
derived() {
	run verify --json p/manifest.jsonl
	matches out "[.[] | select(.line)] | $1" "$2"
}

for how in tar tgz zip; do
	rm -rf p
	run extract -q --no-sync -d p --manifest m.$how in/a.json
	derived 'length >= 7 and all(.[]; .status == "ok" and .derived == "agreed" and
		.findings == [])' "$how: every member is derived again"
	run verify --strict p/manifest.jsonl
	expect 0 "$how: nothing is to be said"

	# one blob less does not lead to the wrong member
	mv p/m.$how/twice.blob kept
	derived '(map(select(.status == "ok" and .derived == "agreed")) | length) ==
		length - 1' "$how: without one blob the others are derived"
	mv kept p/m.$how/twice.blob

	cp m.$how kept
	printf x >>m.$how
	derived '(map(select(.derived == "agreed")) | length) == length - 1 and
		(map(select(.blob == null))[0] | .status == "ok" and
		.findings[0].id == "verify.config-changed" and
		.input == {path: "m.'$how'", member: null})' \
		"$how: an archive that has changed is told, its members count"
	run verify --strict p/manifest.jsonl
	exits 1 verify.config-changed "$how: --strict refuses it"
	rm m.$how
	derived 'all(.[]; .status == "ok" and .findings[0].id? != "verify.member") and
		(map(select(.derived == "skipped" and
		.findings[0].id == "verify.config-missing")) | length) == length - 1' \
		"$how: an archive that is gone is a note"
	cp in/a.json m.$how
	derived '(map(select(.findings[0].id? == "verify.member" and .derived == "skipped"
		and .status == "ok")) | length) == length - 1' "$how: it is no archive any more"
	rm m.$how && mkdir m.$how
	derived '(map(select(.findings[0].id? == "verify.config-changed")) | length) ==
		length - 1' "$how: it is a directory now"
	rmdir m.$how && mkfifo m.$how
	derived '(map(select(.findings[0].id? == "verify.config-missing")) | length) ==
		length - 1' "$how: it is a pipe now, which is not waited for"
	rm m.$how
	head -c 9000 kept >m.$how
	derived 'all(.[]; .status == "ok") and (map(select(.derived == "skipped")) |
		length > 3 and all(.[]; .findings[0].id == "verify.member" or
		.blob == null and .findings[0].id == "verify.config-changed"))' \
		"$how: what lies behind a cut is not found"
	mv kept m.$how
done

# a member that is another one now; one that is missing; another order
rm -rf p
run extract -q --no-sync -d p --manifest m.tar
mkdir later
cp in/* later 2>/dev/null
cp in/a.json later/b.json
# shellcheck disable=SC2086 # words
tar -cf m.tar -C first twice.json -C ../later $pack "$odd"
derived '[.[] | select(.findings[0].id?) | .input.member, .findings[0].id] ==
	["b.json", "verify.config-changed", "b.json", "verify.config-changed",
	null, "verify.config-changed"]' 'a member that has changed: its blobs alone'
# shellcheck disable=SC2086 # words
tar -cf m.tar -C first twice.json -C ../in other.txt $pack "$odd"
derived '[.[] | select(.findings[0].id?) | .input.member, .findings[0].id] ==
	[null, "verify.config-changed"]' 'members that came in between are passed'
tar -cf m.tar -C first twice.json -C ../in twice.json other.txt b.json g.json.gz
derived '[.[] | select(.derived == "skipped") | .input.member // "-"] ==
	["c.json", "c.json", "g.json.gz", "odd\\xff\\n.json", "-"] and
	all(.[]; .status == "ok")' 'behind a member that is missing nothing is found'
run verify -v p/manifest.jsonl
says out 'it has no such member, or not there [verify.member]' 'and why is said'
run verify --strict --max-input-size=1K p/manifest.jsonl
says err '[input.too-large]' 'members larger than --max-input-size are refused by name'

# two backups of one member, of which the first blob is lost
rm -rf p
tar -cf m.tar -C in b.json a.json
run extract -q --no-sync -d p --manifest m.tar
rm p/m.tar/b.blob
derived 'map(select(.blob)) | length > 2 and .[0].findings[0].id == "verify.missing" and
	all(.[1:][]; .derived == "agreed")' 'behind a lost blob its member is read all the same'

# a manifest that was made up: its blob is there, but not of that member
rm -rf p
tar -cf m.tar -C in a.json b.json
run extract -q --no-sync -d p --manifest m.tar
cp p/m.tar/b.blob p/m.tar/a.blob
jq -cs '(map(select(.blob?.path? == "m.tar/b.blob"))[0].blob) as $b |
	(map(select(.blob?.path? == "m.tar/a.blob"))[0].blob.size) as $n | .[] |
	if .blob?.path? == "m.tar/a.blob" then .blob.size = $b.size |
	.blob.sha256 = $b.sha256 elif .type == "summary" then
	.bytes_out += $b.size - $n else . end' p/manifest.jsonl >m
mv m p/manifest.jsonl
run verify p/manifest.jsonl
exits 1 verify.derivation 'a blob that does not come from its member'

# ---- what a record says of its config -------------------------------------------

# told FILTER DESCRIPTION WORDS: a record changed so contradicts its config.
told() {
	rm -rf p
	run extract -q --no-sync -d p --manifest "$samples/good-ade-both.json" in/a.json
	jq -c "if .type == \"extract\" and .backup.format != \"key-vault-secret\" and
		.input.path == \"$2\" then $1 else . end" p/manifest.jsonl >m
	! cmp -s m p/manifest.jsonl
	ok $? "$3: the record can be changed"
	mv m p/manifest.jsonl
	run verify p/manifest.jsonl
	exits 1 verify.facts "$3"
	says err "$4" "$3: it says what"
}

set -- in/a.json
told '.key.url |= sub("/keys/[a-z]"; "/keys/x")' "$1" 'another key URL' 'says key.url is'
told '.key.name = "other"' "$1" 'another key' "says key.name is 'other'"
told '.key.version |= ascii_upcase + "0"' "$1" 'another version' 'says key.version is'
told '.key.vault = "other"' "$1" 'another vault' 'says key.vault is'
told '.des.id |= sub("[a-z]$"; "!")' "$1" 'another disk encryption set' 'says des.id is'
told '.des.name = "other"' "$1" 'another name of it' "says des.name is 'other'"
told '.des.resource_group = "other"' "$1" 'another group' 'says des.resource_group is'
told '.des.subscription = "0"' "$1" 'another subscription' 'says des.subscription is'
told '.key.url_pointer = "/x"' "$1" 'another place' "but the config has 'nothing'"
told '.fields[0].value = "other"' "$1" 'another value of a field' "is 'other', but the config has"
told '.fields[0].pointer += "x"' "$1" 'a field that is not there' "but the config has 'nothing'"
told '.secret.url |= sub("/secrets/."; "/secrets/x")' "$samples/good-ade-both.json" \
	'another secret URL' 'says secret.url is'
told '.secret.name = "other"' "$samples/good-ade-both.json" 'another secret' \
	"says secret.name is 'other'"

# the size is counted, too
rm -rf p
run extract -q --no-sync -d p --manifest in/a.json
jq -c 'if .type == "extract" then .input.size += 1 elif .type == "summary" then
	.bytes_in += 1 else . end' p/manifest.jsonl >m && mv m p/manifest.jsonl
run verify p/manifest.jsonl
exits 1 verify.facts 'another size of the config'
says err 'the manifest says the config has' 'it says both sizes'

# no sample contradicts its own record
run extract -q --no-sync -d all --manifest "$samples"/good-* "$samples"/odd-* "$samples"/bad-*
[ "$(grep -c '"blob":{' all/manifest.jsonl)" -gt 40 ]
ok $? 'the samples give blobs'
run verify --json all/manifest.jsonl
expect 0 'no record of a sample contradicts its config'
matches out 'all(.[] | select(.line); .derived == "agreed" and .findings == [])' \
	'and every blob is derived again'

done_testing
