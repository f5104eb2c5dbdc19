/* SPDX-License-Identifier: MIT */
/* Everything known of one backup, or of an input that gave none. Reports
 * and manifests print records and compute nothing. */
#ifndef CVK_EVIDENCE_RECORD_H
#define CVK_EVIDENCE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/encoding.h"
#include "base/finding.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "evidence/azid.h"
#include "evidence/keybackup.h"

enum cvk_record_type {
    CVK_RECORD_EXTRACT,
    CVK_RECORD_SHOW,
    CVK_RECORD_ARCHIVE, /* what is known of an archive itself */
    CVK_RECORD_VERIFY,
    CVK_RECORD_DIAGNOSE,
    CVK_RECORD_CARVE, /* a key backup found in an image */
    CVK_RECORD_IMAGE, /* what is known of the image itself */
};

enum cvk_status {
    CVK_STATUS_OK,
    CVK_STATUS_REFUSED, /* the evidence is at fault */
    CVK_STATUS_ERROR,   /* the system is */
    CVK_STATUS_SKIPPED, /* found on the way, and no config */
};

enum cvk_document {
    CVK_DOCUMENT_UNKNOWN,
    CVK_DOCUMENT_CVM,
    CVK_DOCUMENT_ADE,
    CVK_DOCUMENT_BLOB,
};

/* The input as it lies on disk. */
struct cvk_input_facts {
    struct cvk_text path;   /* as given, any bytes */
    struct cvk_text member; /* name inside the archive at path, any bytes */
    bool read;            /* size and sha256 are known */
    uint64_t size;
    uint8_t sha256[CVK_SHA256_SIZE];
    bool has_mtime;
    int64_t mtime; /* seconds since 1970, UTC */
    uint32_t mtime_ns;
    bool atime_kept;
    bool gzip;
    bool decoded; /* encoding is known */
    enum cvk_encoding encoding;
    enum cvk_document document;
};

struct cvk_key_facts {
    struct cvk_text url, url_pointer, name, version, vault, vault_id;
    struct cvk_text resource_type;
    bool url_published; /* the URL stands where it is documented to stand */
    enum cvk_store store;       /* by the backup's format, else by a fact */
    enum cvk_store vault_store; /* what the fact that names vault says it is */
    bool store_disputed;        /* some fact names the other kind of store */
    bool has_cloud;
    enum cvk_cloud cloud;
};

struct cvk_des_facts {
    struct cvk_text id, id_pointer, name, resource_group, subscription;
};

/* The secret of a VM with Azure Disk Encryption. */
struct cvk_secret_facts {
    bool known; /* the document is of such a VM */
    struct cvk_text url, url_pointer, name, version, vault;
    bool url_published;
    bool has_cloud;
    enum cvk_cloud cloud;
    /* what the document holds, whichever backup the record is about */
    bool has_data; /* SecretData */
    bool has_backup, has_key_backup;
};

/* What a carved backup was found as. */
enum cvk_carve_source { CVK_CARVE_CONFIG, CVK_CARVE_BASE64, CVK_CARVE_BLOB };

/* Where in an image a backup was found. */
struct cvk_carve_facts {
    uint64_t offset, length; /* of the document that holds it */
    enum cvk_carve_source source;
    size_t escaped;    /* how often it was put into a JSON string */
    bool gzip;         /* the document is inside a gzip stream, and offset and
                        * length are of the stream */
    uint64_t inner;    /* offset in what was unpacked of it */
    bool partial;      /* it is not whole, and was wanted all the same */
};

/* A part of an image that could not be read. */
struct cvk_image_hole {
    uint64_t offset, length;
};

/* What was searched of an image. */
struct cvk_image_facts {
    uint64_t size, offset, length; /* of the image, of the part searched */
    size_t segments;
    uint64_t sparse; /* bytes in holes of a sparse file, which were skipped */
    uint64_t unreadable; /* bytes */
    struct cvk_image_hole holes[CVK_MAX_UNREADABLE];
    size_t n_holes;
    uint64_t hits, refused; /* records before this one, and which of them */
};

struct cvk_backup_facts {
    bool known; /* there is key data of which something can be said */
    bool secret;    /* it is, or should be, the backup of a secret */
    size_t ordinal; /* from 1, among the document's keys or its secrets */
    struct cvk_text pointer;
    enum cvk_backup_format format;
    uint64_t base64_length; /* characters of the text; 0 for a .blob */
    uint64_t size;
    uint8_t sha256[CVK_SHA256_SIZE];
    struct cvk_text kid, alg, enc;
    bool structure_ok; /* false: unknown */
};

struct cvk_blob_facts {
    bool written;
    struct cvk_text path; /* relative to the output directory */
    struct cvk_text shown; /* as a person would name it from where they are */
    bool synced;
    bool repeated; /* it was written for another record of the run */
};

struct cvk_record_field {
    struct cvk_text pointer, value;
    bool is_string;
};

struct cvk_record {
    enum cvk_record_type type;
    enum cvk_status status;
    bool strict; /* the first warning refuses */
    struct cvk_input_facts input;
    struct cvk_key_facts key;
    struct cvk_des_facts des;
    struct cvk_secret_facts secret;
    struct cvk_backup_facts backup;
    struct cvk_blob_facts blob;
    struct cvk_carve_facts carve;  /* of CVK_RECORD_CARVE */
    const struct cvk_image_facts *image; /* of CVK_RECORD_IMAGE; not owned */
    bool cross_checked;
    struct cvk_record_field *fields;
    size_t n_fields;
    struct cvk_buf field_bytes; /* what they are in */
    uint64_t members; /* files in an archive that were looked at */
    struct cvk_findings findings;
    struct cvk_buf text;
};

void cvk_record_init(struct cvk_record *r);
void cvk_record_clear(struct cvk_record *r);

/* Makes r an empty record; memory is kept. */
void cvk_record_reset(struct cvk_record *r, enum cvk_record_type type,
                      bool strict);

/* Copies what from says of the input, with its findings: the start of the
 * second and further records of one input. */
enum cvk_code cvk_record_copy_input(struct cvk_record *r,
                                    const struct cvk_record *from);

static inline struct cvk_slice cvk_record_text(const struct cvk_record *r,
                                               struct cvk_text t)
{
    return cvk_text_slice(&r->text, t);
}

/* True if vault is named as the other kind of store than the backup is of: then
 * it is what the config says, and not where the key can be restored to. */
bool cvk_record_vault_disputed(const struct cvk_record *r);

/* Makes room for n fields. False if that is more than CVK_MAX_FIELDS, or memory
 * is exhausted. */
bool cvk_record_reserve_fields(struct cvk_record *r, size_t n);

/* The error that ended the record, NULL if it is good. */
const struct cvk_finding *cvk_record_error(const struct cvk_record *r);

/* Makes a refused record one that is skipped: its error becomes a note, the
 * reason. */
void cvk_record_skip(struct cvk_record *r);

/* Makes a refused record good: its error becomes a warning of this id. False
 * where it is strict, or was not refused. */
bool cvk_record_accept(struct cvk_record *r, enum cvk_code code);

/* Refuses the record: its last finding becomes this error. Returns code. */
enum cvk_code cvk_record_refuse(struct cvk_record *r, enum cvk_code code,
                                const struct cvk_place *place,
                                const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds a note; or a warning, which refuses the record where it is strict:
 * the code is returned then, else CVK_OK. */
void cvk_record_note(struct cvk_record *r, enum cvk_code code,
                     const struct cvk_place *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
enum cvk_code cvk_record_warn(struct cvk_record *r, enum cvk_code code,
                              const struct cvk_place *place,
                              const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Names used in records. */
const char *cvk_status_name(enum cvk_status status);
const char *cvk_record_type_name(enum cvk_record_type type);

#endif
