# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Archives: of any maker, cut, lying, hostile. What comes out is what the plain
# files give, or is refused; nothing is written elsewhere.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
good=$samples/good-vault-key.json
small=$samples/good-vault-key-small.json

# rows FILE: what is said of each document, by its path or its member's name.
rows() {
	jq -r 'select(.type == "extract" or .type == "show") |
		[.input.member_base64 // .input.path_base64 // .input.member // .input.path,
		.status, .input.size, .input.sha256, .backup.pointer, .backup.sha256,
		(.findings[] | .id)] | @tsv' "$1" | LC_ALL=C sort
}

# summary FILE INPUTS OK REFUSED ERRORS SKIPPED BLOBS
summary() {
	equal "$(jq -r 'select(.type == "summary") |
		[.inputs, .ok, .refused, .errors, .skipped, .blobs] | @sh' "$1")" \
		"$2 $3 $4 $5 $6 $7" "$8: the summary counts right"
}

# is_last FILE STATUS ID MEMBERS DESCRIPTION: the archive has its record behind
# those of its members, with its own hash.
is_last() {
	equal "$(jq -r 'select(.input)' out | jq -rs 'last |
		[.type, .status, .findings[-1].id // "-", .members, .input.sha256,
		.input.size, .input.member // "-"] | @tsv')" \
		"$(printf 'archive\t%s\t%s\t%s\t%s\t%s\t-' "$2" "$3" "$4" \
			"$(sha256sum <"$1" | cut -d' ' -f1)" "$(($(wc -c <"$1")))")" \
		"$5: the archive's own record"
}

# ---- whoever made it ---------------------------------------------------------

far=far/0123456789012345678901234567890123456789/0123456789012345678901234567890123456789
long=$(printf '%0120d' 7)
mkdir -p t/sub/deep t/$far
cp "$good" t/a.json
cp "$samples/good-managed-hsm-key.json" t/sub/b.JSON
cp "$samples/odd-gzip.json.gz" t/sub/g.json.gz
cp "$samples/good-data-disks.json" t/sub/deep/disks.json
cp "$samples/good-ade-both.json" t/sub/ade
cp "$samples/odd-utf-16le-bom.json" t/sub/deep/w.json
cp "$samples/bad-json-tab.json" t/sub/tab.json
cp "$samples/good-vault-key.blob" t/sub/k.blob
echo hello >t/README
: >t/empty
mkdir few
cp -R t/a.json t/sub t/README t/empty few
cp "$small" t/$far/far.json
cp "$small" "t/$long.json"

"$cvmkey" extract -q --json -d plain.t t >plain.out 2>plain.err
rows plain.out >plain.rows
"$cvmkey" extract -q --json -d plain.few few >few.out 2>few.err
rows few.out >few.rows
[ "$(find plain.t -name '*.blob' | wc -l)" -ge 10 ]
ok $? 'the files themselves can be extracted'

# reads ARCHIVE DIR DESCRIPTION: as the files below DIR are.
reads() {
	rm -rf o
	run extract -q --json --no-sync -d o "$1"
	rows out >got
	if [ "$2" = t ]; then mv plain.rows wanted; else mv few.rows wanted; fi
	[ "$status" -eq 1 ] && cmp -s got wanted && diff -r "plain.$2" "o/$1/$2" >/dev/null &&
		[ "$(ls -A o)" = "$1" ] && [ "$(ls -A "o/$1")" = "$2" ]
	ok $? "$3: the same blobs and records as from the files"
	if [ "$2" = t ]; then mv wanted plain.rows; else mv wanted few.rows; fi
	is_last "$1" ok - "$(find "$2" -type f | wc -l)" "$3"
}

# packs TOOL DIR DESCRIPTION COMMAND: the command makes x from DIR.
packs() {
	if command -v "$1" >/dev/null; then
		rm -f x x.zip
		eval "$4" >pack.log 2>&1 && [ -s x ] || echo "# $3 was not made"
		reads x "$2" "$3"
	else
		skip "$3" "no $1"
	fi
}

cat >pack.py <<'END'
import sys, os, tarfile, zipfile
how, top = sys.argv[1:]
if how.isdigit():
    with tarfile.open('x', 'w', format=int(how)) as a:
        a.add(top)
else:
    method = zipfile.ZIP_STORED if how == 'stored' else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile('x', 'w', method) as a:
        for folder, _, names in os.walk(top):
            for n in names:
                p = os.path.join(folder, n)
                if how == 'zip64':
                    with a.open(p, 'w', force_zip64=True) as m:
                        m.write(open(p, 'rb').read())
                else:
                    a.write(p)
END
for format in v7 ustar gnu oldgnu pax; do
	dir=t
	case $format in v7) dir=few ;; ustar) dir=few ;; esac
	packs tar $dir "GNU tar $format" "tar --format=$format -cf x $dir"
done
packs tar t 'GNU tar, gzip' 'tar -czf x t'
packs tar t 'GNU tar, several gzip streams' \
	'tar -cf y t; head -c 5000 y | gzip >x; tail -c +5001 y | gzip >>x'
tar -V label -C few -cf label.tar a.json
run extract -q --json --no-sync -d o6 label.tar
cmp -s o6/label.tar/a.blob "$samples/good-vault-key.blob" &&
	[ "$(jq -r 'select(.type == "extract") | .status' out | tr '\n' ' ')" = 'skipped ok ' ]
ok $? 'GNU tar with a label'
packs bsdtar few 'bsdtar ustar' 'bsdtar --format=ustar -cf x few'
packs bsdtar t 'bsdtar pax' 'bsdtar --format=pax -cf x t'
packs bsdtar t 'bsdtar gnutar' 'bsdtar --format=gnutar -cf x t'
packs bsdtar t 'bsdtar zip' 'bsdtar --format=zip -cf x t'
packs python3 few 'python ustar' 'python3 pack.py 0 few'
packs python3 t 'python gnu' 'python3 pack.py 1 t'
packs python3 t 'python pax' 'python3 pack.py 2 t'
for how in stored deflated zip64; do
	packs python3 t "python zipfile, $how" "python3 pack.py $how t"
done
packs zip t 'Info-ZIP' 'zip -qr x.zip t; mv x.zip x'
packs zip t 'Info-ZIP, stored' 'zip -qr0 x.zip t; mv x.zip x'
packs zip t 'Info-ZIP to a pipe' 'zip -qr - t | cat >x'
packs zip t 'Info-ZIP, zip64' 'zip -qr -fz x.zip t; mv x.zip x'

# ---- larger than a document may be, and from standard input ------------------

tar -cf t.tar t
gzip -c t.tar >t.tgz
python3 pack.py deflated t
mv x t.zip
for name in t.tar t.tgz t.zip; do
	rm -rf o
	[ "$(wc -c <$name)" -gt 40000 ]
	run extract -q --json --max-input-size=40000 -d o $name
	rows out | cmp -s - plain.rows && diff -r plain.t o/$name/t >/dev/null
	ok $? "$name is larger than --max-input-size: its members count"
	is_last $name ok - "$(find t -type f | wc -l)" "$name, streamed"
	for way in pipe file; do
		rm -rf o
		if [ $way = pipe ]; then
			# shellcheck disable=SC2002 # a pipe is wanted
			cat $name | "$cvmkey" extract -q --json --no-sync -d o - >out 2>err
		else
			"$cvmkey" extract -q --json --no-sync -d o - <$name >out 2>err
		fi
		rows out | cmp -s - plain.rows && diff -r plain.t o/stdin/t >/dev/null
		ok $? "$name on standard input, a $way"
		is_last $name ok - "$(find t -type f | wc -l)" "$name, a $way"
	done
done
# shellcheck disable=SC2002 # a pipe is wanted
cat t.tgz | "$cvmkey" extract -q --json --max-input-size=40000 -d o2 - >out 2>err
diff -r plain.t o2/stdin/t >/dev/null
ok $? 'a tar.gz is streamed from a pipe, too'
# shellcheck disable=SC2002 # a pipe is wanted
cat t.zip | "$cvmkey" extract -q --max-input-size=40000 -d o3 - >out 2>err
status=$?
exits 3 archive.needs-file 'a large zip from a pipe'
says err 'a zip cannot be read from a pipe' 'which is said in words'
absent o3 'and nothing is written'

# what is too large is judged by its beginning, as in a folder
mkdir -p big/in
head -c 90000 /dev/zero >big/in/disk.img
{ printf '{"a":"'; head -c 90000 /dev/zero | tr '\0' A; echo '"}'; } >big/in/text.cfg
cp big/in/text.cfg big/in/named.json
head -c 90000 /dev/urandom >big/in/noise.json.gz
cp "$small" big/in/ok.json
(cd big && tar -cf ../big.tar in && python3 ../pack.py deflated in && mv x ../big.zip)
(cd big && "$cvmkey" show -q --json --max-input-size=40000 in >../out 2>../err)
jq -r 'select(.input) | [.input.path, .status, (.findings[] | .id)] | @tsv' out | sort >wanted
grep -q '^in/disk.img	skipped	input.too-large' wanted
ok $? 'a large file that cannot be a config is skipped'
for name in big.tar big.zip; do
	run show -q --json --max-input-size=40000 $name
	jq -r 'select(.input.member) | [.input.member, .status, (.findings[] | .id)] | @tsv' out |
		sort | cmp -s - wanted
	ok $? "$name: large members are judged as large files"
done

# ---- many, in any number of threads; manifest, resuming ----------------------

mkdir -p mix/one mix/two
cp t.tar mix/one/x.tar
cp t.tar mix/two/x.tar
cp t.tgz t.zip mix/one
cp "$good" mix/plain.json
cp -R few mix/two/few
head -c 30000 t.tar >mix/two/cut.tar
for jobs in 1 2 4; do
	status=0
	"$cvmkey" extract --json -j$jobs -d m$jobs --manifest --sums mix >out.$jobs 2>err.$jobs ||
		status=$?
	tail -n +2 m$jobs/manifest.jsonl | cmp -s - out.$jobs
	ok $? "-j$jobs: the manifest has the lines of --json"
done
for jobs in 2 4; do
	cmp -s out.1 out.$jobs && cmp -s err.1 err.$jobs &&
		diff -r -x manifest.jsonl m1 m$jobs >/dev/null
	ok $? "-j$jobs: the same records, messages, sums and blobs"
done
for name in one/x.tar one/t.tgz one/t.zip two/x.tar; do
	diff -r plain.t m1/$name/t >/dev/null
	ok $? "$name: its blobs stand below its name"
done
diff -r plain.few m1/two/few >/dev/null
ok $? 'archives leave plain files alone'
(cd m1 && sha256sum --status -c SHA256SUMS) &&
	[ "$(wc -l <m1/SHA256SUMS)" -eq "$(find m1 -name '*.blob' | wc -l)" ]
ok $? 'sha256sum -c agrees'
run verify m1/manifest.jsonl
expect 0 'verify finds every blob'
victim=$(find m1 -name far.blob | head -n 1)
printf x >>"$victim"
run verify m1/manifest.jsonl
expect 1 'verify sees that a blob of a member has changed'
rm "$victim"
run extract -q --json -d m1 --resume mix
cmp -s out out.1
ok $? '--resume writes what is missing, and the records are those of the first run'
run extract -q --json -d m1 --resume --strict few
run extract -q --json -d again t.tar
run extract -q --json -d again t.tar
[ "$status" -eq 3 ] && diff -r plain.t again/t.tar/t >/dev/null
ok $? 'without --force nothing is replaced'
matches out 'map(select(.backup and .status != "refused")) |
	all(.[]; .status == "error" and .findings[-1].id == "io.exists")' 'and each is told'
run extract -q --json -d again --force t.tar
[ "$status" -eq 1 ] && rows out | cmp -s - plain.rows
ok $? 'with --force all are'

run show --json -q t.tar
rows out | cmp -s - plain.rows
ok $? 'show says the same'
matches out '[.[] | select(.type == "show" and .blob)] == []' 'and writes nothing'
run show t.tar
says out 't.tar (t/a.json): ok' 'the report names archive and member'
says out "t.tar: archive of $(find t -type f | wc -l) files, ok" 'and counts'
tar -cf lone.tar -C t a.json
run show lone.tar
says out 'lone.tar: archive of 1 file, ok' 'one file is no files'

# ---- names that meet ---------------------------------------------------------

tar -C few -cf one.tar a.json
mkdir -p d1 d2 d3/one.tar d4
cp one.tar d1
cp one.tar d2
run extract -q --json -d meet d1/one.tar d2/one.tar
[ "$status" -eq 3 ] && same_key=$(find meet -type f) && [ "$same_key" = meet/one.tar/a.blob ]
ok $? 'two archives of one name: the second is refused'
says err '(a.json): ' 'and named'
says err '[io.exists]' 'with its reason'
summary out 2 1 0 1 0 1 'two archives of one name'
run extract -q --parents -d meet2 d1/one.tar d2/one.tar
[ -f meet2/d1/one.tar/a.blob ] && [ -f meet2/d2/one.tar/a.blob ]
ok $? 'with --parents both are extracted'
cp "$samples/good-managed-hsm-key.json" d3/one.tar/a.json
run extract -q -d meet3 d3 one.tar
exits 3 io.exists 'a folder and an archive of one name'
same meet3/one.tar/a.blob "$samples/good-managed-hsm-key.blob" 'the first one has it'
cp one.tar d4/b.blob
cp "$good" d4/b.json
for order in 'd4/b.json d4/b.blob' 'd4/b.blob d4/b.json'; do
	rm -rf meet4
	# shellcheck disable=SC2086 # two words
	run extract -q -d meet4 $order
	[ "$status" -eq 3 ] && [ "$(find meet4 -type f | wc -l)" -eq 1 ] &&
		grep -qE '^cvmkey: error: .*(io.exists|io.create)\]$' err
	ok $? "a blob where an archive's folder is to be: $order"
done

# ---- cut ---------------------------------------------------------------------

tar --format=ustar -b 2 -C few -cf s.tar sub/g.json.gz a.json
gzip -9 -c s.tar >s.tgz
(cd few && python3 -c '
import zipfile
with zipfile.ZipFile("../s.zip", "w", zipfile.ZIP_DEFLATED) as a:
    a.write("sub/g.json.gz"); a.write("a.json")')
for name in s.tar s.tgz s.zip; do
	run extract -q -d "whole.$name" $name
	size=$(wc -c <$name)
	at=0
	cuts=0
	wrong=
	while [ $at -lt "$size" ]; do
		head -c $at $name >cut.bin
		rm -rf o
		run extract -q --no-sync -d o cut.bin
		case $status in
		0) diff -r "whole.$name/$name" o/cut.bin >/dev/null || wrong="$wrong $at:less" ;;
		1) [ -s err ] || wrong="$wrong $at:silent" ;;
		*) wrong="$wrong $at:$status" ;;
		esac
		for blob in a.blob sub/g.blob; do
			[ ! -e o/cut.bin/$blob ] || cmp -s o/cut.bin/$blob "whole.$name/$name/$blob" ||
				wrong="$wrong $at:$blob"
		done
		cuts=$((cuts + 1))
		at=$((at + 97))
	done
	[ -z "$wrong" ] && [ $cuts -gt 50 ]
	ok $? "$name cut at $cuts lengths is never less in silence$wrong"
done

head -c 20000 t.tar >cut.tar
run extract -q --json -d o4 cut.tar
expect 1 'a cut archive'
jq -s '[.[] | select(.type == "extract")] | length' out >n
is_last cut.tar refused archive.truncated "$(cat n)" 'a cut archive'

# ---- bombs and other lies ----------------------------------------------------

PYTHONDONTWRITEBYTECODE=1 python3 "$srcdir/tests/cli/archives.py" "$good" "$work" || exit 99

# bounded DESCRIPTION ARGUMENT...: in little time and memory.
bounded() {
	what=$1
	shift
	status=0
	(
		# shellcheck disable=SC3045 # every shell has it
		[ "${sanitized:-no}" = yes ] || ulimit -v 400000
		exec timeout 20 "$cvmkey" "$@"
	) >out 2>err </dev/null || status=$?
	[ "$status" -lt 3 ]
	ok $? "$what: no trouble of time or memory"
}

rm -rf o
bounded 'a tar.gz of 1 GiB of zeros' extract -q --json --no-sync -d o bomb.tgz
is_last bomb.tgz refused archive.ratio 2 'a tar.gz of 1 GiB of zeros'
same o/bomb.tgz/a.blob "$samples/good-vault-key.blob" 'what came before it is there'
absent o/bomb.tgz/b.blob 'what comes after it is not'
summary out 3 1 1 0 1 1 'a tar.gz of 1 GiB of zeros'
bounded 'a zip of 1 GiB of zeros' extract -q --json --no-sync -d o bomb.zip
is_last bomb.zip ok - 5 'a zip of 1 GiB of zeros'
equal "$(jq -r 'select(.input.member) | .status + " " + (.findings[-1].id // "")' out | tr '\n' ,)" \
	'ok ,refused input.too-large,skipped input.too-large,refused archive.member-damaged,ok ,' \
	'each member is judged by itself'
summary out 5 2 2 0 1 2 'a zip of 1 GiB of zeros'
bounded 'a zip whose members share their bytes' extract -q --json --no-sync -d o overlap.zip
is_last overlap.zip refused archive.ratio 2 'members that share their bytes'
bounded 'a gzip bomb as a member' extract -q --json --no-sync -d o gz.tar
summary out 3 2 1 0 0 2 'a gzip bomb as a member'
says err '(z.json.gz): ' 'it is named'
bounded '100000 empty members' extract -q -d o many.tar
[ "$status" -eq 0 ] && [ -f o/many.tar/x.blob ]
ok $? '100000 empty members are skipped'
bounded 'a large pax header' extract -q -d o pax.tar
expect 0 'a large pax header'
bounded 'a huge pax header' extract -q --json --no-sync -d o hugepax.tar
is_last hugepax.tar refused archive.damaged 0 'a huge pax header'
summary out 1 0 1 0 0 0 'a huge pax header'

bounded 'archives in an archive' extract -q --json --no-sync -d o nested.tar
expect 0 'archives in an archive are passed over'
matches out '[.[] | select(.status == "skipped") | .findings[-1] | .id + " " + .severity] ==
	[range(6) | "archive.nested warning"]' 'each with a warning'
summary out 7 1 0 0 6 1 'archives in an archive'
bounded 'archives in an archive, streamed' extract -q --json --max-input-size=11000 --force -d o nested.tar
summary out 7 1 0 0 6 1 'large archives in an archive'
rm -rf o
bounded 'archives in an archive, --strict' extract -q --json --strict -d o nested.tar
expect 1 'with --strict they are refused'
summary out 7 1 6 0 0 1 'with --strict'

for name in trailing.tar trailing.zip trailing.tgz; do
	run extract -q --json --force -d o $name
	expect 0 "$name"
	is_last $name ok archive.trailing 1 "$name"
	summary out 1 1 0 0 0 1 "$name"
	run extract -q --json --force --strict -d o $name
	expect 1 "$name --strict"
	summary out 2 1 1 0 0 1 "$name --strict"
done

# two tars: the second is not passed over in silence, and the text has the way
# to get at it
for name in joined.tar joined.tgz; do
	rm -rf o
	run extract -q --json -d o $name
	expect 1 "$name"
	is_last $name refused archive.joined 1 "$name"
	summary out 2 1 1 0 0 1 "$name"
	[ -f o/$name/x.blob ] && grep -qF '[archive.joined]' err &&
		grep -q '^cvmkey: hint: .*split it off' err
	ok $? "$name: the first is extracted, the second told"
	jq -r 'select(.type == "archive").findings[-1].text' out |
		sed -n "s/^split it off with '\(.*\)': .*/\1/p" >cut.sh
	mkdir o/split
	sed "s,ARCHIVE,$name,;s,>,>o/split/," cut.sh | sh
	same second.tar o/split/second.tar "$name: the command splits it off"
done

# ---- what is refused by name -------------------------------------------------

# refuses ARCHIVE ID DESCRIPTION: every member, and nothing is written.
refuses() {
	rm -rf o
	run extract -q --json --no-sync -d o "$1"
	expect 1 "$3"
	matches out "[.[] | select(.input.member)] | length == 2 and
		all(.[]; .findings[-1].id == \"$2\")" "$3: $2"
	summary out 2 0 2 0 0 0 "$3"
	absent o "$3: nothing is written"
}

if command -v zip >/dev/null; then
	(cd few && zip -q -P secret ../locked.zip a.json sub/ade)
	refuses locked.zip archive.encrypted 'an encrypted zip'
	if (cd few && zip -q -Z bzip2 ../bzip2.zip a.json sub/ade) 2>/dev/null; then
		refuses bzip2.zip archive.method 'a zip with bzip2'
	else
		skip 'a zip with bzip2' 'this zip has no bzip2'
	fi
else
	skip 'an encrypted zip' 'no zip'
fi
refuses lzma.zip archive.method 'a zip with LZMA'
mkdir holes
truncate -s 1M holes/a.json holes/b.json
printf '{' >>holes/a.json
printf '{' >>holes/b.json
for way in --format=gnu --format=pax '--format=pax --sparse-version=0.1'; do
	# shellcheck disable=SC2086 # words
	tar $way -S -C holes -cf sparse.tar a.json b.json
	refuses sparse.tar archive.sparse "sparse files, tar $way"
done

# ---- hostile names and members -----------------------------------------------

mkdir arena
mv hostile.* types.tar arena
: >both

# listing: everything but the output directory and what the last run printed.
listing() {
	find "$work" -path "$work/arena/out" -prune -o ! -path "$work/out" \
		! -path "$work/err" ! -path "$work/both" \( -type d -printf '%y %m %p\n' -o \
		-printf '%y %m %s %T@ %p\n' \) | LC_ALL=C sort
}

# stays_inside ARCHIVE ARGUMENT...: extracts it below arena/out.
stays_inside() {
	archive=$1
	shift
	rm -rf arena/out
	before=$(listing)
	run extract "$@" -d arena/out "arena/$archive"
	[ "$(listing)" = "$before" ]
	ok $? "$archive: nothing is written outside of the output directory"
}

odd='./dot.json|-o|-d.json|\xff\xfe.json|new\nline.json|esc\x1b[2Jx.json|q"uote.json'
odd=$odd'|back\slash.json|Case.json|case.json|a.json/b.json|a.json|x.blob/y.json|~|*'
for name in hostile.pax.tar hostile.gnu.tar hostile.zip hostile.tgz; do
	stays_inside $name -v --sums
	expect 3 "$name"
	[ "$(wc -l <out)" -gt 50 ]
	shows_plain "$name: names are shown so that a terminal bears it"
	[ -z "$(find arena/out ! -type f ! -type d)" ] &&
		[ "$(ls -A arena/out)" = "$(printf '%s\n' SHA256SUMS $name)" ]
	ok $? "$name: there are files and folders below its name, and nothing else"
	(cd arena/out && sha256sum --status -c SHA256SUMS)
	ok $? "$name: sha256sum -c reads all the names"
	find arena/out -name '*.blob' -type f -exec cat {} + | sha256sum >got
	find arena/out -name '*.blob' -type f -exec cat "$samples/good-vault-key.blob" \; |
		sha256sum | cmp -s - got
	ok $? "$name: every blob is whole"
	stays_inside $name -q --json --manifest
	shows_plain "$name: JSON is plain as well"
	jq -r 'select(.input.member) | .input.member + "|" + .status + "|" + (.findings[-1].id // "")' \
		out >got
	for member in /tmp "$work/arena/abs.json" ../up.json a/../../up2.json .. a/.. a//b.json \
		x/../y.json; do
		grep -qxF -e "$member|refused|archive.name" got || echo "$member"
	done >bad
	silent bad "$name: names that lead elsewhere are refused"
	printf '%s\n' "$odd" | tr '|' '\n' | while read -r member; do
		shown=$(printf %s "$member" | sed 's/back\\/&\\/')
		grep -qxF -e "$member|ok|" -e "$shown|ok|" got || echo "$member"
	done >bad
	silent bad "$name: names that are only odd are taken"
	run verify arena/out/manifest.jsonl
	expect 0 "$name: the manifest can be verified"
done
stays_inside types.tar -q --json
equal "$(cd arena/out && find . -mindepth 1 | sort | tr '\n' ' ')" \
	'./types.tar ./types.tar/sl ./types.tar/sl/x.blob ' 'nothing is made of links and devices'
summary out 7 1 0 0 6 1 'links and devices'

# links in the output directory are not followed
mkdir -p trap/out elsewhere
ln -s ../../elsewhere trap/out/one.tar
run extract -q -d trap/out one.tar
exits 3 io.create 'a link where the folder of an archive is to be'
nothing_left elsewhere 'nothing is written through it'

# a folder and its archive may have nothing at all in them
# What nothing here unpacks is named, not passed over like any other file.
mkdir packed
cp "$small" packed/good.json
printf '\375\067zXZ\000\000\004' >packed/a.tar.xz
printf 'BZh91AY&SY' >packed/b.json.bz2
gzip -cn "$small" | gzip -cn >packed/c.gz
run show --json packed
expect 0 'packed files that are met are no error'
matches out '[.[] | select(.status == "skipped") | .findings[] |
	select(.severity == "warning") | .id] == [range(3) | "archive.nested"]' 'but warned of'
mv packed/c.gz packed/c.json.gz
run show --json packed
exits 1 input.archive 'what is called as configs are is refused'
run show packed/a.tar.xz
exits 1 input.archive 'and so is what is named'

mkdir void
tar -cf void.tar void
python3 -c 'import zipfile; zipfile.ZipFile("void.zip", "w").close()'
for name in void.tar void.zip; do
	run extract --json -d o5 $name
	exits 1 input.none "$name has no config"
	is_last $name ok - 0 "$name"
	summary out 0 0 0 0 0 0 "$name"
	absent o5 "$name: no folder is made"
done

done_testing
