# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Sourced by every scenario: a private directory, and checks that print TAP.
#
# srcdir and builddir come from make; by hand: builddir=build srcdir=. sh FILE

: "${srcdir:=$(dirname "$0")/../..}"
: "${builddir:=$PWD}"
srcdir=$(cd "$srcdir" && pwd)
builddir=$(cd "$builddir" && pwd)
# another program under test, as one for release
cvmkey=${CVMKEY:-$builddir/cvmkey}
# its file, where an emulator runs it
program=${CVMKEY_FILE:-$cvmkey}
# shellcheck disable=SC2034 # used by the scenarios
samples=$builddir/samples

LC_ALL=C
export LC_ALL
umask 022

work=$(mktemp -d "${TMPDIR:-/tmp}/cvmkey-test.XXXXXX") || exit 99
# beside the work directory, where no check counts it
printed=$(mktemp "${TMPDIR:-/tmp}/cvmkey-test.XXXXXX") || exit 99
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work" "$printed"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99

count=0

# ok STATUS DESCRIPTION: one check; 0 is good.
ok() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		for f in out err; do
			if [ -f "$f" ]; then sed "s/^/# $f: /" "$f" | head -n 40; fi
		done
	fi
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# printed FILE...: these hold JSON lines as the program wrote them.
printed() {
	cat -- "$@" >>"$printed"
}

# check_printed: all that was printed as JSON is of the schema that is installed
# with the program, says a validator that is not ours.
check_printed() {
	[ -s "$printed" ] || return 0
	sort -u -o "$printed" -- "$printed"
	set -- 'every JSON line is of the schema'
	if ! python3 -c 'import jsonschema' 2>/dev/null; then
		skip "$1" 'python3-jsonschema is missing'
		return 0
	fi
	python3 "$srcdir/tests/gates/schema-check.py" \
		"$srcdir/src/output/cvmkey-1.schema.json" <"$printed" >out 2>&1
	set -- $? "$1: $(wc -l <"$printed") lines"
	[ "$1" -eq 0 ] || sed -n "$(sed -n 's/^line \([0-9]*\):.*/\1p/p' out)" "$printed" |
		cut -c 1-4000 >err
	ok "$@"
}

done_testing() {
	cd "$work" || exit 99
	check_printed
	echo "1..$count"
	exit 0
}

# run ARGUMENT...: the program, with out, err and $status for the checks.
run() {
	find_lines "$@"
	status=0
	"$cvmkey" "$@" >out 2>err </dev/null || status=$?
	[ -z "$lines_on_stdout" ] || printed out
	# one that was there before may be anything
	[ -z "$manifest" ] || [ "$(inode "$manifest")" = "$manifest_before" ] ||
		printed "$manifest"
}

# find_lines ARGUMENT...: where a run with these arguments writes JSON lines.
find_lines() {
	lines_on_stdout=
	manifest=
	manifest_dir=.
	previous_argument=
	for argument; do
		case $argument in
		--json) lines_on_stdout=yes ;;
		--manifest) manifest=manifest.jsonl ;;
		--manifest=*) manifest=${argument#*=} ;;
		esac
		case $previous_argument in
		-d | --output-dir) manifest_dir=$argument ;;
		esac
		previous_argument=$argument
	done
	[ "$manifest" != manifest.jsonl ] || manifest=$manifest_dir/$manifest
	manifest_before=
	[ -z "$manifest" ] || manifest_before=$(inode "$manifest")
}

# expect STATUS DESCRIPTION: the exit status of the last run.
expect() {
	[ "$status" -eq "$1" ]
	ok $? "$2: exit $1"
}

# says FILE TEXT DESCRIPTION: FILE holds the fixed text.
says() {
	grep -qF -- "$2" "$1"
	ok $? "$3"
}

# silent FILE DESCRIPTION: FILE is empty.
silent() {
	[ ! -s "$1" ]
	ok $? "$2"
}

# absent PATH DESCRIPTION: there is nothing of that name.
absent() {
	[ ! -e "$1" ] && [ ! -L "$1" ]
	ok $? "$2"
}

# same FILE FILE DESCRIPTION: the bytes are equal.
same() {
	cmp -s -- "$1" "$2"
	ok $? "$3"
}

# mode_of PATH...: their permissions. wine shows what its owner alone may do
# with a file as 750, for all rights have an x, and the owner is in his group.
mode_of() {
	stat -c '%a %F' -- "$@" | if [ "${windows:-no}" = yes ]; then
		sed 's/^750 regular/600 /; s/^750 directory/700 /'
	else
		cat
	fi | cut -d ' ' -f 1
}

# mode PATH MODE DESCRIPTION
mode() {
	[ "$(mode_of "$1")" = "$2" ]
	ok $? "$3"
}

# nothing_left DIR DESCRIPTION: DIR is empty, hidden names included.
nothing_left() {
	[ -z "$(ls -A -- "$1")" ]
	ok $? "$2"
}

# document FILE: its JSON text as UTF-8, by other means.
document() {
	case $1 in
	*.gz) gzip -dcq "$1" 2>/dev/null ;;
	*utf-16le*) iconv -f UTF-16LE -t UTF-8 "$1" ;;
	*utf-16be*) iconv -f UTF-16BE -t UTF-8 "$1" ;;
	*) cat "$1" ;;
	esac | sed '1s/^\xef\xbb\xbf//' | tr -d '\000'
}

# key_data CONFIG: the bytes KeyBackupData stands for, by other means. Names
# may be in any letter case, or others: then it is the longest string; base64
# may lack its padding.
key_data() {
	document "$1" >key_data.json
	# jq 1.6 cannot read a document of 1000 levels: take its first member
	if ! jq -e . key_data.json >/dev/null 2>&1; then
		sed -n 's/^ *\("OsDiskEncryptionDetails": {.*}\),$/{\1}/p' \
			key_data.json >key_data.cut && mv key_data.cut key_data.json
	fi
	text=$(jq -j 'to_entries[] |
		select(.key | ascii_downcase == "osdiskencryptiondetails") |
		.value | to_entries |
		([.[] | select(.key | ascii_downcase == "keybackupdata")] +
			(map(select(.value | type == "string")) |
				sort_by(.value | -length)))[0].value' key_data.json |
		tr -d ' \t\r\n')
	case $((${#text} % 4)) in
	2) text=$text== ;;
	3) text=$text= ;;
	esac
	printf %s "$text" | base64 -d
	rm -f key_data.json
}

# ade_data CONFIG MEMBER: the bytes that a member of an Azure Disk Encryption
# config stands for, by other means; nothing if it is null, empty or absent.
ade_data() {
	document "$1" | jq -j ".OsDiskKeyAndSecretDetails.$2 // \"\"" | base64 -d
}

# skip_all REASON: the whole scenario cannot run here.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# shellcheck disable=SC2034 # used by the scenarios
# preload LIBRARY SOURCE: builds what LD_PRELOAD puts before the libraries of
# the program; where that cannot be it is false, and $why_not says why.
preload() {
	why_not=
	if [ "${sanitized:-no}" = yes ]; then
		why_not='sanitizers do not bear a preload'
	elif ! readelf -l "$program" 2>/dev/null | grep -q INTERP; then
		why_not='a static program has no loader that preloads'
	elif ! ${CC:-cc} -shared -fPIC -O1 -o "$1" "$2" -ldl 2>out; then
		why_not='the preload cannot be built here'
	else
		return 0
	fi
	return 1
}

# equal ACTUAL EXPECTED DESCRIPTION
equal() {
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf '%s\n%s\n' "got      $1" "expected $2" | sed 's/^/# /'
	fi
}

# lacks FILE TEXT DESCRIPTION: FILE does not hold the fixed text.
lacks() {
	! grep -qF -- "$2" "$1"
	ok $? "$3"
}

# matches FILE FILTER DESCRIPTION: the filter is true of the list of all JSON
# lines of FILE.
matches() {
	jq -es "$2" "$1" >/dev/null 2>&1
	ok $? "$3"
}

# exits STATUS ID DESCRIPTION: the last run ended so and says why, once, on
# standard error and nowhere else.
exits() {
	[ "$status" -eq "$1" ] &&
		[ "$(grep -c "^cvmkey: error: .* \[$2\]\$" err)" -eq 1 ] &&
		[ "$(grep -c '^cvmkey: error: ' err)" -eq 1 ]
	ok $? "$3: exit $1, $2"
}

# usage_error WORD...: refused as wrong usage: status 2, two lines on standard
# error, nothing on standard output.
usage_error() {
	run "$@"
	[ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 2 ] &&
		sed -n 1p err | grep -q '^cvmkey: error: .* \[usage\]$' &&
		sed -n 2p err | grep -q '^cvmkey: hint: '
	ok $? "wrong usage: $*"
}

# plain FILE: true if a terminal can show FILE: UTF-8 without control
# characters other than line feeds, and without characters that reorder,
# hide or break text.
plain() {
	[ "$(tr -d '\n -~' <"$1" | wc -c)" -ne 0 ] || return 0
	[ "$(tr -dc '\000-\011\013-\037\177' <"$1" | wc -c)" -eq 0 ] &&
		iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1 &&
		! grep -aqe "$(printf '\302[\200-\237]')" \
			-e "$(printf '\342\200[\213-\217\250-\256]')" \
			-e "$(printf '\342\201[\240-\257]')" \
			-e "$(printf '\357\273\277')" "$1"
}

# shows_plain DESCRIPTION: what the last run printed can be shown.
shows_plain() {
	cat out err >both
	plain both
	ok $? "$1"
}

# takes_name NAME: may a file be called so? Windows has none with these
# characters or such an end, and none that is no Unicode.
takes_name() {
	[ "${windows:-no}" = yes ] || return 0
	case $1 in *[[:cntrl:]\"*:\<\>?\\\|]* | *[\ .]) return 1 ;; esac
	printf %s "$1" | iconv -f UTF-8 -t UTF-16 >/dev/null 2>&1
}

# inode PATH
inode() {
	stat -c %i -- "$1" 2>/dev/null
}

# am_root: true if permissions do not bind this user.
am_root() {
	[ "$(id -u)" -eq 0 ]
}

# with_members JSON-MEMBERS: a config with these further members, each followed
# by a comma, in its details.
with_members() {
	: "${small_data=$(jq -j .OsDiskEncryptionDetails.KeyBackupData \
		"$samples/good-vault-key-small.json")}"
	printf '{"OsDiskEncryptionDetails":{%s"KeyBackupData":"%s"}}\n' "$1" \
		"$small_data"
}
