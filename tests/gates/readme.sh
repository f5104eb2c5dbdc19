# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The session in README is typed as it stands; its output must be what README
# shows. A line "..." there stands for any lines.
. "${srcdir:-.}/tests/cli/lib.sh"

# Prints what README shows between the first "$ " line and the next paragraph.
session() {
	awk '/^    / { on = 1; print substr($0, 5); next } /^$/ { if (on) exit }' \
		"$srcdir/README"
}

first=$(grep -n '^    \$ ' "$srcdir/README" | head -n 1 | cut -d: -f1)
[ "${first:-99}" -le 15 ]
ok $? 'the first command stands within the first 15 lines'

command=$(session | sed -n 's/^\$ //p')
[ "$command" = './bootstrap run' ]
ok $? 'the session is one command'

status=0
(cd "$srcdir" && BUILD=$builddir MAKEFLAGS='' ./bootstrap run) >out 2>err || status=$?
expect 0 'the command of the session works'

# README speaks of build/, which is somewhere else here
sed "s|$builddir|build|g" out >got
session | grep -v '^\$ ' >shown
awk '
	NR == FNR { shown[++n] = $0; next }
	{ got[++m] = $0 }
	END {
		k = 1
		any = 0
		for (i = 1; i <= n; i++) {
			if (shown[i] == "...") { any = 1; continue }
			while (any && k <= m && got[k] != shown[i]) k++
			if (k > m || got[k] != shown[i]) {
				print "# README shows, the program does not: " shown[i]
				exit 1
			}
			k++
			any = 0
		}
		if (!any && k <= m) exit 1
	}
' shown got
ok $? 'the output is what README shows'

done_testing
