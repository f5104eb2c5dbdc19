# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every header compiles alone: whoever includes it needs nothing before it.
. "${srcdir:-.}/tests/cli/lib.sh"

bad=
n=0
for header in $(cd "$srcdir/src" && find . -name '*.h' | sort); do
	case $header in */win32_*) continue ;; esac # needs <windows.h>
	n=$((n + 1))
	printf '#include "%s"\n' "${header#./}" >alone.c
	${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only \
		-I"$srcdir/src" alone.c >>out 2>&1 || bad="$bad $header"
done
[ -z "$bad" ]
ok $? "headers compile alone:${bad:- all}"
[ "$n" -gt 30 ]
ok $? 'headers were found'

done_testing
