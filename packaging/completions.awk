# SPDX-License-Identifier: MIT
# awk -v shell=bash|zsh|fish -f completions.awk src/cmd/options.c
# What a shell completes, out of the tables of commands and options.

!/^#/ { text = text " " $0 }

# The text without its comments.
function strip(s,    at, end) {
	while (at = index(s, "/*")) {
		end = index(substr(s, at), "*/")
		s = substr(s, 1, at - 1) " " substr(s, at + end + 1)
	}
	return s
}

# The words of "A, B", "A = B | C" or a string of C, without quotes.
function trim(s) {
	gsub(/^ +| +$/, "", s)
	return s
}

# Reads the initializer that follows name[] = { into field[row, column]; a
# string is its text, adjacent ones are one. Returns the number of rows.
function table(name, field,    s, depth, row, column, token) {
	s = substr(text, index(text, name "[] = {") + length(name "[] = {"))
	while (match(s, /^ *("([^"\\]|\\.)*"|'[^']'|[A-Za-z0-9_]+|.)/)) {
		token = trim(substr(s, 1, RLENGTH))
		s = substr(s, RLENGTH + 1)
		if (token == "}" && depth == 0)
			return row
		if (token == "{" || token == "(")
			depth++
		if (token == "{" && depth == 1) {
			row++
			column = 1
		} else if (token == "," && depth == 1)
			column++
		else if (token == "}" || token == ")")
			depth--
		else if (depth == 1) {
			if (token ~ /^["']/)
				token = substr(token, 2, length(token) - 2)
			gsub(/\\"/, "\"", token)
			field[row, column] = field[row, column] token
		}
	}
	return row
}

# Reads enum { A = 1, B = 2, C = A | B }: bits[NAME] are the names of one bit.
function masks(    s, n, part, i, sides, names, k) {
	s = substr(text, index(text, "enum { PROGRAM = 1"))
	s = substr(s, 8, index(s, "}") - 8)
	n = split(s, part, ",")
	for (i = 1; i <= n; i++) {
		split(part[i], sides, "=")
		bits[trim(sides[1])] = sides[2] ~ /[0-9]/ ? " " trim(sides[1]) " " : all_of(sides[2])
	}
}

function all_of(expression,    n, part, i, s) {
	n = split(expression, part, "|")
	for (i = 1; i <= n; i++)
		s = s bits[trim(part[i])]
	return s
}

# Does the command of row c have the option of row o?
function has(c, o) {
	return option[o, 7] != "NULL" && index(all_of(option[o, 6]), " " command[c, 4] " ")
}

function value(o) { return option[o, 4] == "NULL" ? "" : option[o, 4] }
function may_lack(o) { return option[o, 3] == "FILE_OR_NOT" }
function letter(o) { return option[o, 2] == "0" ? "" : option[o, 2] }
function of_files(o) { return value(o) == "F" || value(o) ~ /FILE|IMAGE|CONFIG/ || option[o, 7] ~ / JSON| FILE/ }
function takes_files(c) { return command[c, 2] ~ /INPUT|MANIFEST|CONFIG|IMAGE|FILE/ }

# ---- bash -------------------------------------------------------------------

function bash_case(c,    o, all, dirs, files, words, w) {
	for (o = 1; o <= n_options; o++) {
		if (!has(c, o))
			continue
		w = "--" option[o, 1] (letter(o) ? " -" letter(o) : "")
		all = all " " w
		if (value(o) == "DIR")
			dirs = dirs " " w
		else if (value(o) && of_files(o))
			files = files " " w
		else if (value(o))
			words = words " " w
		if (may_lack(o))
			optional = optional " " w
	}
	print "    " (command[c, 1] == "" ? "''" : command[c, 1]) ")"
	print "        options='" all " ' dirs='" dirs " ' files='" files " ' words='" words " '"
	print "        operands=" (takes_files(c) ? "yes" : "")
	print "        ;;"
}

function bash(    c, names, i) {
	for (c = 2; c <= n_commands; c++)
		names = names " " command[c, 1]
	print "# bash completion for cvmkey(1)"
	print "_cvmkey()"
	print "{"
	print "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}"
	print "    local command='' separate=yes options dirs files words operands"
	print "    if [ \"$cur\" = = ]; then"
	print "        cur='' separate="
	print "    elif [ \"$prev\" = = ]; then"
	print "        prev=${COMP_WORDS[COMP_CWORD-2]} separate="
	print "    fi"
	print "    [ \"$COMP_CWORD\" -eq 1 ] || command=${COMP_WORDS[1]}"
	print "    case $command in"
	for (c = 1; c <= n_commands; c++)
		bash_case(c)
	print "    *) return ;;"
	print "    esac"
	print "    COMPREPLY=()"
	print "    if [ \"$separate\" ] && [[ \"" optional " \" = *\" $prev \"* ]]; then"
	print "        prev=''"
	print "    fi"
	print "    if [[ $dirs = *\" $prev \"* ]]; then"
	print "        compopt -o filenames 2>/dev/null"
	print "        mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")"
	print "    elif [[ $files = *\" $prev \"* ]]; then"
	print "        compopt -o filenames 2>/dev/null"
	print "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
	print "    elif [[ $words = *\" $prev \"* ]]; then"
	print "        return"
	print "    elif [[ $cur = -* ]]; then"
	print "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")"
	print "    elif [ -z \"$command\" ]; then"
	print "        mapfile -t COMPREPLY < <(compgen -W '" names "' -- \"$cur\")"
	print "    elif [ \"$operands\" ]; then"
	print "        compopt -o filenames 2>/dev/null"
	print "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
	print "    fi"
	print "}"
	print "complete -F _cvmkey cvmkey"
}

# ---- zsh --------------------------------------------------------------------

# Between single quotes; in a description, brackets and colons are escaped.
function quote(s) {
	gsub(/'/, "'\\''", s)
	return s
}
function described(s) {
	gsub(/[\[\]:]/, "\\\\&", s)
	return quote(s)
}

function zsh_options(c, indent,    o, name, how, help) {
	for (o = 1; o <= n_options; o++) {
		if (!has(c, o))
			continue
		name = "--" option[o, 1]
		help = "[" described(option[o, 7]) "]"
		how = ""
		if (value(o))
			how = (may_lack(o) ? "::" : ":") described(value(o)) ":" \
				(value(o) == "DIR" ? "_files -/" : of_files(o) ? "_files" : " ")
		if (may_lack(o))
			name = name "=-"
		else if (value(o))
			name = name "="
		if (option[o, 7] ~ /repeatable/)
			print indent "'*" name help how "' \\"
		else if (letter(o))
			print indent "'(-" letter(o) " --" option[o, 1] ")'{-" letter(o) \
				(value(o) ? "+" : "") "," name "}'" help how "' \\"
		else
			print indent "'" name help how "' \\"
	}
}

function zsh(    c) {
	print "#compdef cvmkey"
	print "_cvmkey() {"
	print "  local context state state_descr line"
	print "  typeset -A opt_args"
	print "  local -a commands"
	print "  commands=("
	for (c = 2; c <= n_commands; c++)
		print "    '" command[c, 1] ":" described(command[c, 3]) "'"
	print "  )"
	print "  _arguments -C \\"
	zsh_options(1, "    ")
	print "    '1: :->command' '*:: :->argument' && return"
	print "  case $state in"
	print "  command) _describe command commands ;;"
	print "  argument)"
	print "    case $words[1] in"
	for (c = 2; c <= n_commands; c++) {
		print "    " command[c, 1] ")"
		print "      _arguments -s \\"
		zsh_options(c, "        ")
		print "        " (takes_files(c) ? "'*:file:_files'" : "&& return")
		print "      ;;"
	}
	print "    esac"
	print "    ;;"
	print "  esac"
	print "}"
	print "_cvmkey \"$@\""
}

# ---- fish -------------------------------------------------------------------

function fish_quote(s) {
	gsub(/[\\']/, "\\\\&", s)
	return "'" s "'"
}

function fish_options(c, when,    o, how) {
	for (o = 1; o <= n_options; o++) {
		if (!has(c, o))
			continue
		how = ""
		if (value(o) == "DIR")
			how = " -x -a '(__fish_complete_directories)'"
		else if (value(o) && !may_lack(o))
			how = of_files(o) ? " -r -F" : " -x"
		print "complete -c cvmkey -n " when (letter(o) ? " -s " letter(o) : "") \
			" -l " option[o, 1] how " -d " fish_quote(option[o, 7])
	}
}

function fish(    c, when) {
	print "# fish completion for cvmkey(1)"
	fish_options(1, "__fish_use_subcommand")
	for (c = 2; c <= n_commands; c++)
		print "complete -c cvmkey -n __fish_use_subcommand -f -a " command[c, 1] \
			" -d " fish_quote(command[c, 3])
	for (c = 2; c <= n_commands; c++) {
		when = "'__fish_seen_subcommand_from " command[c, 1] "'"
		if (!takes_files(c))
			print "complete -c cvmkey -n " when " -f"
		fish_options(c, when)
	}
}

END {
	text = strip(text)
	masks()
	n_options = table("rows", option)
	n_commands = table("commands", command)
	if (shell == "bash")
		bash()
	else if (shell == "zsh")
		zsh()
	else if (shell == "fish")
		fish()
	else
		exit 2
}
