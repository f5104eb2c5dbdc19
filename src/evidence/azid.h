/* SPDX-License-Identifier: MIT */
/* Azure's identifiers: key URLs of all clouds and ARM resource IDs. Only a
 * value with the exact syntax is one; letters compare without case. */
#ifndef CVK_EVIDENCE_AZID_H
#define CVK_EVIDENCE_AZID_H

#include <stdbool.h>

#include "base/slice.h"

enum cvk_store { CVK_STORE_UNKNOWN, CVK_KEY_VAULT, CVK_MANAGED_HSM };

enum cvk_cloud {
    CVK_CLOUD_UNKNOWN,
    CVK_CLOUD_PUBLIC,
    CVK_CLOUD_CHINA,
    CVK_CLOUD_USGOV,
    CVK_CLOUD_GERMANY,
};

/* Parts of https://VAULT.vault.SUFFIX[:443]/keys/NAME[/VERSION][/]; slices of
 * the text that was parsed, .p NULL where a part is absent. */
struct cvk_key_url {
    struct cvk_slice host;
    struct cvk_slice vault; /* first label of the host */
    struct cvk_slice name;
    struct cvk_slice version; /* 32 hexadecimal digits */
    enum cvk_store store;
    enum cvk_cloud cloud;
};

bool cvk_key_url_parse(struct cvk_slice text, struct cvk_key_url *url);

/* The same with /secrets/ for /keys/, and of key vaults only: a Managed HSM
 * keeps no secrets. */
bool cvk_secret_url_parse(struct cvk_slice text, struct cvk_key_url *url);

/* The address of a vault or Managed HSM itself, https://HOST[:443][/]; only
 * host, vault, store and cloud are set. */
bool cvk_vault_url_parse(struct cvk_slice text, struct cvk_key_url *url);

enum cvk_arm_type {
    CVK_ARM_DISK_ENCRYPTION_SET, /* Microsoft.Compute/diskEncryptionSets */
    CVK_ARM_VAULT,               /* Microsoft.KeyVault/vaults */
    CVK_ARM_MANAGED_HSM,         /* Microsoft.KeyVault/managedHSMs */
};

/* Parts of /subscriptions/GUID/resourceGroups/RG/providers/TYPE/NAME[/]. */
struct cvk_arm_id {
    enum cvk_arm_type type;
    struct cvk_slice subscription;
    struct cvk_slice resource_group;
    struct cvk_slice name;
};

bool cvk_arm_id_parse(struct cvk_slice text, struct cvk_arm_id *id);

/* True for the 32 hexadecimal digits of a key version. */
bool cvk_key_version_valid(struct cvk_slice text);

/* True for 8-4-4-4-12 hexadecimal digits. */
bool cvk_guid_valid(struct cvk_slice text);

/* What a KeyVaultResourceType says. The published recovery script takes
 * Microsoft.KeyVault/managedHSMs for a Managed HSM and anything else for a key
 * vault; here anything else but Microsoft.KeyVault/vaults says nothing. */
enum cvk_store cvk_resource_type_store(struct cvk_slice text);

/* Names used in records: "key-vault", "public"; NULL for unknown stores. */
const char *cvk_store_name(enum cvk_store store);
const char *cvk_cloud_name(enum cvk_cloud cloud);

/* For people: "Managed HSM", or "key vault", also where it is unknown. */
const char *cvk_store_words(enum cvk_store store);

#endif
