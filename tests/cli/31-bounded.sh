# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Documents whose records are huge: as many of them as one likes fit into the
# same memory, whatever the number of threads.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

[ "${sanitized:-no}" != yes ] || skip_all 'sanitizers need memory of their own'

# 128 backups, each with 250 fields of 4000 bytes in its record: 128 MB a
# document, eight of them 1 GB.
mkdir in
jq -c '.OsDiskEncryptionDetails.KeyBackupData as $data |
	("v" * 4000) as $value |
	{OsDiskEncryptionDetails: (
		[range(250) | {key: "f\(.)", value: $value}] | from_entries |
		.KeyBackupData = $data)} +
	([range(127) | {key: "disk\(.)", value: {KeyBackupData: $data}}] |
		from_entries)' "$samples/good-vault-key-small.json" >in/00.json
for i in 01 02 03 04 05 06 07; do
	cp in/00.json in/$i.json
done

# limited ARGUMENT...: as run, with less memory than five documents need;
# threads reserve 64 MB each of it and use little of that
limited() {
	status=0
	# shellcheck disable=SC3045 # dash and bash have it
	(ulimit -v 900000 && exec "$cvmkey" "$@" >out 2>err) || status=$?
}

for jobs in 1 2 7; do
	limited show -q -j$jobs in
	expect 0 "-j$jobs: records of 1 GB are shown in 0.9 GB of address space"
	limited extract --no-sync --sums -j$jobs -d j$jobs in
	expect 0 "-j$jobs: and their blobs extracted"
	sed "s,j$jobs/,,g" out >out.$jobs
	tail -n 1 out | grep -qx '8 inputs: 8 ok; 1024 blobs written'
	ok $? "-j$jobs: all of them"
done
for jobs in 2 7; do
	same out.1 out.$jobs "-j$jobs: the same report"
	same j1/SHA256SUMS j$jobs/SHA256SUMS "-j$jobs: the same sums"
done
(cd j1 && sha256sum --status -c SHA256SUMS)
ok $? 'sha256sum -c agrees'

# Images made to hold much: the parts of 40 000 backups; gzip streams that hold
# 2000 configs each. What is told of them is what fits; that it was not all is
# told, too.
part=$(head -c 300 "$samples/good-vault-key.blob" | tr -d '\0')
awk -v part="$part" 'BEGIN { for (i = 0; i < 40000; i++) print substr(part, 1, 230) }' \
	>parts.raw
for i in $(seq 2000); do cat "$samples/good-vault-key-small.json"; done |
	gzip -nc >configs.gz
for i in $(seq 40); do cat configs.gz; done >streams.raw

# peak ARGUMENT...: as run, with the most memory it had in $mib.
peak() {
	python3 -c 'import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=open("out", "w"), stderr=open("err", "w"))
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' \
		"$cvmkey" "$@" >peaked
	read -r status mib <peaked
}

for image in parts streams; do
	for jobs in 1 4; do
		peak carve -q --json --no-sync -j$jobs --manifest -d $image.$jobs $image.raw
		[ "$mib" -le $((32 * jobs)) ]
		ok $? "-j$jobs: an image of $image takes $mib MiB of memory"
		[ "$status" -le 1 ] && tail -n 2 $image.$jobs/manifest.jsonl |
			grep -q '"id":"carve.crowded"'
		ok $? "-j$jobs: and says that not all of it was told"
	done
	grep -v '"type":"run"' $image.1/manifest.jsonl >one
	grep -v '"type":"run"' $image.4/manifest.jsonl | cmp -s - one
	ok $? "$image: the same is told whatever the number of threads"
done

done_testing
