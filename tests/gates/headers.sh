# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Every header compiles alone: whoever includes it needs nothing before it.
. "${srcdir:-.}/tests/cli/lib.sh"

# compiler_of HEADER: those for Windows need one that knows it.
windows=$(command -v x86_64-w64-mingw32-gcc || :)
compiler_of() {
	case $1 in
	*/win32_*) echo "$windows" ;;
	*) echo "${CC:-cc}" ;;
	esac
}

bad=
left=
n=0
for header in $(cd "$srcdir/src" && find . -name '*.h' | sort); do
	compiler=$(compiler_of "$header")
	if [ -z "$compiler" ]; then
		left="$left $header"
		continue
	fi
	n=$((n + 1))
	printf '#include "%s"\n' "${header#./}" >alone.c
	# shellcheck disable=SC2086 # CC may be words
	$compiler -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only \
		-I"$srcdir/src" alone.c >>out 2>&1 || bad="$bad $header"
done
[ -z "$bad" ]
ok $? "headers compile alone:${bad:- all}"
[ -z "$left" ] || skip "headers compile alone:$left" 'mingw-w64 is missing'
[ "$n" -gt 30 ]
ok $? 'headers were found'

done_testing
