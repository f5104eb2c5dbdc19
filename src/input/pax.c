/* SPDX-License-Identifier: MIT */
#include "input/pax.h"

struct record {
    struct cvk_slice key;
    struct cvk_slice value;
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Reads decimal digits off the front of *s, at least one, no more than fit. */
static bool take_number(struct cvk_slice *s, uint64_t *value)
{
    size_t n = 0;

    for (*value = 0; n < s->n && is_digit(s->p[n]); n++) {
        unsigned digit = (unsigned)s->p[n] - '0';

        if (*value > ((uint64_t)INT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    *s = cvk_slice_cut(*s, n, s->n);
    return n > 0;
}

/* Reads one record off the front of *s. */
static bool take_record(struct cvk_slice *s, struct record *r)
{
    struct cvk_slice rest = *s, body;
    uint64_t length;
    size_t key;

    if (!take_number(&rest, &length) || rest.n == 0 || rest.p[0] != ' ')
        return false;
    /* digits, blank, the shortest key with its "=", line feed */
    if (length > s->n || length < s->n - rest.n + 4)
        return false;
    body = cvk_slice_cut(*s, s->n - rest.n + 1, (size_t)length);
    *s = cvk_slice_cut(*s, (size_t)length, s->n);
    key = cvk_slice_find(body, '=');
    if (body.p[body.n - 1] != '\n' || key == 0 || key >= body.n - 1)
        return false;
    r->key = cvk_slice_cut(body, 0, key);
    r->value = cvk_slice_cut(body, key + 1, body.n - 1);
    return true;
}

static bool set_size(struct cvk_pax *pax, struct cvk_slice value)
{
    pax->has_size = value.n > 0;
    if (!pax->has_size)
        return true;
    return take_number(&value, &pax->size) && value.n == 0;
}

/* "-12.345": seconds, and nanoseconds that count upwards. */
static bool take_time(struct cvk_slice value, int64_t *seconds, uint32_t *ns)
{
    bool negative = value.n > 0 && value.p[0] == '-';
    uint32_t scale = 100000000;
    uint64_t number;

    if (negative)
        value = cvk_slice_cut(value, 1, value.n);
    if (!take_number(&value, &number))
        return false;
    *seconds = negative ? -(int64_t)number : (int64_t)number;
    *ns = 0;
    if (value.n == 0)
        return true;
    if (value.p[0] != '.')
        return false;
    for (size_t i = 1; i < value.n; i++, scale /= 10) {
        if (!is_digit(value.p[i]))
            return false;
        *ns += (uint32_t)(value.p[i] - '0') * scale;
    }
    if (negative && *ns) {
        *seconds -= 1;
        *ns = 1000000000 - *ns;
    }
    return true;
}

static bool apply(struct cvk_pax *pax, const struct record *r)
{
    if (cvk_slice_equal(r->key, CVK_LITERAL("path"))) {
        pax->has_path = r->value.n > 0;
        pax->path = r->value;
    } else if (cvk_slice_equal(r->key, CVK_LITERAL("size"))) {
        return set_size(pax, r->value);
    } else if (cvk_slice_equal(r->key, CVK_LITERAL("mtime"))) {
        pax->has_mtime = take_time(r->value, &pax->mtime, &pax->mtime_ns);
    } else if (cvk_slice_equal(r->key, CVK_LITERAL("GNU.sparse.name"))) {
        pax->sparse = true;
        pax->has_sparse_name = r->value.n > 0;
        pax->sparse_name = r->value;
    } else if (cvk_slice_starts(r->key, CVK_LITERAL("GNU.sparse."))) {
        pax->sparse = true;
    }
    return true;
}

bool cvk_pax_parse(struct cvk_pax *pax, struct cvk_slice records)
{
    struct cvk_slice left = records;

    while (left.n) {
        struct record r;

        pax->error_at = records.n - left.n;
        if (!take_record(&left, &r) || !apply(pax, &r))
            return false;
    }
    return true;
}
