# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The floors of the house: who may include whom, and who may ask the kernel.
. "${srcdir:-.}/tests/cli/lib.sh"

src=$srcdir/src

# floor FOLDER ALLOWED...: FOLDER includes only headers of these folders.
floor() {
	folder=$1
	shift
	allowed=$(printf '%s|' "$folder" "$@")
	grep -rnE '#include "' "$src/$folder" |
		grep -vE "#include \"(${allowed%|})/" >out
	[ ! -s out ]
	ok $? "$folder/ includes only: $folder $*"
}

floor base
floor evidence base
floor restore evidence base
floor os base
floor input os base
floor output restore evidence os base
floor engine restore evidence input output os base
floor cmd engine restore evidence input output os base

# never DESCRIPTION PATTERN FOLDER...: no line of these folders matches.
never() {
	description=$1
	pattern=$2
	shift 2
	: >out
	for folder; do
		grep -rnE "$pattern" "$src/$folder" >>out || :
	done
	[ ! -s out ]
	ok $? "$description"
}

kernel='#include <(fcntl|unistd|pthread|dirent|sys/[a-z]+|linux/[a-z]+|poll|sched)\.h>'
never 'base/, evidence/ and restore/ do no I/O' "$kernel" base evidence restore
never 'only os/ asks the kernel' "$kernel" input output engine cmd
never 'nothing below cmd/ prints' '\b(printf|fprintf|puts|fputs|perror)\(' \
	base evidence restore os input output engine
never 'nothing below cmd/ ends the program' '\b(exit|_exit|abort)\(' \
	base evidence restore os input output engine
never 'evidence/ and restore/ take memory from buffers only' \
	'\b(malloc|calloc|realloc|strdup)\(' evidence restore
never 'no network call stands in the source' \
	'\b(socket|connect|bind|listen|accept|sendto|recvfrom|getaddrinfo|gethostby[a-z]+|getpw[a-z]+)\(' \
	base evidence restore os input output engine cmd

# only NAME PATTERN FILE: the pattern stands in FILE alone.
only() {
	found=$(cd "$src" && grep -rlE "$2" . | sort | tr '\n' ' ')
	[ "$found" = "./$3 " ]
	ok $? "$1 stands in $3 only"
}

only 'cJSON' '#include <cjson/' evidence/json_dom.c
only 'libb64' '#include <b64/' evidence/second.c
only 'zlib' '#include <zlib' input/gzip.c
only 'minizip' '#include <(minizip/|unzip|ioapi)' input/zip.c
only 'getopt' '#include <getopt' cmd/options.c

# limits have one home
grep -rnE '#define CVK_(MAX|MIN|DEFAULT)_' "$src" |
	grep -vE 'base/limits\.h|CVK_MAX_NAME' >out
[ ! -s out ]
ok $? 'limits stand in base/limits.h'

# how long functions are
if command -v ctags >/dev/null && ctags --version 2>/dev/null | grep -q Universal; then
	find "$src" -name '*.c' -print0 |
		xargs -0 ctags -x --_xformat='%{name} %{input} %n %{end}' --kinds-C=f |
		awk '{ n = $4 - $3 + 1; if (n > 100) print $2 ": " $1 ": " n " lines" }' >out
	[ ! -s out ]
	ok $? 'no function is longer than 100 lines'
else
	skip 'no function is longer than 100 lines' 'Universal Ctags is missing'
fi
find "$src" -name '*.[ch]' -exec wc -l {} + |
	awk '$2 != "total" && $1 > 600' >out
[ ! -s out ]
ok $? 'no file is longer than 600 lines'

done_testing
