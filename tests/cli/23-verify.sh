# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What verify says of the blobs of a manifest: those that are as they were,
# those that are not, and manifests made to mislead it.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

cp "$samples/good-vault-key.json" a.json
cp "$samples/good-data-disks.json" b.json
cp "$samples/odd-gzip.json.gz" c.json.gz
cp "$samples/odd-utf-16be-no-bom.json" d.json
cp "$samples/bad-b64-alphabet.json" bad.json
run_line='{"schema":"cvmkey/1","type":"run","version":"0","notes":{}}'
: >said

# extracted INPUT...: the blobs of a run in o/, with a manifest.
extracted() {
	rm -rf o
	mkdir o
	"$cvmkey" extract --json --no-sync -d o "$@" >lines 2>/dev/null
	printed lines
	{ echo "$run_line" && cat lines; } >o/m.jsonl
	rm lines
}

# edit JQ-FILTER: the manifest of the blob of a.json alone, its record changed,
# and what the summary says of blobs with it.
edit() {
	extracted a.json
	jq -c "if .type == \"extract\" then $1 else . end" o/m.jsonl | jq -cs '
		(map(.blob?.size? // empty)) as $sizes | .[] | if .type == "summary" then
		.blobs = ($sizes | length) | .bytes_out = ($sizes | add // 0) else . end' >m
	mv m o/m.jsonl
}

# verified ARGUMENT...: the program, held to showing nothing raw.
verified() {
	run verify "$@"
	cat out err >>said
}

# ---- as it was ----------------------------------------------------------------

extracted a.json b.json bad.json c.json.gz d.json missing.json
verified o/m.jsonl
expect 0 'nothing was changed'
silent err 'nothing was changed: no error'
sed '$d' out >blobs
printf '%s.blob: ok\n' a b b.2 c d >wanted
same blobs wanted 'one line for each blob, in the order of the manifest'
says out 'blobs as the manifest says: 5 (5 derived again, 0 only hashed); refused: 0; not done: 0; records without a blob: 2' \
	'the last line counts'

verified --json o/m.jsonl
expect 0 'as JSON'
matches out "length == 6 and all(.[:5][]; .schema == \"cvmkey/1\" and
	.type == \"verify\" and .status == \"ok\" and .derived == \"agreed\" and
	.findings == [] and .input.member == null)" 'each is ok and derived again'
matches out '[.[:5][] | [.line, .blob.path, .input.path]] == [
	[2, "a.blob", "a.json"], [3, "b.blob", "b.json"], [4, "b.2.blob", "b.json"],
	[6, "c.blob", "c.json.gz"], [7, "d.blob", "d.json"]]' 'each has its place'
matches out ".[0].blob == {path: \"a.blob\", size: $(stat -c %s o/a.blob),
	sha256: \"$(sha256sum <o/a.blob | cut -c1-64)\"}" 'size and hash as found'
matches out ".[5] == {schema: \"cvmkey/1\", type: \"summary\", inputs: 7, ok: 5,
	refused: 0, errors: 0, skipped: 2, blobs: 5,
	bytes_in: $(cat o/*.blob | wc -c), bytes_out: 0, derived: 5, hashed_only: 0}" 'the summary'

verified -q o/m.jsonl
expect 0 '-q'
silent out '-q: no report'
verified -v o/m.jsonl
says out "  SHA-256   $(sha256sum <o/b.2.blob | cut -c1-64)" '-v shows hashes'
says out '  config    c.json.gz' '-v shows configs'
says out '  derived   agreed' '-v says that they agree'

cp o/m.jsonl m
verified m
expect 1 'a manifest elsewhere: the blobs are looked for beside it'
verified -d o m
expect 0 '-d names their directory'
verified --output-dir=o --strict m
expect 0 '--output-dir, --strict'
status=0
"$cvmkey" verify -d o - <m >out 2>err || status=$?
expect 0 'the manifest from standard input'
(cd o && "$cvmkey" verify - <m.jsonl >../out 2>../err) || :
says out 'blobs as the manifest says: 5 (0 derived again, 5 only hashed);' 'standard input: the blobs are in the current directory'
says out 'd.blob: ok' 'a config that is not there from here harms nothing'
touch -d 2001-02-03 o/a.blob a.json o/m.jsonl
before=$(stat -c '%n %X %Y %Z' o/a.blob a.json o/m.jsonl)
verified o/m.jsonl
equal "$(stat -c '%n %X %Y %Z' o/a.blob a.json o/m.jsonl)" "$before" \
	'what is read stays as it was, access times included'
equal "$(ls o)" "$(printf '%s\n' a.blob b.2.blob b.blob c.blob d.blob m.jsonl)" \
	'nothing is written'

extracted a.json
extracted_one=$(cat o/m.jsonl)
mv o one
extracted b.json d.json
mv one/a.blob o
{ cat o/m.jsonl && echo "$extracted_one"; } >m && mv m o/m.jsonl
verified --strict o/m.jsonl
expect 0 'manifests that were joined'
says out 'blobs as the manifest says: 4 (4 derived' 'manifests that were joined: all of them count'
rm -rf one

printf '%s' "$(cat o/m.jsonl)" >m && mv m o/m.jsonl
verified o/m.jsonl
expect 0 'the last line needs no line feed'
sed 's/$/\r/' o/m.jsonl >m && mv m o/m.jsonl
verified o/m.jsonl
expect 0 'CRLF'

# ---- blobs that are not -------------------------------------------------------

# refused ID DESCRIPTION: exit 1, this id alone, in text and in JSON.
refused() {
	verified o/m.jsonl
	exits 1 "$1" "$2"
	verified --json o/m.jsonl
	matches out "[.[] | select(.status == \"refused\") | .derived,
		.findings[-1].id, .findings[-1].severity] ==
		[\"skipped\", \"$1\", \"error\"]" "$2: the record"
	matches out 'last | .refused == 1 and .inputs == .ok + .refused + .skipped' \
		"$2: the summary"
}

extracted a.json d.json
rm o/a.blob
refused verify.missing 'a blob that is gone'
matches out '.[0].blob == {path: "a.blob", size: null, sha256: null}' \
	'nothing was found of it'
matches out '.[1].status == "ok"' 'the next one is looked at'
verified -q o/m.jsonl
exits 1 verify.missing '-q'
silent out '-q prints errors only'

extracted a.json
was=$(sha256sum <o/a.blob | cut -c1-64)
printf x | dd of=o/a.blob bs=1 seek=100 conv=notrunc 2>/dev/null
is=$(sha256sum <o/a.blob | cut -c1-64)
refused verify.changed 'one byte changed'
says err "SHA-256 $is; the manifest says" 'the hash that is'
says err "SHA-256 $was [verify.changed]" 'the hash that was'
matches out ".[0].blob.sha256 == \"$is\"" 'the hash as found is in the record'
extracted a.json
echo >>o/a.blob
refused verify.changed 'one byte more'
: >o/a.blob
refused verify.changed 'no bytes'

extracted a.json
mv o/a.blob real
ln -s ../real o/a.blob
refused verify.changed 'a link in the place of a blob is not followed'
rm o/a.blob && ln -s nowhere o/a.blob
refused verify.changed 'nor one that leads nowhere'
rm o/a.blob && mkdir o/a.blob
refused verify.changed 'a directory in its place'
rmdir o/a.blob && mkfifo o/a.blob
status=0
timeout 20 "$cvmkey" verify o/m.jsonl >out 2>err || status=$?
exits 1 verify.changed 'a pipe in its place is not waited for'

mkdir -p s/t
cp a.json s/t
extracted --parents s/t/a.json
verified o/m.jsonl
expect 0 'a blob in a folder'
says out 's/t/a.blob: ok' 'a blob in a folder: its path'
mv o/s/t elsewhere
ln -s ../../elsewhere o/s/t
refused verify.changed 'a folder on the way became a link'
rm o/s/t && : >o/s/t
refused verify.missing 'a folder on the way became a file'

if am_root; then
	skip 'a blob that cannot be opened' 'root may read everything'
else
	extracted a.json
	chmod 0 o/a.blob
	verified o/m.jsonl
	exits 3 io.open 'a blob that cannot be opened'
fi

# ---- configs ------------------------------------------------------------------

extracted a.json d.json
cp a.json kept
rm a.json
verified o/m.jsonl
expect 0 'a config that is gone'
silent err 'a config that is gone is no error'
lacks out config-missing 'without -v it is not spoken of'
verified -v o/m.jsonl
says out '[verify.config-missing]' '-v speaks of it'
verified --strict o/m.jsonl
expect 0 '--strict does not count notes'
verified --json o/m.jsonl
matches out '.[0] | .status == "ok" and .derived == "skipped" and
	[.findings[] | [.id, .severity]] == [["verify.config-missing", "note"]]' \
	'a config that is gone: the record'
matches out '.[1].derived == "agreed"' 'the next one is derived'
matches out 'last | .blobs == 2 and .derived == 1 and .hashed_only == 1' \
	'the summary tells how many were not'

{ cat kept && echo; } >a.json
verified o/m.jsonl
expect 0 'a config that was changed'
says out '  warning   the config is not the one' 'is a warning'
verified --json o/m.jsonl
matches out '.[0] | .status == "ok" and .derived == "skipped" and
	[.findings[] | [.id, .severity]] == [["verify.config-changed", "warning"]]' \
	'a config that was changed: the record'
verified --strict o/m.jsonl
exits 1 verify.config-changed '--strict refuses it'
verified --json --strict o/m.jsonl
matches out '.[0] | .status == "refused" and .findings[0].severity == "error"' \
	'--strict: the record'
rm a.json && mkdir a.json
verified o/m.jsonl
says out '[verify.config-changed]' 'a directory in its place'
rmdir a.json && mkfifo a.json
status=0
timeout 20 "$cvmkey" verify -v o/m.jsonl >out 2>err || status=$?
expect 0 'a pipe in its place is not waited for'
says out '[verify.config-missing]' 'a pipe in its place is no config'
rm a.json && cp kept a.json

verified --max-input-size=1K o/m.jsonl
expect 1 'configs larger than --max-input-size'
says err '[input.too-large]' 'are refused by name'
says err '--max-input-size' 'the hint names the option'
head -c 70000 /dev/zero >a.json
verified --max-input-size=30K o/m.jsonl
says out '[verify.config-changed]' 'one that became larger is another one'
cp kept a.json
if am_root; then
	skip 'a config that cannot be read' 'root may read everything'
else
	chmod 0 a.json
	verified o/m.jsonl
	exits 3 io.open 'a config that cannot be read'
	chmod 600 a.json
fi

rm -rf o
mkdir o
"$cvmkey" extract --json -d o - <a.json >o/m.jsonl
verified -v o/m.jsonl
expect 0 'a config from standard input'
says out '[verify.config-missing]' 'it cannot be derived again'
edit '(.input.member = "x/c.json"),
	{schema, type: "archive", status, input, members: 1}'
verified --json o/m.jsonl
expect 0 'the config of a member that is none'
matches out '.[0] | .derived == "skipped" and .input.member == "x/c.json" and
	.findings[0].id == "verify.member" and .findings[0].severity == "warning"' \
	'it is not derived again'
matches out 'last | .inputs == 2 and .skipped == 1' \
	'the record of the archive is passed over'
verified --strict o/m.jsonl
exits 1 verify.member '--strict refuses it'

# the config is the same, so another hash of the blob shows that the manifest
# was made up, even where the blob matches
other=$(sha256sum <kept | cut -c1-64)
edit ".blob.sha256 = \"$other\" | .blob.size = $(stat -c %s kept)"
cp kept o/a.blob
refused verify.derivation 'a blob that does not come from its config'
says err "SHA-256 $was" 'what is derived'
says err "SHA-256 $other" 'what the manifest says'
edit '.backup.pointer = "/OsDiskEncryptionDetails/nothing"'
refused verify.derivation 'a pointer to nothing'
edit '.backup.pointer = "/OsDiskEncryptionDetails/KeyUrl"'
refused verify.derivation 'a pointer to another text'
printf '{"a":' >broken.json
edit ".input.path = \"broken.json\" |
	.input.sha256 = \"$(sha256sum <broken.json | cut -c1-64)\""
refused verify.derivation 'a config that is not JSON'
gzip -c a.json | head -c 1000 >broken.json
edit ".input.path = \"broken.json\" |
	.input.sha256 = \"$(sha256sum <broken.json | cut -c1-64)\""
refused verify.derivation 'a config that is half a gzip stream'

# ---- files that are not in the manifest -----------------------------------------

extracted a.json d.json
mkdir -p o/x/y
cp o/a.blob o/x/y/z.blob
cp o/a.blob o/0.blob
cp o/a.blob o/other.txt
verified o/m.jsonl
expect 0 'blobs that are not in the manifest'
silent err 'they are no error'
says out '0.blob: ok' 'one beside the others'
says out 'x/y/z.blob: ok' 'one in a folder below'
equal "$(grep -c 'warning   the manifest does not name this file' out)" 2 \
	'a warning for each, none for other files'
says out 'blobs as the manifest says: 2 (2 derived' 'they do not count as verified'
verified --json o/m.jsonl
matches out '[.[2:4][] | .line, .input, .derived, .blob, .findings[0].id,
	.findings[0].severity] == [null, null, "skipped",
	{path: "0.blob", size: null, sha256: null}, "verify.extra", "warning",
	null, null, "skipped", {path: "x/y/z.blob", size: null, sha256: null},
	"verify.extra", "warning"]' 'their records follow the others'
verified --strict o/m.jsonl
expect 1 '--strict'
equal "$(grep -c '^cvmkey: error: .* \[verify.extra\]$' err)" 2 \
	'--strict refuses each'
rm -r o/x o/0.blob
printf x >"$(printf 'o/e\033[2J\377.blob')"
ln -s a.blob o/link.blob
ln -s .. o/loop
verified --json o/m.jsonl
matches out '[.[2:4][] | .blob.path, .findings[0].id] == ["e\\x1b[2J\\xff.blob",
	"verify.extra", "link.blob", "verify.extra"]' \
	'a name that has to be escaped, a link; no link is walked through'
verified --strict o/m.jsonl
rm o/*.blob
cp o/m.jsonl m
extracted bad.json
cp "$samples/good-vault-key.blob" o
verified o/m.jsonl
expect 0 'a run that gave no blob'
says out '[verify.extra]' 'a blob beside it is extra'
if am_root; then
	skip 'a folder that cannot be searched' 'root may read everything'
else
	extracted a.json
	mkdir o/x && chmod 0 o/x
	verified o/m.jsonl
	exits 3 io.open 'a folder that cannot be searched'
	chmod 700 o/x
fi

# ---- manifests ------------------------------------------------------------------

verified missing.jsonl
exits 3 io.open 'no manifest'
says err 'missing.jsonl: cannot open' 'no manifest: its name'
verified o
exits 3 io.directory 'a directory as manifest'
verified -d nowhere o/m.jsonl
exits 3 io.open 'no output directory'
: >empty
verified empty
exits 1 manifest.empty 'an empty manifest'
verified --json empty
matches out '.[0] | .status == "refused" and .blob == null and .input == null and
	.line == null' 'an empty manifest: the record'
{ echo "$run_line" && tail -n 1 o/m.jsonl; } >empty
verified empty
exits 1 manifest.counts 'a run and its summary without records'
jq -c 'if .type == "summary" then map_values(if type == "number" then 0 else . end)
	else . end' empty >m && mv m empty
verified empty
exits 1 manifest.empty 'a run over nothing has no record'

# bad_line TEXT DESCRIPTION: a line that is no record, between good ones.
bad_line() {
	extracted a.json d.json
	{ sed -n 1,2p o/m.jsonl && printf '%s\n' "$1" && sed -n 3,4p o/m.jsonl; } >m
	mv m o/m.jsonl
	verified --json o/m.jsonl
	exits 1 manifest.line "$2"
	matches out 'length == 4 and [.[:3][].status] == ["ok", "refused", "ok"] and
		(.[1] | .line == 3 and .blob == null and .findings[0].line == 3)' \
		"$2: the others go on"
}

extracted a.json
good=$(sed -n 2p o/m.jsonl)
end=$(sed -n 3p o/m.jsonl)
bad_line '' 'an empty line'
bad_line '{"schema":"cvmkey/1","type":"extract"' 'a line that was cut'
bad_line '{}' 'an object of something else'
bad_line '[1,2]' 'a list'
bad_line "$good$good" 'two records in a line'
bad_line '{"schema":"cvmkey/2","type":"extract"}' 'another schema'
bad_line '{"schema":"cvmkey/1","type":"verify","status":"ok"}' 'another type'
bad_line "$(printf '{"a":"\033]0;x\007"}')" 'raw escape sequences'
bad_line "$(printf '\377\376')" 'bytes that are not UTF-8'
bad_line "$(printf '%01500d' 0 | tr 0 '[')" 'nested 1500 deep'
bad_line "$(echo "$good" | sed 's/"size":[0-9]*/"size":1e999/')" 'a huge number'
bad_line "$(echo "$good" | sed 's/"size":[0-9]*/"size":-5/')" 'a negative size'
bad_line "$(echo "$good" | jq -c 'del(.blob.sha256)')" 'no hash'
bad_line "$(echo "$good" | jq -c '.blob.sha256 = "abc"')" 'half a hash'
bad_line "$(echo "$good" | jq -c '.blob.path = 7')" 'a path that is a number'
bad_line "$(echo "$good" | jq -c '.blob.path = "a\u0000b"')" 'a path with U+0000'
bad_line "$(echo "$good" | jq -c 'del(.input)')" 'no input'
bad_line "$(echo "$good" | jq -c '.input.path_base64 = "Yg=="')" \
	'two names that differ'
bad_line "$(echo "$good" | jq -c '.blob = null')" 'ok without a blob'
bad_line "$(echo "$good" | sed 's/"blob":/"blob":null,"blob":/')" 'a name twice'
edit '.'
verified --json o/m.jsonl
{ cat o/m.jsonl && printf 'ab\303\244c{\n'; } >m && mv m o/m.jsonl
verified o/m.jsonl
says err "m.jsonl: this is no record: 'a' cannot stand here in JSON, at offset $(
	head -n 3 o/m.jsonl | wc -c
) (line 4, column 1) [manifest.line]" 'the place of a bad line'

# a line that no limit holds: 40 MiB without an end, then a good one
{
	echo "$run_line"
	printf '{"a":"'
	head -c 41943040 /dev/zero | tr '\0' x
	echo '"}'
	echo "$good"
	echo "$end"
} >m
mv m o/m.jsonl
status=0
(
	# shellcheck disable=SC3045 # every shell of today has it
	[ "${sanitized:-no}" = yes ] || ulimit -v 200000
	"$cvmkey" verify o/m.jsonl >out 2>err
) || status=$?
exits 1 manifest.line 'a line without end'
says out 'a.blob: ok' 'a line without end: the next one is read'
head -c 3000000 /dev/zero >m
printf '\n%s\n%s\n' "$good" "$end" >>m && mv m o/m.jsonl
verified o/m.jsonl
exits 1 manifest.line 'a line of NULs'
says out 'a.blob: ok' 'a line of NULs: the next one is read'

# ---- paths ----------------------------------------------------------------------

cp kept outside.blob
for path in ../outside.blob /etc/passwd "$work/o/a.blob" x/../../outside.blob \
	o//a.blob a.blob/ . .. ''; do
	edit ".blob.path = \"$path\""
	verified o/m.jsonl
	[ "$status" -eq 1 ] && grep -q '^cvmkey: error: .* \[manifest\.[lp][inath]*e\{0,1\}\]$' err
	ok $? "a blob must not be at '$path'"
	lacks err "$other" 'and it is not looked at'
done
edit '.blob.path = "../outside.blob"'
verified o/m.jsonl
exits 1 manifest.path 'a path that leads outside'
edit '.blob.path = "a.blob\\n/../../outside.blob" | .blob.path_base64 = "YS5ibG9iCi8uLi8uLi9vdXRzaWRlLmJsb2I="'
verified o/m.jsonl
exits 1 manifest.path 'a path that leads outside in base64'
edit '.blob.path = "./a.blob"'
verified --strict o/m.jsonl
expect 0 'a path with a dot'

extracted a.json
cat o/m.jsonl o/m.jsonl >m && mv m o/m.jsonl
refused verify.twice 'a blob that is named twice'
edit '., (.blob.path = "././a.blob")'
refused verify.twice 'twice in other words'

# names that would do something on a terminal
odd=$(printf 'e\033[2Jx\377.json')
cp a.json "$odd"
extracted "$odd"
verified --json --strict o/m.jsonl
expect 0 'a name that has to be escaped'
matches out ".[0] | .derived == \"agreed\" and
	.blob.path_base64 == \"$(printf 'e\033[2Jx\377.blob' | base64)\" and
	.input.path_base64 == \"$(printf '%s' "$odd" | base64)\"" \
	'it is given exactly'
rm o/*.blob
verified -v o/m.jsonl
exits 1 verify.missing 'it is escaped in messages'
says err 'e\x1b[2Jx\xff.blob: the blob is not there' 'escaped C style'
for member in '.blob.path' '.input.path' '.input.member' '.status' '.type' \
	'.schema' '.backup.pointer' '.blob.sha256'; do
	edit "$member = \"\\u001b]0;x\\u0007\\u009b2J\\u202e\""
	verified -v o/m.jsonl
	verified --json o/m.jsonl
	verified -v --strict o/m.jsonl
done
verified "$(printf 'no\033[2Jmanifest')"
verified -d "$(printf 'no\033[2Jdir')" o/m.jsonl
cp said out
: >err
shows_plain 'nothing is shown raw'

# ---- the report -------------------------------------------------------------------

if [ -w /dev/full ]; then
	extracted a.json
	status=0
	"$cvmkey" verify o/m.jsonl >/dev/full 2>err || status=$?
	exits 3 io.stdout 'standard output on a full disk'
else
	skip 'full disks' 'no /dev/full'
fi
usage_error verify
usage_error verify a b
usage_error verify ''
usage_error verify --force o/m.jsonl
usage_error verify -d '' o/m.jsonl

# 20000 rows, in bounded memory and time
extracted a.json
awk 'NR == 2 { for (i = 0; i < 20000; i++) { l = $0
	sub(/"path":"a.blob"/, "\"path\":\"" i ".blob\"", l); print l }; next }
	{ print }' o/m.jsonl >m && mv m o/m.jsonl
mv o/a.blob o/7.blob
status=0
(
	# shellcheck disable=SC3045 # every shell of today has it
	[ "${sanitized:-no}" = yes ] || ulimit -v 50000
	timeout 100 "$cvmkey" verify o/m.jsonl >out 2>err
) || status=$?
expect 1 '20000 rows'
equal "$(grep -c 'verify.missing\]$' err)" 19999 'each has its error'
says out '7.blob: ok' 'the one that is there is found'

done_testing
