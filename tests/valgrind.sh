#!/bin/sh
# SPDX-License-Identifier: MIT
# make check-valgrind: no command, on any sample, reads or writes where it should
# not, or leaks. (The unit tests run under the sanitizers.)
set -u

if ! command -v valgrind >/dev/null; then
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi

: "${builddir:=$PWD}"
passed=0
failed=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# under_valgrind NAME COMMAND...: any exit status below 99 is the command's own.
under_valgrind() {
	name=$1
	shift
	status=0
	rm -f "$log"/valgrind.*
	timeout 300 valgrind -q --error-exitcode=99 \
		--leak-check=full \
		--log-file="$log/valgrind.%p" "$@" </dev/null >/dev/null 2>&1 || status=$?
	# it does not know landlock(7), and says so between dashes
	grep -hv '^--[0-9]*--' "$log"/valgrind.* >"$log/found"
	if [ "$status" -lt 99 ] && [ ! -s "$log/found" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok: $name"
		cat "$log/found"
	fi
}

cd "$builddir" || exit 99
under_valgrind 'extract of every sample' \
	./cvmkey extract -v -d "$log/text" samples/good-* samples/odd-* samples/bad-*
under_valgrind 'extract --json of every sample' \
	./cvmkey extract --json -d "$log/json" samples/good-* samples/odd-* samples/bad-*
under_valgrind 'extract --force again' \
	./cvmkey extract --force -d "$log/json" samples/good-*
under_valgrind 'show of every sample' \
	./cvmkey show samples/good-* samples/odd-* samples/bad-*
under_valgrind 'help' ./cvmkey extract --help

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
