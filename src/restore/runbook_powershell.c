/* SPDX-License-Identifier: MIT */
/* The steps for PowerShell with the Az modules, in pure ASCII. Cmdlets and
 * parameters are those of Az 16.2; the procedure is that of Learn, "Restore
 * Confidential VM using Azure Backup". */
#include "restore/runbook.h"

#define USES CVK_BOOK_BIT

#define PRINCIPALS                                                             \
    "# Confidential VM Orchestrator, formerly Confidential Guest VM Agent:\n"  \
    "$Agent = Get-AzADServicePrincipal `\n"                                    \
    "    -ApplicationId 'bf7b6499-ff71-4aa2-97a4-f372087be7f0'\n"              \
    "$Backup = Get-AzADServicePrincipal -ApplicationId $BackupApp\n"

const struct cvk_book_text cvk_runbook_powershell[CVK_STEPS] = {
    [CVK_STEP_CONTEXT] = {USES(SUBSCRIPTION),
        "Set-AzContext -Subscription $Subscription | Out-Null\n"},
    [CVK_STEP_JOB] = {USES(RECOVERY_GROUP) | USES(RECOVERY_VAULT) | USES(JOB) |
                          USES(ACCOUNT) | USES(CONTAINER) | USES(CONFIG_BLOB),
        "$Recovery = Get-AzRecoveryServicesVault `\n"
        "    -ResourceGroupName $RecoveryGroup -Name $RecoveryVault\n"
        "# The failed restores of the last week, to find the one that is "
        "meant:\n"
        "$Since = (Get-Date).AddDays(-7).ToUniversalTime()\n"
        "Get-AzRecoveryServicesBackupJob -Status Failed -Operation Restore `\n"
        "    -From $Since -VaultId $Recovery.ID | Format-Table\n"
        "$Details = Get-AzRecoveryServicesBackupJobDetail -JobId $Job `\n"
        "    -VaultId $Recovery.ID\n"
        "if (-not $Account) {\n"
        "    $Account = $Details.Properties['Target Storage Account Name']\n"
        "}\n"
        "if (-not $Container) {\n"
        "    $Container = $Details.Properties['Config Blob Container Name']\n"
        "}\n"
        "if (-not $ConfigBlob) {\n"
        "    $ConfigBlob =\n"
        "        $Details.Properties['Secured Encryption Info Blob Name']\n"
        "}\n"
        "Write-Output \"the config is $ConfigBlob in $Container of "
        "$Account\"\n"},
    [CVK_STEP_DOWNLOAD] = {USES(ACCOUNT_GROUP) | USES(CONFIG_FILE) |
                               USES(CONFIG_SHA256),
        "Set-AzCurrentStorageAccount -Name $Account `\n"
        "    -ResourceGroupName $AccountGroup | Out-Null\n"
        "Get-AzStorageBlobContent -Blob $ConfigBlob -Container $Container `\n"
        "    -Destination $ConfigFile -Force | Out-Null\n"
        "$Hash = (Get-FileHash -Algorithm SHA256 "
        "-LiteralPath $ConfigFile).Hash\n"
        "if ($ConfigSha256 -and $Hash -ne $ConfigSha256) {\n"
        "    throw \"$ConfigFile is not the config this was made from\"\n"
        "}\n"},
    [CVK_STEP_BLOB] = {USES(BLOB_FILE) | USES(BLOB_SHA256),
        "$Hash = (Get-FileHash -Algorithm SHA256 -LiteralPath "
        "$BlobFile).Hash\n"
        "if ($Hash -ne $BlobSha256) {\n"
        "    throw \"$BlobFile is not the key backup that was extracted\"\n"
        "}\n"},
    [CVK_STEP_STORE] = {USES(STORE),
        "$Where = @{ VaultName = $Store }\n"
        "$StoreResource = Get-AzKeyVault -VaultName $Store\n"
        "if (-not $StoreResource) { throw \"there is no key vault $Store\" "
        "}\n"},
    [CVK_STEP_STORE_HSM] = {USES(STORE),
        "$Where = @{ HsmName = $Store }\n"
        "$StoreResource = Get-AzKeyVaultManagedHsm -Name $Store\n"
        "if (-not $StoreResource) { throw \"there is no Managed HSM $Store\" "
        "}\n"},
    [CVK_STEP_ENABLE] = {USES(KEY) | USES(VERSION),
        "Update-AzKeyVaultKey @Where -Name $Key -Version $Version `\n"
        "    -Enable $true | Out-Null\n"},
    [CVK_STEP_EXTEND] = {USES(KEY) | USES(VERSION) | USES(EXPIRES),
        "Update-AzKeyVaultKey @Where -Name $Key -Version $Version `\n"
        "    -Expires ([datetimeoffset]::Parse($Expires).UtcDateTime) | "
        "Out-Null\n"},
    [CVK_STEP_FOUND] = {USES(KEY),
        "$Restored = Get-AzKeyVaultKey @Where -Name $Key\n"
        "if (-not $Restored) { throw \"there is no key $Key\" }\n"},
    [CVK_STEP_RECOVER] = {USES(KEY),
        "Undo-AzKeyVaultKeyRemoval @Where -Name $Key | Out-Null\n"
        "# Recovery takes a while.\n"
        "$Restored = $null\n"
        "for ($Try = 0; $Try -lt 60 -and -not $Restored; $Try++) {\n"
        "    Start-Sleep -Seconds 10\n"
        "    $Restored = Get-AzKeyVaultKey @Where -Name $Key `\n"
        "        -ErrorAction SilentlyContinue\n"
        "}\n"
        "if (-not $Restored) { throw \"the key has not come back yet\" }\n"},
    [CVK_STEP_RESTORE] = {USES(BLOB_FILE) | USES(KEY),
        "# The name has to be free: neither in use nor soft-deleted.\n"
        "if ($Key) {\n"
        "    if ((Get-AzKeyVaultKey @Where -Name $Key) -or\n"
        "        (Get-AzKeyVaultKey @Where -Name $Key -InRemovedState)) {\n"
        "        throw \"a key $Key is there, or soft-deleted: recover it, or "
        "take another store (--set=store=NAME)\"\n"
        "    }\n"
        "}\n"
        "# Needs keys/restore; all versions come back under their old names.\n"
        "$Restored = Restore-AzKeyVaultKey @Where -InputFile $BlobFile\n"},
    [CVK_STEP_KEY_URL] = {USES(KEY) | USES(VERSION),
        "if ($Key -and $Restored.Name -ne $Key) {\n"
        "    throw \"this is the key $($Restored.Name), not $Key\"\n"
        "}\n"
        "if (-not $Version) {\n"
        "    $Version = $Restored.Version\n"
        "    Write-Output \"which version the disk was encrypted with is not "
        "known; taking the newest, $Version. All of them:\"\n"
        "    Get-AzKeyVaultKey @Where -Name $Restored.Name -IncludeVersions |\n"
        "        Format-Table -Property @('Version', 'Created', 'Enabled')\n"
        "}\n"
        "$Original = Get-AzKeyVaultKey @Where -Name $Restored.Name `\n"
        "    -Version $Version\n"
        "if (-not $Original) { throw \"the key has no version $Version\" }\n"
        "$KeyUrl = $Original.Id -replace ':443/', '/'\n"},
    [CVK_STEP_DES] = {USES(DES_GROUP) | USES(DES) | USES(LOCATION),
        "# Leave -SourceVaultId out where the store is in another "
        "subscription.\n"
        "$DesConfig = New-AzDiskEncryptionSetConfig -Location $Location `\n"
        "    -KeyUrl $KeyUrl -SourceVaultId $StoreResource.ResourceId `\n"
        "    -IdentityType SystemAssigned `\n"
        "    -EncryptionType ConfidentialVmEncryptedWithCustomerKey\n"
        "$UsedDes = New-AzDiskEncryptionSet -ResourceGroupName $DesGroup `\n"
        "    -Name $Des -InputObject $DesConfig\n"},
    [CVK_STEP_DES_FOUND] = {USES(DES_GROUP) | USES(DES),
        "$UsedDes = Get-AzDiskEncryptionSet -ResourceGroupName $DesGroup `\n"
        "    -Name $Des\n"
        "if (-not $UsedDes) { throw \"there is no disk encryption set $Des\" "
        "}\n"},
    [CVK_STEP_GRANT] = {USES(BACKUP_APP),
        PRINCIPALS
        "# The role where the vault uses RBAC, else the permissions by an "
        "access\n"
        "# policy.\n"
        "function Grant-Key($Principal, $Scope, $Role, $Permissions) {\n"
        "    if ($StoreResource.EnableRbacAuthorization) {\n"
        "        New-AzRoleAssignment -ObjectId $Principal `\n"
        "            -RoleDefinitionName $Role -Scope $Scope | Out-Null\n"
        "    } else {\n"
        "        Set-AzKeyVaultAccessPolicy -VaultName $Store `\n"
        "            -ObjectId $Principal -PermissionsToKeys $Permissions\n"
        "    }\n"
        "}\n"
        "$KeyScope = $StoreResource.ResourceId + '/keys/' + $Restored.Name\n"
        "Grant-Key $UsedDes.Identity.PrincipalId $KeyScope `\n"
        "    'Key Vault Crypto Service Encryption User' `\n"
        "    @('get', 'wrapKey', 'unwrapKey')\n"
        "Grant-Key $Agent.Id $KeyScope `\n"
        "    'Key Vault Crypto Service Release User' @('get', 'release')\n"
        "# Texts differ: of January 2026, the service has what it needs in a "
        "new\n"
        "# vault; of July 2026, it needs get and list; the page on encrypted "
        "VMs\n"
        "# names this role and, to back up the key, the third permission.\n"
        "Grant-Key $Backup.Id $StoreResource.ResourceId `\n"
        "    'Key Vault Administrator' @('get', 'list', 'backup')\n"},
    [CVK_STEP_GRANT_HSM] = {USES(BACKUP_APP),
        PRINCIPALS
        "# In the HSM's local RBAC, on this key.\n"
        "function Grant-Key($Principal, $Role) {\n"
        "    New-AzKeyVaultRoleAssignment -HsmName $Store -ObjectId "
        "$Principal `\n"
        "        -RoleDefinitionName $Role -Scope \"/keys/$($Restored.Name)\" "
        "|\n"
        "        Out-Null\n"
        "}\n"
        "Grant-Key $UsedDes.Identity.PrincipalId 'Managed HSM Crypto User'\n"
        "# Texts differ: the restore page gives the agent the first role, the "
        "CVM\n"
        "# quickstart the second. Only the second holds the permission "
        "release,\n"
        "# which a Confidential VM needs to boot. So both.\n"
        "Grant-Key $Agent.Id 'Managed HSM Crypto Service Encryption User'\n"
        "Grant-Key $Agent.Id 'Managed HSM Crypto Service Release User'\n"
        "Grant-Key $Backup.Id 'Managed HSM Crypto User'\n"},
#define RESTORE                                                                \
    "$Protected = Get-AzRecoveryServicesBackupContainer `\n"                   \
    "    -ContainerType AzureVM -FriendlyName $Vm -VaultId $Recovery.ID\n"     \
    "$Item = Get-AzRecoveryServicesBackupItem -Container $Protected `\n"       \
    "    -WorkloadType AzureVM -VaultId $Recovery.ID\n"                        \
    "$RecoveryPoint = Get-AzRecoveryServicesBackupRecoveryPoint `\n"           \
    "    -Item $Item -RecoveryPointId $Point -VaultId $Recovery.ID\n"          \
    "Restore-AzRecoveryServicesBackupItem -RecoveryPoint $RecoveryPoint `\n"   \
    "    -StorageAccountName $Account `\n"                                     \
    "    -StorageAccountResourceGroupName $AccountGroup `\n"                   \
    "    -TargetResourceGroupName $TargetGroup `\n"                            \
    "    -VaultId $Recovery.ID -VaultLocation $Recovery.Location"
    [CVK_STEP_RETRY] = {USES(VM) | USES(POINT) | USES(TARGET_GROUP) |
                            USES(ACCOUNT_GROUP),
        RESTORE "\n"},
    [CVK_STEP_RETRY_NAMED] = {USES(VM) | USES(POINT) | USES(TARGET_GROUP) |
                                  USES(ACCOUNT_GROUP),
        "# New permissions take minutes to arrive. The recovery point has to\n"
        "# have a vault tier.\n" RESTORE " `\n"
        "    -CVMOsDiskEncryptionSetId $UsedDes.Id\n"},
};
