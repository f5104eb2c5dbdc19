/* SPDX-License-Identifier: MIT */
/* Every limit of the program, each with its reason. No other file names one. */
#ifndef CVK_BASE_LIMITS_H
#define CVK_BASE_LIMITS_H

#include <stdint.h>

/* Largest single document, on disk and decompressed, unless --max-input-size
 * says otherwise. A Managed HSM backup of 500 key versions is 5.3 MB of text
 * (reference figures: about 3.9 MB decoded), so this leaves a factor of ten. */
#define CVK_DEFAULT_INPUT_SIZE ((uint64_t)64 << 20)

/* Largest value --max-input-size takes: cJSON needs some 40 times the text in
 * memory in the worst case, and finding texts are addressed with 32 bits. */
#define CVK_MAX_INPUT_SIZE ((uint64_t)1 << 30)

/* JSON nesting. cJSON 1.7 refuses level 1001, so a deeper document could not
 * be held against the second opinion; Windows PowerShell stops at 100. */
#define CVK_MAX_DEPTH 1000

/* JSON values in one document; bounds the second opinion's memory to 16 MiB
 * plus the text. A real config has a few dozen. */
#define CVK_MAX_VALUES 100000

/* Members of the root object and of the details object, each. Bounds the
 * quadratic search for duplicate names. */
#define CVK_MAX_MEMBERS 1024

/* Key backups of one document: a VM has at most 65 disks. Identifiers. */
#define CVK_MAX_BACKUPS 128
#define CVK_MAX_FACTS 256

/* Scalars of the details object repeated in a record, and the size of each. */
#define CVK_MAX_FIELDS 256
#define CVK_MAX_FIELD_SIZE 4096

/* JSON pointers longer than this are not kept. */
#define CVK_MAX_POINTER 4096

/* Notes and warnings of one record; what exceeds them is counted. */
#define CVK_MAX_FINDINGS 64

/* Text of one finding, and of evidence shown inside one. */
#define CVK_MAX_FINDING_TEXT 768
#define CVK_MAX_SHOWN 128

/* Everything a record says, in bytes: fields, their pointers and the rest. */
#define CVK_MAX_RECORD_TEXT                                                  \
    ((size_t)CVK_MAX_FIELDS * (CVK_MAX_FIELD_SIZE + CVK_MAX_POINTER) +       \
     ((size_t)1 << 20))

/* Places remembered in a document, so that each search for a place walks at
 * most this share of it. */
#define CVK_MAX_MARKS 256

/* An identifier longer than this is not one: ARM resource IDs of the kinds
 * read here stay below 400 bytes, key URLs below 300. */
#define CVK_MAX_IDENTIFIER 2048

/* JWE segments (RFC 7516) of a key backup, decoded bytes. The header holds
 * kid, alg and enc (65 to 89 bytes seen); 1024 leaves room for new members. */
#define CVK_MAX_JWE_HEADER 1024
/* Encrypted key of an alg not known: 128 (RSA-1024) to 1024 (RSA-8192). */
#define CVK_MIN_UNKNOWN_KEY 128
#define CVK_MAX_UNKNOWN_KEY 1024
/* Authentication tag of an enc not known. */
#define CVK_MIN_UNKNOWN_TAG 16
#define CVK_MAX_UNKNOWN_TAG 64
/* Initialisation vector of an enc not known (AES-GCM has 12, CBC 16). */
#define CVK_MIN_UNKNOWN_IV 1
#define CVK_MAX_UNKNOWN_IV 64

/* Longest line of a manifest: a record's text in JSON, six bytes for one at
 * worst, and a frame; no writer makes a longer one. */
#define CVK_MAX_MANIFEST_LINE (8 * CVK_MAX_RECORD_TEXT)

/* A page for people: rows of a table and bytes of it (some 900 for a blob), so
 * that the whole takes a few hundred megabytes at worst; what is beyond stands
 * in the manifest only, and the page says how much that is. */
#define CVK_MAX_PAGE_ROWS 30000
#define CVK_MAX_PAGE_TABLE ((size_t)32 << 20)

/* Text of evidence in one cell of it, and room for a row of such cells with
 * everything escaped. */
#define CVK_MAX_PAGE_TEXT 4096
#define CVK_MAX_PAGE_ROW ((size_t)1 << 20)

/* Words of a command line on it: all options, and a few inputs. */
#define CVK_MAX_PAGE_WORDS 32

/* Ways from a key to files that its picture draws: more cannot be followed with
 * the eye. Files that are named at the end of each, and characters of a line:
 * digits and capitals are wide. */
#define CVK_MAX_PICTURE_WAYS 24
#define CVK_MAX_PICTURE_FILES 3
#define CVK_MAX_PICTURE_LINE 27

/* Largest number taken from JSON: up to 2^53 doubles hold every integer. */
#define CVK_MAX_JSON_INTEGER ((uint64_t)1 << 53)

/* Results that are published together: one sync of the file system for so many
 * files costs a tenth of a sync for each, and more gain little. */
#define CVK_MAX_GROUP 256

/* Bytes of results that wait to be published: their records, and the blobs
 * that are staged, which some file systems keep in memory. A full group of
 * configs of 300 kB has half of it, one document at worst three times as
 * much (CVK_MAX_BACKUPS records): workers wait for their turn then. */
#define CVK_MAX_WAITING ((size_t)128 << 20)

/* Memory that was asked for in pieces of this size goes back to the system when
 * it is freed, and is not kept for the thread that asked. Larger than what
 * usual configs need, so that these cost no system call. */
#define CVK_LARGE_PIECE ((size_t)1 << 20)

/* Threads that extract. */
#define CVK_MAX_JOBS 256

/* Stack of a thread: cJSON at its depth of 1000 needs 128 KiB. */
#define CVK_THREAD_STACK ((size_t)1 << 20)

/* Names of inputs in a list, in bytes. */
#define CVK_MAX_LIST ((uint64_t)1 << 30)

/* Notes on the case in a manifest. */
#define CVK_MAX_NOTES 64

/* Directories open at once in a walk. Each holds a descriptor, of which a
 * process has 1024 unless told otherwise; workers need the rest. */
#define CVK_MAX_WALK_DEPTH 256

/* Memory for the names of one directory: some five million of them. Ends a
 * listing that a damaged or hostile file system never ends. */
#define CVK_MAX_WALK_NAMES ((size_t)256 << 20)

/* Exports given to one judgement, and everything they say, in bytes: a list of
 * all keys of a vault has a few hundred bytes for each. */
#define CVK_MAX_EXPORTS 64
#define CVK_MAX_CASE_TEXT ((size_t)256 << 20)

/* Facts of one kind in them: what CVK_MAX_VALUES allows for each export, at
 * the 200 bytes that one takes. */
#define CVK_MAX_CASE_FACTS ((size_t)256 << 20)

/* Lines of a judgement: facts that decided, steps, exports that are missing. */
#define CVK_MAX_REASONS 48
#define CVK_MAX_STEPS 16

/* Nesting below which a job's strings are searched for its error code: the
 * published samples have 6 levels. */
#define CVK_MAX_JOB_DEPTH 32

/* Text of a runbook: its values, its remarks, and the script itself. The steps
 * are less than 10 KiB. */
#define CVK_MAX_BOOK ((size_t)1 << 20)

/* Options --set of one runbook: more than twice as many as there are names. */
#define CVK_MAX_SETS 64

/* Longest path this program builds or takes. */
#define CVK_MAX_PATH 4096

/* Members of one archive: ten times the largest fleet of configs known, and a
 * bound for the work that empty members can cause. */
#define CVK_MAX_ARCHIVE_MEMBERS 1000000

/* Extended header of a tar member (pax records, GNU long names). GNU tar and
 * Python write a few hundred bytes; this holds the longest name many times. */
#define CVK_MAX_TAR_HEADER ((size_t)1 << 20)

/* Largest document that is carved, as UTF-8: base64 of 4 MiB (500 versions of
 * an HSM key) and what stands around it. The same bounds what is unpacked of a
 * gzip stream, and the memory of a thread. */
#define CVK_MAX_CARVE_TEXT ((size_t)6 << 20)

/* Characters before a key backup in which its config may begin: the members
 * seen there take a few hundred. */
#define CVK_MAX_CARVE_LEAD ((size_t)1 << 16)

/* Places tried as the start of a config: nesting of documents seen is 2. */
#define CVK_MAX_CARVE_STARTS 64

/* How often a config may have been put into a JSON string: a log line that was
 * logged again has two. */
#define CVK_MAX_CARVE_LEVELS 3

/* Backups remembered of the documents that lie around a place; one that does
 * not fit is told again where it lies inside. Two configs with all they can
 * have, one in a string of the other. */
#define CVK_MAX_COVERED (2 * CVK_MAX_BACKUPS)

/* Bytes of what was found in one window, or in one gzip stream, above which
 * parts of backups and more gzip streams are left: 1000 configs there. Two of
 * these and the texts that are read keep a thread below 32 MiB. */
#define CVK_MAX_CARVE_HELD ((size_t)8 << 20)

/* Bytes looked at together: 1 MiB reads were the fastest measured. */
#define CVK_CARVE_WINDOW ((size_t)1 << 20)

/* Largest image: 2^53 bytes are what JSON's numbers hold. */
#define CVK_MAX_IMAGE_SIZE ((uint64_t)1 << 53)

/* Files of one segmented image. */
#define CVK_MAX_SEGMENTS 999

/* Unreadable ranges that are listed; what exceeds them is counted. */
#define CVK_MAX_UNREADABLE 256

/* Bytes unpacked for each byte stored, once more than CVK_MIN_RATIO_BYTES were
 * unpacked. Base64 of ciphertext has 1.4, JSON less than 20; deflate ends at
 * 1032. Small archives may do what they like: 64 MiB are unpacked in a
 * second. */
#define CVK_MAX_RATIO 256
#define CVK_MIN_RATIO_BYTES ((uint64_t)64 << 20)

#endif
