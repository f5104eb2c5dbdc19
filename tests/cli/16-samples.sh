# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every sample does what samples/README says of it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

# name and id of every sample that the README lists
sed -n 's/^\(\(good\|odd\|bad\)-[^ ]*\)  *\([a-z0-9.-]*\)  *[^ ].*/\1 \3/p' \
	"$srcdir/samples/README" >listed

# The list and the files agree.
cut -d' ' -f1 listed | sort >names
uniq -d names >twice
silent twice 'each sample is listed once'
find "$samples" -type f \( -name 'good-*' -o -name 'odd-*' -o -name 'bad-*' \) |
	sed 's/.*\///' | sort >there
same names there 'the files and the list are the same'
equal "$(grep -c '^\(good\|odd\|bad\)-' "$srcdir/samples/README")" \
	"$(wc -l <listed)" 'every line of the list can be read'
find "$samples" -mindepth 1 ! -name stamp ! -name 'good-*' ! -name 'odd-*' \
	! -name 'bad-*' ! -name 'export-*' ! -name README ! -name make-samples \
	! -name Makemodule.am >others
silent others 'there is nothing else'
[ "$(grep -c '^good-' names)" -ge 15 ] && [ "$(grep -c '^odd-' names)" -ge 15 ] &&
	[ "$(grep -c '^bad-' names)" -ge 60 ]
ok $? 'there are samples of each kind'
sed -n 's/.* //p' listed | sort -u >ids
[ "$(wc -l <ids)" -ge 70 ]
ok $? 'there are samples for many ids'

# The script writes the same files again.
"$srcdir/samples/make-samples" again
(cd "$samples" && sha256sum -- good-* odd-* bad-* export-*) >sums
(cd again && sha256sum --quiet -c ../sums) >out 2>&1
ok $? 'make-samples writes the same bytes'
equal "$(find again -type f | wc -l)" "$(wc -l <sums)" 'and no other file'
"$srcdir/samples/make-samples" >out 2>err
equal "$?" 2 'make-samples without a directory'

# accepted NAME FILE: written, byte by byte what jq and base64 make of it.
accepted() {
	case $1 in
	*-ade-*)
		accepted_ade "$1" "$2"
		return
		;;
	esac
	blob=blobs/$(printf %s "$1" | sed 's/\.json\.gz$//; s/\.json$//').blob
	key_data "$2" >expected 2>/dev/null
	[ "$status" -eq 0 ] && [ ! -s err ] && [ -s expected ] &&
		cmp -s "$blob" expected && [ "$(mode_of "$blob")" = 600 ]
}

# same_or_none BLOB EXPECTED: the blob has these bytes and mode 0600, or there
# are none and it does not exist.
same_or_none() {
	if [ -s "$2" ]; then
		cmp -s "$1" "$2" && [ "$(mode_of "$1")" = 600 ]
	else
		[ ! -e "$1" ]
	fi
}

# accepted_ade NAME FILE: the same of a key and a secret.
accepted_ade() {
	ade_data "$2" KeyBackupData >expected 2>/dev/null
	ade_data "$2" KeyVaultSecretBackupData >secret 2>/dev/null
	[ "$status" -eq 0 ] && [ ! -s err ] &&
		same_or_none "blobs/${1%.json}.blob" expected &&
		same_or_none "blobs/${1%.json}.secret.blob" secret &&
		[ -n "$(ls blobs)" ]
}

# refused NAME ID FILE: one error of this id, nothing written.
refused() {
	[ "$status" -eq 1 ] &&
		[ "$(grep -c '^cvmkey: error: ' err)" -eq 1 ] &&
		grep -q "^cvmkey: error: .*\[$2\]\$" err &&
		sed -n 1p out | grep -q '"status":"refused".*"blob":null' &&
		sed -n 1p out | grep -q "{\"id\":\"$2\",\"severity\":\"error\"[^{]*\$" &&
		sed -n 2p out | grep -q '"refused":1.*"blobs":0' &&
		[ ! -e blobs ]
}

while read -r name id; do
	file=$samples/$name
	case $name in
	good-*.blob)
		run show --json "$file"
		[ "$status" -eq 0 ] && [ ! -s err ] && [ "$id" = ok ] &&
			grep -q '"status":"ok".*"document":"blob".*"structure":"ok".*"findings":\[\]' out
		ok $? "$name is shown"
		;;
	good-*)
		run extract --json -d blobs "$file"
		accepted "$name" "$file" && [ "$id" = ok ] &&
			grep -q '"status":"ok".*"structure":"ok".*"cross_check":"agreed".*"findings":\[\]' out
		ok $? "$name is accepted without a finding"
		;;
	odd-*)
		run extract --json -d blobs "$file"
		accepted "$name" "$file" &&
			grep -q "\"status\":\"ok\".*{\"id\":\"$id\",\"severity\":\"[nw]" out &&
			! grep -q '"severity":"error"' out
		ok $? "$name is accepted with $id"
		warnings=$(grep -o '"id":"[a-z0-9.-]*","severity":"warning"' out |
			sed 's/"id":"//; s/".*//')
		run show --strict "$file"
		if [ -z "$warnings" ]; then
			[ "$status" -eq 0 ]
		else
			[ "$status" -eq 1 ] &&
				grep -q "\[$(echo "$warnings" | head -n 1)\]\$" err
		fi
		ok $? "$name with --strict"
		;;
	bad-*)
		rm -rf blobs
		run extract --json -d blobs "$file"
		refused "$name" "$id"
		ok $? "$name is refused with $id"
		;;
	esac
	rm -rf blobs
done <listed

# All at once: the verdicts are those of each alone.
run extract --json -d all "$samples"/bad-* "$samples"/good-*.json "$samples"/odd-*
expect 1 'all samples in one run'
jq -r 'select(.type == "extract") | [(.input.path | sub(".*/"; "")),
	(if .status == "ok" then "ok" else .findings[-1].id end)] | join(" ")' \
	out | sort -u >together
sed 's/^\(odd-[^ ]*\) .*/\1 ok/' listed | grep -v '\.blob ' | sort >alone
same together alone 'each has the verdict that it has alone'
find all -name '*.blob' | sed 's/.*\///; s/\.[2-9]\.blob$/.blob/; s/\.secret\.blob$/.blob/' | sort -u >blobs
equal "$(wc -l <blobs)" \
	"$(grep -c '^good-.*json\|^odd-' names)" 'each accepted one has its blob'

# Without the second reading the verdict is the same.
wrong=
while read -r name id; do
	case $name in
	*.blob | bad-is-a-*) continue ;; # show takes them
	bad-*) want=1 ;;
	*) want=0 ;;
	esac
	run show --no-cross-check "$samples/$name"
	[ "$status" -eq "$want" ] || wrong="$wrong $name"
	[ "$want" -eq 0 ] || grep -q "\[$id\]\$" err || wrong="$wrong $name:id"
done <listed
equal "$wrong" '' '--no-cross-check judges every sample alike'

done_testing
