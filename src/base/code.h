/* SPDX-License-Identifier: MIT */
/* Every cause the program can report: one row, one id, one meaning. Return
 * codes, messages, records, the manual cvmkey-formats(5) and the tests all go
 * by this table. */
#ifndef CVK_BASE_CODE_H
#define CVK_BASE_CODE_H

/* What a code says about the world; decides exit status and record status. */
enum cvk_class {
    CVK_CLASS_INPUT,  /* the evidence is damaged, ambiguous or another thing */
    CVK_CLASS_USAGE,  /* the command line is wrong */
    CVK_CLASS_SYSTEM, /* the machine could not; the evidence may be good */
};

/* Where a hint sends the reader: the names under which "Restore Confidential VM
 * using Azure Backup" (Learn) finds the config. */
#define CVK_THE_BLOB                                                           \
    "the blob that the restore job calls 'Secured Encryption Info Blob Name'"
#define CVK_ORIGINAL                                                           \
    "use the original in the storage account, " CVK_THE_BLOB

/* X(name, id, class, hint): the hint is one sentence on what to do next, or
 * NULL where the message itself says all there is. */
#define CVK_CODES(X)                                                           \
    X(MEMORY, "memory.exhausted", SYSTEM,                                      \
      "nothing is known to be wrong with the evidence: run again with "        \
      "more memory")                                                           \
    X(USAGE, "usage", USAGE,                                                   \
      "see 'cvmkey --help'")                                                   \
    X(INPUT_EMPTY, "input.empty", INPUT,                                       \
      "the download left no bytes; download the blob again")                   \
    X(INPUT_TOO_LARGE, "input.too-large", INPUT,                               \
      "a config is a few dozen KiB; if this is one, raise "                    \
      "--max-input-size")                                                      \
    X(INPUT_NONE, "input.none", INPUT,                                         \
      "is it the right folder or image? of a folder or an archive, extract "   \
      "-v tells why each file was passed over")                                \
    X(INPUT_ARCHIVE, "input.archive", INPUT,                                   \
      "only whole tar, tar.gz and zip archives are opened, and one layer of "  \
      "gzip: unpack it, and name what is inside")                              \
    X(INPUT_GZIP, "input.gzip", INPUT, NULL)                                   \
    X(GZIP_TRAILING, "gzip.trailing", INPUT, NULL)                             \
    X(GZIP_TRUNCATED, "gzip.truncated", INPUT,                                 \
      "the file was cut short; copy or download it again")                     \
    X(GZIP_DAMAGED, "gzip.damaged", INPUT,                                     \
      "the compressed data is damaged; copy or download it again")             \
    X(ARCHIVE_TRUNCATED, "archive.truncated", INPUT,                           \
      "the copy or download was cut short; make it again: members behind "     \
      "the cut are missing")                                                   \
    X(ARCHIVE_DAMAGED, "archive.damaged", INPUT,                               \
      "the archive was altered; copy or download it again: members "           \
      "behind the damage were not read")                                       \
    X(ARCHIVE_TRAILING, "archive.trailing", INPUT,                             \
      "two archives were joined, or one was written over a longer one: "       \
      "look at what follows")                                                  \
    X(ARCHIVE_JOINED, "archive.joined", INPUT,                                 \
      "members of the second tar were not read: split it off as told, and "    \
      "name the new file, too")                                                \
    X(ARCHIVE_MEMBERS, "archive.members", INPUT,                               \
      "unpack it with the program that made it and name the folder")           \
    X(ARCHIVE_RATIO, "archive.ratio", INPUT,                                   \
      "made to exhaust memory or disks, or a disk image lies in it; if "       \
      "you trust it, unpack it and name the folder")                           \
    X(ARCHIVE_NEEDS_FILE, "archive.needs-file", SYSTEM,                        \
      "the list of members stands at the end of a zip: save it to a file "     \
      "first, then name the file")                                             \
    X(ARCHIVE_NAME, "archive.name", INPUT,                                     \
      "unpack it with the program that made it, under another name")           \
    X(ARCHIVE_ENCRYPTED, "archive.encrypted", INPUT,                           \
      "unpack it with the program and the password it was made with")          \
    X(ARCHIVE_METHOD, "archive.method", INPUT,                                 \
      "unpack it with the program that made it")                               \
    X(ARCHIVE_SPARSE, "archive.sparse", INPUT,                                 \
      "unpack it with GNU tar or bsdtar; a config is never stored that "       \
      "way on purpose")                                                        \
    X(ARCHIVE_MEMBER_DAMAGED, "archive.member-damaged", INPUT,                 \
      "this member was altered; copy or download the archive again, or name "  \
      "the file that was packed")                                              \
    X(TEXT_BOM, "text.bom", INPUT, NULL)                                       \
    X(TEXT_UTF16, "text.utf-16", INPUT, NULL)                                  \
    X(TEXT_TRAILING_NULS, "text.trailing-nuls", INPUT, NULL)                   \
    X(TEXT_UTF8, "text.utf-8", INPUT,                                          \
      "the text was damaged or saved in another encoding; " CVK_ORIGINAL)      \
    X(TEXT_UTF16_DAMAGED, "text.utf-16-damaged", INPUT,                        \
      "the UTF-16 text was cut or altered; " CVK_ORIGINAL)                     \
    X(TEXT_UTF32, "text.utf-32", INPUT,                                        \
      "only UTF-8 and UTF-16 are read; " CVK_ORIGINAL)                         \
    X(KIND_HTML, "kind.html", INPUT,                                           \
      "a web page was saved, such as a sign-in or error page; download "       \
      CVK_THE_BLOB)                                                            \
    X(KIND_XML, "kind.xml", INPUT,                                             \
      "the storage service answered with an error; mend its cause and "        \
      "download " CVK_THE_BLOB " again")                                       \
    X(KIND_HTTP, "kind.http", INPUT,                                           \
      "the headers were saved before the body, as by 'curl -i': download "     \
      "the blob again without them")                                           \
    X(KIND_PEM, "kind.pem", INPUT,                                             \
      "the config is JSON that starts with '{'; look for " CVK_THE_BLOB)       \
    X(KIND_PFX, "kind.pfx", INPUT,                                             \
      "the config is JSON that starts with '{'; look for " CVK_THE_BLOB)       \
    X(KIND_JWT, "kind.jwt", INPUT,                                             \
      "the config is JSON that starts with '{'; a token holds no key "         \
      "backup")                                                                \
    X(KIND_BLOB, "kind.blob", INPUT,                                           \
      "nothing is left to extract: 'cvmkey show' describes it, the "           \
      "restore command takes it as it is")                                     \
    X(KIND_BASE64, "kind.base64", INPUT,                                       \
      "name the whole config JSON; or decode it by 'base64 -d' and look "      \
      "at the result with 'cvmkey show'")                                      \
    X(JSON_SYNTAX, "json.syntax", INPUT,                                       \
      "the file is no JSON, or was edited; " CVK_ORIGINAL)                     \
    X(JSON_QUOTES, "json.quotes", INPUT,                                       \
      "the text was pasted through a word processor or mail, or printed "      \
      "by a program in another notation; " CVK_ORIGINAL)                       \
    X(JSON_TRUNCATED, "json.truncated", INPUT,                                 \
      "the file was cut short; copy or download it again")                     \
    X(JSON_DEPTH, "json.depth", INPUT,                                         \
      "no config known is nested like this")                                   \
    X(JSON_VALUES, "json.values", INPUT,                                       \
      "no config known holds so many")                                         \
    X(JSON_MEMBERS, "json.members", INPUT,                                     \
      "no config known holds so many")                                         \
    X(JSON_DUPLICATE_NAME, "json.duplicate-name", INPUT,                       \
      "readers differ on which of the two counts, so neither is taken: "       \
      "find out who wrote the second one")                                     \
    X(JSON_NUL, "json.nul", INPUT,                                             \
      "readers cut names at U+0000 and would see another document")            \
    X(JSON_SURROGATE, "json.surrogate", INPUT,                                 \
      "half of a UTF-16 pair stands alone: the text was cut or altered")       \
    X(JSON_CONTROL, "json.control", INPUT,                                     \
      "a line was wrapped or text was pasted, or, with U+0000, a part of the "  \
      "file was never written; " CVK_ORIGINAL)                  \
    X(JSON_QUOTED_PRINTABLE, "json.quoted-printable", INPUT,                   \
      "this is the raw text of a mail: let a mail program decode it and "      \
      "save the attachment, and do not join the lines by hand")                \
    X(JSON_ESCAPE, "json.escape", INPUT,                                       \
      "often a Windows path pasted with single backslashes; " CVK_ORIGINAL)    \
    X(JSON_NUMBER, "json.number", INPUT,                                       \
      "the file was edited; " CVK_ORIGINAL)                                    \
    X(JSON_LITERAL, "json.literal", INPUT,                                     \
      "JSON knows true, false and null, in lower case only: another "          \
      "program rewrote the file; " CVK_ORIGINAL)                               \
    X(JSON_COMMENT, "json.comment", INPUT,                                     \
      "PowerShell 7 would skip it, JSON has no comments: the file was "        \
      "edited, " CVK_ORIGINAL)                                                 \
    X(JSON_TRAILING_COMMA, "json.trailing-comma", INPUT,                       \
      "PowerShell 7 would accept it, JSON does not: the file was edited, "     \
      CVK_ORIGINAL)                                                            \
    X(JSON_TRAILING, "json.trailing", INPUT,                                   \
      "two documents in one file, or one written over a longer one; "          \
      CVK_ORIGINAL)                                                            \
    X(JSON_ROOT, "json.root", INPUT,                                           \
      "a config starts with '{'; take the one object out of the list, as "     \
      "by jq '.[0]', or out of the string, as by jq -r '.'")                   \
    X(CONFIG_NO_DETAILS, "config.no-details", INPUT,                           \
      "this is JSON but no encryption config: look for " CVK_THE_BLOB)         \
    X(CONFIG_BOTH_DETAILS, "config.both-details", INPUT,                       \
      "no service writes both: find out how the file came about")              \
    X(CONFIG_DETAILS_TYPE, "config.details-type", INPUT,                       \
      "the key data belongs into an object: the file was edited; "             \
      CVK_ORIGINAL)                                                            \
    X(CONFIG_NO_KEY_DATA, "config.no-key-data", INPUT,                         \
      "without KeyBackupData there is nothing to restore: look for the "       \
      "config of another failed restore job")                                  \
    X(CONFIG_PLATFORM_KEY, "config.platform-key", INPUT,                       \
      "a platform-managed key is kept by Azure: no key has to be restored")    \
    X(CONFIG_KEY_DATA_NULL, "config.key-data-null", INPUT,                     \
      "the service stored no key backup: look for the config of another "      \
      "failed restore job")                                                    \
    X(CONFIG_KEY_DATA_TYPE, "config.key-data-type", INPUT,                     \
      "key data is base64 text in a JSON string")                              \
    X(CONFIG_KEY_DATA_EMPTY, "config.key-data-empty", INPUT,                   \
      "the service stored no key backup: look for the config of another "      \
      "failed restore job")                                                    \
    X(CONFIG_OTHER_NAME, "config.other-name", INPUT, NULL)                     \
    X(CONFIG_SECRET_DATA, "config.secret-data", INPUT, NULL)                   \
    X(CONFIG_BACKUPS, "config.backups", INPUT,                                 \
      "no VM has so many disks: find out how the file came about")             \
    X(FACTS_KEY_URL, "facts.key-url", INPUT, NULL)                             \
    X(FACTS_KEY_VERSION, "facts.key-version", INPUT, NULL)                     \
    X(FACTS_DES, "facts.des", INPUT, NULL)                                     \
    X(FACTS_SECRET_URL, "facts.secret-url", INPUT, NULL)                       \
    X(FACTS_VAULT, "facts.vault", INPUT, NULL)                                 \
    X(FACTS_STORE, "facts.store", INPUT, NULL)                                 \
    X(FACTS_CLOUD, "facts.cloud", INPUT, NULL)                                 \
    X(FACTS_MORE, "facts.more", INPUT, NULL)                                   \
    X(B64_ALPHABET, "b64.alphabet", INPUT,                                     \
      "the text was altered; " CVK_ORIGINAL)                                   \
    X(B64_URL_ALPHABET, "b64.url-alphabet", INPUT,                             \
      "'-' and '_' belong to base64url, which the documented procedure "       \
      "refuses, and no key backup needs them: the data is altered or "         \
      "another thing")                                                         \
    X(B64_PERCENT_ENCODED, "b64.percent-encoded", INPUT,                       \
      "the key data is URL-encoded, which can be undone; " CVK_ORIGINAL        \
      ", or in a copy replace each %XX by its character, as %3D by '='")       \
    X(B64_LENGTH, "b64.length", INPUT,                                         \
      "characters were lost; " CVK_ORIGINAL)                                   \
    X(B64_PADDING, "b64.padding", INPUT,                                       \
      "the text was cut, joined or edited; " CVK_ORIGINAL)                     \
    X(B64_UTF16, "b64.utf-16", INPUT,                                          \
      "the text was saved as UTF-16 and read as bytes; " CVK_ORIGINAL)         \
    X(B64_CASE_FOLDED, "b64.case-folded", INPUT,                               \
      "a tool changed the case of the text, which cannot be undone; "          \
      CVK_ORIGINAL)                                                            \
    X(B64_TWICE, "b64.twice", INPUT,                                           \
      "the data was base64-encoded once more than the service does; "          \
      "decode it once and put the result into KeyBackupData of a copy")        \
    X(B64_WHITESPACE, "b64.whitespace", INPUT, NULL)                           \
    X(B64_UNUSED_BITS, "b64.unused-bits", INPUT, NULL)                         \
    X(B64_UNPADDED, "b64.unpadded", INPUT, NULL)                               \
    X(BLOB_TRUNCATED, "blob.truncated", INPUT,                                 \
      "the end of the key backup is missing; " CVK_ORIGINAL)                   \
    X(BLOB_SECRET, "blob.secret", INPUT,                                       \
      "a secret is restored with Restore-AzKeyVaultSecret; look for the "      \
      "key backup of the VM")                                                  \
    X(BLOB_KEY, "blob.key", INPUT,                                             \
      "the backups were mixed up; " CVK_ORIGINAL)                              \
    X(BLOB_UNKNOWN_FORMAT, "blob.unknown-format", INPUT,                       \
      "the bytes have no known shape of a key backup; "                        \
      "--allow-unknown-format writes them all the same")                       \
    X(BLOB_NEWER_FORMAT, "blob.newer-format", INPUT, NULL)                     \
    X(BLOB_LENGTH_BYTE, "blob.length-byte", INPUT,                             \
      "the first byte was lost or altered; " CVK_ORIGINAL)                     \
    X(BLOB_SEGMENTS, "blob.segments", INPUT,                                   \
      "a key backup has five segments; bytes were lost or altered")            \
    X(BLOB_ALPHABET, "blob.alphabet", INPUT,                                   \
      "the key backup was overwritten in part; " CVK_ORIGINAL)                 \
    X(BLOB_ZERO_HOLE, "blob.zero-hole", INPUT,                                 \
      "the zeros were there before the base64 was made, so a new download "    \
      "of the config cannot help: look for the config of another failed "      \
      "restore job, or extract the .blob again")                               \
    X(BLOB_UNUSED_BITS, "blob.unused-bits", INPUT,                             \
      "the end of a segment was altered; " CVK_ORIGINAL)                       \
    X(BLOB_HEADER, "blob.header", INPUT,                                       \
      "the start of the key backup was altered; " CVK_ORIGINAL)                \
    X(BLOB_ENCRYPTED_KEY, "blob.encrypted-key", INPUT,                         \
      "bytes were lost or altered; " CVK_ORIGINAL)                             \
    X(BLOB_IV, "blob.iv", INPUT,                                               \
      "bytes were lost or altered; " CVK_ORIGINAL)                             \
    X(BLOB_CIPHERTEXT, "blob.ciphertext", INPUT,                               \
      "bytes were lost or altered; " CVK_ORIGINAL)                             \
    X(BLOB_TAG, "blob.tag", INPUT,                                             \
      "bytes were lost, added or altered at the end; " CVK_ORIGINAL)           \
    X(BLOB_TRAILING, "blob.trailing", INPUT,                                   \
      "something was appended after the end of the key backup; "               \
      CVK_ORIGINAL)                                                            \
    X(BLOB_GLUED, "blob.glued", INPUT,                                         \
      "two key backups were joined; each restore takes exactly one")           \
    X(BLOB_REPEATED, "blob.repeated", INPUT,                                   \
      "a part was overwritten with a copy of another, as a bad disk or "       \
      "transfer does; " CVK_ORIGINAL)                                          \
    X(CROSS_DISAGREEMENT, "cross.disagreement", INPUT,                         \
      "two independent readers differ on this file: please report it, "        \
      "with the file if you may")                                              \
    X(FINDINGS_MORE, "findings.more", INPUT, NULL)                             \
    X(FIELDS_CUT, "fields.cut", INPUT, NULL)                                   \
    X(MANIFEST_LINE, "manifest.line", INPUT,                                   \
      "the manifest was cut or edited; use the copy that was kept with the "   \
      "evidence")                                                              \
    X(MANIFEST_PATH, "manifest.path", INPUT,                                   \
      "no file outside of the output directory is looked at: the manifest "    \
      "was edited, or the blob was written with -o elsewhere")                 \
    X(MANIFEST_EMPTY, "manifest.empty", INPUT,                                 \
      "nothing can be verified with it: look for the manifest of the run")     \
    X(MANIFEST_CUT, "manifest.cut", INPUT,                                     \
      "records are missing, and nobody can tell which: use the copy that "     \
      "was kept with the evidence, or extract again")                          \
    X(MANIFEST_COUNTS, "manifest.counts", INPUT,                               \
      "lines were removed, added or altered: use the copy that was kept "      \
      "with the evidence, or extract again")                                   \
    X(MANIFEST_NO_RUN, "manifest.no-run", INPUT,                               \
      "the lines of --json have none; a manifest written with --manifest "     \
      "lost its first line")                                                   \
    X(VERIFY_MISSING, "verify.missing", INPUT,                                 \
      "name the folder that holds the blobs with -d, or extract the config "   \
      "again")                                                                 \
    X(VERIFY_CHANGED, "verify.changed", INPUT,                                 \
      "do not restore from it: extract the config again into another "         \
      "directory")                                                             \
    X(VERIFY_TWICE, "verify.twice", INPUT,                                     \
      "one run never writes a blob twice: verify each manifest on its own, "   \
      "with -d")                                                               \
    X(VERIFY_DERIVATION, "verify.derivation", INPUT,                           \
      "config and manifest contradict each other: one of them was altered; "   \
      "extract the config again and compare")                                  \
    X(VERIFY_FACTS, "verify.facts", INPUT,                                     \
      "the record was altered since it was written: extract the config "       \
      "again and compare")                                                     \
    X(VERIFY_CONFIG_CHANGED, "verify.config-changed", INPUT,                   \
      "the file under that name is another one now; put back the one that "    \
      "was extracted, and verify again")                                       \
    X(VERIFY_CONFIG_MISSING, "verify.config-missing", INPUT, NULL)             \
    X(VERIFY_MEMBER, "verify.member", INPUT,                                   \
      "the archive under that name is another one now, or the records do "     \
      "not stand in the order of its members any more")                        \
    X(VERIFY_CARVED, "verify.carved", INPUT, NULL)                             \
    X(VERIFY_EXTRA, "verify.extra", INPUT,                                     \
      "the manifest says nothing of this file: find out where it is from")     \
    X(CARVE_PARTIAL, "carve.partial", INPUT, NULL)                             \
    X(CARVE_GZIP, "carve.gzip", INPUT, NULL)                                   \
    X(CARVE_ESCAPED, "carve.escaped", INPUT, NULL)                             \
    X(CARVE_GZIP_CUT, "carve.gzip-cut", INPUT,                                 \
      "unpack it and search that: gzip -dc IMAGE | cvmkey carve -")            \
    X(CARVE_CROWDED, "carve.crowded", INPUT,                                   \
      "someone may have made it so: look at this part of the image by hand")   \
    X(IMAGE_RANGE, "image.range", INPUT,                                       \
      "the size of an image is what 'stat -L' or 'blockdev --getsize64' say")  \
    X(IMAGE_SEGMENT, "image.segment", INPUT,                                   \
      "find the segment that is missing: what follows it would be taken for "  \
      "something else")                                                        \
    X(IMAGE_EWF, "image.ewf", INPUT,                                           \
      "pipe it: ewfexport -u -t - IMAGE | cvmkey carve -")                     \
    X(IMAGE_AFF, "image.aff", INPUT,                                           \
      "pipe it: affcat IMAGE | cvmkey carve -")                                \
    X(IMAGE_VMDK, "image.vmdk", INPUT,                                         \
      "pipe it: nbdcopy -- [ qemu-nbd -r -f vmdk IMAGE ] - | cvmkey carve -")  \
    X(IMAGE_VHD, "image.vhd", INPUT,                                           \
      "pipe it: nbdcopy -- [ qemu-nbd -r -f vpc IMAGE ] - | cvmkey carve -")   \
    X(IMAGE_VHDX, "image.vhdx", INPUT,                                         \
      "pipe it: nbdcopy -- [ qemu-nbd -r -f vhdx IMAGE ] - | cvmkey carve -")  \
    X(IMAGE_QCOW2, "image.qcow2", INPUT,                                       \
      "pipe it: nbdcopy -- [ qemu-nbd -r -f qcow2 IMAGE ] - | cvmkey carve -") \
    X(IMAGE_UNREADABLE, "image.unreadable", SYSTEM,                            \
      "copy the medium with ddrescue, more than once, and carve the copy")     \
    X(CONFIG_NOT_CONFIDENTIAL_VM, "config.not-confidential-vm", INPUT,         \
      "restore its key and secret as 'cvmkey show' says: the published "       \
      "scenarios are of Confidential VMs")                                     \
    X(EXPORT_UNKNOWN, "export.unknown", INPUT,                                 \
      "cvmkey-diagnose(1) lists the commands whose output is read")            \
    X(EXPORT_CONFIG, "export.config", INPUT,                                   \
      "name the config as CONFIG, and the outputs of commands by options")     \
    X(EXPORT_ERROR, "export.error", INPUT,                                     \
      "an answer that failed proves nothing: mend its cause and export again " \
      "(a list instead of one thing also tells that it is not there)")         \
    X(EXPORT_MIXED, "export.mixed", INPUT,                                     \
      "give each command's output as a file of its own")                       \
    X(EXPORT_VALUE, "export.value", INPUT,                                     \
      "the export was edited, or its times were printed in the format of a "   \
      "country: use the output of the command as it is")                       \
    X(EXPORT_INPUT_DES, "export.input-des", INPUT,                             \
      "export the one that is to be named: az disk-encryption-set show")       \
    X(CASE_KEY_URL, "case.key-url", INPUT, NULL)                               \
    X(CASE_DES_ID, "case.des-id", INPUT, NULL)                                 \
    X(CASE_TIER, "case.tier", INPUT, NULL)                                     \
    X(CASE_EMPTY_LIST, "case.empty-list", INPUT, NULL)                         \
    X(CASE_CONTRADICTION, "case.contradiction", INPUT, NULL)                   \
    X(CASE_ROTATION, "case.rotation", INPUT, NULL)                             \
    X(CASE_NOT_BEFORE, "case.not-before", INPUT, NULL)                         \
    X(CASE_JOB, "case.job", INPUT, NULL)                                       \
    X(CASE_BACKUPS, "case.backups", INPUT, NULL)                               \
    X(CASE_CONFIGS, "case.configs", INPUT,                                     \
      "name the config of the failed job")                                     \
    X(TARGET_UNKNOWN, "target.unknown", INPUT, NULL)                           \
    X(TARGET_REFUSED, "target.refused", INPUT, NULL)                           \
    X(TEXTS_INPUT_DES, "texts.input-des", INPUT, NULL)                         \
    X(TEXTS_ROTATED, "texts.rotated", INPUT, NULL)                             \
    X(TEXTS_UNUSABLE, "texts.unusable", INPUT, NULL)                           \
    X(TEXTS_SNAPSHOT, "texts.snapshot", INPUT, NULL)                           \
    X(TEXTS_BOTH_GONE, "texts.both-gone", INPUT, NULL)                         \
    X(TEXTS_OTHER_VAULT, "texts.other-vault", INPUT, NULL)                     \
    X(IO_OPEN, "io.open", SYSTEM, NULL)                                        \
    X(IO_READ, "io.read", SYSTEM,                                              \
      "the medium or the connection may be failing: copy it with ddrescue "    \
      "and read the copy")                                                     \
    X(IO_CHANGED, "io.changed", SYSTEM,                                        \
      "another program is writing it; wait, then run again")                   \
    X(IO_DIRECTORY, "io.directory", SYSTEM,                                    \
      "a folder can be an INPUT of extract and show, named by its path")       \
    X(SKIP_LINK, "skip.link", INPUT,                                           \
      "name the file it leads to")                                             \
    X(SKIP_OUTPUT, "skip.output", INPUT,                                       \
      "if evidence lies in it, name that as an INPUT, with another -d")        \
    X(SKIP_SPECIAL, "skip.special", INPUT,                                     \
      "a pipe or device is read only where it is named itself")                \
    X(ARCHIVE_NESTED, "archive.nested", INPUT,                                 \
      "unpack the outer archive and name the inner one")                       \
    X(IO_EXISTS, "io.exists", SYSTEM,                                          \
      "existing files are kept: choose another place, add --parents where "    \
      "two inputs have the same name, finish an earlier run with --resume "    \
      "(it takes a file of the same bytes and mode 0600), or replace it with " \
      "--force")                                                               \
    X(IO_OUTPUT_IS_INPUT, "io.output-is-input", SYSTEM,                        \
      "the output would replace an input of this run; choose another -o "      \
      "or -d")                                                                 \
    X(IO_OUTPUT_NAME, "io.output-name", SYSTEM,                                \
      "without --parents the file's own name is used; or choose one with "     \
      "-o")                                                                    \
    X(IO_ONE_FILE, "io.one-file", SYSTEM,                                      \
      "use -d: the blobs are then called NAME.blob, NAME.2.blob and so on")    \
    X(IO_CREATE, "io.create", SYSTEM, NULL)                                    \
    X(IO_WRITE, "io.write", SYSTEM, NULL)                                      \
    X(IO_SYNC, "io.sync", SYSTEM,                                              \
      "the file could not be made durable: do not trust this medium")          \
    X(IO_PUBLISH, "io.publish", SYSTEM, NULL)                                  \
    X(IO_BUSY, "io.busy", SYSTEM,                                              \
      "another run writes it: wait for its end; if none does, look at the "    \
      "file .NAME.cvmkey-part and move it away")                               \
    X(IO_MODE, "io.mode", SYSTEM, NULL)                                        \
    X(IO_STDOUT, "io.stdout", SYSTEM, NULL)                                    \
    X(IO_TERMINAL, "io.terminal", USAGE,                                       \
      "send it to a file or a pipe, or name a file with -o")                   \
    X(IO_INTERRUPTED, "io.interrupted", SYSTEM, NULL)                          \
    X(BAG_INCOMPLETE, "bag.incomplete", SYSTEM,                                \
      "mend the errors above, and run again with --resume and the same DIR")   \
    X(BAG_EXTRA, "bag.extra", SYSTEM,                                          \
      "the bag is not declared complete: move what is not of this run out of " \
      "its data folder, and run again with --resume")                          \
    X(SANDBOX_MISSING, "sandbox.missing", SYSTEM,                              \
      "the program makes no network call by itself; to have that enforced, "   \
      "run it where the kernel has seccomp, or below 'unshare -rn'")           \
    X(SANDBOX_SOCKET, "sandbox.socket", SYSTEM, NULL)                          \
    X(SELFTEST_FAILED, "selftest.failed", SYSTEM,                              \
      "do not use this program on this machine: a library, the compiler or "   \
      "the memory is at fault")                                                \
    X(WALK_DEPTH, "walk.depth", SYSTEM,                                        \
      "nothing in this folder was read: name it as an input of its own")       \
    X(WALK_LOOP, "walk.loop", SYSTEM,                                          \
      "the folder is mounted inside itself: its files are read where it "      \
      "stands above; unmount it here")                                         \
    X(WALK_PATH, "walk.path", SYSTEM,                                          \
      "nothing here was read: change into a folder further down and name "     \
      "the input from there")

enum cvk_code {
    CVK_OK = 0,
#define CVK_CODE_ENUM(name, id, class, hint) CVK_E_##name,
    CVK_CODES(CVK_CODE_ENUM)
#undef CVK_CODE_ENUM
    CVK_CODE_COUNT
};

/* The stable id, "b64.length"; "ok" for CVK_OK. */
const char *cvk_code_id(enum cvk_code code);
enum cvk_class cvk_code_class(enum cvk_code code);

/* One sentence on what to do next, or NULL. */
const char *cvk_code_hint(enum cvk_code code);

#endif
