# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Little room, few files, little memory, nowhere to print: a part of make
# check-fault. tests/cli/18-system.sh has the short form.
# shellcheck source-path=SCRIPTDIR source=../cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
# shellcheck source-path=SCRIPTDIR source=ways.sh
. "$srcdir/tests/fault/ways.sh"

make_ways
[ -e two.zip ] || more_ways=$(echo "$more_ways" | sed 's/ zip / /')
file_ways="plain force self group listed json again stdin gzip tar tgz carve page"

# limited OPTION VALUE COMMAND...: runs it below that limit of ulimit.
limited() {
	# shellcheck disable=SC2016,SC2317 # expanded by the inner shell; called by name
	sh -c 'ulimit -c 0; [ "$1" != ignore ] || { trap "" XFSZ; shift; }
		ulimit "$1" "$2" 2>/dev/null || exit 77; shift 2; exec "$@"' sh "$@"
}

# judge: the last run; one that ended by SIGXFSZ may leave a part file, and
# without memory or files the linker may not get to the program.
judge() {
	case $status in
	0 | 3) sound && ! leftover ;;
	1 | 2) return 1 ;;
	77 | 127) sound ;;
	153) [ "$kind" = size ] && sound ;;
	*) return 1 ;;
	esac
}

# enter NAME: the directory of a way, with its reference.
enter() {
	way=$1
	wrong='' total=0
	mkdir "$kind.$way" && cd "$kind.$way" || exit 99
	prepare
	run_way >out.txt 2>err.txt </dev/null
	keep_reference
	no_blame
}

# under WHAT COMMAND...: one run of the way below the command.
under() {
	what=$1
	shift
	total=$((total + 1))
	status=0
	{ run_way "$@" >out.txt 2>err.txt </dev/null; } 2>/dev/null || status=$?
	cat err.txt >>errors.txt
	judge || { wrong="$wrong $what($status)" && blame; }
}

# finish: says how the way did.
finish() {
	foreign_ids >ids.wrong
	misattributed=$((misattributed + $(wc -l <ids.wrong)))
	echo "$total $leftovers $torn $lies $misattributed $ends" >tally
	cd ..
	[ -z "$wrong" ] && [ ! -s "$kind.$way/ids.wrong" ]
	ok $? "$kind, $way: $total runs:${wrong:- right}"
}

# sweep KIND OPTION FROM STEP TO: each of these limits, in each way.
sweep() {
	kind=$1
	for name in $file_ways stdout show verify stream judge book; do
		enter "$name"
		for value in $(seq "$3" "$4" "$5"); do
			prepare
			# shellcheck disable=SC2086 # one or two words
			under "$value" limited $2 "$value"
		done
		finish
	done
}

# blocks of 512 bytes; a report is in a file as well
sweep size '-f' 0 1 24
sweep ignored-size 'ignore -f' 0 1 24
sweep files -n 0 1 24
if [ "${sanitized:-no}" = yes ]; then
	skip 'memory' 'sanitizers need a lot'
else
	# the kernel kills what it cannot map at all: 1000 KiB do not hold the file
	sweep memory -v 1250 250 12000
fi

# printing to WHERE: every way of closing or filling a stream.
kind=streams
for name in $file_ways show verify stream judge book; do
	enter "$name"
	for how in '>/dev/full' '>&-' '<&-' '<&- >&-' '2>&-' '2>/dev/full' \
		'>&- 2>&-' '<&- >&- 2>&-' '>/dev/full 2>/dev/full'; do
		case $how in *full*) [ -w /dev/full ] || continue ;; esac
		prepare
		# shellcheck disable=SC2016 # expanded by the inner shell
		under "$how" sh -c 'exec "$@" '"$how" sh
	done
	finish
done

# Where root can mount one, a file system with room for so many blocks or names.
tiny() {
	kind=$1
	for name in plain force group listed json tgz; do
		enter "$name"
		rm -rf out && mkdir out
		for value in $(seq "$3" "$4" "$5"); do
			mount -t tmpfs -o "mode=755,$2=$value${6:-}" none out || exit 99
			# where there is no room for an old one, there is none to replace
			[ "$way" != force ] || cp ../old out/c.blob 2>/dev/null ||
				rm -f out/c.blob
			if [ "$way" != force ] || [ -e out/c.blob ]; then
				under "$value" env
			fi
			umount out || exit 99
		done
		finish
	done
}

if [ -n "${CVMKEY_MOUNTS:-}" ]; then
	tiny blocks size 12 4 96 k
	tiny inodes nr_inodes 3 1 20
else
	skip 'tiny file systems' 'only root can mount one'
fi
cat ./*/tally >tallies
tally 'limits, streams, tiny disks' tallies

done_testing
