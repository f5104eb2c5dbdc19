/* SPDX-License-Identifier: MIT */
/* A case of exports that are written down as text, for the tests of
 * restore/. */
#ifndef CVK_TESTS_EXPORTED_H
#define CVK_TESTS_EXPORTED_H

#include <string.h>

#include "restore/export.h"

#define OLD "0123456789abcdef0123456789abcdef"
#define NEW "fedcba9876543210fedcba9876543210"
#define HOST "https://v.vault.azure.net"
#define KEY_URL HOST "/keys/k/" OLD
#define GROUP                                                                  \
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/"
#define DES_ID(group, name)                                                    \
    GROUP group "/providers/Microsoft.Compute/diskEncryptionSets/" name

/* Entries as az prints them. */
#define KEY(path, more) "{\"kid\":\"" HOST "/keys/" path "\"" more "}"
#define LIVE ",\"attributes\":{\"enabled\":true}"
#define DES(id, key)                                                           \
    "{\"id\":\"" id "\",\"activeKey\":{\"keyUrl\":\"" key                      \
    "\"},\"encryptionType\":\"ConfidentialVmEncryptedWithCustomerKey\"}"

static struct cvk_case facts;
static struct cvk_dom dom;
static struct cvk_export_fault fault;

static inline void setup_case(void)
{
    cvk_dom_setup();
    cvk_dom_init(&dom);
    cvk_case_init(&facts);
}

static inline void teardown_case(void)
{
    cvk_case_clear(&facts);
    cvk_dom_clear(&dom);
}

/* The case without any export. */
static inline void forget_exports(void)
{
    cvk_case_clear(&facts);
    cvk_case_init(&facts);
}

static inline struct cvk_slice words(const char *s)
{
    return cvk_slice_of(s, strlen(s));
}

static inline enum cvk_code give(enum cvk_role role, const char *text)
{
    return cvk_export_read(&facts, &dom, words("x.json"), role, words(text),
                           &fault);
}

#endif
