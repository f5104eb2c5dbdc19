# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# --json: the records that other programs read, schema cvmkey/1.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

cp "$samples/good-vault-key.json" c.json
key_data c.json >expected
sum=$(sha256sum <c.json | cut -d' ' -f1)
blob_sum=$(sha256sum <expected | cut -d' ' -f1)
size=$(wc -c <c.json)
blob_size=$(wc -c <expected)

# ---- one good input ---------------------------------------------------------

ns=123456789 tick=000000001
# files of Windows have times in 100 ns
[ "${windows:-no}" != yes ] || ns=123456700 tick=000000100
touch -d 2024-02-29T12:34:56.${ns}Z c.json
run extract --json -d out1 c.json
expect 0 'a good input'
silent err 'nothing on standard error'
equal "$(wc -l <out)" 2 'one record and one summary'
jq -e . out >/dev/null
ok $? 'every line is JSON'
matches out ".[0] | .schema == \"cvmkey/1\" and .type == \"extract\" and
	.status == \"ok\"" 'schema, type, status'
matches out ".[0].input | .path == \"c.json\" and .member == null and
	.size == $size and .sha256 == \"$sum\" and .compression == \"none\" and
	.encoding == \"utf-8\" and .document == \"cvm\"" 'input'
matches out ".[0].input.mtime == \"2024-02-29T12:34:56.${ns}Z\"" 'input.mtime'
for day in 1970-01-01 1999-12-31 2000-02-29 2000-03-01 2023-02-28 2023-03-01 \
	2024-12-31 2025-01-01; do
	cp c.json dated.json
	touch -d "${day}T23:59:59.${tick}Z" dated.json
	run show --json dated.json
	equal "$(jq -r 'select(.input) | .input.mtime' out)" \
		"${day}T23:59:59.${tick}Z" "input.mtime of $day"
done
run extract --json -d out1b c.json
matches out '.[0].input.atime | . == "kept" or . == "may-change"' 'input.atime'
matches out '.[0].key | .url == "https://kv-cvm-prod.vault.azure.net/keys/cvm-os-key/0123456789abcdef0123456789abcdef" and
	.name == "cvm-os-key" and .version == "0123456789abcdef0123456789abcdef" and
	.vault == "kv-cvm-prod" and .store == "key-vault" and .cloud == "public" and
	.resource_type == "Microsoft.KeyVault/vaults"' 'key'
matches out '.[0].des | .name == "des-cvm-prod" and
	.resource_group == "rg-cvm-prod" and
	.subscription == "11111111-2222-3333-4444-555555555555" and
	.id == "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-cvm-prod/providers/Microsoft.Compute/diskEncryptionSets/des-cvm-prod"' 'des'
matches out ".[0].backup | .pointer == \"/OsDiskEncryptionDetails/KeyBackupData\" and
	.format == \"key-vault-key\" and .base64_length == 9636 and
	.size == $blob_size and .sha256 == \"$blob_sum\" and
	.kid == \"00000000-1111-2222-3333-444444444444\" and
	.alg == \"RSA-OAEP-256\" and .enc == \"A256CBC-HS512\" and
	.structure == \"ok\"" 'backup'
matches out ".[0].blob == {path: \"c.blob\", size: $blob_size,
	sha256: \"$blob_sum\", synced: true}" 'blob'
matches out '.[0] | .cross_check == "agreed" and .findings == []' \
	'cross_check and findings'
matches out '.[0].fields | length == 5 and
	all(.[]; (keys == ["pointer", "value"]) and (.value | type == "string"))' 'fields'
matches out '[.[0].fields[].pointer | ltrimstr("/OsDiskEncryptionDetails/")] ==
	["DiskEncryptionSetId", "EncryptionType", "KeyUrl", "KeyVaultResourceId",
	"KeyVaultResourceType"]' 'fields are in the order of the document'
matches out ".[1] == {schema: \"cvmkey/1\", type: \"summary\", inputs: 1, ok: 1,
	refused: 0, errors: 0, skipped: 0, blobs: 1, bytes_in: $size,
	bytes_out: $blob_size}" 'the summary is the last line'
lacks out "$(jq -r .OsDiskEncryptionDetails.KeyBackupData c.json | cut -c1-60)" \
	'key data is not in the record'

run extract --json --no-sync --no-cross-check -d out2 c.json
matches out '.[0] | .cross_check == "skipped" and .blob.synced == false' \
	'what was left out is recorded'
run extract --json -o named c.json
matches out '.[0].blob.path == "named"' 'blob.path with -o'
run extract --json -d nowhere/else c.json
matches out '.[0].blob.path == "c.blob"' \
	'blob.path is relative to the output directory'
run show --json c.json
matches out '.[0] | .type == "show" and .status == "ok" and .blob == null' \
	'show: no blob'
run extract -q --json -d out3 c.json
expect 0 '-q --json'

# ---- all samples: members and types -----------------------------------------

cat >schema.jq <<'JQ'
def text: type == "string" and length > 0;
def text_or_null: . == null or text;
def natural: type == "number" and . >= 0 and floor == .;
def natural_or_null: . == null or natural;
def hash: type == "string" and test("^[0-9a-f]{64}$");
def hash_or_null: . == null or hash;
def one_of($words): . as $it | $words | index([$it]) != null;
def finding: (.id | type == "string" and test("^[a-z0-9]+([.-][a-z0-9]+)*$")) and
	(.severity | one_of(["note", "warning", "error"])) and
	(.pointer | text_or_null) and (.offset | natural_or_null) and
	(.line | natural_or_null) and (.column | natural_or_null) and
	(.line != 0) and (.column != 0) and
	((.line == null) == (.column == null)) and
	(.line == null or .offset != null) and
	(.text | text and length <= 512) and
	(if (.id | startswith("blob.")) then .line == null else true end);
def record: .schema == "cvmkey/1" and
	(.type | one_of(["extract", "show"])) and
	(.status | one_of(["ok", "refused", "error"])) and
	(.input | type == "object" and (.path | text) and .member == null and
		has("member") and (.size | natural_or_null) and
		(.sha256 | hash_or_null) and has("size") and has("sha256") and
		has("mtime") and (.mtime == null or (.mtime |
		test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$"))) and
		(.atime | one_of(["kept", "may-change"])) and has("compression") and
		(.compression | one_of([null, "none", "gzip"])) and has("encoding") and
		(.encoding | one_of([null, "utf-8", "utf-8-bom", "utf-16le", "utf-16be"])) and
		has("document") and (.document | one_of([null, "cvm", "ade", "blob"]))) and
	(.key | type == "object" and has("url") and has("name") and has("version") and
		has("vault") and has("store") and has("cloud") and has("resource_type") and
		(.url | text_or_null) and (.name | text_or_null) and
		(.version | text_or_null) and (.vault | text_or_null) and
		(.store | one_of([null, "key-vault", "managed-hsm"])) and
		(.cloud | one_of([null, "public", "china", "usgov", "germany", "unknown"])) and
		(.resource_type | text_or_null)) and
	(.des | type == "object" and has("id") and has("name") and
		has("resource_group") and has("subscription") and
		all(.[]; text_or_null)) and
	(.input.document == "ade" or (has("secret") | not)) and
	(.secret | . == null or (has("url") and has("url_pointer") and
		has("name") and has("version") and has("vault") and has("cloud") and
		all(.[]; text_or_null))) and
	has("backup") and (.backup | . == null or (type == "object" and
		has("pointer") and (.pointer | text_or_null) and
		(.format | one_of(["key-vault-key", "managed-hsm-key",
			"key-vault-secret", "unknown"])) and has("base64_length") and
		(.base64_length | natural_or_null) and has("size") and
		(.size | natural_or_null) and has("sha256") and
		(.sha256 | hash_or_null) and has("kid") and (.kid | text_or_null) and
		has("alg") and (.alg | text_or_null) and has("enc") and
		(.enc | text_or_null) and (.structure | one_of(["ok", "unknown"])))) and
	has("blob") and (.blob | . == null or ((.path | text) and
		(.size | natural) and (.sha256 | hash) and (.synced | type == "boolean"))) and
	(.cross_check | one_of(["agreed", "skipped"])) and
	(.fields | type == "array" and length <= 256 and
		all(.[]; (.pointer | text) and has("value") and
			(.value | type | one_of(["string", "number", "boolean", "null"])))) and
	(.findings | type == "array" and length <= 66 and all(.[]; finding)) and
	(if .status == "ok" then all(.findings[]; .severity != "error")
	 else ([.findings[] | select(.severity == "error")] | length) == 1 and
		.findings[-1].severity == "error" and .blob == null end);
def summary: keys == ["blobs", "bytes_in", "bytes_out", "errors", "inputs", "ok",
	"refused", "schema", "skipped", "type"] and .type == "summary" and
	.schema == "cvmkey/1" and all(.inputs, .ok, .refused, .errors, .skipped,
	.blobs, .bytes_in, .bytes_out; natural) and
	.inputs == .ok + .refused + .errors + .skipped;
(.[:-1] | all(.[]; record)) and (.[-1] | summary)
JQ
schema=$(cat schema.jq)

run extract --json -d all "$samples"/good-*.json "$samples"/odd-* \
	"$samples"/bad-* missing.json gone.json
expect 3 'all samples, two missing files'
cp out all.json
jq -e . all.json >/dev/null
ok $? 'every line is JSON'
shows_plain 'and plain text'
matches all.json "$schema" 'every record has the members and types it must have'
goods=$(find "$samples" -name 'good-*.json' | wc -l)
odds=$(find "$samples" -name 'odd-*' | wc -l)
bads=$(find "$samples" -name 'bad-*' | wc -l)
blobs=$(jq -s '[.[] | select(.blob)] | length' all.json)
matches all.json ".[-1] | .inputs == $((goods + odds + bads + 2)) and
	.ok == $((goods + odds)) and .refused == $bads and .errors == 2 and
	.blobs == $blobs" 'the summary counts right'
equal "$(jq -s '.[-1].bytes_out' all.json)" \
	"$(cat all/*.blob | wc -c)" 'bytes_out is what was written'
equal "$(jq -s '.[-1].bytes_in' all.json)" \
	"$(cat "$samples"/good-*.json "$samples"/odd-* "$samples"/bad-* | wc -c)" \
	'bytes_in is what was read'
equal "$(find all -type f | wc -l)" "$blobs" 'as many blobs as records say'
matches all.json '[.[] | select(.type == "extract") | .input.path] |
	.[-2:] == ["missing.json", "gone.json"]' 'records are in the order of the inputs'
matches all.json '[.. | select(type == "string" and . == "")] == []' \
	'nothing is an empty string'
# the report on standard error and the record name the same ids, in order
jq -r 'select(.status == "refused" or .status == "error") |
	.findings[-1].id' all.json >ids.json
sed -n 's/^cvmkey: error: .* \[\([a-z0-9.-]*\)\]$/\1/p' err >ids.err
same ids.json ids.err 'standard error has the same ids in the same order'
matches all.json 'map(select(.status == "error")) | length == 2 and
	.[0].findings[-1].id == "io.open" and
	.[1].findings[-1].id == "io.open" and
	all(.[]; .input.size == null and .input.sha256 == null and .backup == null
	and .key.name == null)' 'what was not read is null'
# the records say what the files are
wrong=$(jq -r 'select(.type == "extract" and .input.sha256 != null) |
	.input.sha256 + "  " + .input.path' all.json | sha256sum -c --quiet 2>&1)
equal "$wrong" '' 'input.sha256 is of the bytes on disk'
wrong=$(jq -r 'select(.blob != null) | .blob.sha256 + "  all/" + .blob.path' \
	all.json | sha256sum -c --quiet 2>&1)
equal "$wrong" '' 'blob.sha256 is of the bytes written'
matches all.json 'all(.[] | select(.blob); .blob.sha256 == .backup.sha256 and
	.blob.size == .backup.size)' 'blob and backup agree'
run show --json "$samples"/good-*.json "$samples"/good-*.blob "$samples"/odd-* \
	"$samples"/bad-*
matches out "$schema" 'show: every record has the members and types it must have'

# the same on every run
run extract --json -d all "$samples"/good-*.json "$samples"/odd-* \
	"$samples"/bad-* missing.json gone.json --force
same out all.json 'two runs give the same bytes'

# one bad input changes nothing for the others
run extract --json -d alone "$samples/good-vault-key.json"
head -n 1 out >alone.json
run extract --json -d among "$samples/bad-json-depth-1001.json" \
	"$samples/good-vault-key.json" "$samples/bad-key-data-null.json"
sed -n 2p out >among.json
same alone.json among.json 'a record is the same among bad inputs'

# ---- special facts ----------------------------------------------------------

record() {
	run show --json "$samples/$1"
	matches out ".[0] | $2" "$1: $3"
}

record odd-utf-8-bom.json '.input.encoding == "utf-8-bom"' encoding
record odd-utf-16le-bom.json '.input.encoding == "utf-16le"' encoding
record odd-utf-16be-no-bom.json '.input.encoding == "utf-16be"' encoding
record odd-gzip.json.gz '.input.compression == "gzip" and
	.input.encoding == "utf-8"' compression
record good-managed-hsm-key.json '.key.store == "managed-hsm" and
	.backup.format == "managed-hsm-key" and .key.vault == "mhsm-cvm-prod"' store
record good-cloud-china.json '.key.cloud == "china"' cloud
record good-cloud-usgov.json '.key.cloud == "usgov"' cloud
record odd-facts-cloud.json '.key.cloud == "unknown"' cloud
record good-key-data-only.json '.key.url == null and .key.name == null and
	.key.vault == null and .key.cloud == null and .key.resource_type == null and
	.key.store == "key-vault" and .des.id == null and .fields == []' \
	'facts that are absent'
record good-key-url-port.json '.key.name == "cvm-os-key" and
	(.key.vault | ascii_downcase) == "kv-cvm-prod" and .key.cloud == "public"' \
	'a key URL with a port'
record odd-facts-store.json '.key.store == "key-vault" and
	.key.resource_type == "Microsoft.KeyVault/managedHSMs"' \
	'the format of the backup wins'
record odd-newer-magic.json '.backup.structure == "unknown"' structure
record bad-no-key-data.json '.backup == null and .status == "refused"' backup
record bad-blob-secret.json '.backup.format == "key-vault-secret"' format

with_members '"Text":"x","Empty":"","Number":-1.50e+2,"Yes":true,"No":false,
	"Nothing":null,"Deep":{"List":[1,{"a/b~c":"d"}]},"SecretData":"secret",
	"KeyVaultSecretBackupData":"secret too",' >fields.json
run show --json fields.json
matches out '[.[0].fields[] | {(.pointer | ltrimstr("/OsDiskEncryptionDetails/")):
	.value}] | add == {Text: "x", Empty: "", Number: -150, Yes: true, No: false,
	Nothing: null, "Deep/List/0": 1, "Deep/List/1/a~1b~0c": "d"}' \
	'fields keep their types and have pointers of RFC 6901'
says out '"value":-1.50e+2' 'numbers are kept as they are written'
lacks out 'secret' 'key material is left out'

# Many fields, long fields.
jq -c '.OsDiskEncryptionDetails += ([range(300) | {("F\(.)"): .}] | add)' c.json >many.json
run show --json many.json
matches out '.[0] | .status == "ok" and (.fields | length) == 256 and
	any(.findings[]; .id == "fields.cut")' 'at most 256 fields'
jq -c '.OsDiskEncryptionDetails.Long = ("x" * 100000) |
	.OsDiskEncryptionDetails.Wide = ("\u20ac" * 3000)' c.json >long.json
run show --json long.json
matches out '.[0] | .status == "ok" and
	all(.fields[]; .value | tostring | utf8bytelength <= 4096) and
	any(.fields[]; .pointer | endswith("/Long")) and
	(.fields[] | select(.pointer | endswith("/Wide")) | .value |
		test("^\u20ac+$"))' 'at most 4 KiB of a value, never half a character'

# Findings are capped.
jq -c '.OsDiskEncryptionDetails += ([range(100) |
	{("Url\(.)"): "https://kv.vault.azure.net/keys/other-\(.)"}] | add)' c.json >warn.json
run show --json warn.json
matches out '.[0] | .status == "ok" and (.findings | length) == 65 and
	.findings[64].id == "findings.more" and
	(.findings[64].text | test("36"))' 'at most 64 findings, the rest is counted'
jq -c '.OsDiskEncryptionDetails.KeyBackupData |= sub("A.*"; "!")' warn.json >warn2.json
run show --json warn2.json
matches out '.[0] | .status == "refused" and (.findings | length) <= 66 and
	.findings[-1].severity == "error" and
	([.findings[] | select(.severity == "error")] | length) == 1' \
	'an error is the last of many findings'
run show --json --strict warn.json
matches out '.[0] | .status == "refused" and (.findings | length) == 1 and
	.findings[0].id == "facts.key-url" and .findings[0].severity == "error"' \
	'--strict: the first warning is the one error'

# Several backups in one document.
jq '.OsDiskEncryptionDetails.Older = {KeyBackupData: $two, KeyUrl: $url}' \
	--arg url https://kv-old.vault.azure.net/keys/old-key --arg two \
	"$(jq -r .OsDiskEncryptionDetails.KeyBackupData \
		"$samples/good-managed-hsm-key.json")" c.json >two.json
run extract --json -d two two.json
matches out 'length == 3 and .[0].input == .[1].input and
	[.[0, 1].blob.path] == ["two.blob", "two.2.blob"] and
	[.[0, 1].backup.pointer] == ["/OsDiskEncryptionDetails/KeyBackupData",
		"/OsDiskEncryptionDetails/Older/KeyBackupData"] and
	.[2].inputs == 1 and .[2].ok == 1 and .[2].blobs == 2' \
	'one record for each backup, one input in the summary'
matches out '.[0].key.name == "cvm-os-key" and .[1].key.name == "old-key"' \
	'each with the facts beside it'

# ---- names ------------------------------------------------------------------

# path_is NAME SHOWN DESCRIPTION: how the name of an input stands in records.
path_is() {
	takes_name "$1.json" || {
		skip "$3" 'the file system does not take the name'
		return
	}
	cp c.json "$1.json"
	run extract --json -d paths "$1.json"
	jq -er '.input | select(. != null) | .path' out >got
	equal "$(cat got)" "$2.json" "$3: input.path"
	jq -ej '.input | select(. != null) | .path_base64' out | base64 -d >got
	printf '%s.json' "$1" | cmp -s - got
	ok $? "$3: input.path_base64"
	jq -ej '.blob | select(. != null) | .path_base64' out | base64 -d >got
	printf '%s.blob' "$1" | cmp -s - got
	ok $? "$3: blob.path_base64"
	shows_plain "$3: the output is plain text"
	rm -f -- "$1.json"
}

path_is "$(printf 'a\nb')" 'a\nb' 'a line feed'
path_is "$(printf 'a\tb\rc')" 'a\tb\rc' 'a tab and a carriage return'
path_is "$(printf 'a\033b\001')" 'a\x1bb\x01' 'control characters'
path_is "$(printf 'a\377b')" 'a\xffb' 'a byte that is no UTF-8'
path_is "$(printf 'a\342\202')" 'a\xe2\x82' 'half a character'
path_is "$(printf 'a\n\\b')" 'a\n\\b' 'a backslash among others'
path_is "$(printf 'a\342\200\256b')" 'a\u202eb' 'a bidi override'
path_is "$(printf 'a\302\205b')" 'a\u0085b' 'a C1 control'
others='\ "q"'
takes_name "$others.json" || others=q
cp c.json "$(printf 'gr\303\274n \342\202\254 %s.json' "$others")"
run extract --json -d paths gr*.json
jq -es --arg name "grün € $others.json" '.[0].input | .path == $name and
	(has("path_base64") | not)' out >/dev/null
ok $? 'other names stand as they are'

# ---- places -----------------------------------------------------------------

# The offset counts bytes of the decompressed document, in its own encoding;
# line and column count its lines and characters, a mark at the start aside.
# place FILE ICONV-NAME: checks every finding of FILE that has a line.
place() {
	case $1 in
	*.gz) gzip -dcq "$1" >place.doc 2>/dev/null ;;
	*) cat "$1" >place.doc ;;
	esac
	run show --json "$1"
	jq -r '.findings[]? | select(.offset != null and
		(.id | test("^(blob|gzip)[.]") | not)) |
		[.id, .offset, .line // 0, .column // 0] | @tsv' out >places
	while read -r id offset line column; do
		head -c "$offset" place.doc | iconv -c -f "$2" -t UTF-8 2>/dev/null |
			sed '1s/^\xef\xbb\xbf//' >before
		want_line=$(($(tr -dc '\n' <before | wc -c) + 1))
		want_column=$(($(tail -n +$want_line before |
			iconv -f UTF-8 -t UTF-32LE | wc -c) / 4 + 1))
		equal "$line:$column" "$want_line:$want_column" \
			"${1##*/}: $id: line and column of offset $offset"
	done <places
}

for f in "$samples"/bad-* "$samples"/odd-*; do
	case $f in
	*utf-16le* | *bad-utf-16*) place "$f" UTF-16LE ;;
	*utf-16be*) place "$f" UTF-16BE ;;
	*bad-json-values*) ;; # an offset far into one line: slow to count
	*) place "$f" UTF-8 ;;
	esac
done

# at FILE ID BYTES [ICONV-NAME]: what stands at the place of the error.
at() {
	run extract --json -d at "$1"
	offset=$(jq -r --arg id "$2" 'select(.findings != null) | .findings[] |
		select(.id == $id) | .offset' out)
	case $1 in
	*.gz) gzip -dcq "$1" >at.doc ;;
	*) cat "$1" >at.doc ;;
	esac
	printf %b "$3" >at.want
	dd if=at.doc bs=1 skip="${offset:-0}" count="$(wc -c <at.want)" \
		2>/dev/null >at.got
	cmp -s at.want at.got && [ -n "$offset" ]
	ok $? "${1##*/}: at the offset of $2 stands what is wrong"
}

at "$samples/bad-b64-alphabet.json" b64.alphabet '!'
at "$samples/bad-b64-url-alphabet.json" b64.url-alphabet '-'
at "$samples/bad-b64-padding-inside.json" b64.padding '='
at "$samples/bad-b64-padding-half.json" b64.padding '='
at "$samples/bad-b64-utf-16.json" b64.utf-16 '\\u0000'
at "$samples/bad-json-comment.json" json.comment '/'
at "$samples/bad-json-number.json" json.number '0'
at "$samples/bad-json-single-quotes.json" json.quotes "'"
at "$samples/bad-json-two-documents.json" json.trailing '{'
at "$samples/bad-json-array.json" json.root '['
at "$samples/bad-json-literal.json" json.literal 'True'
at "$samples/bad-json-line-feed.json" json.control '\n'
at "$samples/bad-json-surrogate.json" json.surrogate '\\ud'
at "$samples/bad-json-duplicate-case.json" json.duplicate-name 'keyBackupData'
at "$samples/bad-latin-1.json" text.utf-8 '\0374'
at "$samples/bad-key-data-null.json" config.key-data-null 'null'
at "$samples/bad-key-data-number.json" config.key-data-type '7225'
at "$samples/odd-facts-key-url.json" facts.key-url 'https://kv-cvm-prod.vault.azure.net/keys/old-key/'
at "$samples/odd-b64-wrapped.json" b64.whitespace '\\r\\n'
at "$samples/odd-utf-8-nul-padded.json" text.trailing-nuls '\0000'

# The same document in every encoding, with text of several lengths before it.
printf '{"Text":"\303\274\342\202\254\360\237\220\221\\n",\n"OsDiskEncryptionDetails":{"X":"\303\274\360\237\220\221", !\n' >place.json
run show --json place.json
matches out '.[0].findings[-1] | .line == 2 and .column == 38' \
	'characters of two, three and four bytes count as one'
at place.json json.syntax '!'
place place.json UTF-8
{ printf '\357\273\277' && cat place.json; } >place-bom.json
at place-bom.json json.syntax '!'
place place-bom.json UTF-8
gzip -nc place-bom.json >place-bom.json.gz
at place-bom.json.gz json.syntax '!'
for endian in LE BE; do
	iconv -f UTF-8 -t UTF-16$endian place.json >place-$endian.json
	iconv -f UTF-8 -t UTF-16$endian place-bom.json >place-$endian-bom.json
	for f in place-$endian.json place-$endian-bom.json; do
		case $endian in
		LE) at "$f" json.syntax '!\0000' ;;
		BE) at "$f" json.syntax '\0000!' ;;
		esac
		place "$f" UTF-16$endian
	done
done
sed 's|KeyBackupData": *"....|&\\u0041\\/!|' "$samples/good-one-line.json" >escaped.json
at escaped.json b64.alphabet '!'
place escaped.json UTF-8
printf '{\r\n"a":\r\n  x}' >crlf.json
run show --json crlf.json
matches out '.[0].findings[-1] | .offset == 11 and .line == 3 and .column == 3' \
	'CR LF ends one line'

# The message has the place of the record.
run extract --json -d at "$samples/bad-b64-alphabet.json"
place=$(jq -r 'select(.findings) | .findings[-1] |
	"at offset \(.offset) (line \(.line), column \(.column)) [\(.id)]"' out)
says err "$place" 'the message has the place of the record'
run extract -d at "$samples/bad-b64-alphabet.json"
says out "$place" 'and so has the report'

# A place in a backup counts its decoded bytes.
key_data "$samples/bad-blob-zero-hole.json" >hole
run extract --json -d at "$samples/bad-blob-zero-hole.json"
offset=$(jq -r 'select(.findings) | .findings[-1].offset' out)
equal "$(head -c "$offset" hole | tr -dc '\000' | wc -c):$(dd if=hole bs=1 \
	skip="$offset" count=512 2>/dev/null | tr -d '\000' | wc -c)" 0:0 \
	'blob.zero-hole: 512 zero bytes from there on'
key_data "$samples/bad-blob-alphabet.json" >star
run extract --json -d at "$samples/bad-blob-alphabet.json"
offset=$(jq -r 'select(.findings) | .findings[-1].offset' out)
equal "$(dd if=star bs=1 skip="$offset" count=1 2>/dev/null)" '*' \
	'blob.alphabet: the asterisk stands there'

# ---- archives, and what is skipped ---------------------------------------------

odd=$(printf 'odd\033\377.json')
mkdir -p box/sub
cp "$samples/good-vault-key.json" box/c.json
cp "$samples/good-vault-key.json" "box/sub/$odd"
cp "$samples/bad-b64-alphabet.json" box/sub/bad.json
echo text >box/other.txt
ln -s c.json box/link
tar -cf box/inner.tar -C box c.json
tar -czf box.tgz --sort=name -C box .
run extract --json -d unpacked --manifest box.tgz
expect 1 'an archive with a damaged member'
cp out box.jsonl
matches box.jsonl '[.[] | select(.type == "extract") | [.input.member, .status]] == [
	["./c.json", "ok"], ["./inner.tar", "skipped"], ["./link", "skipped"],
	["./other.txt", "skipped"], ["./sub/bad.json", "refused"],
	["./sub/odd\\x1b\\xff.json", "ok"]]' 'each member has its record'
matches box.jsonl 'all(.[] | select(.input); .input.path == "box.tgz")' \
	'the path is that of the archive'
equal "$(jq -r 'select(.input.member_base64) | .input.member_base64' box.jsonl |
	base64 -d)" "./sub/$odd" 'member_base64 is the exact name'
matches box.jsonl "[.[] | select(.input.member == \"./c.json\")][0].input | .size == $size and
	.sha256 == \"$sum\" and .compression == \"none\" and .document == \"cvm\"" \
	'size and hash are of the member'
matches box.jsonl 'all(.[] | select(.status == "skipped" and .type == "extract");
	.backup == null and .blob == null and .fields == [] and .key.url == null)' \
	'nothing is known of what is skipped'
matches box.jsonl '[.[] | select(.status == "skipped" and .type == "extract") |
	.findings[-1] | .id, .severity] == ["archive.nested", "warning",
	"skip.link", "note", "json.syntax", "note"]' 'but the reason'
matches box.jsonl ".[-2] | keys == [\"findings\", \"input\", \"members\", \"schema\",
		\"status\", \"type\"] and .type == \"archive\" and .status == \"ok\" and
	.members == 6 and .findings == [] and (.input | .member == null and
	.size == $(wc -c <box.tgz) and .compression == \"gzip\" and .document == null and
	.sha256 == \"$(sha256sum <box.tgz | cut -d' ' -f1)\")" \
	'the record of the archive follows them'
matches box.jsonl '.[-1] | .type == "summary" and .inputs == 6 and .ok == 2 and
	.refused == 1 and .skipped == 3 and .errors == 0 and .blobs == 2' \
	'the summary counts members, not the archive'
head -n 1 unpacked/manifest.jsonl >run.jsonl
matches run.jsonl '.[0] | keys == ["command", "host", "notes", "sandbox", "schema",
	"start", "type", "uid", "version"] and .type == "run"' 'the record of the run'
tail -n +2 unpacked/manifest.jsonl >rest.jsonl
same rest.jsonl box.jsonl 'the other lines of the manifest are those of --json'

run extract --json --strict -d strict box.tgz
matches out '[.[] | select(.input.member == "./inner.tar") | .status,
	.findings[-1].severity] == ["refused", "error"]' '--strict refuses archives in archives'
head -c $(($(wc -c <box.tgz) - 20)) box.tgz >cut.tgz
run show --json cut.tgz
matches out '.[-2] | .type == "archive" and .status == "refused" and
	.findings[-1].severity == "error"' 'an archive that was cut is refused itself'
matches out '.[-1] | .inputs == .ok + .refused + .errors + .skipped' \
	'and counts as an input'
run show --json box
matches out '[.[] | select(.status == "skipped" and .input) | .input.path,
	.findings[-1].id] == ["box/link", "skip.link", "box/other.txt", "json.syntax"]' \
	'a folder: what is skipped has its path'

done_testing
