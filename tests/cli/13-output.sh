# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Where blobs go: -o, -d, --parents, names, collisions, --force.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

cp "$samples/good-vault-key.json" c.json
cp "$samples/good-managed-hsm-key.json" h.json
key_data c.json >expected
key_data h.json >expected.h

# written FILE DESCRIPTION: the blob of c.json, for its owner only.
written() {
	cmp -s -- "$1" expected && [ "$(mode_of "$1")" = 600 ] &&
		[ ! -L "$1" ]
	ok $? "$2"
}

# ---- -o ---------------------------------------------------------------------

mkdir o
run extract -o o/new c.json
expect 0 '-o with a new file'
written o/new 'the blob is there, under just that name'
equal "$(ls -A o)" new 'and nothing beside it'
run extract -o "$PWD/o/absolute" c.json
expect 0 '-o with an absolute path'
written o/absolute 'the blob is there'
echo old >o/old
before=$(inode o/old)
run extract -o o/old c.json
exits 3 io.exists '-o with an existing file'
says err '--force' 'the hint says how to replace it'
equal "$(cat o/old)" old 'the file keeps its content'
equal "$(inode o/old)" "$before" 'the file is the same'
run extract -f -o o/old c.json
expect 0 '-o with an existing file and --force'
written o/old 'the blob has replaced it'
: >o/empty
run extract -o o/empty c.json
exits 3 io.exists 'an empty file is an existing file, too'
silent o/empty 'and stays empty'
run extract -o missing/x.blob c.json
exits 3 io.create '-o in a missing directory'
absent missing '-o creates no directory'
run extract -o o c.json
expect 3 '-o with a directory'
[ -d o ]
ok $? 'the directory stays'
run extract -f -o o c.json
expect 3 '-o with a directory and --force'
[ -d o ] && [ -f o/new ]
ok $? 'the directory stays as it is'
run extract -o o/ c.json
expect 3 '-o with a name that ends in a slash'
run extract -o c.json/x c.json
expect 3 '-o below a file'
equal "$(find o -name '.*' -type f)" '' 'no hidden file is left'

echo target >target
ln -s ../target o/link
run extract -o o/link c.json
exits 3 io.exists '-o with a symbolic link'
equal "$(cat target)" target 'what it points to is not touched'
run extract -f -o o/link c.json
expect 0 '-o with a symbolic link and --force'
written o/link 'the link itself is replaced'
equal "$(cat target)" target 'what it pointed to is not touched'
ln -s nowhere o/dangling
run extract -o o/dangling c.json
exits 3 io.exists '-o with a link to nothing'
absent o/nowhere 'nothing is created through it'
ln -s o through
run extract -o through/via c.json
expect 0 '-o in a directory reached by a link'
written o/via 'the blob is in that directory'

# Devices and pipes are written as they are.
run extract -o /dev/null c.json
expect 0 '-o /dev/null'
[ -c /dev/null ]
ok $? '/dev/null stays a device'
run extract -f -o /dev/null c.json
expect 0 '-o /dev/null with --force'
[ -c /dev/null ]
ok $? '/dev/null stays a device with --force'
mkfifo pipe
cat pipe >piped &
run extract -o pipe c.json
wait
expect 0 '-o with a FIFO'
same piped expected 'its reader gets the blob'
[ -p pipe ]
ok $? 'the FIFO stays a FIFO'
if [ -w /dev/full ]; then
	run extract -o /dev/full c.json
	exits 3 io.write '-o /dev/full'
	run extract -f -o /dev/full c.json
	exits 3 io.write '-o /dev/full with --force'
else
	skip '-o /dev/full' 'no such device'
fi
run extract -o - c.json
expect 0 '-o -'
same out expected 'standard output holds the blob'
shows=$(head -n 1 err)
equal "$shows" 'c.json: ok' 'the report is on standard error'
absent ./- 'there is no file of that name'
run extract -q -o - c.json
same out expected '-q -o -: standard output holds the blob'
silent err '-q -o -: and nothing is said'
run extract -o - "$samples/bad-json-truncated.json"
expect 1 '-o - with a bad input'
silent out 'not one byte is written'
"$cvmkey" extract -o - c.json 2>/dev/null | cmp -s - expected
ok $? '-o - into a pipe'
if command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1; then
	script -qec "\"$cvmkey\" extract -o - c.json; echo status=\$?" /dev/null \
		</dev/null >out 2>err
	says out 'io.terminal' '-o - to a terminal is refused'
	says out 'status=2' 'as wrong usage'
	! grep -q Azure out
	ok $? 'and shows nothing of the key backup'
else
	skip '-o - to a terminal' 'no terminal to be had'
fi
jq '.OsDiskEncryptionDetails.Older = {KeyBackupData: $two}' --arg two \
	"$(jq -r .OsDiskEncryptionDetails.KeyBackupData h.json)" c.json >two.json
run extract -o o/two two.json
expect 3 '-o with an input of two backups'
says err 'io.one-file' 'is refused with a reason'
absent o/two 'and nothing is written'
run extract -o - two.json
expect 3 '-o - with an input of two backups'
silent out 'writes nothing'

# ---- -d ---------------------------------------------------------------------

umask 022
run extract -d new c.json
expect 0 '-d with a new directory'
mode new 700 'it is for its owner only'
written new/c.blob 'the blob is in it'
run extract -d a/b//c/./d/ c.json
expect 0 '-d with several new directories'
equal "$(mode_of a a/b a/b/c a/b/c/d | tr '\n' ' ')" '700 700 700 700 ' \
	'all of them are for their owner only'
written a/b/c/d/c.blob 'the blob is in the last'
run extract -d "$PWD/abs/dir" c.json
expect 0 '-d with a new absolute path'
written abs/dir/c.blob 'the blob is there'
mkdir -m 755 there
run extract -d there c.json
expect 0 '-d with an existing directory'
mode there 755 'its mode stays'
written there/c.blob 'the blob is in it'
run extract -d there/../up c.json
expect 0 '-d may hold ..'
written up/c.blob 'which is followed'
: >file
run extract -d file c.json
exits 3 io.create '-d with a file in the way'
silent file 'the file stays as it is'
run extract -d file/below c.json
exits 3 io.create '-d below a file'
ln -s there linked
run extract -f -d linked c.json
expect 0 '-d with a link to a directory'
[ -L linked ]
ok $? 'the link stays'
ln -s nowhere broken
run extract -d broken c.json
exits 3 io.create '-d with a link to nothing'
absent nowhere 'nothing is created through it'
run extract c.json
expect 0 'without -d'
written c.blob 'the blob is in the working directory'
run extract -d lazy "$samples/bad-json-truncated.json"
absent lazy 'a directory that holds nothing is not created'
long=$(head -c 300 /dev/zero | tr '\0' x)
run extract -d "$long" c.json
exits 3 io.create '-d with a name too long'

# ---- names ------------------------------------------------------------------

mkdir n
while read -r name blob; do
	mkdir n/in n/out
	cp c.json "n/in/$name"
	run extract -d n/out "n/in/$name"
	equal "$status:$(ls -A n/out)" "0:$blob" "$name becomes $blob"
	rm -r n/in n/out
done <<'NAMES'
x.json x.blob
x.JSON x.blob
x.Json x.blob
x.json.gz x.blob
x.JSON.GZ x.blob
x.json.Gz x.blob
x x.blob
x.txt x.txt.blob
x.gz x.gz.blob
x.jsonx x.jsonx.blob
x.json.json x.json.blob
x.json.gz.gz x.json.gz.gz.blob
x.blob x.blob.blob
x.y.json x.y.blob
.json .json.blob
.json.gz .json.gz.blob
.x.json .x.blob
x. x..blob
json json.blob
NAMES
status=0
"$cvmkey" extract -d n/stdin - <c.json >out 2>err || status=$?
expect 0 'standard input'
written n/stdin/stdin.blob 'standard input becomes stdin.blob'
cp c.json ./-
run extract -d n/dash ./-
expect 0 'a file called -'
written n/dash/-.blob 'its blob is called -.blob'
jq -c '.Evil = "../../evil" |
	.OsDiskEncryptionDetails.KeyUrl =
	"https://kv.vault.azure.net/keys/key/0123456789abcdef0123456789abcdef"' \
	c.json >n/text.json
run extract -d n/text n/text.json
equal "$(ls -A n/text)" text.blob 'text inside a document is no part of a name'

# The longest name that can be written, and one too long.
x246=$(head -c 246 /dev/zero | tr '\0' x)
cp c.json "$x246.json"
run extract -d n/long "$x246.json"
expect 0 'a name of 251 bytes'
written "n/long/$x246.blob" 'its blob has one of 251 bytes'
run extract -f -d n/long "$x246.json"
expect 0 'a name of 251 bytes, with --force'
cp c.json "${x246}12345.txt" 2>/dev/null
run extract -d n/longer "${x246}12345.txt"
expect 3 'a name whose blob would need 260 bytes'
[ ! -e n/longer ] || [ -z "$(ls -A n/longer)" ]
ok $? 'leaves nothing'

# ---- --parents --------------------------------------------------------------

mkdir -p p/vm1 p/vm2/deep
cp c.json p/vm1/c.json
cp h.json p/vm2/c.json
cp c.json p/vm2/deep/c.json
run extract -d flat p/vm1/c.json p/vm2/c.json
exits 3 io.exists 'two inputs of one name'
says err 'p/vm2/c.json' 'the later one is refused'
says err '--parents' 'the hint says what helps'
same flat/c.blob expected 'the earlier one stays'
equal "$(ls -A flat)" c.blob 'and is alone'
(
	cd p || exit
	run extract --parents -d ../kept vm1/c.json vm2/c.json ./vm2//deep/./c.json
	echo $status >../status
)
equal "$(cat status)" 0 '--parents'
equal "$(cd kept && find . -type f | sort | tr '\n' ' ')" \
	'./vm1/c.blob ./vm2/c.blob ./vm2/deep/c.blob ' 'keeps the directories'
written kept/vm1/c.blob 'the first is right'
same kept/vm2/c.blob expected.h 'the second is right'
equal "$(find kept -type d | while read -r d; do mode_of "$d"; done | uniq)" 700 \
	'new directories are for their owner only'
run extract --parents -d kept2 "$PWD/p/vm1/c.json"
expect 0 '--parents with an absolute name'
written "kept2$PWD/p/vm1/c.blob" 'keeps it below the output directory'
run extract --parents -d kept3 p/vm1/../vm2/c.json
exits 3 io.output-name '--parents with ..'
absent kept3/p/vm2/c.blob 'writes nothing'
run extract --parents -d kept3 ../"${PWD##*/}"/c.json
exits 3 io.output-name '--parents with .. in front'
run extract --parents -d kept4 c.json
written kept4/c.blob '--parents with a bare name'
mkdir -p jail/p outside
ln -s ../../outside jail/p/vm1
run extract --parents -d jail p/vm1/c.json
exits 3 io.create '--parents with a link in the way'
nothing_left outside 'nothing is written through it'
ln -s ../outside jail2
mkdir jail3
ln -s ../outside jail3/p
run extract --parents -d jail3 p/vm1/c.json p/vm2/c.json
expect 3 '--parents with a link as first directory'
nothing_left outside 'nothing is written through it either'
mkdir jail4
: >jail4/p
run extract --parents -d jail4 p/vm1/c.json
exits 3 io.create '--parents with a file in the way'
run extract --json --parents -d kept5 p/vm2/deep/c.json
matches out '.[0].blob.path == "p/vm2/deep/c.blob"' \
	'the record has the path below the output directory'
run extract --parents -d kept6 p/vm2/deep/c.json
says out "--file kept6/p/vm2/deep/c.blob" 'the report has the path from here'
cp h.json p/vm1/e.json
run extract --parents -d kept8 p/vm1/c.json p/vm1/e.json p/vm2/c.json
expect 0 '--parents with two inputs of one directory'
written kept8/p/vm1/c.blob 'the first is right'
same kept8/p/vm1/e.blob expected.h 'the second is right'
same kept8/p/vm2/c.blob expected.h 'that of another directory is right'

# ---- collisions -------------------------------------------------------------

mkdir k
cp c.json k/x.json
gzip -nc h.json >k/x.json.gz
run extract -d k/out k/x.json k/x.json.gz
exits 3 io.exists 'x.json and x.json.gz'
equal "$(ls -A k/out)" x.blob 'have one name'
written k/out/x.blob 'the earlier one has it'
run extract -d k/out2 c.json c.json
exits 3 io.exists 'one input twice'
written k/out2/c.blob 'is written once'
mkdir k/dir k/dir/c.blob
run extract -d k/dir c.json
exits 3 io.exists 'a directory of the name of the blob'
run extract -f -d k/dir c.json
expect 3 'a directory of the name of the blob, with --force'
[ -d k/dir/c.blob ]
ok $? 'it stays'
equal "$(ls -A k/dir)" c.blob 'and nothing is left beside it'
run extract -f -d k/out3 p/vm1/c.json p/vm2/c.json
expect 3 '--force does not let one input replace the blob of another'
written k/out3/c.blob 'the blob of the earlier one stays'

# ---- --force ----------------------------------------------------------------

mkdir f
printf 'an old and much longer content %20000s' x >f/c.blob
chmod 644 f/c.blob
ln f/c.blob f/other-name
before=$(inode f/c.blob)
run extract -f -d f c.json
expect 0 '--force'
written f/c.blob 'the new blob is there'
[ "$(inode f/c.blob)" != "$before" ]
ok $? 'it is a new file'
equal "$(head -c 6 f/other-name):$(mode_of f/other-name)" 'an old:644' \
	'another name of the old file keeps it'
equal "$(cd f && find . -type f | sort | tr '\n' ' ')" \
	'./c.blob ./other-name ' 'nothing else is left'
run extract -f -d f "$samples/bad-json-truncated.json" c.json
expect 1 '--force with a bad input'
written f/c.blob 'the good one is written'
printf old >f/bad-json-truncated.blob
run extract -f -d f "$samples/bad-json-truncated.json"
equal "$(cat f/bad-json-truncated.blob)" old \
	'a refused input replaces nothing'
run extract -f -d fnew c.json
expect 0 '--force with nothing to replace'
written fnew/c.blob 'writes as ever'

# What is read is never replaced.
# kept NAME INPUT ARGUMENT...: the input survives.
kept() {
	name=$1 input=$2
	shift 2
	sum=$(sha256sum <"$input") id=$(inode "$input")
	run extract -f "$@"
	exits 3 io.output-is-input "$name"
	equal "$(sha256sum <"$input") $(inode "$input")" "$sum $id" \
		"$name: the input stays"
}

mkdir i i/sub
cp c.json i/c.json
kept 'the output is the input' i/c.json -o i/c.json i/c.json
kept 'by another spelling' i/c.json -o i/sub/../c.json ./i//c.json
kept 'by an absolute name' i/c.json -o "$PWD/i/c.json" i/c.json
ln i/c.json i/hard
kept 'a hard link of the input' i/c.json -o i/hard i/c.json
ln -s c.json i/soft
kept 'a link to the input' i/c.json -o i/soft i/c.json
kept 'the input named by a link' i/c.json -o i/c.json i/soft
cp h.json i/second.blob
cp c.json i/second.json
kept 'a later input' i/second.blob -d i i/second.json i/second.blob
cp h.json i/first.blob
cp c.json i/first.json
kept 'an earlier input' i/first.blob -d i i/first.blob i/first.json
cp c.json i/refused.blob
cp "$samples/bad-json-truncated.json" i/bad
kept 'among a bad and a missing input' i/refused.blob \
	-o i/refused.blob i/refused.blob
rm -f i/third.blob
cp c.json i/third.json
ln i/third.json i/third.blob
kept 'a hard link under the name of the blob' i/third.json -d i i/third.json
equal "$(find i -name '.*' -type f)" '' 'no hidden file is left'
run extract -o i/c.json i/c.json
exits 3 io.exists 'without --force the input exists'
status=0
# shellcheck disable=SC2094 # that is the test
"$cvmkey" extract -f -o i/c.json - <i/c.json >out 2>err || status=$?
same i/c.json c.json 'standard input that is the output: the file stays'
expect 3 'standard input that is the output'

# ---- umask ------------------------------------------------------------------

for mask in 0 077 0777 0200 0177; do
	mkdir "u$mask"
	for force in '' -f; do
		(
			umask $mask
			"$cvmkey" extract $force -d "u$mask" c.json >/dev/null 2>&1
		)
		equal "$?" 0 "umask $mask, options '$force'"
		chmod u+r "u$mask/c.blob" 2>/dev/null
		written "u$mask/c.blob" "umask $mask, options '$force': mode 0600"
	done
done
# two blobs in one directory: each of them
mkdir uu
(
	umask 0777
	"$cvmkey" extract -d uu c.json h.json >/dev/null 2>&1
)
equal "$(mode_of uu/c.blob uu/h.blob | tr '\n' ' ')" '600 600 ' \
	'umask 0777: each of two blobs has mode 0600'
(
	umask 0
	"$cvmkey" extract -d umask/new c.json >/dev/null 2>&1
)
equal "$(mode_of umask umask/new | tr '\n' ' ')" '700 700 ' \
	'umask 0: new directories have mode 0700'

# ---- what a dead run left ---------------------------------------------------

mkdir left
part=left/.c.blob.cvmkey-part
key_data c.json | head -c 3000 >$part
run extract -f -d left c.json
expect 0 '--force with the part file of a dead run'
written left/c.blob 'writes the blob'
equal "$(ls -A left)" c.blob 'and removes the part file'
rm left/c.blob
echo evidence >$part
run extract -f -d left c.json
expect 3 'a file of that name that holds something else'
says err '[io.busy]' 'is in the way'
equal "$(cat $part)" evidence 'and stays as it is'
cp c.json .k.blob.cvmkey-part
cp c.json k.json
run extract -f k.json .k.blob.cvmkey-part
same c.json .k.blob.cvmkey-part 'an input of that name stays, too'
rm -f $part k.json k.blob .k.blob.* .k.blob
ln -s ../target $part
run extract -f -d left c.json
equal "$(cat target)" target 'a link in place of a part file is not followed'
rm -f $part
mkdir $part
run extract -f -d left c.json
expect 3 'a directory in place of a part file'
rm -rf left
mkdir left
if [ "${windows:-no}" = yes ]; then
	skip 'the part file of a run that lives' 'it is held open, not locked'
elif command -v flock >/dev/null; then
	: >$part
	(
		flock 9
		"$cvmkey" extract -f -d left c.json >out 2>err 9>&-
		echo $? >status
	) 9<$part
	status=$(cat status)
	exits 3 io.busy 'the part file of a run that lives'
	[ -e $part ]
	ok $? 'it stays'
	absent left/c.blob 'nothing is written'
	rm -f $part
else
	skip 'the part file of a run that lives' 'no flock(1)'
fi

# Runs at the same time: exactly one wins, and all is whole.
mkdir race
for i in 1 2 3 4 5 6 7 8; do
	("$cvmkey" extract -d race c.json >/dev/null 2>&1; echo $? >"race.$i") &
done
wait
equal "$(cat race.? | sort | tr '\n' ' ')" '0 3 3 3 3 3 3 3 ' \
	'of eight runs at the same time one writes'
written race/c.blob 'and its blob is whole'
for i in 1 2 3 4 5 6 7 8; do
	("$cvmkey" extract -f -d race c.json >/dev/null 2>&1; echo $? >"race.$i") &
done
wait
equal "$(cat race.? | tr -d '03\n')" '' 'eight runs with --force: 0 or 3'
written race/c.blob 'the blob is whole'
equal "$(ls -A race)" c.blob 'and nothing is left beside it'

done_testing
