/* SPDX-License-Identifier: MIT */
#include "evidence/trace.h"

static int hex_value(uint8_t c)
{
    uint8_t low = cvk_lower(c);

    if (c >= '0' && c <= '9')
        return c - '0';
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* The character that stands at *at, which is moved behind it. JSON's \u00XX
 * counts as what it stands for. */
static uint8_t next_character(struct cvk_slice s, size_t *at)
{
    size_t i = *at;

    *at = i + 1;
    if (s.p[i] != '\\' || s.n - i < 6 || s.p[i + 1] != 'u' ||
        s.p[i + 2] != '0' || s.p[i + 3] != '0' || hex_value(s.p[i + 4]) < 0 ||
        hex_value(s.p[i + 5]) < 0)
        return s.p[i];
    *at = i + 6;
    return (uint8_t)(hex_value(s.p[i + 4]) * 16 + hex_value(s.p[i + 5]));
}

/* What wide text has between its characters, and wrapped text in its lines. */
static bool is_gap(uint8_t c)
{
    return c == 0 || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* True if the text stands in s from at on, gaps left aside. */
static bool stands_at(struct cvk_slice s, size_t at, const char *text,
                      bool any_case)
{
    for (; *text; text++) {
        uint8_t c;

        do {
            if (at == s.n)
                return false;
            c = next_character(s, &at);
        } while (is_gap(c));
        if (any_case ? cvk_lower(c) != cvk_lower((uint8_t)*text)
                     : c != (uint8_t)*text)
            return false;
    }
    return true;
}

bool cvk_trace_found(struct cvk_slice bytes)
{
    /* base64 of 0x26 or 0x29 and "AzureKeyVault"; of base64url {"alg":"dir and
     * {"alg":"RSA, which the tokens of other programs do not begin with */
    static const struct {
        const char *text;
        bool any_case;
    } traces[] = {
        {"OsDiskEncryptionDetails", true},
        {"OsDiskKeyAndSecretDetails", true},
        {"JkF6dXJlS2V5VmF1bHR", false},
        {"KUF6dXJlS2V5VmF1bHR", false},
        {"ZXlKaGJHY2lPaUprYVhJ", false},
        {"ZXlKaGJHY2lPaUpTVTBF", false},
    };

    for (size_t at = 0; at < bytes.n; at++) {
        /* all of them begin with one of these, or with an escape */
        if (!memchr("OoJKZ\\", bytes.p[at], 6))
            continue;
        for (size_t i = 0; i < sizeof traces / sizeof *traces; i++)
            if (stands_at(bytes, at, traces[i].text, traces[i].any_case))
                return true;
    }
    return false;
}
