# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# One list of configs shared by several runs, on one machine and as a Slurm
# array: joined, their manifests verify and hold the same records as one run's,
# and the blobs are the same.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

split -t '\0' -n l/1 -e -a 6 -d -- /dev/null "$work/x." 2>/dev/null ||
	skip_all 'no GNU split'
CVMKEY=$cvmkey
export CVMKEY
parallel=$srcdir/samples/parallel.sh
slurm=$srcdir/samples/slurm.sh

# A list of every kind: good, refused, unreadable, several backups, archives,
# names of any bytes.
i=0
while [ $i -lt 60 ]; do
	mkdir -p in/vm$((i % 7))
	cp "$samples/good-vault-key-small.json" in/vm$((i % 7))/c$i.json
	i=$((i + 1))
done
cp "$samples"/bad-b64-*.json "$samples"/odd-gzip.json.gz "$samples"/good-data-disks.json \
	"$samples"/good-ade-both.json in/vm3
cp "$samples/good-vault-key.json" "in/vm5/$(printf 'odd\n\377\033[2J.json')"
tar -C in -cf in/vm6/t.tar vm1/c1.json vm3
(find in ! -type d -print0 && printf 'missing.json\0') | LC_ALL=C sort -z >list
n=$(tr -dc '\0' <list | wc -c)
[ "$n" -gt 75 ]
ok $? "a list of $n names"

"$cvmkey" extract -q -d whole --manifest --files0-from=list >out 2>err
[ $? -eq 3 ] && [ "$(find whole -name '*.blob' | wc -l)" -gt 65 ]
ok $? 'one run over all of it'
run verify --strict whole/manifest.jsonl
expect 0 'one run over all of it: verified'
cp out whole.verified

# records FILE: those of a manifest, but for what tells of the runs.
records() {
	grep -v -e '^{"schema":"cvmkey/1","type":"run",' \
		-e '^{"schema":"cvmkey/1","type":"summary",' "$1"
}

# total FILE: what all summaries of it count.
total() {
	jq -cs 'map(select(.type == "summary") | del(.schema, .type)) |
		(.[0] | keys) as $k | . as $all |
		[$k[] | . as $name | {($name): ($all | map(.[$name]) | add)}] | add' "$1"
}

records whole/manifest.jsonl >wanted
(cd whole && find . -type f -name '*.blob' -exec sha256sum {} +) | LC_ALL=C sort >sums

# as_whole DIR PARTS DESCRIPTION: what so many parts made is what one run makes.
as_whole() {
	[ "$status" -eq 3 ]
	ok $? "$3: the worst exit status of the parts"
	[ "$(grep -c '"type":"run"' "$1/manifest.jsonl")" -eq "$2" ] &&
		[ "$(grep -c '"type":"summary"' "$1/manifest.jsonl")" -eq "$2" ]
	ok $? "$3: a first line and a summary of each of $2"
	records "$1/manifest.jsonl" | cmp -s - wanted
	ok $? "$3: the same records, in the same order"
	equal "$(total "$1/manifest.jsonl")" "$(total whole/manifest.jsonl)" \
		"$3: their summaries add up"
	(cd "$1" && find . -type f -name '*.blob' -exec sha256sum {} +) |
		LC_ALL=C sort | cmp -s - sums
	ok $? "$3: the same blobs"
	printed "$1/manifest.jsonl"
	run verify --strict "$1/manifest.jsonl"
	expect 0 "$3: the joined manifest can be verified"
	cmp -s out whole.verified
	ok $? "$3: and says of each blob what that of one run says"
}

# a PATH in which there is no GNU parallel
mkdir bin
for tool in sh find sort xargs split cat mkdir grep; do
	ln -s "$(command -v $tool)" bin/$tool
done

# ---- one machine ----------------------------------------------------------------

for parts in 1 7; do
	status=0
	PATH=$work/bin sh "$parallel" list $parts xargs.$parts --note=case=17 \
		>out 2>said || status=$?
	as_whole xargs.$parts $parts "xargs, $parts parts"
	[ "$(grep -c '"notes":{"case":"17"}' xargs.$parts/manifest.jsonl)" -eq $parts ]
	ok $? "xargs, $parts parts: each run has the note"
	grep -q 'missing.json: cannot open' said
	ok $? "xargs, $parts parts: what a part complains of is told"
done
if parallel --version 2>/dev/null </dev/null | grep -q '^GNU parallel'; then
	status=0
	sh "$parallel" list 7 parallel.7 >out 2>err || status=$?
	as_whole parallel.7 7 'GNU parallel, 7 parts'
else
	skip 'GNU parallel, 7 parts' 'no GNU parallel'
fi

sh "$parallel" list 7 xargs.7 >out 2>err
[ $? -eq 2 ] && grep -q 'manifest.jsonl exists' err
ok $? 'a manifest that is there is not replaced'
mv xargs.7/manifest.jsonl m
sh "$parallel" list 7 xargs.7 >out 2>err
[ $? -eq 2 ] && grep -q 'an earlier run left' err
ok $? 'nor are the parts of an earlier run'
rm -r xargs.7/manifest.parts
find xargs.7 -name '*9*.blob' -exec rm {} +
status=0
PATH=$work/bin sh "$parallel" list 5 xargs.7 --resume >out 2>err || status=$?
as_whole xargs.7 5 'resumed in other parts'
printf 'in/vm0/c0.json\0' >short
status=0
PATH=$work/bin sh "$parallel" short 7 few >out 2>err || status=$?
[ $status -eq 0 ] && [ "$(wc -l <few/manifest.jsonl)" -eq 3 ]
ok $? 'fewer names than parts: no part is empty'

# a part that was killed has no manifest, and so there is none of the whole
# shellcheck disable=SC2016 # for the script
printf '#!/bin/sh\ncase $* in *part.000003*) kill -9 $$ ;; esac\nexec "%s" "$@"\n' \
	"$cvmkey" >dying
chmod +x dying
status=0
CVMKEY=$work/dying PATH=$work/bin:$PATH sh "$parallel" list 7 killed >out 2>err || status=$?
[ $status -eq 137 ] && tail -n 1 err | grep -q '^parallel.sh: .* none of part.000003$'
ok $? 'a part that was killed is named, and decides the exit status'
absent killed/manifest.jsonl 'what is left of the others does not look like all'
rm -r killed/manifest.parts
status=0
PATH=$work/bin sh "$parallel" list 7 killed --resume >out 2>err || status=$?
as_whole killed 7 'resumed after that'

# ---- many machines --------------------------------------------------------------

# What Slurm does: it takes a copy of the script, runs it once for each index,
# in any order, and then the job that waits for them.
cat >bin/sbatch <<'END'
#!/bin/sh
range= wait=
while :; do
	case $1 in
	--array=*) range=${1#*=} ;;
	--dependency=*) wait=${1#*=} ;;
	--*) ;;
	*) break ;;
	esac
	shift
done
job=$(($(cat "$SPOOL/last" 2>/dev/null || echo 40) + 1))
echo $job >"$SPOOL/last"
cp "$1" "$SPOOL/$job.sh"
shift
[ "$wait" = "${wait#afterany:}" ] || [ -f "$SPOOL/${wait#afterany:}.done" ] || exit 1
if [ -n "$range" ]; then
	i=${range#*-}
	while [ $i -ge "${range%-*}" ]; do
		(cd / && SLURM_ARRAY_TASK_ID=$i SLURM_CPUS_PER_TASK=2 \
			sh "$SPOOL/$job.sh" "$@") >"$SPOOL/$job.$i" 2>&1
		echo "$i $?" >>"$SPOOL/$job.status"
		i=$((i - 1))
	done
else
	(cd / && sh "$SPOOL/$job.sh" "$@") >"$SPOOL/$job.out" 2>&1
	echo $? >"$SPOOL/$job.status"
fi
touch "$SPOOL/$job.done"
echo "$job;cluster"
END
chmod +x bin/sbatch
# the tasks run elsewhere: the names in the list are absolute
python3 - "$work" <<'END' || skip_all 'no python3'
import sys
names = open("list", "rb").read().split(b"\0")[:-1]
work = sys.argv[1].encode()
open("absolute", "wb").write(b"".join(work + b"/" + n + b"\0" for n in names))
END
rm -rf whole
"$cvmkey" extract -q -d whole --manifest --files0-from=absolute >out 2>err
records whole/manifest.jsonl >wanted
(cd whole && find . -type f -name '*.blob' -exec sha256sum {} +) | LC_ALL=C sort >sums
run verify --strict whole/manifest.jsonl
cp out whole.verified
for parts in 1 7; do
	SPOOL=$work/spool.$parts
	export SPOOL
	mkdir "$SPOOL"
	PATH=$work/bin:$PATH sh "$slurm" absolute $parts array.$parts --note=case=17 \
		>submitted 2>err
	ok $? "Slurm, $parts parts: submitted"
	equal "$(cat submitted)" "$(printf '%s\n' "Submitted 41: $parts parts" \
		'Submitted 42;cluster: joins the manifests')" "Slurm, $parts parts: two jobs"
	status=$(cat "$SPOOL/42.status")
	[ "$(wc -l <"$SPOOL/41.status")" -eq $parts ]
	ok $? "Slurm, $parts parts: as many tasks"
	as_whole array.$parts $parts "Slurm, $parts parts"
done
SPOOL=$work/spool.killed
mkdir "$SPOOL"
CVMKEY=$work/dying PATH=$work/bin:$PATH sh "$slurm" absolute 7 array.killed >out 2>err
[ "$(cat "$SPOOL/42.status")" -eq 137 ] &&
	grep -q '^slurm.sh: .* none of part.000003$' "$SPOOL/42.out"
ok $? 'Slurm: a task that was killed is named, and decides the exit status'
absent array.killed/manifest.jsonl 'Slurm: and there is no manifest'

done_testing
