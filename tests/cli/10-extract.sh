# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The main job: a config becomes a blob and a report.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

config=$samples/good-vault-key.json
key_data "$config" >expected

run extract "$config"
expect 0 'a good config'
silent err 'nothing on standard error'
same good-vault-key.blob expected 'the blob is what base64 -d writes'
mode good-vault-key.blob 600 'the blob is for its owner only'
equal "$(find . -name '*blob*' -o -name '.*part*' | wc -l)" 1 \
	'and it is the only file written'

# The report.
blob_sum=$(sha256sum <expected | cut -d' ' -f1)
input_sum=$(sha256sum <"$config" | cut -d' ' -f1)
says out "$config: ok" 'the report names the input and its status'
says out '  key            cvm-os-key' 'the report has the key'
says out '  version        0123456789abcdef0123456789abcdef' \
	'the report has the version'
says out '  key vault      kv-cvm-prod (public cloud)' 'the report has the vault'
says out 'https://kv-cvm-prod.vault.azure.net/keys/cvm-os-key/0123456789abcdef0123456789abcdef' \
	'the report has the key URL'
says out '  DES            des-cvm-prod' 'the report has the DES'
says out '  resource group rg-cvm-prod' 'the report has the resource group'
says out '  subscription   11111111-2222-3333-4444-555555555555' \
	'the report has the subscription'
says out "$blob_sum" 'the SHA-256 of the blob is that of sha256sum'
says out "$input_sum" 'the SHA-256 of the input is that of sha256sum'
says out 'structure ok' 'the structure is called ok'
! grep -qi 'intact\|success' out
ok $? 'nothing is called intact or successful'
grep -q "blob *good-vault-key.blob" out
ok $? 'the report has the name of the blob'
sed -n '/^  next /,$p' out | sed 's/^ *//' >last
sed -n 2p last | grep -qxF "Restore-AzKeyVaultKey -VaultName 'kv-cvm-prod' -InputFile 'good-vault-key.blob'"
ok $? 'the PowerShell command is near the end, alone on its line'
sed -n 4p last | grep -qxF 'az keyvault key restore --vault-name kv-cvm-prod --file good-vault-key.blob'
ok $? 'the az command follows it'
shows_plain 'the report is plain text'

run extract "$samples/good-managed-hsm-key.json"
expect 0 'a Managed HSM config'
says out '  Managed HSM    mhsm-cvm-prod' 'the report has the Managed HSM'
says out "Restore-AzKeyVaultKey -HsmName 'mhsm-cvm-prod' -InputFile 'good-managed-hsm-key.blob'" \
	'PowerShell restores into the HSM'
says out 'az keyvault key restore --hsm-name mhsm-cvm-prod --file good-managed-hsm-key.blob' \
	'az restores into the HSM'
lacks out '-VaultName' 'no vault is spoken of'

run extract -d absent-facts "$samples/good-key-data-only.json"
expect 0 'a config without facts'
says out 'not stated in this config' 'absent facts are said to be absent'
lacks out 'null' 'and not shown as null'

# A config that contradicts its backup: nothing it says reaches a command.
for kind in hsm vault; do
	run extract -d disputed "$samples/odd-facts-store-$kind.json"
	expect 0 "a config that contradicts its backup of a $kind"
	sed -n '/^  next /,$p' out | sed 's/^ *//; s/^next *//' >last
	sed -n 1p last | grep -q '^stop: find out which store first'
	ok $? "$kind: the first step is to stop"
	lacks last -cvm-prod "$kind: the steps name no store"
	equal "$(grep -c 'restore --\|^Restore-' last)" 2 "$kind: both commands are there"
	says out 'name not known' "$kind: the store's name is called unknown"
	grep -q '^  config says .* m\{0,1\}[kh][vs]m\{0,1\}-cvm-prod (public cloud)$' out
	ok $? "$kind: what the config says is called so"
	grep '\[facts.store\]$' out >warning
	equal "$(grep -o ' says ' warning | wc -l)" 3 \
		"$kind: the warning lists host, id and type"
done
run extract -d disputed "$samples/odd-facts-store-hsm.json" --force
says out "Restore-AzKeyVaultKey -HsmName '<Managed HSM>' -InputFile 'disputed/odd-facts-store-hsm.blob'" \
	'the command has a placeholder and the blob'
says out '  config says    key vault kv-cvm-prod (public cloud)' \
	'a vault is what the config says'
run extract -d disputed "$samples/odd-facts-store.json"
says out 'stop: find out which store first' 'one fact is enough to stop'
says out "-VaultName 'kv-cvm-prod'" 'a name that fits the backup is kept'
run extract -d disputed2 "$config"
lacks out 'stop:' 'facts that agree stop nobody'

# Every good shape.
for f in "$samples"/good-*.json; do
	name=${f##*/}
	case $name in
	good-ade-*) continue ;; # 24-ade.sh has these
	esac
	key_data "$f" >expected
	run extract -d shapes "$f"
	[ "$status" -eq 0 ] && [ ! -s err ] && [ -s expected ] &&
		cmp -s "shapes/${name%.json}.blob" expected &&
		[ "$(mode_of "shapes/${name%.json}.blob")" = 600 ]
	ok $? "$name becomes its blob"
done

# What jq -r | base64 -d would have written, by redirection.
run extract -o - "$config"
key_data "$config" >expected
expect 0 '-o -'
same out expected 'standard output is the blob and nothing else'
says err '  key            cvm-os-key' 'the report goes to standard error'

# Several inputs: one report each, in order, then a summary.
cp "$samples/good-vault-key.json" c.json
cp "$samples/good-vault-key-2015.json" a.json
cp "$samples/good-managed-hsm-key.json" b.json
run extract -d several c.json a.json b.json
expect 0 'three inputs'
equal "$(sed -n 's/^\([abc]\.json\): ok$/\1/p' out | tr '\n' ' ')" \
	'c.json a.json b.json ' 'the reports are in the order of the inputs'
equal "$(tail -n 1 out)" '3 inputs: 3 ok; 3 blobs written' 'the last line sums up'
for x in a b c; do
	key_data $x.json >expected
	same several/$x.blob expected "$x.blob is right"
done

# One bad input among good ones.
cp "$samples/bad-b64-alphabet.json" bad.json
run extract -d among a.json bad.json b.json
exits 1 b64.alphabet 'a bad input among good ones'
equal "$(cd among && echo *)" 'a.blob b.blob' 'the good ones are written'
for x in a b; do
	key_data $x.json >expected
	same among/$x.blob expected "$x.blob is what it is without the bad one"
done
says out 'bad.json: refused' 'the report has the refused one'
says out '3 inputs: 2 ok, 1 refused; 2 blobs written' 'the sum has it, too'
equal "$(sed -n 2p err | cut -c1-13)" 'cvmkey: hint:' 'one hint follows the error'
equal "$(wc -l <err)" 2 'and nothing else'
run extract -d worst bad.json missing.json a.json
expect 3 'a bad and a missing input: the worse status wins'
equal "$(cd worst && echo *)" a.blob 'the good one is written'
run extract -d worst2 missing.json bad.json
expect 3 'the order does not matter'

mkdir one
cp a.json one
run extract -d one one/a.json bad.json
says out '2 inputs: 1 ok, 1 refused; 1 blob written' 'one blob is one blob'
jq -c '.OsDiskEncryptionDetails.KeyBackupData = "eA=="' a.json >one/byte.json
run show one/byte.json
says out ' 1 byte from 4 characters of base64' 'one byte is one byte'

# The same input gives the same report and the same bytes.
run extract -d same1 a.json
mv out out1
run extract -d same2 a.json
sed s/same2/same1/g out | cmp -s - out1
ok $? 'two runs report the same'
same same1/a.blob same2/a.blob 'two runs write the same'

# Quiet and verbose.
run extract -q -d quiet a.json b.json
expect 0 '-q'
silent out '-q prints no report'
silent err '-q prints nothing else'
equal "$(cd quiet && echo *)" 'a.blob b.blob' '-q writes all the same'
run extract --quiet -d quiet2 bad.json
exits 1 b64.alphabet '--quiet keeps errors'
silent out 'and prints nothing else'
run extract -v -d verbose a.json
expect 0 '-v'
says out '/OsDiskEncryptionDetails/EncryptionType = ' '-v shows the fields'
! grep -qF "$(jq -r .OsDiskEncryptionDetails.KeyBackupData a.json | cut -c1-60)" out
ok $? '-v does not show key data'
run extract -d terse a.json
lacks out 'EncryptionType' 'without -v fields are not shown'

# Findings.
run extract -d odd "$samples/odd-b64-unpadded.json"
expect 0 'a warning'
silent err 'a warning alone is no message on standard error'
grep -q '^  warning .* \[b64.unpadded\]$' out
ok $? 'the report has the warning and its id'
run extract -d odd --strict missing.json \
	"$samples/odd-b64-wrapped.json"
expect 3 '--strict with a missing file'
absent odd/odd-b64-wrapped.blob '--strict writes nothing for a warning'
run extract -d odd --strict "$samples/odd-b64-wrapped.json"
exits 1 b64.whitespace '--strict makes the warning the error, by its own id'
run extract -d odd --strict "$samples/odd-utf-8-bom.json"
expect 0 '--strict minds no notes'

# Options of the derivation.
run extract -d nocross --no-cross-check "$config"
expect 0 '--no-cross-check'
lacks out 'agreed' 'the report claims no cross-check'
run extract -d nosync --no-sync "$config"
expect 0 '--no-sync'
lacks out 'on disk' 'the report claims no durability'
mode nosync/good-vault-key.blob 600 'the mode is 0600 all the same'
run extract -d unknown "$samples/bad-blob-unknown-format.json"
exits 1 blob.unknown-format 'data of unknown format'
absent unknown/bad-blob-unknown-format.blob 'nothing is written'
says err '--allow-unknown-format' 'the hint says what writes it'
run extract -d unknown --allow-unknown-format \
	"$samples/bad-blob-unknown-format.json"
expect 0 '--allow-unknown-format'
key_data "$samples/bad-blob-unknown-format.json" >expected
same unknown/bad-blob-unknown-format.blob expected 'the bytes are as they are'
grep -q '^  warning .*\[blob.unknown-format\]' out
ok $? 'a warning stays in the report'
printf '{"OsDiskEncryptionDetails":{"KeyBackupData":"%s"}}\n' \
	MDEyMzQ1Njc4OWFiY2RlZjA >lost.json
run extract -d lost --allow-unknown-format lost.json
exits 1 b64.length '--allow-unknown-format and lost characters'
absent lost 'nothing is written: perhaps it was a known format'

# Several backups of one document.
jq '.OsDiskEncryptionDetails.Older = {KeyBackupData: $two}' --arg two \
	"$(jq -r .OsDiskEncryptionDetails.KeyBackupData b.json)" a.json >two.json
run extract -d two two.json
expect 0 'a document with two backups'
equal "$(cd two && echo *)" 'two.2.blob two.blob' 'each has its own file'
key_data a.json >expected
same two/two.blob expected 'the first is the first'
key_data b.json >expected
same two/two.2.blob expected 'the second is the second'
equal "$(grep -c '^two.json: ok' out)" 2 'each has its own report'

# A name on the way to a backup that stands twice.
with_members '' >small.json
small=$(jq -c .OsDiskEncryptionDetails small.json)
key_data small.json >expected
for other in "$small" '{}' null; do
	printf '{"OsDiskEncryptionDetails":%s,"b":{"c":%s,"c":%s}}\n' \
		"$small" "$small" "$other" >twice.json
	for way in --cross-check --no-cross-check; do
		rm -rf twice
		# shellcheck disable=SC2086 # no word or one
		run extract --json ${way#--cross-check} -d twice twice.json
		expect 1 "a name twice, the second with $(printf %.4s "$other"), $way"
		matches out '.[0].status == "ok" and
			([.[1:-1][].findings[-1].id] | unique) == ["json.duplicate-name"]' \
			'each backup below it is refused'
		equal "$(ls -A twice)" twice.blob 'the one beside it is written'
		same twice/twice.blob expected 'as it is'
	done
done

done_testing
