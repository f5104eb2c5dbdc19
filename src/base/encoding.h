/* SPDX-License-Identifier: MIT */
/* How the text of a document was stored. */
#ifndef CVK_BASE_ENCODING_H
#define CVK_BASE_ENCODING_H

enum cvk_encoding {
    CVK_UTF8,
    CVK_UTF8_BOM,
    CVK_UTF16LE,
    CVK_UTF16BE,
};

/* Names used in records: "utf-8", "utf-8-bom", "utf-16le", "utf-16be". */
const char *cvk_encoding_name(enum cvk_encoding encoding);

#endif
