# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Each row of the decision table in cvmkey-diagnose(1): reached, its neighbour
# reached, and undetermined where its fact is missing; in the shapes of az, REST
# and PowerShell.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

config=$samples/good-vault-key.json
group=/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-cvm-prod
des=$group/providers/Microsoft.Compute/diskEncryptionSets
old=0123456789abcdef0123456789abcdef
new=fedcba9876543210fedcba9876543210
type=ConfidentialVmEncryptedWithCustomerKey
at=2026-03-01T00:00:00Z

# ---- exports, as az prints them ----------------------------------------------

# a_des ID KEY-URL [TYPE]
a_des() {
	printf '{"id":"%s","name":"%s","type":"Microsoft.Compute/diskEncryptionSets",
	"identity":{"principalId":"99999999-8888-7777-6666-555555555555"},
	"activeKey":{"keyUrl":"%s"},"encryptionType":"%s","previousKeys":null}' \
		"$des/$1" "$1" "$2" "${3:-$type}"
}

# a_key VAULT NAME/VERSION [ENABLED [EXPIRES]]
a_key() {
	printf '{"kid":"https://%s.vault.azure.net/keys/%s","name":"%s","attributes":
	{"enabled":%s,"expires":%s}}' "$1" "$2" "${2%%/*}" "${3:-true}" "${4:-null}"
}

# a_deleted VAULT NAME [PURGE]
a_deleted() {
	printf '{"kid":"https://%s.vault.azure.net/keys/%s","name":"%s",
	"attributes":{"enabled":true},"deletedDate":"2026-01-20T09:30:00+00:00",
	"recoveryId":"https://%s.vault.azure.net/deletedkeys/%s",
	"scheduledPurgeDate":"%s"}' "$1" "$2" "$2" "$1" "$2" \
		"${3:-2026-04-20T09:30:00+00:00}"
}

# list ELEMENT...: an array of them.
list() {
	printf '['
	separator=
	for element; do
		printf '%s%s' "$separator" "$element"
		separator=,
	done
	printf ']\n'
}

key_url() {
	printf 'https://%s.vault.azure.net/keys/%s' "$1" "$2"
}

prod=kv-cvm-prod
far=kv-cvm-far
mkdir az rest ps
(
	cd az || exit 99
	# what D0 looks like now: _ its active key
	list "$(a_des des-cvm-prod "$(key_url $prod cvm-os-key/$old)")" >d0-same
	list "$(a_des des-cvm-prod "$(key_url $prod cvm-os-key/$new)")" >d0-rotated
	list "$(a_des des-cvm-prod "$(key_url $prod next-key/$new)")" >d0-changed
	list "$(a_des des-cvm-prod "$(key_url $far cvm-os-key/$old)")" >d0-far-same
	list "$(a_des des-cvm-prod "$(key_url $far far-key/$new)")" >d0-far
	list "$(a_des des-cvm-prod "$(key_url $prod cvm-os-key/$old)" \
		EncryptionAtRestWithCustomerKey)" >d0-wrong-type
	list "$(a_des other-1 "$(key_url $prod k/$new)")" \
		"$(a_des other-2 "$(key_url $prod k/$new)")" >d0-absent
	list "$(a_des des-cvm-prod "$(key_url $prod cvm-os-key/$old)" |
		sed 's/"activeKey":{[^}]*},//')" >d0-no-key
	# DES to be named
	list "$(a_des des-in "$(key_url $prod cvm-os-key/$old)")" >in-same
	list "$(a_des des-in "$(key_url $far cvm-os-key/$old)")" >in-far-same
	list "$(a_des des-in "$(key_url $prod cvm-os-key/$new)")" >in-rotated
	list "$(a_des des-in "$(key_url $far far-key/$new)")" >in-far
	list "$(a_des des-in "$(key_url $prod next-key/$new)")" >in-changed
	list "$(a_des des-in x | sed 's/"activeKey":{[^}]*},//')" >in-no-key
	list "$(a_des des-cvm-prod "$(key_url $prod cvm-os-key/$old)")" >in-d0
	# versions of the original key
	list "$(a_key $prod cvm-os-key/$old)" "$(a_key $prod cvm-os-key/$new)" >usable
	list "$(a_key $prod cvm-os-key/$old false)" "$(a_key $prod cvm-os-key/$new)" >disabled
	list "$(a_key $prod cvm-os-key/$old true '"2026-02-28T23:59:59+00:00"')" \
		"$(a_key $prod cvm-os-key/$new)" >expired
	list "$(a_key $prod cvm-os-key/$old false '"2026-02-28T23:59:59+00:00"')" >disabled-expired
	list "$(a_key $prod cvm-os-key/$old true '"2026-03-01T00:00:01+00:00"')" \
		"$(a_key $prod cvm-os-key/$new)" >expires-later
	list "$(a_key $prod cvm-os-key/$old)" >only-old
	list "$(a_key $prod cvm-os-key/$old)" \
		"$(a_key $prod cvm-os-key/$new false)" >new-disabled
	list "$(a_key $prod cvm-os-key/$new)" >only-new
	list "$(a_key $prod next-key/$new)" >next-usable
	list "$(a_key $prod next-key/$new true '"2026-01-01T00:00:00+00:00"')" >next-expired
	list "$(a_key $far cvm-os-key/$old)" >far-usable
	list "$(a_key $far cvm-os-key/$old false)" >far-disabled
	list "$(a_key $far far-key/$new)" >far-active
	# names of keys: a list of another key's versions is none of these
	list "$(a_key $prod k1)" "$(a_key $prod k2)" >keys-without
	list "$(a_key $prod cvm-os-key)" "$(a_key $prod k2)" >keys-with
	list "$(a_key $far k1)" "$(a_key $far k2)" >far-keys-without
	list "$(a_key $prod k1/$old)" "$(a_key $prod k1/$new)" >k1-versions
	list "$(a_deleted $prod cvm-os-key)" >deleted
	list "$(a_deleted $prod cvm-os-key 2026-02-01T00:00:00+00:00)" >purged
	list "$(a_deleted $prod k9)" >deleted-other
	list "$(a_deleted $far cvm-os-key)" >far-deleted
	list >none
)

# ---- the same in other shapes ------------------------------------------------

to_rest='def epoch: if . == null then . else sub("\\+00:00"; "Z") | fromdate end;
	{value: map(if .type then
		{id, name, type, identity, properties: {activeKey, encryptionType, previousKeys}}
	else
		{kid, attributes: {enabled: .attributes.enabled, exp: (.attributes.expires | epoch)}} +
		if .recoveryId then {recoveryId, deletedDate: (.deletedDate | epoch),
			scheduledPurgeDate: (.scheduledPurgeDate | epoch)} else {} end
	end), nextLink: null}'
to_ps='def date: if . == null then . else
		"/Date(\(sub("\\+00:00"; "Z") | fromdate)000)/" end;
	map(if .type then
		{ResourceGroupName: "rg-cvm-prod", Id: .id, Name: .name, Type: .type,
		Identity: {PrincipalId: .identity.principalId, Type: "SystemAssigned"},
		ActiveKey: {KeyUrl: .activeKey.keyUrl}, EncryptionType: .encryptionType,
		PreviousKeys: []}
	else
		{VaultName: "v", Name: .name, Enabled: .attributes.enabled,
		Id: (.kid | sub("azure.net/"; "azure.net:443/")),
		Expires: (.attributes.expires | date), NotBefore: null} +
		if .recoveryId then {DeletedDate: (.deletedDate | date),
			ScheduledPurgeDate: (.scheduledPurgeDate | date)} else {} end
	end) | if length == 1 then .[0] else . end'
for f in az/*; do
	jq "$to_rest" "$f" >"rest/${f#az/}"
	jq "$to_ps" "$f" >"ps/${f#az/}"
done
for f in az/in-* rest/in-*; do
	jq 'if type == "array" then .[0] else .value[0] end' "$f" >one && mv one "$f"
done
# PowerShell of Windows writes UTF-16 where it is redirected
iconv -f UTF-8 -t UTF-16LE ps/usable >wide && { printf '\377\376'; cat wide; } >ps/usable
[ "$(jq length az/usable)" -eq 2 ] && [ "$(jq '.value | length' rest/usable)" -eq 2 ] &&
	[ "$(jq -r .Expires ps/next-expired)" = '/Date(1767225600000)/' ]
ok $? 'exports were made in three shapes'

# Verdicts are held against the table all at once: jq starts slowly.
: >wanted
: >judged
# judge SCENARIO OUTCOME CODE NAME ARGUMENT...: one case, to be compared later.
judge() {
	printf '%s %s %s|%s\n' "$1" "$2" "$3" "$4" >>wanted
	shift 4
	run diagnose --json --at=$at "$@"
	head -n 1 out >>judged
	echo "$status" >>judged
}

# compare: each case is as wanted, and has what records of its outcome have.
compare() {
	jq -rn 'def whole: . as $r |
		(.outcome != "undetermined" or .missing != []) and .remedy != [] and
		(.because | all(.fact != "" and (.source == null) == (.pointer == null)));
		[inputs] as $a | range(0; $a | length; 2) |
		$a[.] as $r | $a[. + 1] as $status | $r |
		"\(.scenario) \(.outcome) \(.error_code // "-")" +
		if $status == 0 and whole then "" else " and is not whole" end' \
		judged >got || echo 'no records' >got
	paste -d '|' wanted got >both
	while IFS='|' read -r want name have; do
		equal "$have" "$want" "$name"
	done <both
	: >wanted
	: >judged
}

# shellcheck disable=SC2034 # by name, below
{
	DES=UserErrorDiskEncryptionSetDoesNotExist
	KEY=UserErrorDiskEncryptionSetKeyDoesNotExist
	MIS=UserErrorInputDESKeyDoesNotMatchWithOriginalKey
	SNAP=UserErrorRestoreNotSupportedFromSnapshotTierRPForDifferentDES
	PERM=UserErrorKeyVaultPermissionsNotConfiguredForCVMWithCMK
}

# a line: scenario, outcome, code, tier, then OPTION=FILE of the exports
while read -r scenario outcome code tier exports; do
	case $scenario in '' | '#'*) continue ;; esac
	case $code in DES | KEY | MIS | SNAP | PERM) eval "code=\$$code" ;; esac
	for shape in az rest ps; do
		set --
		[ "$tier" = - ] || set -- "--tier=$tier"
		for export in $exports; do
			set -- "$@" "--${export%%=*}=$shape/${export#*=}"
		done
		judge "$scenario" "$outcome" "$code" "$shape $tier $exports" \
			"$@" "$config"
	done
done <<'EOT'
# 1: reached; with the right key all the same; neighbour 9; D0 or tier missing
snapshot-different-des fails SNAP snapshot input-des=in-rotated
snapshot-different-des fails SNAP snapshot input-des=in-same keys=usable des=d0-same
input-des-matches succeeds - vault input-des=in-same keys=usable
undetermined undetermined - - input-des=in-same keys=usable
# 2: reached, whatever the key; neighbour 7a; D0 unknown
des-deleted fails DES vault des=d0-absent
des-deleted unsupported - snapshot des=d0-absent keys=usable
des-deleted fails DES both des=d0-absent keys=keys-without
des-deleted fails DES vault des=none
key-deleted fails KEY vault des=d0-same keys=keys-without
undetermined undetermined - vault keys=keys-without
undetermined undetermined - vault des=in-same keys=usable
des-deleted undetermined - - des=d0-absent
# 3: reached; neighbours 4, 7a, 7b; A or the state of O missing
original-intact succeeds - snapshot des=d0-same keys=usable
original-intact succeeds - vault des=d0-same keys=usable
original-intact succeeds - - des=d0-same keys=usable
original-intact succeeds - both des=d0-same keys=only-old
original-intact succeeds - vault des=d0-same keys=expires-later
original-intact succeeds - snapshot input-des=in-d0 keys=usable
original-intact succeeds - snapshot input-des=in-d0 keys=usable des=d0-rotated
key-deleted unsupported - snapshot des=d0-same keys=keys-without
undetermined undetermined - vault des=d0-same
undetermined undetermined - vault des=d0-same keys=keys-with
undetermined undetermined - vault des=d0-same keys=k1-versions
undetermined undetermined - vault des=d0-no-key keys=usable
# 4: reached; neighbour 5; A's state missing; its veto
key-rotated succeeds - snapshot des=d0-rotated keys=usable
key-rotated succeeds - vault des=d0-rotated keys=usable
# 5
key-changed succeeds - vault des=d0-changed keys=usable keys=next-usable
key-changed succeeds - snapshot des=d0-changed keys=usable keys=next-usable
key-changed undetermined - vault des=d0-changed keys=usable
undetermined undetermined - vault des=d0-changed keys=next-usable
wrap-key-unusable fails - vault des=d0-changed keys=usable keys=next-expired
wrap-key-unusable fails - snapshot des=d0-rotated keys=new-disabled
# 6: O has to be in the vault of A; neighbours 3, 7c
des-other-vault succeeds - vault des=d0-far-same keys=far-usable
des-other-vault succeeds - snapshot des=d0-far keys=far-usable keys=far-active
des-other-vault undetermined - vault des=d0-far keys=far-usable
undetermined undetermined - vault des=d0-far keys=usable keys=far-active
# 7a
key-deleted fails KEY both des=d0-same deleted-keys=deleted
key-deleted unsupported - snapshot des=d0-rotated deleted-keys=deleted
key-deleted fails KEY vault des=d0-same keys=only-new
key-deleted fails KEY vault des=d0-same keys=none
key-deleted fails KEY vault des=d0-changed keys=keys-without
undetermined undetermined - vault des=d0-same deleted-keys=purged
undetermined undetermined - vault des=d0-same deleted-keys=deleted-other
key-deleted undetermined - - des=d0-same keys=keys-without
# 7b
key-unusable fails - vault des=d0-same keys=disabled
key-unusable fails - snapshot des=d0-rotated keys=expired
key-unusable fails - - des=d0-same keys=expired
key-unusable fails - vault des=d0-same keys=disabled-expired
key-unusable fails - vault des=d0-far-same keys=far-disabled
# 7c
des-other-vault-key-missing fails KEY vault des=d0-far-same keys=far-keys-without
des-other-vault-key-missing fails - vault des=d0-far keys=far-keys-without
des-other-vault-key-missing unsupported - snapshot des=d0-far keys=far-keys-without
des-other-vault-key-missing fails KEY vault des=d0-far-same deleted-keys=far-deleted
undetermined undetermined - vault des=d0-far-same keys=none
# 8: neighbours 9, 10
input-des-mismatch fails MIS vault input-des=in-rotated keys=keys-without
input-des-mismatch fails MIS both input-des=in-far keys=far-keys-without
input-des-mismatch fails MIS vault input-des=in-changed deleted-keys=deleted
undetermined undetermined - vault input-des=in-far keys=usable
undetermined undetermined - vault input-des=in-no-key keys=usable
# 9
input-des-matches succeeds - both input-des=in-far-same keys=far-usable
input-des-matches succeeds - vault input-des=in-same keys=usable des=d0-absent
input-des-matches succeeds - vault input-des=in-d0 keys=usable
undetermined undetermined - vault input-des=in-same
# 10
input-des-new-wrap-key succeeds - vault input-des=in-rotated keys=usable
input-des-new-wrap-key succeeds - vault input-des=in-changed keys=usable keys=next-usable
input-des-new-wrap-key undetermined - vault input-des=in-changed keys=usable
wrap-key-unusable fails - vault input-des=in-rotated keys=new-disabled
# 11
input-des-key-deleted fails KEY vault input-des=in-same keys=keys-without
input-des-key-deleted fails KEY vault input-des=in-far-same keys=far-keys-without
input-des-key-deleted fails KEY both input-des=in-same deleted-keys=deleted
# 12
input-des-key-unusable fails - vault input-des=in-same keys=disabled
input-des-key-unusable fails - vault input-des=in-rotated keys=expired
# vetoes and contradictions
des-wrong-type fails - vault des=d0-wrong-type keys=usable
key-deleted fails KEY vault des=d0-wrong-type keys=keys-without
undetermined undetermined - vault des=d0-same keys=usable deleted-keys=deleted
undetermined undetermined - vault des=d0-same keys=usable keys=keys-without
undetermined undetermined - vault des=d0-same des=d0-rotated keys=usable
undetermined undetermined - vault des=d0-same des=d0-absent keys=usable
EOT
compare

done_testing
