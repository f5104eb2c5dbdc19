# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What only a program for Windows can get wrong: its paths, the names that are
# devices, who may open a blob, and Ctrl-C. A scenario as those of tests/cli.
# shellcheck source-path=SCRIPTDIR/../tests/cli source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

cp "$samples/good-vault-key.json" c.json
key_data c.json >expected
# the working directory, as Windows has it: wine calls / the drive Z:
here="Z:$(pwd | sed 's/\//\\/g')"

# ---- paths ------------------------------------------------------------------

run extract -d "$here\\new\\deep" "$here\\c.json"
expect 0 'absolute paths of Windows'
same new/deep/c.blob expected 'the blob is there'
run extract -d "\\\\?\\$here\\out2" "\\\\?\\$here\\c.json"
expect 0 'paths behind \\?\ as well'
same out2/c.blob expected 'the blob is there'
run extract -d 'up\..\out3' '.\c.json'
expect 0 'relative paths of Windows'
same out3/c.blob expected 'the blob is there'
run extract --json -o 'single.blob' "$here\\c.json"
matches out '.[0].blob.path == "single.blob"' 'the record has the name as it was given'
run extract --parents -d kept "$here\\c.json"
expect 0 '--parents with a drive'
same "kept$PWD/c.blob" expected 'which is no directory'
printf '%s\\c.json\0' "$here" >list
run extract -d listed --files0-from=list
expect 0 'a list of such paths'
same "listed$PWD/c.blob" expected 'is read so, too'
run extract --manifest='out3\m.jsonl' --sums='out3\sums' -f -d out3 c.json
expect 0 'a manifest and sums by such paths'
(cd out3 && sha256sum --status -c sums)
ok $? 'the sums are right'
run verify "$here\\out3\\m.jsonl"
expect 0 'verify finds the blobs beside the manifest'
run report -o 'out3\case.html' 'out3\m.jsonl'
expect 0 'report writes such a file'
run diagnose --keys='.\keys.json' c.json
exits 3 io.open 'an export is such a path'
says err './keys.json' 'and is shown as all are'

# 260 characters were the longest path once
long=in
for level in 1 2 3 4 5 6 7 8 9; do
	long=$long/$level$(printf %099d 0)
done
mkdir -p "$long"
cp c.json "$long"
run extract -d far "$long/c.json"
expect 0 'an input of 900 characters'
same far/c.blob expected 'is read'
run extract --parents -d far in
expect 0 'a folder of such'
same "far/$long/c.blob" expected 'is read, and written to as long a path'
run extract --manifest -d "far/$long/new/a/b" c.json
expect 0 'an output directory that is made there'
same "far/$long/new/a/b/c.blob" expected 'holds the blob'
run verify "far/$long/new/a/b/manifest.jsonl"
expect 0 'and verify finds it'

name=$(printf 'gr\303\274n \343\201\213\343\201\216 \360\237\224\221')
mkdir "$name"
cp c.json "$name/$name.json"
run extract --json -d "$name/out" "$name"
expect 0 'names that are not ASCII, one beyond 16 bits'
same "$name/out/$name.blob" expected 'the blob has the name'
matches out ".[0].input.path == \"$name/$name.json\"" 'the record, too'

# ---- names that are devices -------------------------------------------------

mkdir devices
for device in con nul aux prn com1 lpt9 COM3.txt; do
	cp c.json "devices/$device"
	cp c.json "devices/$device.2.json"
done
run extract --json --no-sync -d devices.out devices
expect 0 'files whose names are devices, in a folder'
equal "$(find devices.out -type f -exec cmp {} expected \; -print | wc -l)" 14 \
	'each has its blob'
tar -cf devices.tar devices
run extract -q --no-sync -d devices.out devices.tar
expect 0 'and in an archive'
equal "$(find devices.out/devices.tar -type f -exec cmp {} expected \; -print |
	wc -l)" 14 'each has its blob'
run extract -o nul c.json
expect 0 '-o nul'
absent nul 'is the device'
run show NUL
exits 1 input.empty 'so is the input NUL'

# What would be a stream of another file, or lead elsewhere.
mkdir streams
python3 - <<'END'
import tarfile, io
data = open("c.json", "rb").read()
with tarfile.open("streams.tar", "w") as t:
    for name in ("a:b.json", "c.json:stream", "..\\up.json", "C:\\abs.json",
                 "C:drive.json", "good.json"):
        info = tarfile.TarInfo(name)
        info.size = len(data)
        t.addfile(info, io.BytesIO(data))
END
run extract -q --json --no-sync -d streams streams.tar
expect 3 'an archive with names that lead elsewhere on Windows'
equal "$(cd streams && find . -type f)" ./streams.tar/good.blob \
	'only the other one is written'
equal "$(jq -r 'select(.status == "error") | .findings[-1].id' out | sort | uniq -c |
	tr -s ' ')" ' 5 io.create' 'each of them is told'

# ---- who may open it --------------------------------------------------------

umask 0
run extract --manifest --sums -d everybody c.json
umask 022
expect 0 'in a directory where everybody may do everything'
mode everybody 700 'the directory is for its owner only'
for file in c.blob manifest.jsonl SHA256SUMS; do
	mode "everybody/$file" 600 "$file is for its owner only"
done
lacks err io.mode 'the list of who may open it was read back'

# ---- Ctrl-C -----------------------------------------------------------------

# wine makes SIGINT of it; the low byte of STATUS_CONTROL_C_EXIT is the status
mkfifo slow
(
	sleep 2
	cat c.json
) >slow &
"$cvmkey" extract --manifest -d broken c.json - <slow >out 2>err &
pid=$!
sleep 1
kill -INT $pid
status=0
wait $pid || status=$?
wait
equal "$status" 58 'Ctrl-C: STATUS_CONTROL_C_EXIT'
says err '[io.interrupted]' 'what was left undone is told'
lacks out 'stdin.blob' 'and has no blob'
equal "$(find broken -name '.*' -type f 2>/dev/null)" '' 'no part file is left'

done_testing
