# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The lint for shell scripts has nothing to say.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! command -v shellcheck >/dev/null; then
	skip 'shellcheck is content' 'shellcheck is missing'
	done_testing
fi
cd "$srcdir" || exit 99
for f in bootstrap .ci/run samples/make-samples samples/*.sh tests/*.sh tests/*/*.sh packaging/*.sh; do
	shellcheck -x "$f" >"$work/out" 2>&1
	ok $? "shellcheck $f"
done
cd "$work" || exit 99

done_testing
