# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The same report without writing anything, also for bare key backups.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

mkdir data here
cp "$samples"/good-* "$samples"/odd-* "$samples"/bad-* data
: >here/out
: >here/err

# listing: everything about every file below data and here, but access times
# and what run itself writes.
listing() {
	find data here ! -name out ! -name err \
		-printf '%p %y %m %s %i %T@ %C@\n' | sort
	(cd data && sha256sum -- *)
}

listing >before
cd here || exit 99

run show ../data/good-vault-key.json
expect 0 'a config'
silent err 'nothing on standard error'
says out '  key            cvm-os-key' 'the report has the key'
says out '  key vault      kv-cvm-prod' 'the report has the vault'
says out '  DES            des-cvm-prod' 'the report has the DES'
key_data ../data/good-vault-key.json >../expected
says out "$(sha256sum <../expected | cut -d' ' -f1)" \
	'the report has the SHA-256 the blob would have'
says out "$(sha256sum <../data/good-vault-key.json | cut -d' ' -f1)" \
	'the report has the SHA-256 of the input'
says out 'cvmkey extract' 'the next step is to extract'
! grep 'Restore-AzKeyVaultKey\|az keyvault' out | grep -qv "'<blob>'\$"
ok $? 'no command restores a file that is not there yet'
lacks out ' on disk' 'no blob is claimed'

# The report of show is that of extract but for what was written.
run show --json ../data/good-vault-key.json
jq -c 'select(.type == "show") | del(.type, .blob)' out >../shown
mkdir ../elsewhere
run extract --json -d ../elsewhere ../data/good-vault-key.json
jq -c 'select(.type == "extract") | del(.type, .blob)' out >../extracted
same ../shown ../extracted 'show says what extract says'

# Bare key backups.
run show ../data/good-vault-key.blob
expect 0 'a vault backup'
silent err 'a vault backup: nothing on standard error'
says out 'of a key vault key, structure ok' 'a vault backup: its format'
says out 'RSA-OAEP-256, A256CBC-HS512' 'a vault backup: its algorithms'
says out "$(sha256sum <../data/good-vault-key.blob | cut -d' ' -f1)" \
	'a vault backup: its SHA-256'
says out "Restore-AzKeyVaultKey -VaultName '<key vault>' -InputFile '../data/good-vault-key.blob'" \
	'a vault backup: the PowerShell command, with a place for the vault'
says out "az keyvault key restore --vault-name '<key vault>' --file ../data/good-vault-key.blob" \
	'a vault backup: the az command'
run show ../data/good-managed-hsm-key.blob
expect 0 'a Managed HSM backup'
says out 'of a Managed HSM key, structure ok' 'a Managed HSM backup: its format'
says out "-HsmName '<Managed HSM>'" 'a Managed HSM backup: the PowerShell command'

run show --json ../data/good-vault-key.blob
matches out '.[0] | .type == "show" and .status == "ok" and
	.input.document == "blob" and .blob == null and
	.backup.format == "key-vault-key" and .backup.structure == "ok" and
	.backup.base64_length == null and .backup.pointer == null and
	.key.store == "key-vault" and .key.name == null and .key.url == null and
	.des == {id: null, id_pointer: null, name: null, resource_group: null,
		subscription: null}' \
	'a bare backup says what it knows, and null for the rest'
matches out '.[0] | .backup.sha256 == .input.sha256 and
	.backup.size == .input.size' 'input and backup are the same bytes'
matches out '.[1] | .type == "summary" and .blobs == 0 and .bytes_out == 0' \
	'nothing is counted as written'

# What extract has written can be shown, also compressed.
gzip -c ../data/good-vault-key.blob >../data/packed.blob.gz
gzip -c ../data/good-managed-hsm-key.blob >../data/packed
(cd .. && listing >before)
run show ../data/packed.blob.gz
expect 0 'a compressed backup'
says out 'of a key vault key, structure ok' 'a compressed backup: its format'
says out "$(sha256sum <../data/good-vault-key.blob | cut -d' ' -f1)" \
	'a compressed backup: the SHA-256 of the backup'
says out '[input.gzip]' 'a compressed backup: a note says so'
run show --json ../data/packed
matches out '.[0] | .status == "ok" and .input.compression == "gzip" and
	.backup.format == "managed-hsm-key"' 'the content counts, not the name'

# One that may be newer: its header holds no kid.
header=$(printf '{"alg":"RSA-OAEP","enc":"A256CBC-HS512"}' | base64 -w 0 |
	tr '+/' '-_' | tr -d =)
sed "s/eyJ[^.]*\./$header./" ../data/good-vault-key.blob >../newer.blob
run show ../newer.blob
expect 0 'a backup whose header holds no kid'
says out 'not seen its header members, kid' 'the warning lists all that is new'
says out '[blob.newer-format]' 'and has its id'
says out 'RSA-OAEP, A256CBC-HS512' 'the report says how the key is wrapped'
lacks out 'service key' 'and names no service key'
run show "$samples/good-vault-key.blob"
says out '  a backup with the same service key is of the same security world' \
	'what the id of the service key tells'
says out 'any vault of the same subscription and geography takes it' 'and where it goes'
run show "$samples/good-managed-hsm-key.blob"
says out '  every Managed HSM names it so' 'that of a Managed HSM tells nothing'
lacks out 'security world' 'nor of a security world'
says out 'any Managed HSM of the same security domain takes it' 'and where it goes'
run show "$samples/good-vault-key.json"
says out "cvmkey diagnose $samples/good-vault-key.json" 'diagnose is the next step'
run show "$samples/good-ade-kek.json"
lacks out 'cvmkey diagnose' 'not for Azure Disk Encryption'
run show --json ../newer.blob
matches out '.[0] | .status == "ok" and .backup.kid == null and
	.backup.structure == "unknown" and .findings[0].pointer == null' \
	'the record has no kid, and no pointer into a config'

# Damaged ones.
size=$(wc -c <../data/good-vault-key.blob)
head -c $((size - 1)) ../data/good-vault-key.blob >../cut.blob
run show ../cut.blob
expect 1 'a backup that lost its last byte'
says err '[blob.' 'and a reason'
head -c 3000 ../data/good-vault-key.blob >../cut.blob
run show ../cut.blob
exits 1 blob.truncated 'a backup cut in its ciphertext'
{ cat ../data/good-vault-key.blob && echo; } >../more.blob
run show ../more.blob
exits 1 blob.trailing 'a backup with a byte more'
cat ../data/good-vault-key.blob ../data/good-vault-key.blob >../glued.blob
run show ../glued.blob
exits 1 blob.glued 'two backups in one file'
run show --json ../cut.blob
matches out '.[0] | .status == "refused" and
	.findings[-1].id == "blob.truncated" and .findings[-1].line == null and
	.findings[-1].column == null' 'a place in a backup has no line'

says_refused() {
	run show "$1"
	grep -q "^  refused data   SHA-256 $(sha256sum <"$2" | cut -d' ' -f1)\$" out
	ok $? "$3: the hash is called that of refused data"
	lacks out 'blob SHA-256' "$3: and not that of a blob"
}
says_refused ../cut.blob ../cut.blob 'a damaged backup'
(cd .. && key_data data/bad-blob-truncated.json >cut.bytes)
says_refused ../data/bad-blob-truncated.json ../cut.bytes 'a damaged config'
says out 'structure not whole, 3000 bytes from 4000 characters of base64' \
	'the length of the base64 stands beside that of the bytes'
run show ../data/bad-blob-secret.json
lacks out 'structure' 'a secret is not called damaged'

# A Managed HSM backup whose header has its members in another order.
tail=$(cut -d. -f2- ../data/good-managed-hsm-key.blob)
for header in '{"kid":"backup-protection-key","alg":"dir","enc":"A256CBC-HS512"}' \
	'{"enc":"A256CBC-HS512","alg":"dir","kid":"backup-protection-key"}'; do
	printf '%s.%s' "$(printf %s "$header" | base64 -w 0 | tr -d = | tr '+/' -_)" \
		"$tail" >../order.blob
	run show ../order.blob
	expect 0 "a backup that begins with $(head -c 8 ../order.blob)"
	says out 'of a Managed HSM key, structure unknown' 'it is of a Managed HSM'
	says out '[blob.newer-format]' 'and perhaps of a newer format'
	run extract ../order.blob
	exits 1 kind.blob 'extract takes it for a backup, too'
done

# extract takes no bare backup.
run extract -d ../none ../data/good-vault-key.blob
exits 1 kind.blob 'extract refuses a bare backup'
says err 'cvmkey show' 'and says what describes it'
absent ../none 'and creates nothing'

# Every sample: the verdict is that of extract, and nothing is written.
wrong=
for f in ../data/good-* ../data/odd-* ../data/bad-*; do
	case $f in
	*/bad-is-a-*blob.json | */good-*) want=0 ;;
	*/odd-*) want=0 ;;
	*) want=1 ;;
	esac
	run show "$f"
	[ "$status" -eq $want ] || wrong="$wrong ${f##*/}:$status"
done
equal "$wrong" '' 'every sample is judged as by extract'

# Several, standard input, quiet.
run show ../data/good-vault-key.json ../data/bad-json-truncated.json \
	../data/good-vault-key.blob
exits 1 json.truncated 'a bad input among good ones'
says out '3 inputs: 2 ok, 1 refused' 'the last line sums up'
lacks out 'written' 'and claims no blob'
status=0
"$cvmkey" show - <../data/good-vault-key.blob >out 2>err || status=$?
expect 0 'a backup on standard input'
says out 'structure ok' 'a backup on standard input is described'
run show -q ../data/good-vault-key.json
expect 0 '-q'
silent out '-q prints nothing'
run show -v ../data/good-vault-key.json
says out '/OsDiskEncryptionDetails/EncryptionType = ' '-v shows the fields'

# Options that write are not show's.
usage_error show -d ../none ../data/good-vault-key.json
usage_error show -o ../none ../data/good-vault-key.json
usage_error show --force ../data/good-vault-key.json
usage_error show --no-sync ../data/good-vault-key.json
usage_error show --parents ../data/good-vault-key.json
absent ../none 'and nothing was created'

cd .. || exit 99
listing >after
same before after 'no file was created, changed or touched'

done_testing
