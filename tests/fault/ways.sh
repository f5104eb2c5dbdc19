# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables of those who source this
# Ways to run the program, and what must hold after every run, whatever failed
# in it. Sourced after lib.sh by what makes things fail. Each way has its
# directory, in which these functions are called, so that ways can run side by
# side.
#   plain  a new blob in a new directory
#   force  --force over an existing blob
#   self   --force with an output that is the input
#   named  a new blob where files cannot be without a name
#   linked ... and renameat2 does not know RENAME_NOREPLACE
#   moved  ... and there are no hard links either
#   over   --force over an existing blob, where files cannot be without a name
#   group  six blobs in two new folders, made durable together
#   listed two blobs, a manifest and sums
# and in more_ways, not in every short form:
#   json   records instead of text
#   again  --resume over a blob that is right
#   stdin  a config on standard input
#   stdout a blob on standard output
#   show   a report only
#   gzip, zip, tar, tgz  a compressed config, and archives of two
#   verify, members  a manifest is held against its blobs, those of an archive
#   carve, stream  a config and a blob in an image, and on standard input
#   judge, book, page  diagnose, runbook, report
: "${srcdir:?}" "${cvmkey:?}" "${samples:?}"
ways='group listed plain force self named linked moved over'
more_ways='tgz zip tar gzip json again stdin stdout show verify members
	carve stream judge book page'

# make_ways: what they read, in the current directory.
make_ways() {
	cp "$samples/good-vault-key.json" c.json
	key_data c.json >expected
	chmod 600 expected
	cp "$samples/good-managed-hsm-key.blob" old
	# six inputs in two folders; so many new folders that not each is synced
	mkdir -p tree/a/x/y tree/b/x/y
	for name in 1 2 3; do
		cp c.json "tree/a/x/y/$name.json"
		cp c.json "tree/b/x/y/$name.json"
	done
	mkdir two
	cp c.json two/c.json
	cp "$samples/good-data-disks.json" two/d.json
	gzip -c c.json >c.json.gz
	tar -cf two.tar two
	gzip -c two.tar >two.tgz
	! command -v zip >/dev/null || zip -qr two.zip two
	# where the names in the manifest hold
	mkdir of && (cd of && "$cvmkey" extract -q -d ../kept --manifest ../c.json &&
		"$cvmkey" extract -q -d ../many --manifest ../two.tgz)
	{ head -c 70000 /dev/zero | tr '\0' x; cat c.json old; } >image
	system_ids=$(sed -n 's/^    X([A-Z0-9_]*, "\([a-z0-9.-]*\)", SYSTEM,.*/\1/p' \
		"$srcdir/src/base/code.h")
	again=
}

# prepare: the state before a run.
prepare() {
	case $way in
	named | linked | moved) rm -rf out && mkdir out ;;
	force | over) fresh && cp ../old out/c.blob ;;
	page) rm -rf out && mkdir out ;;
	again) fresh && cp -p ../expected out/c.blob ;;
	self) fresh && cp ../c.json out/c.json ;;
	show | verify | members | stdout | judge | book) ;;
	*) rm -rf out ;;
	esac
}

# fresh: the directory out is there, and holds no part files.
fresh() {
	[ -d out ] || mkdir out
	rm -f out/.[!.]*
}

# run_way COMMAND...: the run, below that command; $again is an option.
run_way() {
	# shellcheck disable=SC2086 # an option or none
	case $way in
	plain | named | linked | moved) "$@" "$cvmkey" extract -d out ../c.json ;;
	force | over) "$@" "$cvmkey" extract --force -d out ../c.json ;;
	self) "$@" "$cvmkey" extract --force -o out/c.json out/./c.json ;;
	group) "$@" "$cvmkey" extract -j1 $again -d out ../tree ;;
	listed) "$@" "$cvmkey" extract -j1 $again -d out --manifest --sums \
		../tree/a/x/y/1.json ../c.json ;;
	json) "$@" "$cvmkey" extract --json -d out ../c.json ;;
	again) "$@" "$cvmkey" extract --resume -d out ../c.json ;;
	stdin) "$@" "$cvmkey" extract -d out - <../c.json ;;
	stdout) "$@" "$cvmkey" extract -o - ../c.json ;;
	show) "$@" "$cvmkey" show ../c.json ;;
	gzip) "$@" "$cvmkey" extract -d out ../c.json.gz ;;
	zip | tar | tgz) "$@" "$cvmkey" extract -j1 -d out "../two.$way" ;;
	verify) "$@" "$cvmkey" verify ../kept/manifest.jsonl ;;
	members) "$@" "$cvmkey" verify ../many/manifest.jsonl ;;
	carve) "$@" "$cvmkey" carve -j1 -d out ../image ;;
	stream) "$@" "$cvmkey" carve --json -d out - <../image ;;
	judge) "$@" "$cvmkey" diagnose --at=2026-01-28 ../c.json ;;
	book) "$@" "$cvmkey" runbook --shell=az --at=2026-01-28 ../c.json ;;
	page) "$@" "$cvmkey" report -o out/page.html ../kept/manifest.jsonl ;;
	esac
}

# keep_reference: what the last run left and printed is what is right.
keep_reference() {
	rm -rf ref.out
	[ ! -d out ] || cp -pR out ref.out
	cp out.txt ref.txt
	cat out.txt err.txt >ref.said
}

leftover() {
	for hidden in out/.[!.]* out/*/.[!.]* out/?/x/y/.[!.]*; do
		[ ! -e "$hidden" ] || return 0
	done
	return 1
}

# whole BLOB...: each is there whole, or, unless the run says it was good, not.
whole() {
	for blob; do
		if [ -e "$blob" ] || [ "$status" -eq 0 ]; then
			cmp -s "$blob" ../expected &&
				[ "$(stat -c %a "$blob")" = 600 ] || return 1
		fi
	done
}

# as_reference: each file is the one of the reference, or absent; nothing is
# absent and all is printed if the run says it was good. A mode that cannot be
# known is noted besides.
as_reference() {
	for file in out/* out/*/* out/*/*/*; do
		[ ! -f "$file" ] || cmp -s "$file" "ref.$file" || return 1
	done
	[ "$status" -eq 0 ] || return 0
	cmp -s out.txt ref.txt || grep -q 'io\.mode' out.txt || return 1
	for file in ref.out/* ref.out/*/* ref.out/*/*/*; do
		[ ! -f "$file" ] || [ -f "${file#ref.}" ] || return 1
	done
}

# listings_whole: the manifest and the sums are there whole, or not at all; a
# blob that they call written is there.
listings_whole() {
	if [ "$status" -eq 0 ]; then
		[ -e out/manifest.jsonl ] && [ -e out/SHA256SUMS ] &&
			[ "$(wc -l <out/SHA256SUMS)" -eq 2 ] &&
			[ "$(grep -c '"status":"ok"' out/manifest.jsonl)" -eq 2 ] ||
			return 1
	fi
	if [ -e out/SHA256SUMS ]; then
		(cd out && [ ! -s SHA256SUMS ] || sha256sum --status -c SHA256SUMS) ||
			return 1
	fi
	if [ -e out/manifest.jsonl ]; then
		[ "$(wc -l <out/manifest.jsonl)" -eq 4 ] &&
			head -n 1 out/manifest.jsonl | grep -q '"type":"run"' &&
			tail -n 1 out/manifest.jsonl | grep -q '"type":"summary".*}$' ||
			return 1
		for listed in 1 c; do
			! grep -q "\"status\":\"ok\".*\"path\":\"$listed.blob\"" \
				out/manifest.jsonl || [ -e "out/$listed.blob" ] || return 1
		done
	fi
}

# sound: what must hold after every run.
sound() {
	case $way in
	self)
		cmp -s out/c.json ../c.json && [ "$status" -ne 0 ] || return 1
		;;
	force | over)
		if ! cmp -s out/c.blob ../old || [ "$status" -eq 0 ]; then
			cmp -s out/c.blob ../expected &&
				[ "$(stat -c %a out/c.blob)" = 600 ] || return 1
		fi
		;;
	group)
		whole out/a/x/y/1.blob out/a/x/y/2.blob out/a/x/y/3.blob \
			out/b/x/y/1.blob out/b/x/y/2.blob out/b/x/y/3.blob || return 1
		;;
	listed)
		whole out/1.blob out/c.blob && listings_whole || return 1
		;;
	plain | named | linked | moved)
		whole out/c.blob || return 1
		;;
	*)
		as_reference || return 1
		;;
	esac
	[ "$status" -ne 0 ] || [ -s out.txt ] || [ "$way" = page ]
}

# foreign_ids: what the runs said that is neither of the machine nor said
# without a fault.
foreign_ids() {
	touch errors.txt reports.txt
	ids_in ref.said >ids.known
	echo "$system_ids" >>ids.known
	cat errors.txt reports.txt >said
	ids_in said | grep -vxFf ids.known
}

# ids_in FILE: the ids in text and records.
ids_in() {
	{
		sed -n 's/.*\[\([a-z][a-z0-9]*\.[a-z0-9.-]*\)\]$/\1/p' "$1"
		grep -ao '"id":"[a-z0-9.-]*"' "$1" | cut -d '"' -f 4
	} | sort -u
}

no_blame() {
	leftovers=0 torn=0 lies=0 misattributed=0 ends=0
}

# blame: counts the last run, which was wrong, by what is worst about it.
blame() {
	case $status in
	0) lies=$((lies + 1)) ;;
	1 | 2) misattributed=$((misattributed + 1)) ;;
	3 | 137)
		if sound; then
			leftovers=$((leftovers + 1))
		else
			torn=$((torn + 1))
		fi
		;;
	*) ends=$((ends + 1)) ;; # a crash, or it never ended
	esac
}

# tally NAME FILE...: one line for the table of all faults, from the numbers
# that the ways left.
tally() {
	name=$1
	shift
	cat "$@" | awk -v name="$name" '
		{ for (i = 1; i <= 6; i++) n[i] += $i }
		END {
			printf "# faults: %s %d %d %d %d %d %d\n", name, n[1], n[2],
				n[3], n[4], n[5], n[6]
		}'
}
