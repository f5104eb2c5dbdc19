# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Configs of VMs with Azure Disk Encryption: a key backup, a secret backup or
# both, and a secret as text that is named and never repeated.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

hush=This-is-no-wrapped-BEK-and-opens-nothing
cp "$samples"/*-ade-* .
for name in odd-ade-all-members odd-ade-kek good-ade-bek; do
	ade_data $name.json KeyBackupData >$name.key
	ade_data $name.json KeyVaultSecretBackupData >$name.secret
done

# ---- both backups ------------------------------------------------------------

both=odd-ade-all-members
run extract -d out1 $both.json
expect 0 'a key backup and a secret backup'
silent err 'nothing on standard error'
same out1/$both.blob $both.key 'the key backup, as base64 -d decodes it'
same out1/$both.secret.blob $both.secret 'the secret backup likewise'
mode out1/$both.blob 600 'the mode of the key backup'
mode out1/$both.secret.blob 600 'the mode of the secret backup'
equal "$(find out1 -type f | wc -l)" 2 'and no third file'
says out '  key            ade-kek' 'the report names the key'
says out '  key vault      kv-ade-prod (public cloud)' 'and the vault'
says out '  secret         B3284AAA-DAAA-4AAA-B393-60CAA848AAAA' 'and the secret'
says out '  secret URL     https://kv-ade-prod.vault.azure.net/secrets/B3284AAA' \
	'and its URL'
says out 'of a key vault secret, structure ok' 'and what the backup is of'
lacks out 'not a published name' 'KeyUrl and SecretUrl are published names'
says out "  Restore-AzKeyVaultKey -VaultName 'kv-ade-prod' -InputFile 'out1/$both.blob'" \
	'the PowerShell command for the key'
says out "  az keyvault key restore --vault-name kv-ade-prod --file out1/$both.blob" \
	'the az command for the key'
says out "  Restore-AzKeyVaultSecret -VaultName 'kv-ade-prod' -InputFile 'out1/$both.secret.blob'" \
	'the PowerShell command for the secret'
says out "  az keyvault secret restore --vault-name kv-ade-prod --file out1/$both.secret.blob" \
	'the az command for the secret'
says out 'secrets/restore' 'the permission it needs'
says out "  Set-AzKeyVaultSecret -VaultName 'kv-ade-prod' -Name 'B3284AAA-DAAA-4AAA-B393-60CAA848AAAA'" \
	'the command that sets the secret from SecretData'
for tag in FileName EncryptionKeyURL EncryptionAlgorithm; do
	says out "DiskEncryptionKey$tag" "the tag DiskEncryptionKey$tag"
done
! grep -qw 'DES\|Orchestrator' out
ok $? 'nothing of what only a Confidential VM needs'

run extract --json -d out2 $both.json
expect 0 '--json'
matches out '.[0] | .status == "ok" and .input.document == "ade" and
	.key.name == "ade-kek" and .key.vault == "kv-ade-prod" and
	.key.url_pointer == "/OsDiskKeyAndSecretDetails/KeyUrl" and
	.backup.format == "key-vault-key" and .backup.structure == "ok" and
	.backup.pointer == "/OsDiskKeyAndSecretDetails/KeyBackupData" and
	.cross_check == "agreed" and .blob.path == "odd-ade-all-members.blob"' \
	'the record of the key'
matches out '.[1] | .status == "ok" and .input.document == "ade" and
	([.key[], .des[]] | all(. == null)) and
	.backup.format == "key-vault-secret" and .backup.structure == "ok" and
	.backup.pointer == "/OsDiskKeyAndSecretDetails/KeyVaultSecretBackupData" and
	.cross_check == "agreed" and
	.blob.path == "odd-ade-all-members.secret.blob"' 'the record of the secret'
matches out '.[0].secret == .[1].secret and .[1].secret == {
	url: "https://kv-ade-prod.vault.azure.net/secrets/B3284AAA-DAAA-4AAA-B393-60CAA848AAAA/fedcba9876543210fedcba9876543210",
	url_pointer: "/OsDiskKeyAndSecretDetails/SecretUrl",
	name: "B3284AAA-DAAA-4AAA-B393-60CAA848AAAA",
	version: "fedcba9876543210fedcba9876543210", vault: "kv-ade-prod",
	cloud: "public"}' 'both name the secret'
matches out '.[0].input == .[1].input and .[0].fields == .[1].fields and
	(.[0].fields | map(.pointer | sub(".*/"; ""))) == ["KeyUrl", "SecretUrl"]' \
	'fields hold no key data and no secret'
matches out '.[2] | .inputs == 1 and .ok == 1 and .blobs == 2' \
	'the summary counts one input and two blobs'
equal "$(jq -r 'select(.blob) | .blob.sha256 + "  out2/" + .blob.path' out |
	sha256sum -c --quiet 2>&1)" '' 'the hashes are those of the files'
at=$(grep -obF "$hush" $both.json | cut -d: -f1)
matches out ".[:2] | all(.[]; .findings == [{id: \"config.secret-data\",
	severity: \"note\", pointer: \"/OsDiskKeyAndSecretDetails/SecretData\",
	offset: $at, line: 6, column: 20, text: .findings[0].text}] and
	(.findings[0].text | contains(\"${#hush} characters\")))" \
	'SecretData is named by place and length'

# ---- one of the two ----------------------------------------------------------

run extract --json -d out3 odd-ade-kek.json good-ade-bek.json good-ade-kek.json
expect 0 'with a KEK, and without'
same out3/odd-ade-kek.blob odd-ade-kek.key 'a key backup alone'
same out3/good-ade-bek.secret.blob good-ade-bek.secret 'a secret backup alone'
equal "$(find out3 -type f | wc -l)" 3 'one blob each'
matches out 'length == 4 and (.[:3] | map(.findings | map(.id))) ==
	[["config.secret-data"], [], []]' \
	'one record each; what is null or empty is not worth a word'
run show good-ade-bek.json
lacks out 'Restore-AzKeyVaultKey' 'without a key no command restores one'
lacks out 'the key comes first' 'nor does it come first'
run show good-ade-kek.json
says out 'this config does not hold the secret' 'a secret that is not there'
run show good-ade-both.json
says out 'then restore the secret: its backup is in this config, too' \
	'a secret that is only backed up'
lacks out Set-AzKeyVaultSecret 'is not set from SecretData'
run extract --strict -d out4 odd-ade-kek.json
expect 0 'SecretData is no reason to refuse, also with --strict'

# A bare secret backup, as extract has written it.
run show --json out3/good-ade-bek.secret.blob
matches out '.[0] | .status == "ok" and .input.document == "blob" and
	.backup.format == "key-vault-secret" and (has("secret") | not) and
	([.key[]] | all(. == null))' 'show describes a secret backup'
run show out3/good-ade-bek.secret.blob
says out "Restore-AzKeyVaultSecret -VaultName '<key vault>' -InputFile 'out3/good-ade-bek.secret.blob'" \
	'and says what restores it'

# ---- many --------------------------------------------------------------------

key=$(jq .OsDiskKeyAndSecretDetails.KeyBackupData $both.json)
secret=$(jq .OsDiskKeyAndSecretDetails.KeyVaultSecretBackupData $both.json)
cat >many.json <<EOF
{"Disks": [{"KeyVaultSecretBackupData": $secret, "SecretData": "$hush"},
  {"KeyVaultSecretBackupData": null, "KeyBackupData": $key}, $secret],
 "osdiskKEYandsecretdetails": {"KEYVAULTSECRETBACKUPDATA": $secret,
  "Inner": {"SecretData": ["$hush", {"x": "$hush"}], "a": 1},
  "keybackupdata": $key, "Secret\\u0044ata": "$hush\\n"}}
EOF
run extract --json -d many many.json
expect 0 'several of each'
matches out 'map(.blob.path? // empty) == ["many.secret.blob", "many.blob",
	"many.secret.2.blob", "many.secret.3.blob", "many.2.blob"]' \
	'in document order, keys and secrets counted on their own'
cp out many.out
same many/many.2.blob $both.key 'the second key backup'
same many/many.secret.3.blob $both.secret 'the third secret backup'
matches out '[.[:5][] | .findings | map(.id)] | unique ==
	[["config.secret-data", "config.secret-data"],
	["config.secret-data", "config.secret-data", "config.other-name"]]' \
	'each SecretData has its note; one backup is found by its looks'
matches out '.[0].fields | map(.value) == [1]' 'nothing inside SecretData is a field'
run extract -o one $both.json
expect 3 '-o takes one backup'
says err '[io.one-file]' 'and says so'
absent one 'and nothing is written'
run extract -o one odd-ade-kek.json
same one odd-ade-kek.key '-o with one backup'
run extract -q -o - good-ade-bek.json
same out good-ade-bek.secret '-o - with a secret'
run extract -d many many.json
expect 3 'names that are taken'
equal "$(grep -c '\[io.exists\]$' err)" 5 'each is said'
mkdir vm1
cp good-ade-bek.json vm1/c.json
run extract --parents -d parents vm1/c.json
same parents/vm1/c.secret.blob good-ade-bek.secret '--parents with a secret'

# A Confidential VM with data disks has one record and one blob each.
disks=good-data-disks
run extract --json -d disks "$samples/$disks.json"
matches out 'map(.blob.path? // empty) ==
	["good-data-disks.blob", "good-data-disks.2.blob"] and
	all(.[:2][]; (has("secret") | not) and .input.document == "cvm")' 'data disks'
jq -j '.DataDiskEncryptionDetails[0].KeyBackupData' "$samples/$disks.json" |
	base64 -d >disk.key
same disks/$disks.2.blob disk.key 'and each blob is its own'
printf '{"OsDiskEncryptionDetails": {"KeyBackupData": %s, "SecretData": "%s",
	"KeyVaultSecretBackupData": %s}, "x": [%s]}' "$key" "$hush" "$secret" \
	"$secret" >cvm.json
run extract --json -d cvm cvm.json
expect 1 'a secret among the backups of a Confidential VM'
matches out '.[0].status == "ok" and .[0].findings == [] and
	.[1].findings[-1].id == "blob.secret" and .[1].backup.pointer == "/x/0" and
	.[2].type == "summary"' 'is refused where it is found by its looks only'
equal "$(ls cvm)" cvm.blob 'and leaves no file'

# ---- what is wrong -----------------------------------------------------------

# details MEMBERS: a config with these.
details() {
	printf '{"OsDiskKeyAndSecretDetails": {%s}}\n' "$1"
}

# refused ID DESCRIPTION MEMBERS: the whole input, without a file.
refused() {
	details "$3" >wrong.json
	run extract --json -d wrong wrong.json
	[ ! -e wrong ] && exits 1 "$1" "$2"
	matches out ".[0] | .findings[-1].id == \"$1\" and .input.document == \"ade\"" \
		"$2: the record"
}

data="\"SecretData\": \"$hush\""
refused config.no-key-data 'no backup at all' "$data"
matches out '.[0].findings | map(.id) == ["config.secret-data", "config.no-key-data"]' \
	'SecretData is named all the same'
refused config.no-key-data 'both null' \
	'"KeyBackupData": null, "KeyVaultSecretBackupData": null'
refused config.no-key-data 'empty and blank' \
	'"KeyBackupData": "", "KeyVaultSecretBackupData": " \r\n"'
refused config.key-data-type 'an array' '"KeyVaultSecretBackupData": []'
refused config.key-data-type 'a number' '"KeyVaultSecretBackupData": 7'
says err 'KeyVaultSecretBackupData' 'the member is named'
refused blob.key 'a key for a secret' "\"KeyVaultSecretBackupData\": $key"
refused blob.secret 'a secret for a key' "\"KeyBackupData\": $secret"
refused b64.case-folded 'lower case' \
	"\"KeyVaultSecretBackupData\": $(printf %s "$secret" | tr '[:upper:]' '[:lower:]')"
refused json.duplicate-name 'a member twice' \
	"\"KeyVaultSecretBackupData\": $secret, \"keyvaultsecretbackupdata\": null"
printf '{"x": {"KeyVaultSecretBackupData": %s}, "y": [{"Z": {"KeyVaultSecretBackupData": %s},
	"z": {"keyvaultsecretbackupdata": ""}}], "OsDiskKeyAndSecretDetails": {}}' \
	"$secret" "$secret" >twice.json
for options in '' --no-cross-check; do
	rm -rf twice
	# shellcheck disable=SC2086
	run extract --json $options -d twice twice.json
	exits 1 json.duplicate-name "a path that leads to two values $options"
	matches out '.[0].status == "ok" and .[1].status == "refused" and
		.[1].backup.pointer == "/y/0/Z/KeyVaultSecretBackupData"' \
		"only that backup is refused $options"
	equal "$(ls twice)" twice.secret.blob "and has no file $options"
done
details "$data, \"Secretdata\": \"x\", \"KeyBackupData\": $key" >wrong.json
run show wrong.json
exits 1 json.duplicate-name 'SecretData twice'
lacks err "$hush" 'and its text is not in the message'

# One of two is refused: the other is written.
details "\"KeyBackupData\": $key, \"KeyVaultSecretBackupData\": $key, $data" >half.json
run extract --json -d half half.json
exits 1 blob.key 'a key in both places'
matches out '.[0].status == "ok" and .[1].status == "refused"' \
	'the first record is good'
equal "$(ls half)" half.blob 'and its blob is written'

# Base64 is judged as that of a key.
wrapped=$(printf %s "$secret" | sed 's/^"\(....\)/"\1\\r\\n/')
details "\"KeyVaultSecretBackupData\": $wrapped" >c.json
run extract --json -d wrapped c.json
expect 0 'white space in a secret backup'
same wrapped/c.secret.blob $both.secret 'is ignored'
matches out '.[0].findings | map(.id) == ["b64.whitespace"]' 'with a warning'
run extract --strict -d strict c.json
exits 1 b64.whitespace '--strict'
details "\"KeyVaultSecretBackupData\": \"$(printf %s "$secret" | tr -d '"=')\"" >c.json
run extract --json -d unpadded c.json
expect 0 'a secret backup without its padding'
same unpadded/c.secret.blob $both.secret 'is taken when it is whole'
matches out '.[0].findings | map(.id) == ["b64.unpadded"]' 'with a warning'
details '"KeyVaultSecretBackupData": "aGVsbG8gd29ybGQ="' >c.json
run extract -d unknown c.json
exits 1 blob.unknown-format 'another thing'
run extract --allow-unknown-format -d unknown c.json
expect 0 '--allow-unknown-format'
equal "$(cat unknown/c.secret.blob)" 'hello world' 'has the name of a secret'
{ cat $both.secret && echo; } | base64 | tr -d '\n' >c.txt
details "\"KeyVaultSecretBackupData\": \"$(cat c.txt)\"" >c.json
run extract -d trailing c.json
exits 1 blob.trailing 'a byte after the end of a secret backup'

# ---- the secret is nowhere ---------------------------------------------------

for options in '' --json -v '--json --strict' --no-cross-check; do
	for command in show 'extract --force -d hush'; do
		# shellcheck disable=SC2086
		run $command $options odd-ade-all-members.json odd-ade-kek.json \
			many.json half.json wrong.json cvm.json
		cat out err >>everything
	done
done
[ -s everything ] && [ -n "$(ls hush)" ]
ok $? 'there is something to look through'
lacks everything "$hush" 'SecretData stands in no report and no message'
# nor a good part of it
lacks everything no-wrapped 'nor does a part of it'
! grep -rqF "$hush" out1 out2 out3 out4 many half cvm hush disks
ok $? 'nor in a file that was written'
lacks everything "$(printf %s "$secret" | cut -c 100-160)" \
	'nor does key data stand in a report'

done_testing
