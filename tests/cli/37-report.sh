# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The page that report makes of a manifest: what it says, that it is one
# self-contained page whatever the manifest holds, and where it goes.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

command -v python3 >/dev/null || skip_all 'python3 is missing'

# page FILE DESCRIPTION: two outside parsers accept it, nothing is fetched; its
# text is in the file text.
page() {
	python3 "$srcdir/tests/cli/page.py" "$1" >text 2>err
	set -- $? "$1" "$2"
	! grep -qiE '<script|javascript:|url\(|@import' "$2" && [ "$1" -eq 0 ]
	ok $? "$3: one well-formed page"
}

# cell TEXT DESCRIPTION: a cell, item or heading of the page is this text.
cell() {
	grep -qxF -- "$1" text
	ok $? "$2"
}

cp "$samples/good-vault-key.json" a.json
cp "$samples/good-managed-hsm-key.json" b.json
cp "$samples/good-data-disks.json" c.json
cp "$samples/odd-b64-wrapped.json" d.json
cp "$samples/bad-b64-alphabet.json" e.json
touch -d 2026-01-28T10:11:12Z a.json
touch -d 2026-01-27T23:59:59Z b.json
touch -d 2026-01-28T09:00:00Z c.json d.json e.json
"$cvmkey" extract --no-sync --manifest -d o --note=case=2026-17 \
	--note='examiner=A <b>B</b> & "C"' ./*.json >/dev/null 2>&1
nbsp=$(printf '\302\240')

# ---- what it says -------------------------------------------------------------

run report o/manifest.jsonl
expect 0 'to standard output'
silent err 'nothing else is said'
cp out first.html
page first.html 'to standard output'
lacks first.html http 'no address is in it'
cell 'Key backups of Confidential VMs' 'it has a title'
cell '5 key backups written' 'blobs are counted'
cell '5 inputs read' 'inputs are counted'
cell '1 inputs refused' 'refusals are counted'
cell 'The manifest is complete. Some of its records need attention.' \
	'it says what matters'
cell "$(sha256sum <o/manifest.jsonl | cut -d ' ' -f 1)" \
	'the SHA-256 of the manifest'
cell "$(stat -c %s o/manifest.jsonl | sed 's/\(.*\)\(...\)$/\1'"$nbsp"'\2/') bytes" \
	'and its size'
cell 2026-17 'a note on the case'
cell 'A <b>B</b> & "C"' 'a note that looks like markup'
cell "$("$cvmkey" --version | cut -d ' ' -f 2)" 'the version of the program'
grep -qF "cvmkey extract --no-sync --manifest -d o --note=case=2026-17" text ||
	grep -qF "'--note=case=2026-17'" text
ok $? 'the command'

: >wrong
jq -r 'select(.blob) | .blob | "\(.path)\(.sha256)\(.size)"' o/manifest.jsonl >blobs
tr -d "$nbsp" <text >flat
while read -r line; do
	grep -qF "${line} bytes" flat || echo "$line" >>wrong
done <blobs
[ "$(wc -l <blobs)" -eq 5 ] && [ ! -s wrong ]
ok $? 'each blob with its SHA-256 and size'
jq -r 'select(.key.url? and .blob) | .key.url | sub("https://"; "")' \
	o/manifest.jsonl | sort -u >urls
while read -r line; do
	grep -qF "$line" text || echo "$line" >>wrong
done <urls
[ "$(wc -l <urls)" -ge 3 ] && [ ! -s wrong ]
ok $? 'each key with its version'
jq -r 'select(.input.sha256?) | .input.sha256' o/manifest.jsonl | sort -u >hashes
jq -r 'select(.blob == null) | .input.sha256?' o/manifest.jsonl >refused
while read -r line; do
	grep -qF "$line" text || echo "$line" >>wrong
done <<X
$(grep -vxFf refused hashes)
X
[ ! -s wrong ]
ok $? 'each config with its SHA-256'

for severity in Errors:error Warnings:warning Notes:note; do
	n=$(jq -r ".findings[]? | select(.severity == \"${severity#*:}\") | .id" \
		o/manifest.jsonl | wc -l)
	cell "${severity%:*} ($n)" "findings: ${severity%:*} ($n)"
done
cell b64.alphabet 'the id of the error'
grep -n -e '^Errors' -e '^Warnings' -e '^Notes' text | cut -d : -f 2 | tr -d '\n' |
	grep -q '^Errors.*Warnings.*Notes'
ok $? 'errors come first'

sed -n '/^Timeline of inputs$/,$p' text | grep -E 'input|json$' >timeline
printf '%s\n' "2026-01-27 · 1 input" b.json "2026-01-28 · 4 inputs" \
	c.json d.json e.json a.json | sed 's|^\(.*json\)$|./\1|' >wanted
sed -n '/·/p; /json$/p' timeline >got
same got wanted 'inputs in the order of their times, by days'

for label in 'Key or secret' 'Key vault or Managed HSM' 'Disk encryption set' \
	'Key backup files' 'Managed HSM' a.blob c.2.blob; do
	cell "$label" "in the picture: $label"
done

# ---- where it goes ------------------------------------------------------------

run report -o case.html o/manifest.jsonl
expect 0 'to a file'
silent out 'to a file: nothing on standard output'
same case.html first.html 'the same page, byte for byte'
mode case.html 600 'only for its owner'
run report -o case.html o/manifest.jsonl
exits 3 io.exists 'a name that is taken'
same case.html first.html 'which stays as it was'
echo more >>case.html
run report -fo case.html o/manifest.jsonl
expect 0 '--force replaces a page'
same case.html first.html 'with the new one'
"$cvmkey" report -o - - <o/manifest.jsonl >second.html
sed 's/o\/manifest.jsonl/-/g' first.html | cmp -s - second.html
ok $? 'from standard input, to standard output'
cp a.json evidence.json
run report -f -o evidence.json o/manifest.jsonl
exits 3 io.exists '--force does not replace what is no page'
same evidence.json a.json 'which stays as it was'
cp o/manifest.jsonl before
run report -f -o o/manifest.jsonl o/manifest.jsonl
exits 3 io.exists 'nor the manifest'
same o/manifest.jsonl before 'which stays as it was'
run report -o missing/case.html o/manifest.jsonl
exits 3 io.create 'no folder is made'
run report missing.jsonl
exits 3 io.open 'no manifest'
silent out 'no manifest: no page'
if [ -c /dev/full ]; then
	status=0
	"$cvmkey" report o/manifest.jsonl >/dev/full 2>err || status=$?
	exits 3 io.stdout 'a full disk'
fi
usage_error report
usage_error report a b
usage_error report ''
usage_error report --json o/manifest.jsonl

# ---- a manifest that is not as it was written ---------------------------------

sed '$d' o/manifest.jsonl >cut.jsonl
run report -o cut.html cut.jsonl
exits 1 manifest.cut 'no summary'
page cut.html 'no summary'
cell 'The manifest is not as it was written. This page shows what is left of it.' \
	'the page says so'
cell '– inputs read' 'what is not known is not counted'
sed '2d' o/manifest.jsonl >less.jsonl
run report -o less.html less.jsonl
exits 1 manifest.counts 'a record less'
{ sed 1,2d o/manifest.jsonl && echo '{"half' && cat o/manifest.jsonl; } >odd.jsonl
run report -o odd.html odd.jsonl
expect 1 'a line that is no record'
says err 'cvmkey: warning: odd.jsonl: line 1: the records from here on have no' \
	'no first line: a warning'
grep -q '^cvmkey: error: odd.jsonl: line [0-9]*: this is no record: .* \[manifest.line\]$' err
ok $? 'the line is named'
page odd.html 'a line that is no record'
grep -q '^line [0-9]*: this is no record: .* manifest.line$' text
ok $? 'the line is named on the page'
: >empty.jsonl
for f in empty.jsonl run.jsonl; do
	run report -o none.html $f
	exits 1 manifest.empty "nothing in it: $f"
	absent none.html 'no page then'
	sed 1q o/manifest.jsonl >run.jsonl
done

# ---- a manifest made to harm --------------------------------------------------

cat >hostile.py <<'X'
import json, sys
bad = ["</td></tr></table><script>alert(1)</script>", "\"'><svg onload=x()>&amp;",
       "\u202egnp.exe\u2066", "a\u0007\u001b[2J\u009b\r\nb", "\ufffe\uffff",
       "&lt;&#x3c;", "-->]]>", "\ufeff\u200b\u00ad", "x" * 200000, "é" * 5001,
       "' onmouseover='x", "{{7*7}}", "</style><style>*{}", "\U0001f600" * 2000]
sha = "0" * 64
def out(o): print(json.dumps(o, ensure_ascii=len(o) % 2 == 0))
out({"schema": "cvmkey/1", "type": "run", "version": bad[0], "host": bad[1],
     "notes": {b[:3000]: b for b in bad}, "command": bad, "uid": bad[2],
     "start": bad[3], "sandbox": bad[4]})
n = 0
for b in bad:
    path = b[:1000].replace("/", "|")
    out({"schema": "cvmkey/1", "type": "extract", "status": "ok",
         "input": {"path": b[:1000], "member": None, "size": 1, "sha256": sha,
                   "mtime": b},
         "key": {"url": b, "name": b, "version": b, "vault": b, "store": b},
         "des": {"id": b, "name": b, "resource_group": b, "subscription": b},
         "backup": {"pointer": "/" + b[:1000], "format": b, "structure": b},
         "blob": {"path": path, "size": 1, "sha256": sha}, "cross_check": b,
         "findings": [{"id": b, "severity": b, "pointer": b, "text": b,
                       "line": -1, "offset": 1e300}, b, None, [b], 7]})
    n += 1
out({"schema": "cvmkey/1", "type": "summary", "inputs": n, "ok": n, "refused": 0,
     "errors": 0, "skipped": 0, "blobs": n, "bytes_in": n, "bytes_out": n})
X
python3 hostile.py >hostile.jsonl
run report -o hostile.html hostile.jsonl
expect 0 'text that looks like markup'
silent err 'which is none'
page hostile.html 'text that looks like markup'
plain hostile.html
ok $? 'nothing in it moves, hides or reorders text'
[ "$(wc -c <hostile.html)" -lt 3000000 ]
ok $? 'long texts are cut'
grep -qF 'more bytes' text
ok $? 'and how much is missing is said'
name=$(printf '<img src=x onerror=x()>\033[31m\377.json')
cp a.json "$name"
"$cvmkey" extract --no-sync --manifest -d h "$name" >/dev/null 2>&1
run report -o name.html h/manifest.jsonl
expect 0 'a name that is no text'
page name.html 'a name that is no text'
says text '<img src=x onerror=x()>\x1b[31m\xff.blob' 'it is shown as elsewhere'
name=$(printf '<b>\033[31m.jsonl')
cp h/manifest.jsonl "$name"
run report -o named.html "$name"
page named.html 'a manifest of such a name'
cell 'Report of the manifest <b>\x1b[31m.jsonl' 'which is shown so'

# ---- a large one --------------------------------------------------------------

jq -c 'select(.type == "extract" and .blob)' o/manifest.jsonl | sed 1q >one
cat >many.py <<'X'
import json, sys
one, n = json.load(open("one")), int(sys.argv[1])
print('{"schema":"cvmkey/1","type":"run","version":"0","notes":{}}')
for i in range(n):
    one["input"]["path"] = one["blob"]["path"] = f"vm-{i:05}.json"
    one["input"]["sha256"] = f"{i:064x}"
    one["input"]["mtime"] = f"20{i % 90 + 10}-01-01T00:00:00.{i:09}Z"
    one["key"]["url"] = f"https://kv{i % 40}.vault.azure.net/keys/k/{i % 3}"
    print(json.dumps(one))
size = one["blob"]["size"] * n
print(json.dumps({"schema": "cvmkey/1", "type": "summary", "inputs": n, "ok": n,
    "refused": 0, "errors": 0, "skipped": 0, "blobs": n,
    "bytes_in": one["input"]["size"] * n, "bytes_out": size}))
X
python3 many.py 20000 >many.jsonl
# 256 MiB of address space are enough, and 20 seconds of a processor; sanitizers
# need more
cat >bounded.py <<'X'
import os, resource, sys
if os.environ.get("sanitized") != "yes":
    resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
os.execv(sys.argv[1], sys.argv[1:])
X
status=0
python3 bounded.py "$cvmkey" report -o many.html many.jsonl >out 2>err || status=$?
expect 0 '20000 records in bounded memory and time'
[ "$(grep -c '<td data-l="Key backup, SHA-256"><b class="k">vm-' many.html)" -eq 20000 ]
ok $? 'each of them in the table'
says many.html '<b>Not all is drawn:</b> the first 24 ways' 'the picture is bounded'
says many.html '15&#160;992 more files are not in the picture' \
	'and says what is not in it'
python3 many.py 30005 >more.jsonl
run report -o more.html more.jsonl
expect 0 'more than a table has room for'
[ "$(grep -c '<b>5 more are not shown here;</b> the manifest has them' more.html)" -eq 2 ]
ok $? 'what is left out is counted, in both tables'
grep -qF '<b>30&#160;005</b> key backups written' more.html
ok $? 'the counts are those of all'

# ---- of images ------------------------------------------------------------------

{ head -c 5000 /dev/zero; cat a.json; head -c 100 /dev/zero; cat "$samples/good-vault-key.blob"; } >disk.raw
{ gzip -nc b.json; printf x; head -c 900 "$samples/good-managed-hsm-key.blob"; } >memory.raw
"$cvmkey" carve --no-sync --manifest -d found disk.raw memory.raw >/dev/null 2>&1
run report found/manifest.jsonl
expect 0 'of a search in images'
page out 'of a search in images'
cell '2 key backups written' 'a backup that lies in two places is one file'
cell '2 inputs read' 'each image is an input'
cell '1 inputs refused' 'one of them holds a part of a backup'
tr -d "$nbsp" <text >flat
for place in "at offset 5000, $(jq -r 'select(.offset == 5000) | .length' found/manifest.jsonl) bytes: config in utf-8" \
	"at offset $(jq -r 'select(.type == "carve" and .image == "disk.raw" and .source == "blob") | .offset' \
		found/manifest.jsonl), 7225 bytes: blob" \
	"of a gzip stream, there at 0"; do
	grep -qF "$place" flat
	ok $? "a place is told: $place"
done
grep -qxF 'no config around it' text
ok $? 'and what has no config around it'
jq -r 'select(.blob?) | .blob.sha256' found/manifest.jsonl | sort -u >hashes
while read -r line; do
	grep -qF "$line" text || echo "$line" >>wrong
done <hashes
[ "$(wc -l <hashes)" -eq 2 ] && [ ! -s wrong ]
ok $? 'each blob with its SHA-256'
grep -v '"summary"' found/manifest.jsonl >cut.jsonl
run report cut.jsonl
exits 1 manifest.cut 'of one that lacks its end'
page out 'of one that lacks its end'
cell "$(printf '\342\200\223') key backups written" 'how many files there are is not guessed'

done_testing
