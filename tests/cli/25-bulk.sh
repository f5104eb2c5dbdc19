# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Many inputs: folders, lists of names, threads, manifest, sums, resuming.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

good=$samples/good-vault-key.json
hsm=$samples/good-managed-hsm-key.json

# rows FILTER: what the filter says of each record of the manifest m.
rows() {
	jq -r "select(.input) | $1" m
}

# ---- what a walk finds -------------------------------------------------------

mkdir -p in/a in/sub/deep
cp "$good" in/a/x.json
cp "$hsm" in/a-b
cp "$good" in/a.json
gzip -c "$good" >in/sub/deep/y.JSON.GZ
cp "$samples/good-vault-key.blob" in/sub/k.blob
cp "$samples/bad-html-page.json" in/sub/page.json
cp "$samples/bad-html-page.json" in/sub/page.html
echo '{"name":"x"}' >in/sub/package.json
echo '[1,2]' >in/sub/array.json
echo '{"a":1,}' >in/sub/edited.json
head -c 3000 "$good" >in/sub/cut.dat
gzip -c "$good" | head -c 3000 >in/sub/log.gz
: >in/sub/empty.txt
: >in/sub/empty.json
printf 'osdiskENCRYPTIONdetails' >in/sub/trace.txt
ln -s ../a/x.json in/sub/link.json
ln -s . in/sub/loop
mkfifo in/sub/pipe
head -c 4000 /dev/urandom >in/sub/noise.bin

run extract -q -d b --manifest=m in
expect 1 'a folder with good, bad and other files'
rows '.input.path' >order
(cd in && find . -type f -o -type l -o -type p) | sed 's,^\./,in/,' | LC_ALL=C sort |
	cmp -s - order
ok $? 'every file has its row, in bytewise order of the paths'

# row PATH STATUS ID
row() {
	[ "$(rows "select(.input.path == \"in/$1\") | .status + \" \" + (.findings[-1].id // \"\")")" = "$2 $3" ]
	ok $? "$1: $2 $3"
}

row a/x.json ok ''
row a-b ok ''
row sub/deep/y.JSON.GZ ok input.gzip
row sub/k.blob skipped kind.blob
row sub/page.json refused kind.html
row sub/page.html skipped kind.html
row sub/package.json skipped config.no-details
row sub/array.json skipped json.root
row sub/edited.json refused json.trailing-comma
row sub/cut.dat refused json.truncated
row sub/empty.txt skipped input.empty
row sub/empty.json refused input.empty
row sub/trace.txt refused json.syntax
row sub/link.json skipped skip.link
row sub/loop skipped skip.link
row sub/pipe skipped skip.special
row sub/log.gz refused gzip.truncated
same b/a/x.blob "$samples/good-vault-key.blob" 'the tree is kept'
same b/sub/deep/y.blob "$samples/good-vault-key.blob" 'also where it is deep'
mode b/sub 700 'folders are for the owner only'
mode b/sub/deep/y.blob 600 'blobs, too'
[ "$(rows 'select(.status == "skipped") | .findings[-1].severity' | sort -u)" = note ]
ok $? 'the reason of what is skipped is a note'
says err '[kind.html]' 'what is refused is told'
[ "$(grep -c '^cvmkey: error: ' err)" -eq "$(rows 'select(.status == "refused")' | jq -s length)" ]
ok $? 'and nothing else is'

# a damaged file under any name: large ones, too
head -c 70000000 /dev/zero >in/zero.img
{ printf '{"OsDiskEncryptionDetails":"'; head -c 70000000 /dev/zero | tr '\0' A; } >in/large.cfg
run show -q --json in
matches out 'map(select(.input.path == "in/zero.img"))[0].status == "skipped"' \
	'a large file that cannot be a config is skipped'
matches out 'map(select(.input.path == "in/large.cfg"))[0].findings[-1].id == "input.too-large"' \
	'a large one that may be is refused'
{ head -c 3000 /dev/zero; cat "$good"; } >in/early.log
{ head -c 5000 /dev/zero; cat "$good"; } >in/late.log
gzip -c in/late.log >in/late.gz
run show -q --json --max-input-size=8K in
matches out '[.[] | select(.input.path | . != null and test("early|late"))] |
	map([.input.path, .status, .findings[-1].id]) ==
	[["in/early.log", "refused", "input.too-large"],
	["in/late.gz", "refused", "input.too-large"],
	["in/late.log", "skipped", "input.too-large"]] and
	(.[2].findings[-1].text | endswith("; only the first 4096 bytes were searched for a config"))' \
	'what a large one holds further on is not seen, and that is said'
rm in/zero.img in/large.cfg in/early.log in/late.log in/late.gz

run show -v in/sub
says out 'in/sub/link.json: skipped' 'with -v what is skipped is told'
run show in/sub
lacks out 'in/sub/link.json' 'without it is only counted'
says out ' skipped' 'and it is counted'

mkdir none
run extract -d out2 none
exits 1 input.none 'an empty folder'
echo x >none/x
run extract -d out2 none
exits 1 input.none 'a folder without a config'
absent out2 'no folder for blobs is made then'
run show --files0-from=/dev/null
exits 1 input.none 'an empty list'
run extract -d out2 none/x
exits 1 json.syntax 'a named file is refused, not skipped'
run extract -d out2 in/missing in/a
[ "$status" -eq 3 ] && [ -f out2/x.blob ]
ok $? 'an input that is not there does not stop the others'

if am_root; then
	skip 'a folder that cannot be read' 'permissions do not bind root'
else
	mkdir locked locked/in && cp "$good" locked/z.json && chmod 0 locked/in
	run extract -q -d out3 --json locked
	[ "$status" -eq 3 ] && [ -f out3/z.blob ] &&
		grep -q '"id":"io.open"' out
	ok $? 'a folder that cannot be read is a row, and the walk goes on'
	chmod 700 locked/in
fi

# ---- the output directory among the inputs -----------------------------------

mkdir -p own/a own/z
cp "$good" own/a/x.json
cp "$good" own/z/y.json
(
	cd own || exit 99
	"$cvmkey" extract -q --json -d m/new . >../new.json 2>&1
	"$cvmkey" extract -q --json --resume --manifest -d m/new . >../again.json 2>&1
	"$cvmkey" extract -q --json . >../here.json 2>&1
)
matches new.json 'map(.status // empty) == ["ok", "ok"]' \
	'what the run has just made is not searched'
matches again.json '[.[] | select(.input) | [.input.path, .status, .findings[-1].id]] ==
	[["./a/x.json", "ok", null], ["./m/new", "skipped", "skip.output"],
	["./z/y.json", "ok", null]]' 'what was there before is named, and not searched'
matches here.json 'map(select(.status == "ok")) | length == 2' \
	'a folder may be its own output directory'
[ -f own/a/x.blob ] && [ -f own/z/y.blob ] && [ -f own/m/new/a/x.blob ]
ok $? 'the blobs lie where they belong'

# ---- lists of names ----------------------------------------------------------

(cd in && find . -name '*.json' -print0) | LC_ALL=C sort -z >list
cp list in/list
(cd in && "$cvmkey" extract -q -d ../listed --files0-from=list >/dev/null 2>&1)
[ -f listed/a/x.blob ] && [ -f listed/a.blob ]
ok $? 'names from a list keep their folders'
run show --files0-from=missing
exits 3 io.open 'a list that is not there'
(cd in && "$cvmkey" show -q --json --files0-from=- ./a-b <list) >out 2>/dev/null
matches out '[.[] | select(.input)][0].input.path == "./a-b"' \
	'operands come first, then the list from standard input'
printf '%s' "$good" >list
run show -q --json --files0-from=list
expect 0 'the last name may lack its NUL'
rm in/list

# ---- the same for any number of threads --------------------------------------

mkdir many many/good many/bad
i=0
while [ $i -lt 300 ]; do
	cp "$good" "many/good/$i.json"
	i=$((i + 1))
done
for f in "$samples"/bad-* "$samples"/odd-* "$samples"/good-data-disks.json; do
	cp "$f" "many/good/x${f##*/}"
done
for jobs in 1 2 7; do
	status=0
	"$cvmkey" extract --json -j$jobs -d j$jobs --manifest --sums many/good \
		>out.$jobs 2>err.$jobs || status=$?
	[ "$status" -eq 1 ]
	ok $? "-j$jobs: exit 1"
	printed out.$jobs j$jobs/manifest.jsonl
	tail -n +2 j$jobs/manifest.jsonl >m.$jobs
done
for jobs in 2 7; do
	same out.1 out.$jobs "-j$jobs: the same records"
	same err.1 err.$jobs "-j$jobs: the same messages"
	same m.1 m.$jobs "-j$jobs: the same manifest"
	same j1/SHA256SUMS j$jobs/SHA256SUMS "-j$jobs: the same sums"
	diff -r -x manifest.jsonl j1 j$jobs >/dev/null
	ok $? "-j$jobs: the same blobs"
done
same out.1 m.1 'the manifest has the lines of --json'
(cd j1 && sha256sum -c SHA256SUMS >/dev/null 2>&1)
ok $? 'sha256sum -c agrees'
[ "$(wc -l <j1/SHA256SUMS)" -eq "$(find j1 -name '*.blob' | wc -l)" ]
ok $? 'each blob has its sum'
mkdir only
cp many/good/[0-9]*.json only
run extract -q -d only.out only
for f in only.out/*.blob; do
	cmp -s "$f" "j1/${f##*/}" || echo "$f"
done >differing
silent differing 'broken neighbours change nothing'
if command -v strace >/dev/null && [ "${sanitized:-no}" != yes ]; then
	strace -f -qq -o log -e trace=clone,clone3 "$cvmkey" show -q -j1 only
	[ ! -s log ]
	ok $? '-j1 starts no thread'
else
	skip '-j1 starts no thread' 'no strace, or sanitizers start one'
fi

# names that meet: the first in order gets it, for any number of threads
mkdir -p meet/a meet/b
i=0
while [ $i -lt 40 ]; do
	cp "$good" meet/a/$i.json
	cp "$hsm" meet/b/$i.json
	i=$((i + 1))
done
for way in '' --force --resume; do
	rm -rf met
	# shellcheck disable=SC2086 # no word or one
	"$cvmkey" extract -q -j4 --json $way -d met meet/a/*.json meet/b/*.json >out 2>err
	printed out
	matches out '[.[] | select(.input)] | (map(select(.status == "ok")) | length) == 40 and
		all(.[0:40][]; .status == "ok") and
		all(.[40:80][]; .findings[-1].id == "io.exists")' \
		"names that meet${way:+ with $way}: the first has it"
	[ "$(cat met/*.blob | sha256sum)" = "$(for _ in $(seq 40); do
		cat "$samples/good-vault-key.blob"
	done | sha256sum)" ] && [ "$(find met -type f | wc -l)" -eq 40 ]
	ok $? "names that meet${way:+ with $way}: nothing else is left"
done

# a file and a folder that meet: again the first, be they neighbours or far
# apart, and in groups of one or of many
mkdir -p clash/one.blob clash/two.blob clash/far.blob/deep
cp "$good" clash/one
cp "$hsm" clash/one.blob/x.json
cp "$good" clash/two.blob/y.json
cp "$hsm" clash/two.json
cp "$good" clash/far
cp "$hsm" clash/far.blob/deep/z.json
i=0
while [ $i -lt 300 ]; do
	cp "$good" clash/far-$i.json
	i=$((i + 1))
done
for jobs in 1 2 7; do
	status=0
	"$cvmkey" extract -q --json -j$jobs -d c$jobs clash >clash.$jobs 2>clash.err || status=$?
	[ "$status" -eq 3 ]
	ok $? "-j$jobs: files and folders that meet: exit 3"
	printed clash.$jobs
	matches clash.$jobs '[.[] | select(.status == "error") |
		[.input.path, .findings[-1].id]] == [
		["clash/far.blob/deep/z.json", "io.create"],
		["clash/one.blob/x.json", "io.create"],
		["clash/two.json", "io.exists"]]' "-j$jobs: the first in order has the name"
	[ -f c$jobs/far.blob ] && [ -f c$jobs/one.blob ] && [ -f c$jobs/two.blob/y.blob ]
	ok $? "-j$jobs: and its blob"
done
for jobs in 2 7; do
	sed "s,c$jobs/,c1/,g" clash.$jobs | cmp -s - clash.1
	ok $? "-j$jobs: in the same words"
done

# ---- manifest and sums -------------------------------------------------------

run extract -q -d noted --manifest --note=case=17 --note='examiner=Q"x' --note=empty= "$good"
expect 0 'notes'
head -n 1 noted/manifest.jsonl >run
matches run '.[0] | .type == "run" and .schema == "cvmkey/1" and
	.notes == {"case": "17", "examiner": "Q\"x", "empty": ""} and
	.command[0] == "extract" and (.host | type) == "string" and
	(.uid | type) == "number" and (.start | endswith("Z")) and .version != null' \
	'the first line of the manifest describes the run'
mode noted/manifest.jsonl 600 'the manifest is for the owner only'
for listing in manifest sums; do
	mkdir "$listing.d"
	echo old >"$listing.d/f"
	run extract "--$listing=$listing.d/f" -d "$listing.d" "$good"
	exits 3 io.exists "--$listing over an existing file"
	[ "$(ls "$listing.d")" = f ]
	ok $? "--$listing over an existing file: nothing is read or written"
	run extract -f "--$listing=$listing.d/f" -d "$listing.d" "$good"
	exits 3 io.exists "--$listing --force over something else"
	run extract -q "--$listing=$listing.d/g" -d "$listing.d" "$good"
	run extract -q -f "--$listing=$listing.d/g" -d "$listing.d" "$good"
	expect 0 "--$listing --force over an earlier one"
	run extract "--$listing=missing/f" -d "$listing.d" "$good"
	exits 3 io.create "--$listing in a folder that is not there"
done

# a run that reads nothing is a run, and its manifest says what came of it
run extract --json -d tried --manifest --sums in/missing in/gone
expect 3 'nothing can be read'
matches tried/manifest.jsonl '[.[] | .input.path // .type, .findings[-1].id?] ==
	["run", null, "in/missing", "io.open", "in/gone", "io.open", "summary", null] and
	.[-1].inputs == 2 and .[-1].errors == 2' 'its manifest has a row for each input'
tail -n +2 tried/manifest.jsonl | cmp -s - out
ok $? 'as was printed'
[ -f tried/SHA256SUMS ] && [ ! -s tried/SHA256SUMS ]
ok $? 'its sums are empty'
mkdir nothing
run extract -q -d found.none --manifest --sums nothing
exits 1 input.none 'nothing is found'
matches found.none/manifest.jsonl 'map(.type) == ["run", "summary"] and .[-1].inputs == 0' \
	'its manifest says so'

# ---- resuming ----------------------------------------------------------------

run extract -q -d r only
stat -c '%n %i' r/*.blob >inodes
rm r/1*.blob
printf x >>r/2.blob
chmod 644 r/3.blob
run extract -q --json -d r --resume --manifest only
expect 3 'resuming over a blob that is wrong'
matches out '[.[] | select(.findings[-1].id? == "io.exists") | .input.path] ==
	["only/2.json", "only/3.json"]' 'only wrong bytes or modes are in the way'
says err 'same bytes and mode 0600' 'and the hint says so'
rm r/manifest.jsonl
run extract -q -d r --resume --force only
expect 0 'with --force these are replaced'
run extract -q -d r --resume --manifest only
expect 0 'and resuming is done'
[ "$(jq -s 'map(select(.blob)) | length' r/manifest.jsonl)" -eq 300 ]
ok $? 'its manifest has all blobs'
stat -c '%n %i' r/*.blob | grep -v -e 'r/1' -e 'r/[23].blob' >after
grep -v -e 'r/1' -e 'r/[23].blob' inodes | cmp -s - after
ok $? 'what was right is the same file'

# killed at any moment: what is there is right, and a second run completes it
i=0
wrong=
while [ $i -lt "${CVMKEY_KILLS:-6}" ]; do
	rm -rf killed
	"$cvmkey" extract -q -j2 -d killed --manifest many/good >/dev/null 2>&1 &
	pid=$!
	sleep "0.0$((i * 7 % 10))"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	for f in killed/[0-9]*.blob; do
		[ ! -f "$f" ] || cmp -s "$f" "$samples/good-vault-key.blob" || wrong="$wrong $f"
	done
	# wine closes the files of the dead a little later
	[ "${windows:-no}" != yes ] || sleep 0.5
	"$cvmkey" extract -q -d killed --resume many/good >/dev/null 2>&1
	# a manifest's part file waits for the next run that writes one
	diff -r -x manifest.jsonl -x SHA256SUMS -x .manifest.jsonl.cvmkey-part \
		j1 killed >/dev/null ||
		wrong="$wrong run$i"
	i=$((i + 1))
done
[ -z "$wrong" ]
ok $? "killed $i times: nothing half, and --resume completes it$wrong"

# ---- interrupted -------------------------------------------------------------

mkfifo slow
"$cvmkey" extract -j2 -d cut --manifest "$good" slow "$hsm" >out 2>err &
pid=$!
sleep 0.3
kill -TERM $pid
status=0
wait $pid 2>/dev/null || status=$?
[ "$status" -gt 128 ]
ok $? 'a signal ends the program though an input is waited for'
absent cut/manifest.jsonl 'an interrupted run has no manifest'
if [ "${emulated:-}" ]; then
	skip 'and says so' 'the signal is for the emulator'
else
	says err '[io.interrupted]' 'and says so'
fi

# ---- names -------------------------------------------------------------------

mkdir hostile
long=$(printf '%0250d' 0)
for name in 'new
line' 'q"uote' "$(printf 'esc\033[2Jx')" "$(printf 'not\377utf')" '-o' \
	'back\slash' "$long" "$(printf 'bidi\342\200\256x')" ' space '; do
	cp "$good" "hostile/$name.json" 2>/dev/null || echo "$name"
done >unmade
silent unmade 'hostile names can be made here'
(cd hostile && "$cvmkey" extract -d ../hostile.out --sums --manifest . >../out 2>../err)
ok $? 'hostile names are all extracted'
printed hostile.out/manifest.jsonl
shows_plain 'and shown so that a terminal bears it'
[ "$(find hostile.out -type f -name '*.blob' -printf x | wc -c)" -eq 9 ]
ok $? 'each has its blob'
(cd hostile.out && sha256sum --status -c SHA256SUMS)
ok $? 'sha256sum -c reads all the names'
jq -r 'select(.blob.path_base64) | .blob.path_base64' hostile.out/manifest.jsonl |
	while read -r name; do
		[ -f "hostile.out/$(printf %s "$name" | base64 -d; echo x)" ] ||
			[ -f "hostile.out/$(printf %s "$name" | base64 -d)" ] || echo "$name"
	done >missing
silent missing 'path_base64 gives the names exactly'

# ---- progress ----------------------------------------------------------------

run extract -q -d p1 --progress=always only
grep -q "$(printf '\r')" err && grep -q ' inputs, ' err
ok $? 'progress is shown where it is wanted'
! sed "s/.*$(printf '\r\033')\\[K//" err | grep -q ' inputs, '
ok $? 'and is gone at the end'
run extract -q -d p2 many/good
lacks err "$(printf '\r')" 'without a terminal there is none'
run extract -d p3 only
tail -n 1 out | grep -qx '300 inputs: 300 ok; 300 blobs written'
ok $? 'the report ends with a summary'

done_testing
