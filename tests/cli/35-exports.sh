# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What diagnose takes for an export, what it says of exports and statements
# that disagree, of jobs, tiers, permissions and targets, and what it refuses.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

config=$samples/good-vault-key.json
bare=$samples/good-key-data-only.json
cp "$samples"/export-* .
group=/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-cvm-prod
des=$group/providers/Microsoft.Compute/diskEncryptionSets
key_url=https://kv-cvm-prod.vault.azure.net/keys/cvm-os-key/0123456789abcdef0123456789abcdef
other_url=https://kv-cvm-prod.vault.azure.net/keys/cvm-os-key/fedcba9876543210fedcba9876543210

# judged ARGUMENT...: as JSON, at a time at which the samples make sense.
judged() {
	run diagnose --json --at=2026-03-01 "$@"
}

# finds ID SEVERITY DESCRIPTION: the judgement has such a finding.
finds() {
	matches out "length == 2 and .[0].status == \"ok\" and any(.[0].findings[];
		.id == \"$1\" and .severity == \"$2\")" "$3: $2 $1"
}

# ends SCENARIO OUTCOME CODE DESCRIPTION; null is no code.
ends() {
	matches out ".[0] | .scenario == \"$1\" and .outcome == \"$2\" and
		.error_code == $3" "$4: $1 $2"
}

# ---- recognition --------------------------------------------------------------

while read -r file kind entries; do
	judged --vm="$file" "$config"
	matches out ".[0].exports == [{path: \"$file\", option: \"--vm\", kind: \"$kind\",
		entries: $entries}]" "$file is $kind, whatever the option"
done <<'EOT'
export-des.json disk-encryption-sets 2
export-des-rest.json disk-encryption-sets 2
export-des-ps.json disk-encryption-sets 2
export-des-new.json disk-encryption-sets 1
export-versions.json keys 2
export-versions-rest.json keys 1
export-versions-ps.json keys 1
export-keys-new.json keys 1
export-deleted.json deleted-keys 1
export-deleted-rest.json deleted-keys 1
export-deleted-ps.json deleted-keys 1
export-vault.json vaults 1
export-hsm.json vaults 1
export-vm.json disks 1
export-disk-ps.json disks 1
export-job.json jobs 1
export-job-ps.json jobs 1
export-point.json recovery-points 1
export-request.json restore-request 1
export-empty.json empty-list 0
EOT

# ---- refused ------------------------------------------------------------------

# refuses ID FILE DESCRIPTION: given as --keys, with a hint that fits.
refuses() {
	judged --keys="$2" "$config"
	exits 1 "$1" "$3"
	matches out "length == 2 and .[0].status == \"refused\" and .[0].outcome == null and
		.[0].findings[-1].id == \"$1\" and .[1].refused == 1 and .[1].ok == 1" \
		"$3: nothing is judged"
	[ "$(grep -c '^cvmkey: hint: ' err)" -eq 1 ]
	ok $? "$3: one hint"
	lacks err 'Secured Encryption Info' "$3: no hint on the config"
}

: >empty
refuses input.empty empty 'an empty file'
printf ' \r\n' >blank
refuses input.empty blank 'a blank file'
head -c 100 export-des.json >cut.json
refuses json.truncated cut.json 'an export that was cut'
printf '[1,]' >comma
refuses json.trailing-comma comma 'no JSON'
printf '[] []' >twice
refuses json.trailing twice 'two documents'
printf '{"kid":"a\\u0000b"}' >zero
refuses json.nul zero 'U+0000 in a string'
printf '{"error":{"code":"Forbidden","message":"no"}}' >error
refuses export.error error 'an error of the service'
printf '{"a":1}' >other
refuses export.unknown other 'another JSON'
printf '[7]' >numbers
refuses export.unknown numbers 'a list of numbers'
printf '7' >number
refuses export.unknown number 'a number'
refuses export.config "$config" 'a config'
refuses export.config "$samples/good-ade-kek.json" 'a config of the other kind'
jq -s '[.[0], .[1][0]]' export-vault.json export-des.json >mixed
refuses export.mixed mixed 'a list of different things'
jq '.[0].id = "des-1"' export-des.json >bad-id
refuses export.value bad-id 'a DES with another id'
jq '.[0].activeKey.keyUrl = "https://example.com/keys/a"' export-des.json >bad-url
refuses export.value bad-url 'a DES with another URL'
jq '.[0].attributes.expires = "1/28/2026 10:11:12 AM"' export-versions.json >bad-time
refuses export.value bad-time 'a time as one country writes it'
jq -c '.[0]' export-des.json | sed 's/^{/{"ID":"x",/' >two-ids
refuses json.duplicate-name two-ids 'two names that differ in case'
printf '<!DOCTYPE html><html></html>' >page
refuses kind.html page 'a web page'
judged --keys=missing "$config"
exits 3 io.open 'a file that is not there'
mkdir dir
judged --keys=dir "$config"
exits 3 io.directory 'a directory'
tar -cf a.tar export-des.json
judged --keys=a.tar "$config"
exits 1 input.archive 'an archive'
judged --input-des=export-des.json "$config"
exits 1 export.input-des 'two DES to be named'
judged --input-des=export-vm.json "$config"
exits 1 export.input-des 'a VM to be named'
judged --keys=cut.json --des=empty "$config"
expect 1 'two exports are refused'
[ "$(grep -c '^cvmkey: error: ' err)" -eq 2 ]
ok $? 'each has its message'
judged --des=export-des.json "$samples/bad-b64-alphabet.json"
exits 1 b64.alphabet 'a config that is refused'
judged "$samples/good-ade-kek.json"
exits 1 config.not-confidential-vm 'a config of Azure Disk Encryption'
mkdir two && cp "$config" two/a.json && cp "$config" two/b.json
judged two
exits 1 case.configs 'a folder of configs'
mkdir one && cp "$config" one/a.json
judged one
expect 0 'a folder of one config'
judged --des=export-des.json dir
exits 1 input.none 'a folder of none'

# ---- where it stands ----------------------------------------------------------

gzip -c export-versions.json >versions.gz
run diagnose --json --at=2026-03-01 --keys=- --des=export-des.json "$config" <versions.gz
judged --des=export-des.json --keys=versions.gz --tier=vault "$config"
ends original-intact succeeds null 'gzip'
"$cvmkey" diagnose --json --at=2026-03-01 --des=export-des.json --keys=- --tier=vault \
	"$config" >out 2>err <export-versions.json
ends original-intact succeeds null 'an export from standard input'
"$cvmkey" diagnose --json --at=2026-03-01 --des=export-des.json \
	--keys=export-versions.json --tier=vault - >out 2>err <"$config"
ends original-intact succeeds null 'the config from standard input'
matches out '.[0] | .at == "2026-03-01T00:00:00.000000000Z" and any(.because[];
	.source == "export-versions.json" and .pointer == "/0/kid")' 'a fact has its place'
judged --des=export-des.json --keys=export-versions.json --tier=vault \
	"$samples/good-vault-key.blob"
ends undetermined undetermined null 'a blob names no key'
judged --des=export-des.json --keys=export-versions.json --tier=vault \
	--key-url=$key_url --des-id=$des/des-cvm-prod "$samples/good-vault-key.blob"
ends original-intact succeeds null 'a blob, key and DES stated'
cp export-des.json "$(printf 'a\033b')"
judged --des="$(printf 'a\033b')" "$config"
matches out '.[0].exports[0].path_base64 == "YRti"' 'a name that has to be escaped'
run diagnose --des="$(printf 'a\033b')" "$config"
shows_plain 'the report can be shown'
run diagnose -q "$config"
silent out 'quiet: no report'
expect 0 'quiet'

# ---- what the operator states -------------------------------------------------

judged --tier=vault --keys=export-versions.json --des=export-des.json "$bare"
matches out '.[0] | .outcome == "undetermined" and
	any(.missing[]; startswith("--key-url=URL with the version")) and
	any(.missing[]; startswith("az vm show"))' 'key and DES are missing'
judged --key-url=$key_url --vm=export-vm.json --tier=vault \
	--keys=export-versions.json --des=export-des.json "$bare"
ends original-intact succeeds null 'the DES of the VM'
matches out '.[0] | any(.because[]; (.fact | contains("(stated by the operator, --key-url)")) and
	.source == null) and any(.because[]; (.fact | contains("(taken from --vm)")) and
	.source == "export-vm.json" and (.pointer | endswith("/diskEncryptionSet/id")))' \
	'where key and DES are from'
judged --key-url=$key_url --vm=export-disk-ps.json --tier=vault \
	--keys=export-versions.json --des=export-des.json "$bare"
ends original-intact succeeds null 'the DES of the disk'
jq '.[0]' export-des.json >only-des
judged --key-url=$key_url --tier=vault --keys=export-versions.json --des=only-des "$bare"
ends original-intact succeeds null 'the only DES'
matches out '.[0] | any(.because[]; .fact | contains("(taken from --des)"))' \
	'the only DES is said to be that'
judged --key-url="${key_url%/*}" --des-id=$des/des-cvm-prod --tier=vault \
	--keys=export-versions.json --des=export-des.json "$bare"
ends undetermined undetermined null 'a key without its version'
judged --key-url=$other_url --tier=vault --keys=export-versions.json \
	--des=export-des.json "$config"
finds case.key-url warning 'another key is stated'
ends original-intact succeeds null 'the key of the config counts'
judged --des-id=$des/des-cvm-test --tier=vault --keys=export-versions.json \
	--des=export-des.json "$config"
finds case.des-id warning 'another DES is stated'
ends original-intact succeeds null 'the DES of the config counts'
jq ".storageProfile.osDisk.managedDisk.securityProfile.diskEncryptionSet.id = \"$des/x\"" \
	export-vm.json >other-vm
judged --vm=other-vm --tier=vault --keys=export-versions.json --des=export-des.json "$config"
finds case.des-id warning 'the VM has another DES'
judged --des=export-des.json --keys=export-versions.json "$samples/good-data-disks.json"
finds case.backups warning 'a config with several backups'

# ---- the tier -----------------------------------------------------------------

judged --job=export-point.json --des=export-des.json --keys=export-keys.json "$config"
ends key-deleted fails '"UserErrorDiskEncryptionSetKeyDoesNotExist"' 'the tier of the point'
matches out '.[0].tier == "vault"' 'only a valid tier counts'
judged --tier=snapshot --job=export-point.json --des=export-des.json \
	--keys=export-keys.json "$config"
finds case.tier warning 'a tier that contradicts the point'
ends key-deleted unsupported null 'the tier that is stated counts'
judged --tier=vault --job=export-point.json --des=export-des.json "$config"
lacks out case.tier 'a tier that the point has'
printf '{"RecoveryPointId":"1","RecoveryPointTime":"2026-01-01","RecoveryPointTier":"SnapshotAndVaultStandard"}' >point-ps
judged --job=point-ps "$config"
matches out '.[0].tier == "both"' 'a point of PowerShell'
judged --des=export-des.json --keys=export-keys.json "$config"
matches out '.[0] | .outcome == "undetermined" and .scenario == "key-deleted" and
	any(.because[]; .fact | contains("from the snapshot tier the restore is unsupported")) and
	any(.because[]; .fact | contains("from a vault tier the restore fails with")) and
	.missing == ["az backup recoverypoint show -g RG -v RSV -c CONTAINER -i ITEM -n RP, or --tier"]' \
	'both branches, and what settles it'

# ---- what disagrees -----------------------------------------------------------

judged --tier=vault --des=export-empty.json "$config"
finds case.empty-list warning 'an empty list of DES'
judged --tier=vault --des=export-des.json --keys=export-empty.json "$config"
finds case.empty-list warning 'an empty list of keys'
judged --tier=vault --des=export-des.json --keys=export-versions.json \
	--deleted-keys=export-deleted.json "$config"
finds case.contradiction warning 'a key that is live and deleted'
matches out '.[0].missing | length == 3 and all(endswith("(again, all of these together)"))' \
	'all exports again'
jq '.[0].previousKeys = [{"keyUrl": "x"}]' export-des.json >rotating
judged --tier=vault --des=rotating --keys=export-versions.json "$config"
finds case.rotation note 'a rotation'
jq '.[0].attributes.notBefore = "2027-01-01"' export-versions.json >later
judged --tier=vault --des=export-des.json --keys=later "$config"
finds case.not-before note 'a key that is not valid yet'
ends original-intact succeeds null 'a key that is not valid yet'

jq ".[0].activeKey.keyUrl = \"$other_url\"" export-des.json >rotated
jq ".activeKey.keyUrl = \"$other_url\"" export-des-new.json >input-rotated
judged --tier=vault --input-des=input-rotated --keys=export-versions.json "$config"
finds texts.input-des note '5a'
judged --tier=vault --des=rotated --keys=export-versions.json "$config"
finds texts.rotated note '5b'
matches out '.[0].remedy[1] | startswith("if refused, name the DES")' '5b has a second step'
judged --tier=snapshot --des=rotated --keys=export-versions.json "$config"
lacks out texts.rotated '5b is of the vault tier'
jq '.[0].attributes.enabled = false' export-versions.json >old-disabled
judged --tier=vault --des=rotated --keys=old-disabled "$config"
finds texts.unusable note '5c'
ends key-unusable fails null '5c: the strictest'
judged --tier=snapshot --input-des=export-des-new.json "$config"
finds texts.snapshot note '5d'
judged --tier=vault --des=export-empty.json --keys=export-keys.json "$config"
finds texts.both-gone note '5e'
jq '.[0].activeKey.keyUrl |= sub("kv-cvm-prod"; "kv-cvm-new")' export-des.json >moved
jq '[.kid = (.key.kid | sub("/[0-9a-f]*$"; "x")) | del(.key)]' export-keys-new.json >new-keys
judged --tier=vault --des=moved --keys=new-keys "$config"
finds texts.other-vault note '5f'

# ---- the job ------------------------------------------------------------------

for job in export-job.json export-job-ps.json; do
	judged --job=$job --tier=vault "$bare"
	ends key-deleted fails '"UserErrorDiskEncryptionSetKeyDoesNotExist"' "$job decides"
	matches out '.[0] | .missing != [] and any(.because[];
		.fact == "observed in the job at 2026-01-28 08:56:04 UTC: UserErrorDiskEncryptionSetKeyDoesNotExist")
		and any(.because[]; .fact == "the job left the config in storage account stagingsa, container cvm-prod-1-75aefd4b34c64dd39fdcd3db579783f2, as secured-encryption-info.json")' \
		"$job: what it shows"
done
judged --job=export-job.json --tier=vault --input-des=export-des-new.json "$config"
ends undetermined undetermined null 'a job says nothing of a DES to be named'
judged --job=export-job.json --tier=vault --des=export-empty.json "$config"
ends des-deleted fails '"UserErrorDiskEncryptionSetDoesNotExist"' 'exports win over a job'
finds case.job warning 'the job ended otherwise'
judged --job=export-job.json --tier=vault --des=export-des.json --keys=export-keys.json "$config"
lacks out case.job 'the job ended as predicted'
judged --job=export-job.json --tier=vault --des=export-des.json --keys=export-versions.json "$config"
finds case.job warning 'the key is back'
ends original-intact succeeds null 'the key is back'
while read -r code scenario; do
	sed "s/UserErrorDiskEncryptionSetKeyDoesNotExist/$code/" export-job.json >job
	judged --job=job "$bare"
	ends "$scenario" fails "\"$code\"" 'a job of each code'
done <<'EOT'
UserErrorDiskEncryptionSetDoesNotExist des-deleted
UserErrorInputDESKeyDoesNotMatchWithOriginalKey input-des-mismatch
UserErrorRestoreNotSupportedFromSnapshotTierRPForDifferentDES snapshot-different-des
UserErrorKeyVaultPermissionsNotConfiguredForCVMWithCMK permissions
EOT
sed 's/UserErrorDiskEncryptionSetKeyDoesNotExist/UserErrorOther/' export-job.json >job
judged --job=job "$bare"
ends undetermined undetermined null 'a job of another code'
printf '{"Target Storage Account Name":"sa","Config Blob Container Name":"c","Secured Encryption Info Blob Name":"b"}' >bag
judged --job=bag "$config"
matches out '.[0] | any(.because[]; .fact | contains("storage account sa, container c, as b"))' \
	'a property bag alone'

# ---- permissions --------------------------------------------------------------

# permits FILTER SCENARIO OUTCOME CODE DESCRIPTION: with this vault.
permits() {
	jq "$1" export-vault.json >vault
	judged --tier=vault --des=export-des.json --keys=export-versions.json --vault=vault "$config"
	ends "$2" "$3" "$4" "$5"
}
permits . original-intact succeeds null 'policies for all'
lacks out 'not checked: permissions' 'permissions were checked'
perm='"UserErrorKeyVaultPermissionsNotConfiguredForCVMWithCMK"'
permits '.properties.accessPolicies |= .[:1]' permissions fails "$perm" 'no policy for the backup'
permits '.properties.accessPolicies = []' permissions fails "$perm" 'no policy'
permits '.properties.accessPolicies |= .[1:]' permissions fails null 'no policy for the DES'
permits '.properties.accessPolicies[0].permissions.keys = ["all"]' original-intact succeeds null 'all'
permits '.properties.accessPolicies[0].permissions.keys = ["get","wrapKey"]' permissions fails null \
	'unwrapKey is missing'
permits '.properties.enableRbacAuthorization = true | .properties.accessPolicies = []' \
	original-intact succeeds null 'roles'
says out 'not checked: permissions on the vault: roles are in no export' 'roles are not checked'
permits 'del(.properties.accessPolicies)' original-intact succeeds null 'a vault without policies'
jq '.[0].identity = null' export-des.json >no-identity
judged --tier=vault --des=no-identity --keys=export-versions.json --vault=export-vault.json "$config"
says out 'not checked: permissions of the DES' 'a DES without identity'
judged --tier=vault --des=export-des.json --keys=export-versions.json "$config"
says out 'not checked: permissions on the vault: it was not exported' 'no vault'
jq '{VaultName: .name, ResourceId: .id, Location: .location, VaultUri: .properties.vaultUri,
	EnableRbacAuthorization: false, AccessPolicies: [.properties.accessPolicies[] |
	{ObjectId: .objectId, PermissionsToKeys: .permissions.keys}]}' export-vault.json >vault-ps
judged --tier=vault --des=export-des.json --keys=export-versions.json --vault=vault-ps "$config"
ends original-intact succeeds null 'policies of PowerShell'
jq '.AccessPolicies |= .[1:]' vault-ps >vault-ps-less
judged --tier=vault --des=export-des.json --keys=export-versions.json --vault=vault-ps-less "$config"
ends permissions fails null 'policies of PowerShell lack the DES'

# ---- the target ---------------------------------------------------------------

# target FILTER ARGUMENT...: the key is gone, and this is another vault.
target() {
	jq "$1" export-vault-new.json >target
	shift
	judged --tier=vault --des=export-des.json --keys=export-keys.json \
		--vault=export-vault.json --vault=target "$@" "$config"
	ends key-deleted fails '"UserErrorDiskEncryptionSetKeyDoesNotExist"' 'a target'
}
target .
lacks out target. 'a target that fits'
target '.id |= sub("11111111"; "21111111")'
finds target.refused error 'another subscription'
expect 0 'another subscription: judged all the same'
target . --keys=export-keys-new.json
finds target.refused error 'a name that is taken'
sed 's/kv-cvm-prod/kv-cvm-new/g' export-deleted.json >deleted-new
target . --deleted-keys=deleted-new
finds target.refused error 'a name that a soft-deleted key holds'
target '.location = "eastus"'
finds target.unknown warning 'another location'
judged --tier=vault --des=export-des.json --keys=export-keys.json --vault=export-hsm.json "$config"
finds target.refused error 'a Managed HSM'

# ---- remedies -----------------------------------------------------------------

judged --tier=vault --des=export-des.json --keys=export-keys.json "$config"
matches out '.[0].remedy | length == 5 and (.[0] | startswith("look whether")) and
	(.[1] | contains("az keyvault key restore --vault-name kv-cvm-prod --file BLOB"))' \
	'look for the deleted key first, then restore it'
judged --tier=vault --des=export-des.json --keys=export-keys.json --deleted-keys=export-empty.json "$config"
matches out '.[0].remedy | length == 4 and (.[0] | startswith("restore the key"))' \
	'the deleted keys were listed'
jq 'map(select(.kid | endswith("fedcba9876543210fedcba9876543210")))' export-versions.json >taken
judged --tier=vault --des=export-des.json --keys=taken "$config"
matches out '.[0].remedy[0] | contains("OTHER-VAULT")' 'the name is taken in the old vault'
judged --tier=snapshot --des=export-des.json --deleted-keys=export-deleted.json "$config"
matches out '.[0].remedy | length == 2 and (.[0] | contains("before 2026-04-20 09:30:00 UTC"))' \
	'recover before it is purged'
judged --tier=snapshot --input-des=export-des-new.json --des=export-des.json \
	--keys=export-versions.json "$config"
matches out '.[0].remedy | length == 2 and (.[1] | startswith("or restore from the snapshot"))' \
	'the DES of the backup still serves'
judged --tier=vault --des=moved --keys=new-keys --keys=export-versions.json "$config"
matches out '.[0].remedy[0] | contains("usable in kv-cvm-prod.vault.azure.net: point the DES")' \
	'another vault has the key'
judged --tier=vault "$samples/good-managed-hsm-key.json"
says out 'az keyvault key list-versions --hsm-name mhsm-cvm-prod --name' 'a Managed HSM is named as one'
run diagnose --tier=vault --at=2026-03-01 --des=export-des.json --keys=export-keys.json "$config"
expect 0 'as text'
sed -n 1p out | grep -q ': the restore fails with UserErrorDiskEncryptionSetKeyDoesNotExist$'
ok $? 'the outcome comes first'
grep -qx '                      az keyvault key list-deleted --vault-name kv-cvm-prod' out
ok $? 'a command stands alone on its line'

# ---- usage --------------------------------------------------------------------

usage_error diagnose
usage_error diagnose "$config" "$config"
usage_error diagnose ''
usage_error diagnose --tier=archive "$config"
usage_error diagnose --at=yesterday "$config"
usage_error diagnose --key-url=https://example.com/keys/a "$config"
usage_error diagnose --des-id=des-1 "$config"
usage_error diagnose --des-id=$group/providers/Microsoft.KeyVault/vaults/v "$config"
usage_error diagnose --des= "$config"
usage_error diagnose --keys=- --des=- "$config"
usage_error diagnose --keys=- -
usage_error diagnose --input-des=export-des-new.json --input-des=export-des-new.json "$config"
usage_error diagnose --output=x "$config"
if [ -c /dev/full ]; then
	status=0
	"$cvmkey" diagnose "$config" >/dev/full 2>err || status=$?
	: >out
	exits 3 io.stdout 'a report that cannot be written'
fi

done_testing
