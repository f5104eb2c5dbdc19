# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Key backups out of real media: file systems from which the files were
# deleted, and the memory of a process.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

mkdir files
cp "$samples/good-vault-key.json" files/config.json
cp "$samples/good-managed-hsm-key.blob" files/hsm.blob
python3 - "$samples/good-data-disks.json" <<'EOP'
import json, sys
text = open(sys.argv[1]).read()
open('files/wide.json', 'wb').write(text.encode('utf-16'))
log = json.dumps({'time': '2026-01-01', 'message': open('files/config.json').read()})
open('files/agent.log', 'w').write('start\n' * 500 + log + '\nend\n')
EOP
run extract -q --no-sync -d expected files/config.json files/wide.json
expect 0 'what the files hold'
{
	sha256sum <files/hsm.blob
	for f in expected/*.blob; do sha256sum <"$f"; done
} | sort -u >sums

# check_image FILE WHERE: all backups of the files are in it, and no others.
check_image() {
	run carve -q --no-sync -d "$1.d" "$1"
	expect 0 "$2"
	for f in "$1.d"/*.blob; do sha256sum <"$f"; done | sort -u | cmp -s - sums
	ok $? 'gives all their backups, and nothing else'
	rm -rf "$1" "$1.d"
}

# has TOOL...: all of them are there.
has() {
	for tool; do command -v "$tool" >/dev/null || return 1; done
}

if has mke2fs debugfs; then
	truncate -s 16M ext4
	mke2fs -q -t ext4 -F -d files ext4
	for f in files/*; do debugfs -w -R "rm ${f#files/}" ext4 >/dev/null 2>&1; done
	debugfs -R ls ext4 2>/dev/null | grep -q json
	equal $? 1 'ext4: the files are deleted'
	check_image ext4 'ext4'
else
	skip ext4 'no mke2fs and debugfs'
fi

if has mkfs.vfat mcopy mdel mdir; then
	truncate -s 8M fat
	mkfs.vfat fat >/dev/null
	mcopy -i fat files/* ::
	mdel -i fat '::*'
	mdir -b -i fat :: | grep -q json
	equal $? 1 'FAT: the files are deleted'
	check_image fat 'FAT'
else
	skip FAT 'no mkfs.vfat and mtools'
fi

# without a mount nothing deletes from NTFS
if ! has mkntfs ntfs-3g umount; then
	skip NTFS 'no ntfs-3g'
else
	truncate -s 16M ntfs
	mkntfs -q -Q -F ntfs >/dev/null 2>&1
	mkdir mnt
	if ntfs-3g ntfs mnt >/dev/null 2>&1; then
		cp files/* mnt
		umount mnt && ntfs-3g ntfs mnt && rm mnt/*
		ls mnt >left
		umount mnt
		equal $? 0 'NTFS: files were written, and deleted'
		grep -q json left
		equal $? 1 'NTFS: they are gone'
		check_image ntfs 'NTFS'
	else
		skip NTFS 'it cannot be mounted'
	fi
fi

# a program that read the files, and closed them
python3 -c '
import os, time
kept = [bytearray(open("files/" + f, "rb").read()) for f in sorted(os.listdir("files"))]
open("ready", "w").close()
time.sleep(60)' &
holder=$!
tries=0
while [ ! -e ready ] && [ $tries -lt 200 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
if has gcore && gcore -o core $holder >/dev/null 2>&1 && [ -s core.$holder ]; then
	mv core.$holder core
	check_image core 'the memory of a process'
else
	skip 'the memory of a process' 'no gcore, or it must not'
fi
kill $holder
wait $holder 2>/dev/null

done_testing
