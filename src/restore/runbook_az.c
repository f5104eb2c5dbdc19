/* SPDX-License-Identifier: MIT */
/* The steps for bash with the Azure CLI. Commands and options are those of
 * azure-cli 2.76; the procedure is that of Learn, "Restore Confidential VM
 * using Azure Backup". */
#include "restore/runbook.h"

#define USES CVK_BOOK_BIT

#define DES_ID                                                                 \
    "des_id=$(az disk-encryption-set show --resource-group \"$des_group\" "    \
    "\\\n"                                                                     \
    "    --name \"$des\" --query id --output tsv)\n"

#define PRINCIPALS                                                             \
    "des_principal=$(az disk-encryption-set show --ids \"$des_id\" \\\n"       \
    "    --query identity.principalId --output tsv)\n"                         \
    "# Confidential VM Orchestrator, formerly Confidential Guest VM Agent:\n"  \
    "agent=$(az ad sp show --id bf7b6499-ff71-4aa2-97a4-f372087be7f0 \\\n"     \
    "    --query id --output tsv)\n"                                           \
    "backup=$(az ad sp show --id \"$backup_app\" --query id --output tsv)\n"

const struct cvk_book_text cvk_runbook_az[CVK_STEPS] = {
    [CVK_STEP_CONTEXT] = {USES(SUBSCRIPTION),
        "az account set --subscription \"$subscription\"\n"},
    [CVK_STEP_JOB] = {USES(RECOVERY_GROUP) | USES(RECOVERY_VAULT) | USES(JOB) |
                          USES(ACCOUNT) | USES(CONTAINER) | USES(CONFIG_BLOB),
        "# All failed restores, to find the one that is meant:\n"
        "az backup job list --resource-group \"$recovery_group\" \\\n"
        "    --vault-name \"$recovery_vault\" --status Failed \\\n"
        "    --operation Restore --output table\n"
        "property() {\n"
        "    az backup job show --resource-group \"$recovery_group\" \\\n"
        "        --vault-name \"$recovery_vault\" --name \"$job\" \\\n"
        "        --query \"properties.extendedInfo.propertyBag.\\\"$1\\\"\" \\\n"
        "        --output tsv\n"
        "}\n"
        "[ -n \"$account\" ] ||\n"
        "    account=$(property 'Target Storage Account Name')\n"
        "[ -n \"$container\" ] ||\n"
        "    container=$(property 'Config Blob Container Name')\n"
        "[ -n \"$config_blob\" ] ||\n"
        "    config_blob=$(property 'Secured Encryption Info Blob Name')\n"
        "echo \"the config is $config_blob in $container of $account\"\n"},
    [CVK_STEP_DOWNLOAD] = {USES(CONFIG_FILE) | USES(CONFIG_SHA256),
        "az storage blob download --account-name \"$account\" \\\n"
        "    --container-name \"$container\" --name \"$config_blob\" \\\n"
        "    --file \"$config_file\" --auth-mode login --output none\n"
        "if [ -n \"$config_sha256\" ]; then\n"
        "    printf '%s  %s\\n' \"$config_sha256\" \"$config_file\" |\n"
        "        sha256sum --check\n"
        "fi\n"},
    [CVK_STEP_BLOB] = {USES(BLOB_FILE) | USES(BLOB_SHA256),
        "printf '%s  %s\\n' \"$blob_sha256\" \"$blob_file\" | sha256sum "
        "--check\n"},
    [CVK_STEP_STORE] = {USES(STORE),
        "where=(--vault-name \"$store\")\n"
        "store_id=$(az keyvault show --name \"$store\" --query id "
        "--output tsv)\n"
        "echo \"working in $store_id\"\n"},
    [CVK_STEP_STORE_HSM] = {USES(STORE),
        "where=(--hsm-name \"$store\")\n"
        "store_id=$(az keyvault show --hsm-name \"$store\" --query id "
        "--output tsv)\n"
        "echo \"working in $store_id\"\n"},
    [CVK_STEP_ENABLE] = {USES(KEY) | USES(VERSION),
        "az keyvault key set-attributes \"${where[@]}\" --name \"$key\" \\\n"
        "    --version \"$version\" --enabled true --output none\n"},
    [CVK_STEP_EXTEND] = {USES(KEY) | USES(VERSION) | USES(EXPIRES),
        "az keyvault key set-attributes \"${where[@]}\" --name \"$key\" \\\n"
        "    --version \"$version\" --expires \"$expires\" --output none\n"},
    [CVK_STEP_FOUND] = {USES(KEY),
        "restored=$(az keyvault key show \"${where[@]}\" --name \"$key\" \\\n"
        "    --query key.kid --output tsv)\n"},
    [CVK_STEP_RECOVER] = {USES(KEY),
        "az keyvault key recover \"${where[@]}\" --name \"$key\" --output "
        "none\n"
        "# Recovery takes a while.\n"
        "for _ in {1..60}; do\n"
        "    restored=$(az keyvault key show \"${where[@]}\" "
        "--name \"$key\" \\\n"
        "        --query key.kid --output tsv 2>/dev/null) && break\n"
        "    sleep 10\n"
        "done\n"
        ": \"${restored:?the key has not come back yet}\"\n"},
    [CVK_STEP_RESTORE] = {USES(BLOB_FILE) | USES(KEY),
        "# The name has to be free: neither in use nor soft-deleted.\n"
        "if [ -n \"$key\" ]; then\n"
        "    taken=$(az keyvault key list \"${where[@]}\" "
        "--query '[].kid' \\\n"
        "        --output tsv; az keyvault key list-deleted \"${where[@]}\" "
        "\\\n"
        "        --query '[].kid' --output tsv)\n"
        "    if grep --quiet --ignore-case \"/keys/$key\\$\" "
        "<<<\"$taken\"; then\n"
        "        echo \"a key $key is there, or soft-deleted: recover it, or "
        "take\" \\\n"
        "            \"another store (--set=store=NAME)\" >&2\n"
        "        exit 1\n"
        "    fi\n"
        "fi\n"
        "# Needs keys/restore; all versions come back under their old names.\n"
        "restored=$(az keyvault key restore \"${where[@]}\" "
        "--file \"$blob_file\" \\\n"
        "    --query key.kid --output tsv)\n"},
    [CVK_STEP_KEY_URL] = {USES(KEY) | USES(VERSION),
        "IFS=/ read -r _ _ host _ restored_key restored_version "
        "<<<\"$restored\"\n"
        "if [ -n \"$key\" ] && [ \"${restored_key,,}\" != \"${key,,}\" ]; "
        "then\n"
        "    echo \"this is the key $restored_key, not $key\" >&2\n"
        "    exit 1\n"
        "fi\n"
        "if [ -z \"$version\" ]; then\n"
        "    version=$restored_version\n"
        "    echo \"which version the disk was encrypted with is not known;\" "
        "\\\n"
        "        \"taking the newest, $version. All of them:\"\n"
        "    az keyvault key list-versions \"${where[@]}\" "
        "--name \"$restored_key\" \\\n"
        "        --query '[].kid' --output tsv\n"
        "fi\n"
        "key_url=https://$host/keys/$restored_key/$version\n"
        "# It has to exist:\n"
        "az keyvault key show --id \"$key_url\" --query attributes\n"},
    [CVK_STEP_DES] = {USES(DES_GROUP) | USES(DES) | USES(LOCATION),
        "# Leave --source-vault out where the store is in another "
        "subscription.\n"
        "az disk-encryption-set create --resource-group \"$des_group\" \\\n"
        "    --name \"$des\" --location \"$location\" --key-url \"$key_url\" "
        "\\\n"
        "    --source-vault \"$store_id\" --mi-system-assigned true \\\n"
        "    --encryption-type ConfidentialVmEncryptedWithCustomerKey "
        "--output none\n"
        DES_ID},
    [CVK_STEP_DES_FOUND] = {USES(DES_GROUP) | USES(DES), DES_ID},
    [CVK_STEP_GRANT] = {USES(BACKUP_APP),
        PRINCIPALS
        "rbac=$(az keyvault show --name \"$store\" \\\n"
        "    --query properties.enableRbacAuthorization --output tsv)\n"
        "# grant PRINCIPAL SCOPE ROLE PERMISSION...: the role where the vault\n"
        "# uses RBAC, else the permissions by an access policy.\n"
        "grant() {\n"
        "    if [ \"${rbac,,}\" = true ]; then\n"
        "        az role assignment create --role \"$3\" --scope \"$2\" "
        "\\\n"
        "            --assignee-object-id \"$1\" \\\n"
        "            --assignee-principal-type ServicePrincipal --output "
        "none\n"
        "    else\n"
        "        az keyvault set-policy --name \"$store\" --object-id "
        "\"$1\" \\\n"
        "            --key-permissions \"${@:4}\" --output none\n"
        "    fi\n"
        "}\n"
        "grant \"$des_principal\" \"$store_id/keys/$restored_key\" \\\n"
        "    'Key Vault Crypto Service Encryption User' get wrapKey "
        "unwrapKey\n"
        "grant \"$agent\" \"$store_id/keys/$restored_key\" \\\n"
        "    'Key Vault Crypto Service Release User' get release\n"
        "# Texts differ: of January 2026, the service has what it needs in a\n"
        "# new vault; of July 2026, it needs get and list; the page on "
        "encrypted\n"
        "# VMs names this role and, to back up the key, the third "
        "permission.\n"
        "grant \"$backup\" \"$store_id\" 'Key Vault Administrator' get list "
        "backup\n"},
    [CVK_STEP_GRANT_HSM] = {USES(BACKUP_APP),
        PRINCIPALS
        "# grant PRINCIPAL ROLE: in the HSM's local RBAC, on this key.\n"
        "grant() {\n"
        "    az keyvault role assignment create --hsm-name \"$store\" \\\n"
        "        --role \"$2\" --assignee-object-id \"$1\" \\\n"
        "        --assignee-principal-type ServicePrincipal \\\n"
        "        --scope \"/keys/$restored_key\" --output none\n"
        "}\n"
        "grant \"$des_principal\" 'Managed HSM Crypto User'\n"
        "# Texts differ: the restore page gives the agent the first role, the "
        "CVM\n"
        "# quickstart the second. Only the second holds the permission "
        "release,\n"
        "# which a Confidential VM needs to boot. So both.\n"
        "grant \"$agent\" 'Managed HSM Crypto Service Encryption User'\n"
        "grant \"$agent\" 'Managed HSM Crypto Service Release User'\n"
        "grant \"$backup\" 'Managed HSM Crypto User'\n"},
    [CVK_STEP_RETRY] = {USES(VM) | USES(POINT) | USES(TARGET_GROUP),
        "az backup restore restore-disks --resource-group "
        "\"$recovery_group\" \\\n"
        "    --vault-name \"$recovery_vault\" --container-name \"$vm\" "
        "--item-name \"$vm\" \\\n"
        "    --rp-name \"$point\" --storage-account \"$account\" \\\n"
        "    --target-resource-group \"$target_group\"\n"},
    [CVK_STEP_RETRY_NAMED] = {USES(VM) | USES(POINT) | USES(TARGET_GROUP),
        "# New permissions take minutes to arrive. The recovery point has to\n"
        "# have a vault tier. --cvm-os-des-id needs azure-cli 2.76.\n"
        "az backup restore restore-disks --resource-group "
        "\"$recovery_group\" \\\n"
        "    --vault-name \"$recovery_vault\" --container-name \"$vm\" "
        "--item-name \"$vm\" \\\n"
        "    --rp-name \"$point\" --storage-account \"$account\" \\\n"
        "    --target-resource-group \"$target_group\" "
        "--cvm-os-des-id \"$des_id\"\n"},
};
