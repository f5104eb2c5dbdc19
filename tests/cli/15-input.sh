# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Where configs come from, and that they stay as they are.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

cp "$samples/good-vault-key.json" c.json
key_data c.json >expected
sum=$(sha256sum <c.json | cut -d' ' -f1)

# from FILE ARGUMENT...: the program with FILE as standard input.
from() {
	file=$1
	shift
	status=0
	find_lines "$@"
	"$cvmkey" "$@" <"$file" >out 2>err || status=$?
	[ -z "$lines_on_stdout" ] || printed out
}

# ---- standard input ---------------------------------------------------------

from c.json extract -d stdin -
expect 0 'a file as standard input'
same stdin/stdin.blob expected 'becomes stdin.blob'
says out "$sum" 'its SHA-256 is that of the file'
status=0
# shellcheck disable=SC2002 # a pipe it shall be
cat c.json | "$cvmkey" extract --json -d piped - >out 2>err || status=$?
printed out
expect 0 'a pipe as standard input'
same piped/stdin.blob expected 'becomes stdin.blob, too'
matches out ".[0].input | .path == \"-\" and .sha256 == \"$sum\" and
	.mtime == null" 'a pipe has no time'
status=0
{ head -c 100 c.json; sleep 0.2; tail -c +101 c.json; } |
	"$cvmkey" extract -o slow - >out 2>err || status=$?
same slow expected 'a slow pipe is read to its end'
from /dev/null extract -d none -
exits 1 input.empty 'nothing on standard input'
absent none 'writes nothing'
from c.json extract -d mixed "$samples/good-managed-hsm-key.json" - \
	"$samples/good-vault-key-2015.json"
expect 0 'standard input among files'
same mixed/stdin.blob expected 'is one of them'
# standard input may stand in the middle of a file
printf 12345 | cat - c.json >offset
(
	dd bs=5 count=1 of=/dev/null 2>/dev/null
	"$cvmkey" extract -o middle - >out 2>err
) <offset
same middle expected 'standard input is read from where it stands'
status=0
# shellcheck disable=SC2094 # the name is not the file
"$cvmkey" extract -d stdin2 ./- <c.json >out 2>err || status=$?
exits 3 io.open './- is a name'
from . show -
exits 3 io.directory 'a directory as standard input'

# ---- what is no plain file --------------------------------------------------

if [ "${windows:-no}" != yes ]; then
	mkfifo fifo.json
	cat c.json >fifo.json &
	run extract -d fifo fifo.json
	wait
	expect 0 'a FIFO'
	same fifo/fifo.blob expected 'is read to its end'
	cat "$samples/odd-gzip.json.gz" >fifo.json &
	run extract -d fifogz fifo.json
	wait
	expect 0 'gzip through a FIFO'
	: >fifo.json &
	run extract -d fifoempty fifo.json
	wait
	exits 1 input.empty 'an empty FIFO'
	head -c 5000 c.json >fifo.json &
	run extract -d fifocut fifo.json
	wait
	exits 1 json.truncated 'a writer that stops early'
	cat c.json >fifo.json &
	run extract --max-input-size=$(($(wc -c <c.json) - 1)) -d large fifo.json
	wait
	exits 1 input.too-large 'a FIFO one byte larger than the largest size'
else
	skip 'a FIFO' 'Windows has none'
fi

mkdir links
ln -s ../c.json links/to.json
ln -s to.json links/again.json
run extract -d linked links/again.json
expect 0 'a link that is named'
same linked/again.blob expected 'is followed, and gives its own name'
[ -L links/again.json ] && [ -L links/to.json ]
ok $? 'links stay'
ln -s loop links/loop
run extract -d loop links/loop
exits 3 io.open 'a link to itself'
ln -s nothing links/dangling
run extract -d dangling links/dangling
exits 3 io.open 'a link to nothing'
run extract -d missing missing.json
exits 3 io.open 'a missing file'
says err 'missing.json' 'the message names it'
says err 'No such file or directory' 'the message says why'
run extract -d missing c.json/below.json
exits 3 io.open 'a file below a file'
run extract -d missing missing/below.json
exits 3 io.open 'a file in a missing directory'
run extract -d missing "$(head -c 5000 /dev/zero | tr '\0' x)"
exits 3 io.open 'a name too long'
absent missing 'nothing was written for any of them'

mkdir -p dir/sub
cp c.json dir
for name in dir dir/ . /; do
	status=0
	"$cvmkey" extract -d dirs - <$name >out 2>err || status=$?
	exits 3 io.directory "a directory as standard input: $name"
	status=0
	"$cvmkey" show - <$name >out 2>err || status=$?
	exits 3 io.directory "show: a directory as standard input: $name"
done
absent dirs 'nothing was written'
run extract -d withdir missing c.json
exits 3 io.open 'what is missing before a file'
same withdir/c.blob expected 'the file is written'

run extract -d null /dev/null
exits 1 input.empty '/dev/null'
run extract --max-input-size=1M -d zero /dev/zero
exits 1 input.too-large '/dev/zero ends at the largest size'
if [ -r /proc/self/status ]; then
	run extract -d proc /proc/self/status
	expect 1 'a file that says it has no bytes, and has'
	says err '[json.' 'is read all the same'
	absent proc 'and refused'
	run show --json /proc/self/status
	matches out '.[0].input | .size > 100 and (.sha256 | length) == 64' \
		'what was read is in the record'
else
	skip 'a file of a pseudo file system' 'no /proc'
fi

# ---- gzip -------------------------------------------------------------------

gzip -nc c.json >zipped.json.gz
cp zipped.json.gz zipped-without-a-telling-name
run extract -d gz zipped.json.gz zipped-without-a-telling-name
expect 0 'gzip'
same gz/zipped.blob expected 'is unpacked'
same gz/zipped-without-a-telling-name.blob expected \
	'is known by its content'
cp c.json not-zipped.json.gz
run extract -d gz not-zipped.json.gz
expect 0 'a name that lies'
same gz/not-zipped.blob expected 'changes nothing'
lacks out 'input.gzip' 'and is no finding'
run extract --json -d gz2 zipped.json.gz
matches out ".[0].input | .compression == \"gzip\" and .size == $(wc -c <zipped.json.gz) and
	.sha256 == \"$(sha256sum <zipped.json.gz | cut -d' ' -f1)\"" \
	'size and SHA-256 are of the compressed bytes'
for level in 1 9; do
	gzip -c$level c.json >level.json.gz
	run extract -f -d gz level.json.gz
	same gz/level.blob expected "gzip -$level"
done
gzip -c c.json >named.json.gz # with name and time in the header
run extract -d gz named.json.gz
same gz/named.blob expected 'gzip with a name inside'

{ head -c 4000 c.json | gzip -n; tail -c +4001 c.json | gzip -n; } >two.json.gz
run extract -d gz two.json.gz
expect 0 'two gzip members'
same gz/two.blob expected 'make one document'
{ : | gzip -n; gzip -nc c.json; : | gzip -n; } >hollow.json.gz
run extract -d gz hollow.json.gz
expect 0 'empty gzip members around it'
same gz/hollow.blob expected 'do no harm'
: | gzip -n >nothing.json.gz
run extract -d gz nothing.json.gz
exits 1 input.empty 'gzip of nothing'

{ cat zipped.json.gz && printf 'more'; } >more.json.gz
run extract --json -d gz more.json.gz
expect 0 'bytes after gzip'
same gz/more.blob expected 'do no harm'
matches out ".[0].findings | any(.id == \"gzip.trailing\" and
	.severity == \"warning\" and .offset == $(wc -c <zipped.json.gz))" \
	'but are a warning with the place'
{ cat zipped.json.gz && head -c 512 /dev/zero; } >nuls.json.gz
run extract -d gz nuls.json.gz
expect 0 'NULs after gzip'
same gz/nuls.blob expected 'do no harm either'
says out '[gzip.trailing]' 'and are a warning'
{ cat zipped.json.gz && head -c 15 zipped.json.gz; } >half.json.gz
run extract -d gz half.json.gz
expect 1 'half a second gzip member'
absent gz/half.blob 'is refused'

size=$(wc -c <zipped.json.gz)
wrong=
for cut in 1 2 4 8 9 100 $((size - 9)); do
	head -c $((size - cut)) zipped.json.gz >cut.json.gz
	run extract -d gz cut.json.gz
	[ "$status" -eq 1 ] && grep -q '\[gzip.truncated\]$' err || wrong="$wrong $cut"
done
equal "$wrong" '' 'gzip cut at seven places: gzip.truncated'
absent gz/cut.blob 'nothing is written'
for at in $((size - 1)) $((size - 5)) $((size / 2)); do
	cp zipped.json.gz flipped.json.gz
	byte=$(od -An -tu1 -j $at -N 1 zipped.json.gz)
	# shellcheck disable=SC2059 # an octal escape is wanted
	printf "\\$(printf %o $((byte ^ 32)))" |
		dd of=flipped.json.gz bs=1 seek=$at conv=notrunc 2>/dev/null
	run extract -d gz flipped.json.gz
	expect 1 "gzip with a flipped bit in byte $at of $size"
	says err '[gzip.' 'is damaged gzip'
done
absent gz/flipped.blob 'nothing is written'
gzip -nc zipped.json.gz >twice.json.gz
run extract -d gz twice.json.gz
expect 1 'gzip in gzip'

# ---- sizes ------------------------------------------------------------------

size=$(wc -c <c.json)
run extract --max-input-size="$size" -d size c.json
expect 0 'a file of just the largest size'
run extract --max-input-size=$((size - 1)) -d size2 c.json
exits 1 input.too-large 'a file one byte larger'
says err 'c.json' 'is named'
says err '--max-input-size' 'the hint says how to raise it'
absent size2 'nothing is written'
from c.json extract --max-input-size="$size" -d size3 -
expect 0 'standard input of just the largest size'
from c.json extract --max-input-size=$((size - 1)) -d size4 -
exits 1 input.too-large 'standard input one byte larger'
gz=$(wc -c <zipped.json.gz)
[ "$gz" -lt "$size" ]
ok $? 'the compressed file is smaller'
run extract --max-input-size="$size" -d size5 zipped.json.gz
expect 0 'a document of just the largest size after unpacking'
run extract --max-input-size=$((size - 1)) -d size6 zipped.json.gz
exits 1 input.too-large 'a document one byte larger after unpacking'
absent size6 'nothing is written'
head -c 100000000 /dev/zero | gzip -n1 >bomb.json.gz
run extract --max-input-size=1M -d size7 bomb.json.gz
exits 1 input.too-large 'a small file that unpacks to a large one'
run extract -d size8 bomb.json.gz
exits 1 input.too-large 'the default size holds for what is unpacked'
truncate -s 65M sparse.json
run extract -d size9 sparse.json
exits 1 input.too-large 'a file larger than the default'
truncate -s 5G sparse.json
run extract --max-input-size=1G -d size9 sparse.json
exits 1 input.too-large 'a file larger than 4 GiB'
rm sparse.json bomb.json.gz
{ printf '{"Filler":"'; head -c 1000000 /dev/zero | tr '\0' x; printf '",'
	tail -c +2 c.json; } >large.json
run extract -d size10 large.json
expect 0 'a document of a megabyte'
same size10/large.blob expected 'is read'
run extract --json --max-input-size=1K -d size11 large.json
matches out '.[0] | .status == "refused" and
	.findings[-1].id == "input.too-large" and .blob == null' \
	'what is too large has a record'

# ---- text -------------------------------------------------------------------

# same_as FILE DESCRIPTION: the document gives the blob of c.json.
same_as() {
	rm -rf as
	run extract -d as "$1"
	[ "$status" -eq 0 ] && cmp -s as/*.blob expected
	ok $? "$2"
}

iconv -f UTF-8 -t UTF-16LE c.json >u.json
same_as u.json 'UTF-16LE'
iconv -f UTF-8 -t UTF-16BE c.json >u.json
same_as u.json 'UTF-16BE'
{ printf '\377\376' && iconv -f UTF-8 -t UTF-16LE c.json; } | gzip -n >u.json
same_as u.json 'UTF-16LE with a mark, compressed'
{ printf '\n\t \r\n' && cat c.json && printf ' \r\n\t'; } >u.json
same_as u.json 'white space around the document'
tr -d ' \n' <c.json >u.json
same_as u.json 'no white space at all'
jq --tab -S . c.json >u.json
same_as u.json 'written anew by jq'
jq -c . c.json | sed 's/\//\\\//g' >u.json
same_as u.json 'slashes escaped'
{ printf '\357\273\277\357\273\277' && cat c.json; } >u.json
run show u.json
expect 1 'two byte order marks'
{ printf '\v' && cat c.json; } >u.json
run show u.json
expect 1 'other white space in front'
{ cat c.json && printf '\0x'; } >u.json
run show u.json
expect 1 'a NUL and something behind it'

# ---- what is read stays as it is --------------------------------------------

mkdir keep
cp c.json zipped.json.gz keep
cp "$samples/bad-json-truncated.json" "$samples/odd-utf-16le-bom.json" keep
touch -a -d 2001-01-01T00:00:00Z keep/*
touch -m -d 2002-02-02T02:02:02.123456789Z keep/*
chmod 400 keep/*
facts() {
	find keep -type f -printf '%p %A@ %T@ %C@ %s %m %i %n\n' | sort
}
facts >facts.before
sha256sum keep/* >sums
facts >facts.after
if cmp -s facts.before facts.after; then
	touch -a -d 2001-01-01T00:00:00Z keep/*
fi
touch -a -d 2001-01-01T00:00:00Z keep/* 2>/dev/null
facts >facts.before
run extract -d kept keep/*
expect 1 'files that may only be read'
run show keep/*
facts >facts.after
same facts.before facts.after 'times, size, mode and inode stay, access time too'
sha256sum -c --quiet sums >/dev/null 2>&1
ok $? 'their bytes stay'
run show --json keep/c.json
matches out '.[0].input.atime == "kept"' 'the record says the access time is kept'
equal "$(find keep -type f | wc -l)" 4 'nothing was put beside them'
chmod 500 keep
run extract -d kept2 keep/c.json
expect 0 'a directory that may only be read'
chmod 700 keep

# A file of sysfs says that it is a page and gives less, like one that shrinks.
shrinks=/sys/kernel/uevent_seqnum
if [ -r $shrinks ] && [ "$(stat -c %s $shrinks)" -gt 100 ]; then
	run extract -d shrunk $shrinks
	exits 3 io.changed 'a file that is shorter than its size'
	absent shrunk 'nothing is written'
else
	skip 'a file that is shorter than its size' "no $shrinks"
fi

# Of another owner O_NOATIME is not allowed.
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
chmod 755 "$work"
cp "$cvmkey" program
chmod 755 program
chmod 644 c.json
if am_root && as_nobody ./program --version >/dev/null 2>&1 &&
	as_nobody test -r "$work/c.json"; then
	status=0
	as_nobody ./program show --json c.json >out 2>err || status=$?
	printed out
	expect 0 'the file of another owner'
	matches out '.[0].input.atime == "may-change"' \
		'the record says the access time may change'
	chmod 600 c.json
	status=0
	as_nobody ./program show --json c.json >out 2>err || status=$?
	printed out
	exits 3 io.open 'a file that may not be read'
elif ! am_root; then
	run show --json /etc/passwd
	matches out '.[0].input.atime == "may-change"' \
		'the record says the access time may change'
	chmod 0 c.json
	run show --json c.json
	exits 3 io.open 'a file that may not be read'
else
	skip 'the file of another owner' 'nobody cannot run the program'
fi

done_testing
