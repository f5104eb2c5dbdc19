# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The scripts of 'runbook': the right steps with the right values, scripts that a
# shell takes, and no text of evidence or of --set that becomes a command. Those
# for bash are run, with an az that writes down its arguments.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

command -v bash >/dev/null || skip_all 'bash is missing'

vault=good-vault-key.json
hsm=$(cd "$samples" && grep -l 'managedhsm\.azure' good-*.json | head -n 1)
guid=11111111-2222-3333-4444-555555555555
version=0123456789abcdef0123456789abcdef
cp "$samples"/good-*.json "$samples"/export-* .

# ---- a connected side that writes down what it is asked -----------------------

mkdir bin
cat >bin/az <<'EOF'
#!/bin/sh
n=$(($(cat "$LOG/n") + 1))
echo "$n" >"$LOG/n"
printf '%s\0' "$@" >"$LOG/$n"
case $* in
*enableRbacAuthorization*) echo "${RBAC-true}" ;;
'keyvault show '*) echo "/subscriptions/s/providers/$STORE" ;;
'keyvault key list '*) echo "${TAKEN-}" ;;
*'--query key.kid '*) echo "https://$STORE.example/keys/${RESTORED-$KEY}/$VERSION" ;;
'storage blob download '*)
	while [ "$1" != --file ]; do shift; done
	cp "$CONFIG" "$2"
	;;
'disk-encryption-set show '*principalId*) echo the-principal ;;
'disk-encryption-set show '*) echo /the/des ;;
'ad sp show '*) echo the-service ;;
'backup job show '*) printf '%s\n' "$ANSWER" ;;
esac
EOF
printf '#!/bin/sh\n' >bin/sleep
chmod +x bin/az bin/sleep
VERSION=$version
export VERSION

# play: runs ./script; $status, what it said in out and err, its calls in log/.
play() {
	rm -rf log
	mkdir log
	echo 0 >log/n
	status=0
	LOG=$work/log PATH=$work/bin:$PATH bash ./script >out 2>err </dev/null || status=$?
}

# called DESCRIPTION WORD...: az was called with exactly these words.
called() {
	description=$1
	shift
	printf '%s\0' "$@" >wanted
	found=1
	for call in log/*; do ! cmp -s "$call" wanted || found=0; done
	[ "$found" -eq 0 ] || for call in log/*; do tr '\0' ' ' <"$call"; done >out
	ok $found "$description"
}

# writes DESCRIPTION ARGUMENT...: runbook prints a script, into ./script.
writes() {
	description=$1
	shift
	run runbook "$@"
	cp out script
	[ "$status" -eq 0 ] && [ ! -s err ] && [ -s script ] &&
		! LC_ALL=C grep -q '[^ -~]' script
	ok $? "$description: an ASCII script"
}

# parses DESCRIPTION: bash takes ./script.
parses() {
	bash -n script >out 2>err
	ok $? "$1: bash parses it"
}

# clean DESCRIPTION: and shellcheck has nothing to say of it.
clean() {
	parses "$1"
	if command -v shellcheck >/dev/null; then
		shellcheck script >out 2>err
		ok $? "$1: shellcheck has nothing to say"
	else
		skip "$1: shellcheck has nothing to say" 'shellcheck is missing'
	fi
}

# steps TITLE...: the steps of ./script are these, in this order.
steps() {
	sed -n 's/^# ---- [0-9]*\. \(.*\) ----$/\1/p' script >got
	printf '%s\n' "$@" >wanted
	diff wanted got >out
	ok $? "steps: $(tr '\n' ';' <wanted)"
}

# quoted: the values of ./script, for PowerShell, are each one string in single
# quotes.
quoted() {
	sed -n '/^.ErrorActionPreference/,/^# ---- 1\./p' script |
		sed '1d; $d; /^foreach/,/^}$/d' |
		grep -vE "^(#.*|\\\$[A-Za-z0-9]+ = '([^']|'')*')?\$" >out
	[ ! -s out ]
	ok $? "$1: each value is one quoted string"
}

# harmless DESCRIPTION: no text became a command.
harmless() {
	[ -z "$(find . -name 'pwned*')" ]
	ok $? "$1: nothing broke out"
}

# all_set ARGUMENT...: runs writes with all values that are placeholders else.
all_set() {
	writes "$@" --set=subscription=$guid --set=recovery-group=rg-b \
		--set=recovery-vault=rsv --set=job=$guid --set=account-group=rg-s \
		--set=des=des-new --set=des-group=rg-des --set=location=westeurope \
		--set=vm=vm-1 --set=point=123 --set=target-group=rg-t \
		--set=expires=2027-12-31T00:00:00Z
}

"$cvmkey" extract "$vault" "$hsm" >/dev/null
KEY=cvm-os-key
export KEY

# ---- the whole procedure ------------------------------------------------------

for shell in az powershell; do
	writes "vault, $shell" --shell=$shell --job=export-job.json "$vault"
	steps 'The subscription' 'The failed job' 'The config once more, as a check' \
		'The key backup arrived unchanged' 'The key vault' 'Restore the key' \
		'The version that the disk was encrypted with' \
		'A new disk encryption set on it' 'Permissions in the key vault' \
		'Restore again, naming the disk encryption set'
	for value in stagingsa rsv-prod rg-backup secured-encryption-info.json \
		$version kv-cvm-prod cvm-os-key good-vault-key.blob rg-cvm-prod \
		"$(sha256sum <good-vault-key.blob | cut -c 1-64)" \
		262044b1-e2ce-469f-a196-69ab7ada62d3; do
		says script "$value" "vault, $shell: holds $value"
	done
	writes "HSM, $shell" --shell=$shell "$hsm"
	says script 'The Managed HSM' "HSM, $shell: restores into a Managed HSM"
	says script 'Permissions in the Managed HSM' "HSM, $shell: and its local roles"
	lacks script 'Key Vault Crypto' "HSM, $shell: and no roles of a vault"
	says script "$(sha256sum <"${hsm%.json}.blob" | cut -c 1-64)" \
		"HSM, $shell: the SHA-256 of the blob"
done
run runbook "$vault"
cp out script
grep -q '^.ErrorActionPreference' script
ok $? 'PowerShell is the default'
quoted 'default'
writes 'vault' --shell=az --job=export-job.json "$vault"
clean 'vault'
play
expect 2 'a script with placeholders stops'
equal "$(cat log/n)" 0 'before it asks anything'
says err 'still to be filled in: <des>' 'and says which one'

CONFIG=$vault STORE=kv-cvm-prod
export CONFIG STORE
all_set 'vault, all set' --shell=az --job=export-job.json "$vault"
lacks script "'<" 'no placeholder is left'
clean 'vault, all set'
play
expect 0 'vault: it runs'
called 'downloads' storage blob download --account-name stagingsa \
	--container-name cvm-prod-1-75aefd4b34c64dd39fdcd3db579783f2 \
	--name secured-encryption-info.json --file config-downloaded-again.json \
	--auth-mode login --output none
called 'restores the key' keyvault key restore --vault-name kv-cvm-prod \
	--file good-vault-key.blob --query key.kid --output tsv
called 'creates the DES' disk-encryption-set create --resource-group rg-des \
	--name des-new --location westeurope \
	--key-url https://kv-cvm-prod.example/keys/cvm-os-key/$version \
	--source-vault /subscriptions/s/providers/kv-cvm-prod \
	--mi-system-assigned true \
	--encryption-type ConfidentialVmEncryptedWithCustomerKey --output none
called 'gives the DES its role' role assignment create \
	--role 'Key Vault Crypto Service Encryption User' \
	--scope /subscriptions/s/providers/kv-cvm-prod/keys/cvm-os-key \
	--assignee-object-id the-principal \
	--assignee-principal-type ServicePrincipal --output none
called 'restores again, naming it' backup restore restore-disks \
	--resource-group rg-b --vault-name rsv --container-name vm-1 \
	--item-name vm-1 --rp-name 123 --storage-account stagingsa \
	--target-resource-group rg-t --cvm-os-des-id /the/des
RBAC=false
export RBAC
play
called 'or a permission, where the vault has policies' keyvault set-policy \
	--name kv-cvm-prod --object-id the-service --key-permissions get list backup \
	--output none
unset RBAC

# what must end it
TAKEN=https://kv-cvm-prod.example/keys/CVM-os-key
export TAKEN
play
expect 1 'a name that is taken ends the script'
! grep -lz '^restore$' log/* >out
ok $? 'before the key is restored'
unset TAKEN
RESTORED=other
export RESTORED
play
expect 1 'another key than the one expected ends it'
unset RESTORED
printf x >>good-vault-key.blob
play
expect 1 'a blob that changed ends it'
"$cvmkey" extract -f "$vault" >/dev/null
CONFIG=export-des.json
play
expect 1 'another config ends it'

KEY=$("$cvmkey" show --json "$hsm" | jq -r 'select(.type == "show") | .key.name')
VERSION=$("$cvmkey" show --json "$hsm" | jq -r 'select(.type == "show") | .key.version')
CONFIG=$hsm
STORE=$("$cvmkey" show --json "$hsm" | jq -r 'select(.type == "show") | .key.vault')
ANSWER='answered'
export ANSWER
all_set 'HSM, all set' --shell=az "$hsm"
clean 'HSM'
play
expect 0 'HSM: it runs'
called 'HSM: restores the key' keyvault key restore --hsm-name "$STORE" \
	--file "${hsm%.json}.blob" --query key.kid --output tsv
called 'HSM: gives a local role' keyvault role assignment create \
	--hsm-name "$STORE" --role 'Managed HSM Crypto Service Release User' \
	--assignee-object-id the-service --assignee-principal-type ServicePrincipal \
	--scope "/keys/$KEY" --output none

# ---- other remedies -----------------------------------------------------------

KEY=cvm-os-key VERSION=$version STORE=kv-cvm-prod CONFIG=$vault
all_set 'soft-deleted' --shell=az --des=export-des.json --keys=export-keys.json \
	--deleted-keys=export-deleted.json --tier=vault --at=2026-02-01 "$vault"
steps 'The subscription' 'The failed job' 'The key vault' \
	'Recover the soft-deleted key' \
	'Restore again, with the disk encryption set it had'
clean 'soft-deleted'
play
expect 0 'soft-deleted: it runs'
called 'recovers' keyvault key recover --vault-name kv-cvm-prod \
	--name cvm-os-key --output none

key='{"kid":"https://kv-cvm-prod.vault.azure.net/keys/cvm-os-key/'$version'",
	"name":"cvm-os-key","attributes":'
printf '[%s{"enabled":false}}]\n' "$key" >disabled
printf '[%s{"enabled":true,"expires":"2026-01-01T00:00:00Z"}}]\n' "$key" >expired
printf '[%s{"enabled":true,"expires":null}}]\n' "$key" >usable
echo '[]' >none
jq '.[0]' export-des.json >one-des
set -- --shell=az --tier=vault --at=2026-02-01
all_set 'disabled' "$@" --des=export-des.json --keys=disabled "$vault"
steps 'The subscription' 'The failed job' 'The key vault' 'Enable the key version' \
	'Restore again, with the disk encryption set it had'
clean 'disabled'
play
called 'enables' keyvault key set-attributes --vault-name kv-cvm-prod \
	--name cvm-os-key --version $version --enabled true --output none
all_set 'expired' "$@" --des=export-des.json --keys=expired "$vault"
steps 'The subscription' 'The failed job' 'The key vault' \
	'Move the expiry of the key version' \
	'Restore again, with the disk encryption set it had'
clean 'expired'
play
called 'extends' keyvault key set-attributes --vault-name kv-cvm-prod \
	--name cvm-os-key --version $version --expires 2027-12-31T00:00:00Z \
	--output none
all_set 'no DES' "$@" --des=none --keys=usable "$vault"
steps 'The subscription' 'The failed job' 'The key vault' 'The key is there' \
	'The version that the disk was encrypted with' \
	'A new disk encryption set on it' 'Permissions in the key vault' \
	'Restore again, naming the disk encryption set'
clean 'no DES'
all_set 'nothing wrong' "$@" --des=export-des.json --keys=usable "$vault"
steps 'The subscription' 'The failed job' \
	'Restore again, with the disk encryption set it had'
clean 'nothing wrong'
writes 'a DES to be named' "$@" --input-des=one-des --keys=usable "$vault"
steps 'The subscription' 'The failed job' 'The disk encryption set' \
	'Restore again, naming the disk encryption set'
clean 'a DES to be named'
says script "des='des-cvm-prod'" 'it is that one'
jq '.properties.accessPolicies |= map(.permissions.keys = []) |
	.properties.enableRbacAuthorization = false' export-vault.json >no-rights
all_set 'permissions' "$@" --des=export-des.json --keys=usable --vault=no-rights \
	"$vault"
steps 'The subscription' 'The failed job' 'The key vault' 'The key is there' \
	'The version that the disk was encrypted with' 'The disk encryption set' \
	'Permissions in the key vault' \
	'Restore again, with the disk encryption set it had'
clean 'permissions'
play
expect 0 'permissions: it runs'
new=fedcba9876543210fedcba9876543210
jq '.[0].encryptionType = "EncryptionAtRestWithCustomerKey"' export-des.json >wrong-type
all_set 'wrong type' "$@" --des=wrong-type --keys=usable "$vault"
steps 'The subscription' 'The failed job' 'The key vault' 'The key is there' \
	'The version that the disk was encrypted with' \
	'A new disk encryption set on it' 'Permissions in the key vault' \
	'Restore again, naming the disk encryption set'
clean 'wrong type'
says script "des='des-new'" 'wrong type: the DES is a new one'
jq --arg v $new '.[0].activeKey.keyUrl |= sub("[^/]*$"; $v)' export-des.json >rotated
sed "s/$version/$new/" disabled | jq --slurpfile u usable '. + $u[0]' >new-disabled
all_set 'active key disabled' "$@" --des=rotated --keys=new-disabled "$vault"
steps 'The subscription' 'The failed job' 'The key vault' 'Enable the key version' \
	'Restore again, with the disk encryption set it had'
says script "version='$new'" 'the version to enable is the active one'
jq '.[0]' rotated >named
jq '.id |= sub("prod$"; "new") | .activeKey.keyUrl |= sub("cvm-os-key"; "next")' \
	named >another
all_set 'snapshot' --shell=az --tier=snapshot --at=2026-02-01 --input-des=another \
	--des=export-des.json "$vault"
steps 'The subscription' 'The failed job' 'The disk encryption set' \
	'Restore again, naming the disk encryption set'
says script '# Take a recovery point that has a vault tier.' 'snapshot: says so'
# a list of the vault's keys, without the original one
sed "s/cvm-os-key/next/" usable | jq 'map(.kid |= sub("/[^/]*$"; ""))' >others
all_set 'mismatch' "$@" --input-des=another --keys=others --deleted-keys=none "$vault"
says script 'Restore the key' 'mismatch: the key is restored'
says script '# If another vault still has the original key' 'mismatch: or another vault has it'
clean 'mismatch'
writes 'US Government' --shell=az good-cloud-usgov.json
says script ff281ffe-705c-4f53-9f37-a40e6f2c68f3 'the application there'
writes 'China' --shell=az good-cloud-china.json
says script "backup_app='<backup-app>'" 'none is published for China'
writes 'no key' --shell=az good-key-data-only.json
says script "store='<store>'" 'a key without URL: the vault is open'
says script "version=''" 'and the version is found out'
says script 'Facts are missing' 'and says what is missing'
clean 'no key'
writes 'another vault' "$@" --des=none --keys=none --vault=export-vault-new.json "$vault"
says script "store='kv-cvm-new'" 'restores into the vault that was exported'

# ---- hostile text -------------------------------------------------------------

quote="it's"
apostrophe=$(printf '\342\200\231')
marks=$(printf '\342\200\234')
line=$(printf 'x\ntouch pwned-line')
# shellcheck disable=SC2016 # not to be expanded, that is the point
{
	dollar='a$(touch pwned-1)'
	tick='a`touch pwned-2`'
	ends="a'; touch pwned-3; '"
	double='a"; touch pwned-4; "'
}

# a value of --set that is not of its syntax ends it, with nothing printed
for name in subscription recovery-group recovery-vault job account account-group \
	container config-sha256 blob-sha256 store key version expires des-group des \
	location backup-app vm point target-group; do
	for value in '' "$quote" "$dollar" "$tick" "$ends" "$double" "$line" \
		"a$apostrophe" "$marks" -x; do
		run runbook --shell=az "--set=$name=$value" "$vault"
		[ "$status" -eq 2 ] && [ ! -s out ] &&
			[ "$(sed -n 1p err)" != '' ] && grep -q '\[usage\]$' err && plain err
		ok $? "--set=$name=$(printf %s "$value" | tr '\n' '^') is refused"
	done
done
for name in config-blob config-file blob-file; do
	for value in '' "$line" "a$apostrophe" "$marks" -x; do
		run runbook "--set=$name=$value" "$vault"
		[ "$status" -eq 2 ] && [ ! -s out ]
		ok $? "--set=$name=$(printf %s "$value" | tr '\n' '^') is refused"
	done
done

# one that is stays one word
n=0
for value in "$quote" "$dollar" "$tick" "$ends" "$double" "a\\" 'a\" b' '*' '~' \
	"\$HOME" '!x' '#' "''" 'a;b|c&d<e>f'; do
	n=$((n + 1))
	all_set "hostile $n" --shell=az --job=export-job.json \
		"--set=config-blob=$value" "--set=config-file=./$value" "$vault"
	parses "hostile $n"
	CONFIG=$vault
	play
	harmless "hostile $n"
	called "hostile $n: it arrives as it is" storage blob download \
		--account-name stagingsa \
		--container-name cvm-prod-1-75aefd4b34c64dd39fdcd3db579783f2 \
		--name "$value" --file "./$value" --auth-mode login --output none
	writes "hostile $n, PowerShell" "--set=config-blob=$value" "$vault"
	quoted "hostile $n, PowerShell"
	doubled=$(printf %s "$value" | sed "s/'/''/g")
	says script "\$ConfigBlob = '$doubled'" "hostile $n: quotes are doubled"
done

# the same in an export and in the name of the config
refused='recovery_?group|recovery_?vault|job|account|account_?group|container|vm'
refused="$refused|target_?group"
for value in "$quote" "$dollar" "$tick" "$ends" "$double" "$line" \
	"a$apostrophe" "$marks" "$(printf 'a\r\nb')" "$(printf 'a\342\200\250b')"; do
	n=$((n + 1))
	takes_name "$value.json" || {
		skip "export $n" 'the file system does not take the name'
		continue
	}
	jq --arg v "$value" '.name = $v |
		.id = "/subscriptions/\($v)/resourceGroups/\($v)/providers/" +
			"Microsoft.RecoveryServices/vaults/\($v)/backupJobs/\($v)" |
		.properties.extendedInfo.propertyBag = {
			"Target Storage Account Name": $v,
			"Config Blob Container Name": $v,
			"Secured Encryption Info Blob Name": $v,
			"Original VM Name": $v, "Target resource group": $v}' \
		export-job.json >hostile-job
	file=$value.json
	cp "$vault" "$file"
	"$cvmkey" extract -f "$file" >/dev/null
	for shell in az powershell; do
		writes "export $n, $shell" --shell=$shell --job=hostile-job "$file"
		grep -iE "^.?($refused) ?= ?" script >assigned
		# only PowerShell needs the group of the account
		wanted=7
		[ "$shell" = az ] || wanted=8
		[ "$(wc -l <assigned)" -eq "$wanted" ]
		ok $? "export $n, $shell: all are there"
		grep -vE "= ?'(<[a-z-]*>)?'\$" assigned >out
		[ ! -s out ]
		ok $? "export $n, $shell: and none has a value"
		[ "$shell" = az ] || quoted "export $n"
	done
	ANSWER=$value
	all_set "export $n" --shell=az --job=hostile-job "$file"
	parses "export $n"
	rm -f -- "$file"
	# the name is not printable: then the file is to be named
	if grep -q "'<blob-file>'" script; then
		all_set "export $n" --shell=az --job=hostile-job \
			--set=blob-file=good-vault-key.blob "$vault"
	fi
	CONFIG=$vault
	play
	expect 0 "export $n: it runs"
	harmless "export $n"
	called "export $n: it arrives as it is" storage blob download \
		--account-name "$value" --container-name "$value" --name "$value" \
		--file config-downloaded-again.json --auth-mode login --output none
done

# ---- wrong usage, refused input -----------------------------------------------

usage_error runbook
usage_error runbook "$vault" "$vault"
usage_error runbook --shell "$vault"
usage_error runbook --shell=bash "$vault"
usage_error runbook --set=des "$vault"
usage_error runbook --set=DES=x "$vault"
usage_error runbook --set==x "$vault"
usage_error runbook --json "$vault"
run runbook export-des.json
[ "$status" -eq 1 ] && [ ! -s out ]
ok $? 'no script without a config'
run runbook --des="$vault" "$vault"
[ "$status" -eq 1 ] && [ ! -s out ]
ok $? 'no script with an export that is refused'
if [ -w /dev/full ]; then
	status=0
	"$cvmkey" runbook "$vault" >/dev/full 2>err || status=$?
	: >out
	exits 3 io.stdout 'a script to a full disk'
fi
run runbook "$vault"
cp out once
run runbook "$vault"
same out once 'the same script each time'
run runbook --shell=az good-vault-key.blob
cp out script
expect 0 'a .blob serves as well'
lacks script 'The config once more' 'without a config to download'
says script "blob_file='good-vault-key.blob'" 'and is the key backup itself'

# memory that runs out leaves the whole script, or none and exit 3
if ! preload shim.so "$srcdir/tests/fault/failmalloc.c"; then
	skip 'memory runs out' "$why_not"
else
	set -- --des=export-des.json --keys=export-keys.json \
		--deleted-keys=export-deleted.json --tier=vault --at=2026-02-01 \
		--set=job=$guid "$vault"
	run runbook "$@"
	cp out once
	wrong=
	n=0
	while :; do
		n=$((n + 1))
		rm -f failed
		status=0
		FAIL_AT=$n FAIL_ON=0 FAIL_LOG=failed LD_PRELOAD=$work/shim.so \
			"$cvmkey" runbook "$@" >out 2>err </dev/null || status=$?
		[ -s failed ] || break
		case $status in
		0) cmp -s out once || wrong="$wrong $n" ;;
		3) [ ! -s out ] && grep -q '^cvmkey: error: ' err || wrong="$wrong $n" ;;
		*) wrong="$wrong $n($status)" ;;
		esac
	done
	[ -z "$wrong" ] && [ "$n" -gt 20 ]
	ok $? "each of $((n - 1)) requests for memory:${wrong:- right}"
fi

# every name stands in the manual
sed -n 's/^    \[CVK_BOOK_[A-Z0-9_]*\] = {"\([a-z0-9-]*\)".*/\1/p' \
	"$srcdir/src/restore/runbook.c" | sort >names
sed -n 's/^\.It Li \(.*\)/\1/p' "$srcdir/man/cvmkey-runbook.1" | tr -d ' ' |
	tr ',' '\n' | sort >described
[ -s names ] && diff names described >out
ok $? 'the manual says what each value is'

done_testing
