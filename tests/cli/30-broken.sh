# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Many configs of which one in a hundred is broken, each in a way of its own:
# the blobs of the others are those of a run without the broken ones, and each
# broken one has its record, in its place. CVMKEY_CONFIGS is how many.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
configs=${CVMKEY_CONFIGS:-10000}
expected=$srcdir/samples/expected

# The samples that give no blob, each with the id that refuses it, as reviewed.
for f in "$samples"/bad-*; do
	name=${f##*/}
	jq -rs --arg name "$name" 'map(select(.input)) |
		select(length == 1 and .[0].status == "refused") |
		$name + " " + .[0].findings[-1].id' "$expected/$name.json"
done >ways
ways=$(cut -d' ' -f2 ways | sort -u | wc -l)
[ "$ways" -ge 30 ]
ok $? "$(wc -l <ways) samples are broken in $ways ways"

# The list: every hundredth name is that of a broken one; of those there are
# more than samples, so the rest are cut, each elsewhere.
mkdir in bad
awk -v n="$configs" 'BEGIN { for (; i < n; i++) printf "in/c%05d.json\n", i }' |
	python3 "$srcdir/tests/cli/distinct.py" "$samples/good-vault-key-small.json" ||
	exit 99
n=37
while [ $n -lt "$configs" ]; do
	name=in/c$(printf %05d $n).json
	read -r sample id <&3 || { sample='' id=json.truncated; }
	if [ -n "$sample" ]; then
		cp "$samples/$sample" "$name"
	else
		head -c $((40 + n / 10)) "$name" >cut.json && mv cut.json "$name"
	fi
	echo "$name refused $id"
	n=$((n + 100))
done 3<ways >broken
lost=$(wc -l <broken)
[ "$lost" -eq $((configs / 100)) ] || [ "$configs" -ne 10000 ]
ok $? "$lost of $configs configs are broken"
find in -type f -print0 | LC_ALL=C sort -z >list
cut -d' ' -f1 broken | LC_ALL=C sort >names
tr '\0' '\n' <list | LC_ALL=C comm -23 - names | tr '\n' '\0' >good

# extracted ARGUMENT...: not run, whose lines are all held against the schema.
extracted() {
	status=0
	"$cvmkey" extract -q "$@" >out 2>err || status=$?
}

extracted --no-sync -d alone --files0-from=good
expect 0 'without the broken ones'
[ "$(find alone -name '*.blob' | wc -l)" -eq $((configs - lost)) ]
ok $? "without the broken ones: $((configs - lost)) blobs"
(cd alone && find . -name '*.blob' -exec sha256sum {} +) | LC_ALL=C sort >sums
[ "$(cut -c1-64 sums | sort -u | wc -l)" -eq $((configs - lost)) ]
ok $? 'of which no two are the same'

for way in '-j1 --no-sync' -j4; do
	rm -rf all
	# shellcheck disable=SC2086 # words
	extracted -d all --manifest=m $way --files0-from=list
	expect 1 "$way: with them"
	(cd all && find . -type f -exec sha256sum {} +) | LC_ALL=C sort | cmp -s - sums
	ok $? "$way: the blobs of the others are the same, and there is no other file"
	jq -r 'select(.input) | .input.path' m >order
	tr '\0' '\n' <list | cmp -s - order
	ok $? "$way: each has its record, in the order of the inputs"
	jq -r 'select(.input and .status != "ok") |
		.input.path + " " + .status + " " + .findings[-1].id' m | cmp -s - broken
	ok $? "$way: each broken one is refused under its own id"
	sed -n 's/^cvmkey: error: \([^ ]*\): .* \[\([a-z0-9.-]*\)\]$/\1 refused \2/p' err |
		cmp -s - broken
	ok $? "$way: and told, in that order"
	matches m "last | .inputs == $configs and .ok == $((configs - lost)) and
		.refused == $lost and .blobs == $((configs - lost))" "$way: the summary"
	"$cvmkey" verify -q --strict -d all m >out 2>err
	ok $? "$way: and the manifest verifies"
	rm m
done

done_testing
