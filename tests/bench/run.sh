#!/bin/sh
# SPDX-License-Identifier: MIT
#
# make bench            the table, in some minutes
# make bench QUICK=1    a first look, in about a minute
#
# Measures cvmkey against a floor and against its peers. README, beside this
# file, says how to read the table and which variables there are.
set -eu

LC_ALL=C
export LC_ALL
umask 077

: "${srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${builddir:=$PWD}"
srcdir=$(cd "$srcdir" && pwd)
builddir=$(cd "$builddir" && pwd)
cvmkey=${CVMKEY:-$builddir/cvmkey}
bench=$srcdir/tests/bench
tab=$(printf '\t')

say() {
	printf 'bench: %s\n' "$*" >&2
}

die() {
	say "$@"
	exit 1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

[ "${sanitized:-no}" = no ] || die 'a build with sanitizers says nothing about speed'
[ -x "$cvmkey" ] || die "$cvmkey is not there: make first"

# Where, and how much -------------------------------------------------------

# two scratch directories: of memory, and of the disk
memory=$(mktemp -d "${BENCH_MEMORY:-/dev/shm}/cvmkey-bench.XXXXXX") || die 'no tmpfs'
trap 'rm -rf "$memory"' EXIT
disk=$(mktemp -d "${BENCH_DISK:-${TMPDIR:-/tmp}}/cvmkey-bench.XXXXXX")
trap 'rm -rf "$memory" "$disk"' EXIT
trap 'exit 1' HUP INT TERM

if [ -n "${QUICK:-}" ]; then
	warm=500 seconds=6
	n_8k=400 n_35k=200 n_300k=40 image_mib=512
	rounds=3 disk_rounds=3 one_rounds=15 n_fsync=100 n_many='1000 5000'
else
	warm=3000 seconds=40
	n_8k=2000 n_35k=1000 n_300k=200 image_mib=4096
	rounds=9 disk_rounds=7 one_rounds=60 n_fsync=1000 n_many='1000 20000 100000'
fi

# Debian's own python rather than a wrapper that looks for one
if [ -z "${PYTHON:-}" ]; then
	PYTHON=/usr/bin/python3
	[ -x "$PYTHON" ] || PYTHON=$(command -v python3) || die 'python3 is missing'
fi

# What this cvmkey can ------------------------------------------------------

"$cvmkey" extract --help >"$memory/help"
has_jobs=
most=1
if grep -q -- '--jobs' "$memory/help"; then has_jobs=1 most=2; fi

# How many files are named to it: one directory (dir), a list (list), or on as
# many command lines as xargs makes of them (args).
find_input() {
	mkdir "$memory/probe"
	"$PYTHON" "$bench/gen_configs.py" 8k 1 "$memory/probe/in" >/dev/null
	if "$cvmkey" extract -q -d "$memory/probe/dir" "$memory/probe/in" >"$memory/probe/log" 2>&1; then
		echo dir
	elif grep -q -- '--files0-from' "$memory/help"; then
		echo list
	else
		echo args
	fi
}
input=${BENCH_INPUT:-$(find_input)}

# Tools ---------------------------------------------------------------------

for tool in floor measure empty; do
	# shellcheck disable=SC2086
	${CC:-cc} -std=c11 -O2 -Wall -Wextra ${BENCH_CFLAGS:-} -pthread \
		"$bench/$tool.c" -o "$memory/$tool" || die "$tool.c does not build"
done

runs=$memory/runs.tsv
rows=$memory/rows.tsv
: >"$runs"
: >"$rows"
failed=0

# row FIELD...: a line for table.awk.
row() {
	line=$1
	shift
	for field; do line=$line$tab$field; done
	printf '%s\n' "$line" >>"$rows"
}

# Data ----------------------------------------------------------------------

# make_set NAME CLASS N: files, the hashes of their blobs, a list of names. The
# first files of a class are the same in every set.
make_set() {
	"$PYTHON" "$bench/gen_configs.py" --sums "$memory/$1.sums" "$2" "$3" \
		"$memory/$1" >"$memory/$1.facts"
	(cd "$memory/$1" && printf '%s\0' *) >"$memory/$1.list"
}

# to_disk NAME: the same set on the disk.
to_disk() {
	cp -R "$memory/$1" "$disk/$1"
	for part in sums facts list; do cp "$memory/$1.$part" "$disk/$1.$part"; done
}

# Plans ---------------------------------------------------------------------

plan=$memory/plan
: >"$plan"

# variant NAME[:ROUNDS] COMMAND...
variant() {
	line=$1
	shift
	for field; do line=$line$tab$field; done
	printf '%s\n' "$line" >>"$plan"
}

# floor NAME SET OPTION...
floor() {
	name=$1
	set=$2
	shift 2
	read -r _ _ around <"$set.facts"
	variant "$name" "$memory/floor" -k "$around" "$@" "$set" @OUT
}

# cvm NAME SET JOBS OPTION...: extract of a whole set.
cvm() {
	name=$1
	set=$2
	jobs=$3
	shift 3
	if [ -n "$has_jobs" ]; then
		set -- "-j$jobs" "$@"
	elif [ "$jobs" -ne 1 ]; then
		absent="$absent ${name%:*}"
		return 0
	fi
	case $input in
	dir) variant "$name" "$cvmkey" extract "$@" -d @OUT "$set" ;;
	list) variant "$name" "$cvmkey" extract "$@" -d @OUT --files0-from="$set.list" ;;
	args) variant "$name" xargs -0 -a "$set.list" "$cvmkey" extract "$@" -d @OUT ;;
	esac
}
absent=

# peer NAME SET
peer() {
	variant "$1" "$PYTHON" "$bench/peer.py" "$2" @OUT
}

# drop GROUP [NAME] REASON: forget what was measured and say why.
drop() {
	say "$*"
	failed=1
	if [ $# -eq 2 ]; then
		grep -v "^$1$tab" "$runs" >"$runs.kept" || :
	else
		grep -v "^$1$tab$2$tab" "$runs" >"$runs.kept" || :
		row why "$1/$2" "$3"
	fi
	mv "$runs.kept" "$runs"
}

# measure GROUP SET ROUNDS SCRATCH [OPTION...]: runs the plan on a set and
# looks at what the first run of each variant wrote.
measure() {
	group=$1
	set=$2
	count=$(wc -l <"$set.sums")
	scratch=$4/run-$group
	say "$group: $(cut -f 1 "$plan" | tr '\n' ' ')"
	mkdir "$scratch"
	for name in $absent; do row why "$group/$name" 'this cvmkey has no --jobs'; done
	absent=
	times=$3
	shift 4
	if "$memory/measure" "$@" -b "$seconds" -C "$set" -g "$group" -n "$count" -r "$times" \
		-o "$scratch" "$plan" >"$memory/group.tsv"; then
		cat "$memory/group.tsv" >>"$runs"
		cut -f 1 "$plan" >"$memory/names"
		while read -r name; do
			right "${name%:*}" || drop "$group" "${name%:*}" 'it writes something else'
		done <"$memory/names"
	else
		for file in "$scratch"/*.err; do
			if [ -s "$file" ]; then tail -n 3 "$file" >&2; fi
		done
		drop "$group" 'a command failed'
	fi
	: >"$plan"
}

# right NAME: its first run wrote all blobs and nothing else.
right() {
	out=$scratch/$1.1
	case $1 in
	empty* | cat | rg | grep | yara) return 0 ;;
	carve*)
		find "$out" -name '*.blob' -exec sha256sum {} + | cut -d ' ' -f 1 |
			sort -u | cmp -s - "$set.sums"
		;;
	floor*)
		# as many bytes, at most two more for the padding of each
		read -r _ bytes _ <"$set.facts"
		find "$out" -type f -printf '%s\n' | awk -v n="$count" -v bytes="$bytes" '
			{ wrote += $1 }
			END { exit NR != n || wrote < bytes || wrote > bytes + 2 * n }'
		;;
	*)
		find "$out" -type f -name '*.blob' >"$memory/found"
		[ "$(wc -l <"$memory/found")" -eq "$count" ] &&
			(cd "$out" && sha256sum --quiet -c "$set.sums") >/dev/null 2>&1
		;;
	esac
}

# Measurements --------------------------------------------------------------

# against_floor CLASS TARGET TARGET-OF-TWO-THREADS
against_floor() {
	set=$memory/$1
	floor floor "$set"
	floor floor2 "$set" -t 2
	cvm cvm1 "$set" 1 -q --no-cross-check --no-sync
	cvm cvm2 "$set" 2 -q --no-cross-check --no-sync
	cvm cross1 "$set" 1 -q --no-sync
	measure "floor-$1" "$set" "$rounds" "$memory"
	row ratio "$1, one thread, against the floor" LE "$2" "floor-$1/cvm1" "floor-$1/floor"
	row ratio "$1, two threads, against the floor of one" LE "$3" "floor-$1/cvm2" "floor-$1/floor"
	row ratio "$1, two threads, against the floor of two" LE '' "floor-$1/cvm2" "floor-$1/floor2"
	row ratio "$1, one thread, cross-checked, against the floor" LE '' "floor-$1/cross1" "floor-$1/floor"
}

# against_python CLASS TARGET TARGET-WITHOUT-CROSS-CHECK
against_python() {
	set=$disk/$1
	to_disk "$1"
	floor floor "$set"
	cvm default "$set" 2
	cvm nocross "$set" 2 --no-cross-check
	cvm default1 "$set" 1
	if grep -q -- '--manifest' "$memory/help"; then
		cvm manifest "$set" 2 --manifest --sums
	fi
	peer python "$set"
	measure "python-$1" "$set" "$disk_rounds" "$disk" -s
	row ratio "$1, default run, two threads, against python" GE "$2" "python-$1/default" "python-$1/python"
	row ratio "$1, --no-cross-check, two threads, against python" GE "$3" "python-$1/nocross" "python-$1/python"
	if grep -q -- '--manifest' "$memory/help"; then
		row ratio "$1, default with --manifest --sums, against python" GE '' \
			"python-$1/manifest" "python-$1/python"
	fi
	row ratio "$1, default run, two threads, against the floor on disk" LE '' "python-$1/default" "python-$1/floor"
	row ratio "$1, default run, one thread, against python" GE '' "python-$1/default1" "python-$1/python"
}

durable() {
	make_set fsync 8k "$n_fsync"
	to_disk fsync
	set=$disk/fsync
	floor floor "$set"
	floor floor-fsync "$set" -f
	cvm nosync "$set" 1 -q --no-cross-check --no-sync
	cvm durable "$set" 1 -q --no-cross-check
	measure fsync "$set" "$disk_rounds" "$disk" -s
	row batch 'what durable costs: batch, against fsync of each file' GE 10 \
		fsync/durable fsync/nosync fsync/floor-fsync fsync/floor
	row ratio 'whole run, durable, against the floor with fsync each' GE '' \
		fsync/durable fsync/floor-fsync
}

one_file() {
	make_set one 8k 1
	set=$memory/one
	file=$set/$(cd "$set" && echo *)
	variant cvmkey "$cvmkey" extract --no-sync -d @OUT "$file"
	variant empty "$memory/empty"
	variant python "$PYTHON" "$bench/peer.py" "$file" @OUT
	if have jq; then variant jq sh "$bench/peer_jq.sh" @OUT "$file"; fi
	measure one "$set" "$one_rounds" "$memory"
	to_disk one
	variant durable "$cvmkey" extract -d @OUT "$file"
	variant nosync "$cvmkey" extract --no-sync -d @OUT "$file"
	measure one-disk "$disk/one" "$((one_rounds / 3))" "$disk" -s
	row ratio 'one file, --no-sync, against an empty C process' LE 2 one/cvmkey one/empty
	row ratio "one file, --no-sync, against python" GE 15 one/cvmkey one/python
	if ! have jq; then
		row none 'one file, --no-sync, against the pipe of jq 1.6' '>= 15' 'jq is missing'
	elif jq --version | grep -q '1\.6'; then
		row ratio 'one file, --no-sync, against the pipe of jq 1.6' GE 15 one/cvmkey one/jq
	else
		row none 'one file, --no-sync, against the pipe of jq 1.6' '>= 15' "this is $(jq --version)"
		row ratio "one file, --no-sync, against the pipe of $(jq --version)" GE '' one/cvmkey one/jq
	fi
	row ratio 'one file on disk, durable, against --no-sync' LE '' one-disk/durable one-disk/nosync
}

# traced SET OUT COMMAND...: extract of a set under some tool.
traced() {
	set=$1
	out=$2
	shift 2
	mkdir "$out"
	(
		cd "$set"
		case $input in
		dir) "$@" -d "$out" "$set" ;;
		list) "$@" -d "$out" --files0-from="$set.list" ;;
		args) xargs -0 -a "$set.list" "$@" -d "$out" ;;
		esac
	) >/dev/null 2>"$out.err"
}

j1() {
	if [ -n "$has_jobs" ]; then echo -j1; fi
}

# instructions SET: all of a run, and those of SHA-256.
instructions() {
	out=$memory/callgrind-${1##*/}
	# shellcheck disable=SC2046
	traced "$1" "$out" valgrind --tool=callgrind --callgrind-out-file="$out.data" \
		"$cvmkey" extract -q --no-cross-check --no-sync $(j1) || return 1
	callgrind_annotate --auto=no --threshold=100 "$out.data" | awk '
		{ gsub(/,/, "", $1) }
		/PROGRAM TOTALS/ { total = $1 }
		/sha256|libnettle/ && $1 ~ /^[0-9]+$/ { hash += $1 }
		END { printf "%.0f %.0f\n", total, hash }'
}

count_instructions() {
	what='instructions of an 8k file, without the hash'
	say 'callgrind'
	if ! have valgrind || ! have callgrind_annotate; then
		row none "$what" '<= 50000' 'valgrind is missing'
	elif few=$(instructions "$memory/one") && many=$(instructions "$memory/few"); then
		each=$(echo "$few $many" | awk -v n="$n_few" '{
			printf "%.0f %.0f\n", ($3 - $4 - $1 + $2) / (n - 1), ($4 - $2) / (n - 1) }')
		row value "$what" LE 50000 "${each% *}"
		row value 'instructions of the hash of an 8k file' LE '' "${each#* }"
	else
		row none "$what" '<= 50000' 'it fails under valgrind'
		failed=1
	fi
}

# syscalls SET OPTION...: all of a run.
syscalls() {
	set=$1
	shift
	out=$memory/strace-${set##*/}-$(echo "$*" | tr -dc 'a-z0-9')
	traced "$set" "$out" strace -c -f -o "$out.data" "$cvmkey" extract "$@" || return 1
	awk '$1 + 0 == $1 && $NF != "total" { n += $4 } END { print n }' "$out.data"
}

# count_syscalls WHAT OPTION...
count_syscalls() {
	what="system calls of an 8k file, $1"
	shift
	say "strace: $*"
	if ! have strace; then
		row none "$what" '<= 9' 'strace is missing'
	elif few=$(syscalls "$memory/one" "$@") && many=$(syscalls "$memory/few" "$@"); then
		row value "$what" LE 9 "$(echo "$few $many" |
			awk -v n="$n_few" '{ printf "%.2f\n", ($2 - $1) / (n - 1) }')"
	else
		row none "$what" '<= 9' 'it fails under strace'
		failed=1
	fi
}

counts() {
	n_few=$((n_8k < 500 ? n_8k : 500))
	make_set few 8k "$n_few"
	count_instructions
	# shellcheck disable=SC2046
	count_syscalls '--no-sync, one thread' -q --no-cross-check --no-sync $(j1)
	# shellcheck disable=SC2046
	count_syscalls 'default run, one thread' -q $(j1)
	if [ -n "$has_jobs" ]; then
		count_syscalls 'default run, two threads' -q -j2
	else
		row none 'system calls of an 8k file, default run, two threads' '<= 9' 'this cvmkey has no --jobs'
	fi
}

# free_mib: what is left for files in memory
free_mib() {
	{
		df -Pk "$memory" | awk 'NR == 2 { print $4 }'
		sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo
	} | sort -n | awk 'NR == 1 { print int($1 / 1024) }'
}

# What one size wrote goes before the next: memory is not a disk.
scale() {
	largest=${n_many##* }
	# 12 KiB in, 8 KiB out, five variants, two rounds
	if [ "$(free_mib)" -lt $((largest * 100 / 1024)) ]; then
		n_many=${n_many% *}
		row why "scale-$largest/cvm1" "$((largest * 100 / 1024)) MiB of memory are not free"
		row why "scale-$largest/default" "$((largest * 100 / 1024)) MiB of memory are not free"
	fi
	for n in $n_many; do
		make_set "many-$n" 8k "$n"
		set=$memory/many-$n
		times=$((n <= 1000 ? rounds : n <= 20000 ? 3 : 2))
		floor floor "$set"
		cvm cvm1 "$set" 1 -q --no-cross-check --no-sync
		cvm cvm2 "$set" 2 -q --no-cross-check --no-sync
		cvm default "$set" "$most"
		peer python:2 "$set"
		measure "scale-$n" "$set" "$times" "$memory"
		rm -rf "$memory/run-scale-$n" "$set"
	done
	first=${n_many%% *}
	if [ "$largest" -ne 100000 ]; then
		row why scale-100000/cvm1 'QUICK leaves it out'
		row why scale-100000/cvm2 'QUICK leaves it out'
	fi
	many=scale-100000
	if [ "$input" = args ]; then
		many=single
		row why single/cvm1 'no single process takes so many names'
		row why single/cvm2 'no single process takes so many names'
	fi
	row ratio '100000 files against 1000: cost of a file, one thread' LE 1.3 "$many/cvm1" "scale-$first/cvm1"
	row ratio '100000 files against 1000: cost of a file, two threads' LE '' "$many/cvm2" "scale-$first/cvm2"
	peak=$(awk -F '\t' '$1 == "scale-100000" && $2 == "default" && $8 > m { m = $8 } END { print m / 1024 }' "$runs")
	if [ "$input" = args ]; then
		row none '100000 files: peak RSS, default run, MiB' '<= 24' 'no single process takes so many names'
	elif [ "$peak" = 0 ]; then
		row none '100000 files: peak RSS, default run, MiB' '<= 24' 'they were not run'
	else
		row value '100000 files: peak RSS, default run, MiB' LE 24 "$(printf %.1f "$peak")"
	fi
	for n in $n_many; do
		row ratio "$n files, one thread, against the floor" LE '' "scale-$n/cvm1" "scale-$n/floor"
		row ratio "$n files, two threads, against the floor" LE '' "scale-$n/cvm2" "scale-$n/floor"
		row ratio "$n files, default run, against python" GE '' "scale-$n/default" "scale-$n/python"
	done
}

# An image of what disks hold, in memory, against what else could search it for
# the same words. grep would stop at the first if its output were /dev/null.
carve() {
	if [ "$(free_mib)" -lt $((image_mib + 200)) ]; then
		row why carve/cat "$((image_mib + 200)) MiB of memory are not free"
	else
		carve_image
	fi
	against='carve, one thread, against'
	row ratio "$against cat" LE 1.5 carve/carve1 carve/cat
	row ratio 'carve, two threads, against cat' LE 1 carve/carve2 carve/cat
	row ratio "$against yara" GE 12 carve/carve1 carve/yara
	row ratio "$against grep -f" GE 5 carve/carve1 carve/grep
	row ratio "$against ripgrep" GE '' carve/carve1 carve/rg
	row ratio 'cat against yara' GE '' carve/cat carve/yara
	row ratio 'carve, two threads, against yara' GE '' carve/carve2 carve/yara
	row ratio 'carve, two threads, against grep -f' GE '' carve/carve2 carve/grep
}

carve_image() {
	set=$memory/image
	mkdir "$set"
	"$PYTHON" "$bench/gen_image.py" mixed "$set/image" "$image_mib" $((image_mib / 20))
	"$PYTHON" "$bench/gen_image.py" words "$set/words"
	cut -f 3 "$set/image.truth" | sort -u >"$set.sums"
	{
		echo 'rule words {'
		awk 'BEGIN { print "strings:" }
			{ gsub(/"/, "\\\""); print "$w" NR " = \"" $0 "\" ascii wide" }' "$set/words"
		echo 'condition: any of them }'
	} >"$set/words.yar"
	variant cat cat image
	variant carve1 "$cvmkey" carve -q --no-sync -j1 -d @OUT image
	variant carve2 "$cvmkey" carve -q --no-sync -j2 -d @OUT image
	searcher rg rg -c -a -F -f words image
	searcher grep:2 sh -c "grep -c -a -F -f words image | cat"
	searcher yara:2 yara -s words.yar image
	measure carve "$set" "$rounds" "$memory"
	rm -rf "$set"
}

# searcher NAME[:ROUNDS] COMMAND...: a variant, if the command is there.
searcher() {
	if have "${1%:*}"; then
		variant "$@"
	else
		row why "carve/${1%:*}" "${1%:*} is missing"
	fi
}

# Everything ----------------------------------------------------------------

about() {
	sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1
	echo "$(getconf _NPROCESSORS_ONLN) processors, load $(cut -d ' ' -f 1-3 /proc/loadavg), Linux $(uname -r)"
	echo "memory: $(stat -f -c %T "$memory"); disk: $(df -PT "$disk" | awk 'NR == 2 { print $2, $1 }')"
	echo "$("$cvmkey" --version), $("$PYTHON" --version), $(jq --version 2>/dev/null || echo 'no jq')"
	case $input in
	args) echo 'input: this cvmkey takes no directory: names through xargs, several processes for many' ;;
	*) echo "input: $input" ;;
	esac
}

# pages that the machine never used cost several times as much at first
head -c "${warm}M" /dev/zero >"$memory/warm" 2>/dev/null || :
rm -f "$memory/warm"

about >"$memory/about"
make_set 8k 8k "$n_8k"
make_set 35k 35k "$n_35k"
make_set 300k 300k "$n_300k"

row head '--no-cross-check --no-sync, both hashes, in memory; floor: read, write, rename'
against_floor 8k 1.25 0.6
against_floor 35k 1.6 ''
against_floor 300k 2.7 ''
row head 'durable, on disk; python: one process, atomic, two hashes, not durable'
against_python 8k 1.5 2.5
against_python 35k 1.6 2.5
against_python 300k 1.5 2.5
durable
row head 'one file'
one_file
row head 'counted'
counts
row head "an image of $image_mib MiB, in memory, --no-sync"
carve
row head 'many files of 8k, in memory, --no-cross-check --no-sync unless said'
scale

echo "load at the end: $(cut -d ' ' -f 1-3 /proc/loadavg)" >>"$memory/about"
cat "$memory/about"
busy=$(awk -v n="$(getconf _NPROCESSORS_ONLN)" '{ print ($1 > n + 1) }' /proc/loadavg)
if [ "$busy" = 1 ]; then
	echo 'other programs keep this machine busy: trust the ratio of CPU time, if any'
fi
awk -f "$bench/table.awk" "$runs" "$rows"
if [ -n "${BENCH_KEEP:-}" ]; then
	cp "$runs" "$BENCH_KEEP"
	echo "every single run: $BENCH_KEEP"
fi
exit "$failed"
