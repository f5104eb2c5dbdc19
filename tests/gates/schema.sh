# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every JSON line that the program prints for the samples holds against the
# schema that is installed with it, says a validator that is not ours.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

schema=$srcdir/src/output/cvmkey-1.schema.json
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	skip 'records hold against the schema' 'python3-jsonschema is missing'
	done_testing
fi

# holds DESCRIPTION ARGUMENT...: the lines of one run hold.
holds() {
	description=$1
	shift
	"$cvmkey" "$@" 2>/dev/null </dev/null |
		python3 "$srcdir/tests/gates/schema-check.py" "$schema" >out 2>&1
	ok $? "$description"
}

odd_name=$(printf 'a\033\377.json')
cp "$samples/good-vault-key.json" "./$odd_name"
mkdir folder
holds 'extract of every sample' extract --json -d a "$samples"/good-* "$samples"/odd-* "$samples"/bad-*
holds 'show of every sample' show --json "$samples"/good-* "$samples"/odd-* "$samples"/bad-*
holds 'strict' show --json --strict "$samples"/odd-*
holds 'no cross-check, no sync' extract --json --no-cross-check --no-sync -d b "$samples"/good-*
holds 'an unknown format' extract --json --allow-unknown-format -d c "$samples"/bad-blob-unknown-format.json
holds 'system errors' extract --json -d a missing folder "$samples"/good-vault-key.json
holds 'a name that has to be escaped' extract --json -d d "$odd_name"
mkdir -p tree/sub
cp "$samples"/good-* "$samples"/odd-* "$samples"/bad-* tree/sub
cp "$odd_name" "tree/sub/$odd_name"
ln -s sub tree/link
mkfifo tree/pipe
echo text >tree/other.txt
holds 'a folder' extract --json --manifest -d t tree
holds 'strict, a folder' show --json --strict tree
rm tree/pipe
tar -czf tree/inner.tgz -C tree other.txt
tar -cf tree.tar tree
head -c 100000 tree.tar >cut.tar
holds 'archives' extract --json --manifest -d u tree.tar cut.tar
holds 'strict, archives' show --json --strict tree.tar cut.tar
for d in t u; do
	python3 "$srcdir/tests/gates/schema-check.py" "$schema" <$d/manifest.jsonl >out 2>&1
	ok $? "its manifest: $(cat out)"
done
holds 'one input' show --json "$samples"/good-vault-key.json

# what verify says of the blobs of 'a' and of what was done to them
"$cvmkey" extract --json -d v "$samples"/good-* "$odd_name" >v.jsonl 2>/dev/null
holds 'verify of every sample' verify --json -d v v.jsonl
(cd v && rm good-crlf.blob && echo >>good-one-line.blob && touch extra.blob)
echo '{' >>v.jsonl
holds 'verify of what was changed' verify --json -d v v.jsonl
holds 'verify, strict' verify --json --strict -d v v.jsonl
holds 'verify without a manifest' verify --json missing
holds 'verify without records' verify --json /dev/null
holds 'verify where nothing is' verify --json -d missing v.jsonl

holds 'selftest' selftest --json

# damage that the schema must not let pass
{
	head -n 1 t/manifest.jsonl
	"$cvmkey" show --json "$samples"/good-vault-key.json
	grep '"id":"skip.link"' t/manifest.jsonl
	grep '"type":"archive"' u/manifest.jsonl
} >good
python3 "$srcdir/tests/gates/schema-check.py" "$schema" <good >out 2>&1
ok $? 'records to be damaged hold'
while IFS='|' read -r what edit; do
	sed "$edit" good >bad
	! cmp -s good bad &&
		! python3 "$srcdir/tests/gates/schema-check.py" "$schema" <bad >out 2>&1
	ok $? "the schema refuses $what"
done <<'EOF'
a missing member|s/"status":"ok",//
a further member|s/"status":"ok"/"status":"ok","more":1/
another type|s/"size":[0-9]*/"size":"7"/
a hash in capitals|s/"sha256":"\([0-9a-f]*\)"/"sha256":"\U\1"/
an unknown store|s/"store":"key-vault"/"store":"vault"/
an empty string for nothing|s/"member":null/"member":""/
a skipped record without its reason|s/\("status":"skipped".*\)"findings":.*/\1"findings":[]}/
a skipped record with an error|/skip.link/s/"severity":"note"/"severity":"error"/
a reason in a record that is not skipped|s/"status":"skipped"/"status":"refused"/
a member without a name|s/"member":null/"member":7/
an exact name of no member|s/"member":null/"member":null,"member_base64":"YQ=="/
an archive without its members|s/"members":[0-9]*,//
an archive that is skipped|s/"type":"archive","status":"[a-z]*"/"type":"archive","status":"skipped"/
a run without a start|s/"start":"[^"]*",//
a run with a number as note|s/"notes":{}/"notes":{"a":1}/
counts that do not add up|s/"inputs":[0-9]*/"inputs":99/
an unknown id|s/"findings":\[\]/"findings":[{"id":"b64.foo","severity":"note","pointer":null,"offset":null,"line":null,"column":null,"text":"x"}]/
EOF

# the ids of the schema are those of the table
sed -n 's/^    X([A-Z0-9_]*, "\([a-z0-9.-]*\)".*/\1/p' \
	"$srcdir/src/base/code.h" | sort -u >table
python3 - "$schema" >schema-ids <<'EOF'
import json, sys
def enums(o):
    if isinstance(o, dict):
        for k, v in o.items():
            if k == "enum":
                yield from (x for x in v if isinstance(x, str))
            yield from enums(v)
    elif isinstance(o, list):
        for v in o:
            yield from enums(v)
ids = json.load(open(sys.argv[1]))["$defs"]["id"]
print("\n".join(sorted(set(enums(ids)))))
EOF
cmp -s table schema-ids
ok $? 'the schema has the ids of base/code.h'

done_testing
