# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Command lines: what is refused, and what help and version say.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

config=$samples/good-vault-key.json
mkdir empty
cp "$config" c.json

# No command, unknown commands.
usage_error
usage_error frobnicate
usage_error frobnicate --help
usage_error ''
usage_error "$config"
usage_error Extract "$config"
usage_error ext "$config"
usage_error --json extract "$config"
usage_error -- extract "$config"

# No input, empty input, standard input twice.
for command in extract show carve; do
	usage_error $command
	usage_error $command --json
	usage_error $command --
	usage_error $command ''
	usage_error $command c.json ''
	usage_error $command - -
	usage_error $command - c.json -
done

# Options that other commands have.
for option in --offset=0 --length=1 --partial \
	--no-gzip --key-url=x --des-id=x --shell=az --set=a=b; do
	usage_error extract $option c.json
	usage_error show $option c.json
done

# Options that only extract has.
for option in --manifest --manifest=m --sums --sums=s --note=a=b --resume; do
	usage_error show $option c.json
done

# Values of the options for many inputs.
for value in 0 257 1000 2x x -1 +1 ''; do
	usage_error extract "-j$value" c.json
	usage_error show "--jobs=$value" c.json
done
usage_error extract --jobs c.json --jobs
for value in '' on Auto never-; do
	usage_error extract "--progress=$value" c.json
done
for value in '' a =b =; do
	usage_error extract --manifest --note="$value" c.json
done
usage_error extract --manifest --note=a=1 --note=a=2 c.json
usage_error extract --manifest --note="$(printf 'a=\377')" c.json
usage_error extract --note=a=b c.json
usage_error extract --files0-from=list -o x
usage_error extract --files0-from=
usage_error extract --files0-from=- -
printf 'c.json\0\0c.json\0' >empty-name
usage_error extract --files0-from=empty-name
printf '\0c.json\0' >empty-name
usage_error show --files0-from=empty-name

# Unknown options, and options used wrongly.
usage_error --frobnicate
usage_error -x
usage_error extract --frobnicate c.json
usage_error extract --frobnicate=x c.json
usage_error extract -x c.json
usage_error extract -qx c.json
usage_error extract c.json -x
usage_error extract c.json --frobnicate
usage_error extract --json=yes c.json
usage_error extract --force=yes c.json
usage_error extract --quiet=1 c.json
usage_error extract c.json -o
usage_error extract c.json -d
usage_error extract c.json --output
usage_error extract c.json --output-dir
usage_error extract c.json --max-input-size
usage_error extract -o '' c.json
usage_error extract --output= c.json
usage_error extract -d '' c.json
usage_error extract --output-dir= c.json
usage_error -d x extract c.json

# Options that exclude each other.
usage_error extract -o x.blob -d dir c.json
usage_error extract -d dir -o x.blob c.json
usage_error extract -o x.blob -d . c.json
usage_error extract -o x.blob --parents c.json
usage_error extract -o x.blob c.json c.json
usage_error extract -o - c.json c.json
usage_error extract --json -o - c.json
usage_error extract -o - --json c.json

# Sizes.
for size in '' 0 -1 +1 x 1x 1KB 1Ki 1KiB 1.5M 0x10 ' 1' '1 ' K 1k 1m 2G 1025M \
	1073741825 18446744073709551616 18446744073709551617 99999999999999999999 \
	1e3 1T 1,000; do
	usage_error extract "--max-input-size=$size" c.json
done
for size in 64K 10M 1G 1024M 1048576K 1073741824 65536 064K; do
	run extract "--max-input-size=$size" -d sizes --force c.json
	expect 0 "--max-input-size=$size"
done
run extract --max-input-size 64K -d sizes --force c.json
expect 0 '--max-input-size with its value as a word of its own'
run show --max-input-size=1K c.json
exits 1 input.too-large '--max-input-size=1K'

# What is refused as usage touches nothing.
run extract -d refused --frobnicate c.json
absent refused 'a wrong option: no directory is created'
run extract -d refused c.json ''
absent refused 'an empty name: no directory is created'
run extract -o refused -d dir c.json
absent refused 'options that exclude each other: no file is created'

# The wrong word is shown, and shown safely.
run extract --frobnicate c.json
says err '--frobnicate' 'the unknown option is named'
says err "hint: see 'cvmkey extract --help'" 'the hint names the command'
run frobnicate
says err 'frobnicate' 'the unknown command is named'
says err "hint: see 'cvmkey --help'" 'the hint names the program'
for word in "$(printf 'a\033[31mb')" "$(printf 'a\nb')" "$(printf 'a\377b')" \
	"$(printf 'a\302\233b')" "$(printf 'a\342\200\256b')"; do
	run "$word"
	expect 2 'a command of strange characters'
	shows_plain 'it is shown escaped'
	run extract "--$word" c.json
	expect 2 'an option of strange characters'
	shows_plain 'it is shown escaped, too'
	run extract "-$word" c.json
	expect 2 'a short option of strange characters'
	shows_plain 'it is shown escaped as well'
done
run extract "$(printf -- '-\302\251')" c.json
expect 2 'a short option that is no ASCII'
shows_plain 'half a character is not printed'
long=$(head -c 20000 /dev/zero | tr '\0' x)
run extract "--$long" c.json
expect 2 'a very long option'
[ "$(wc -c <err)" -lt 6000 ]
ok $? 'a very long option is not repeated without end'

# Help.
for line in '--help' '-h' 'extract --help' 'extract -h' 'show --help' 'show -h'; do
	# shellcheck disable=SC2086 # words
	run $line
	expect 0 "$line"
	silent err "$line: nothing on standard error"
	says out 'Usage: cvmkey' "$line: usage is on standard output"
done
run --help
says out '  extract' 'help lists extract'
says out '  show' 'help lists show'
says out '  verify' 'help lists verify'
says out '  runbook' 'help lists runbook'
says out '  carve' 'help lists carve'
run extract --help
for option in -o --output -d --output-dir --parents -f --force --json --strict \
	--allow-unknown-format --no-cross-check --no-sync --max-input-size -q \
	--quiet -v --verbose -h --help -V --version --manifest --sums --note \
	--resume -j --jobs --files0-from --progress --require-sandbox; do
	says out " $option" "help of extract has $option"
done
lacks out --test-args 'help of extract has no --test-args'
run show --help
for option in --output --force --parents --no-sync; do
	lacks out "$option" "help of show has no $option"
done
# every option that help has is taken
run extract --help
sed -n 's/.* --\([a-z0-9-]*\)\(\[*=[A-Z=]*]*\)\{0,1\} .*/--\1\2/p' out |
	sed 's/[][]//g; s/=SIZE$/=1M/; s/=FILE$/=x/; s/=DIR$/=x/; s/=N$/=2/
		s/=WHEN$/=never/; s/=KEY=VALUE$/=a=b --manifest/; s/=F$/=x/' >options
[ "$(wc -l <options)" -ge 21 ]
ok $? 'the options can be read out of the help'
while read -r option; do
	# shellcheck disable=SC2086 # words
	run extract --test-args $option c.json
	[ "$status" -eq 0 ]
	ok $? "help speaks the truth: $option"
done <options

# Version.
for line in '--version' '-V' 'extract --version' 'show -V'; do
	# shellcheck disable=SC2086 # words
	run $line
	expect 0 "$line"
	silent err "$line: nothing on standard error"
	grep -q '^cvmkey [0-9][0-9.]*' out
	ok $? "$line: names the program and its version"
done
run --version
equal "$(wc -l <out)" 1 '--version is one line'
run --version -v
for word in cJSON libb64 nettle zlib sandbox; do
	says out "$word" "--version -v speaks of $word"
done
run extract --help --frobnicate
expect 2 'an unknown option after --help'

if [ -w /dev/full ]; then
	for line in '--help' '--version' 'extract --help' 'show --version -v'; do
		status=0
		# shellcheck disable=SC2086 # words
		"$cvmkey" $line >/dev/full 2>err || status=$?
		exits 3 io.stdout "$line to a full disk"
	done
	status=0
	"$cvmkey" frobnicate >out 2>/dev/full || status=$?
	expect 2 'standard error on a full disk changes no status'
else
	skip 'help to a full disk' 'no /dev/full'
fi
status=0
"$cvmkey" --help >&- 2>err || status=$?
exits 3 io.stdout 'help with standard output closed'

# Words: -- ends options, options may follow inputs, names may be cut short.
cp "$config" ./-c.json
run extract -d ends -- -c.json
expect 0 '-- ends the options'
[ -f ends/-c.blob ]
ok $? 'and what follows is an input'
run extract -d ends2 ./-c.json
expect 0 './ does as well'
usage_error extract -d ends3 -c.json
run extract c.json -d after
expect 0 'options after inputs'
[ -f after/c.blob ]
ok $? 'are taken'
run extract --output-di=cut c.json
expect 0 'a long option cut short that is clear'
usage_error extract --output-d=cut --outpu=x c.json
usage_error extract --no=x c.json
usage_error extract --ver c.json
run extract -qd joined c.json
expect 0 'short options in one word'
[ -f joined/c.blob ]
ok $? 'and a value behind them'
run extract -djoined2 c.json
expect 0 'a value in the same word'
run extract -d one -d last c.json
expect 0 '-d twice'
[ -f last/c.blob ] && [ ! -e one ]
ok $? 'the last one counts'
run extract -- --help
expect 3 'after -- even --help is a name'
POSIXLY_CORRECT=1 "$cvmkey" extract -d posix c.json -q >out 2>err
equal "$?" 3 'POSIXLY_CORRECT: options end at the first input'

done_testing
