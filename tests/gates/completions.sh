# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the shells complete is what --help shows.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

made=$builddir/packaging

# in_bash WORD...: what bash offers for the last word.
in_bash() {
	bash -c '. "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_cvmkey; printf "%s\n" "${COMPREPLY[@]}"' bash "$made/cvmkey.bash" cvmkey "$@"
}

# in_fish LINE: the same by fish, for "cvmkey LINE".
in_fish() {
	# shellcheck disable=SC2016 # for fish
	HOME=$work fish --no-config -c '. $argv[1]; complete -C "cvmkey $argv[2]"' \
		"$made/cvmkey.fish" "$1" | cut -f 1
}

# What zsh does at a terminal, but that what is offered is also written down.
cat >.zshrc <<EOF
fpath=('$made' \$fpath)
autoload -Uz compinit
compinit -D -u
compadd() {
	local -a hits
	# what only asks what would match offers nothing
	if (( ! \${argv[(I)-[OAD]]} )); then
		builtin compadd -A hits "\$@"
		print -rl -- \$hits >>'$work/hits'
	fi
	builtin compadd "\$@"
}
PS1=ready
EOF

# in_zsh LINE: the same by zsh.
in_zsh() {
	: >hits
	# shellcheck disable=SC2016 # for zsh
	ZDOTDIR=$work TERM=dumb timeout 20 zsh -f -c 'zmodload zsh/zpty
		zpty z zsh -d -i
		zpty -r -m z said "*ready*"
		zpty -w -n z "cvmkey $1"$'\''\t\x15exit\n'\''
		while zpty -r z said; do :; done' zsh "$1"
	grep . hits | sort -u
}

# options_of_help: those that the last run printed, short and long.
options_of_help() {
	{
		sed -n 's/^  \(-.\), .*/\1/p' out
		sed -n 's/^  .*--\([a-z0-9-]*\).*/--\1/p' out
	} | sort
}

run --help
sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out | sort >commands
[ "$(wc -l <commands)" -ge 3 ]
ok $? 'commands were found'
for shell in bash zsh fish; do
	command -v $shell >/dev/null || {
		skip "$shell completes commands" "$shell is missing"
		continue
	}
	in_$shell '' | sort | diff commands - >out
	ok $? "$shell completes commands"
done

echo content >file.json
mkdir folder
while read -r command; do
	run "$command" --help
	options_of_help >help
	for shell in bash zsh fish; do
		command -v $shell >/dev/null || {
			skip "$shell completes $command" "$shell is missing"
			continue
		}
		case $shell in
		bash) in_bash "$command" - ;;
		zsh) in_zsh "$command -" ;;
		# long ones are offered where short ones are
		fish) in_fish "$command -" ; in_fish "$command --" ;;
		esac | sed 's/=$//' | sort -u | diff help - >out 2>&1
		ok $? "$shell completes the options of $command"
	done
done <commands

if command -v bash >/dev/null; then
	equal "$(in_bash extract --output-dir f)" folder 'a directory for --output-dir'
	equal "$(in_bash extract --output = f | sort | xargs)" 'file.json folder' \
		'a file for --output='
	equal "$(in_bash extract --manifest f | sort | xargs)" 'file.json folder' \
		'an input behind --manifest'
	equal "$(in_bash extract -j f)" '' 'nothing for --jobs'
fi
if command -v zsh >/dev/null; then
	equal "$(in_zsh 'extract --output-dir ')" folder 'zsh: a directory for --output-dir'
	equal "$(in_zsh 'extract --output=f' | xargs)" 'file.json folder' 'zsh: a file for --output='
	equal "$(in_zsh 'extract -j ')" '' 'zsh: nothing for -j'
fi

done_testing
