/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=256 */
/* Lines of a file: they are what lies between line feeds, also where one lies
 * across two reads; those that are too long are passed over. */
#include "fuzz.h"
#include "input/lines.h"
#include "memory.h"

enum { MAX_LINE = 24, READ = 1 << 16 };

static void check(struct cvk_slice file)
{
    static atomic_int cancel;
    static struct cvk_lines l;
    uint64_t number = 0;
    size_t at = 0;

    if (!l.max)
        cvk_lines_init(&l, MAX_LINE, &cancel);
    fuzz_require(!cvk_lines_open(&l, fuzz_file(file)));
    for (;;) {
        struct cvk_slice line, rest = cvk_slice_cut(file, at, file.n);
        enum cvk_code code = cvk_lines_next(&l, &line);
        size_t n = cvk_slice_find(rest, '\n');

        fuzz_require(l.number == ++number);
        if (rest.n == 0)
            break;
        fuzz_require(l.offset == at);
        fuzz_require(code == (n > MAX_LINE ? CVK_E_INPUT_TOO_LARGE : CVK_OK));
        fuzz_require(code ||
                     (cvk_slice_equal(line, cvk_slice_cut(rest, 0, n)) &&
                      line.p[line.n] == 0));
        at += n < rest.n ? n + 1 : n;
    }
    cvk_instream_close(&l.stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cvk_buf shifted = {.max = 1 << 20};
    struct cvk_slice file = cvk_slice_of(data, size);

    check(file);
    if (size > 64 || fuzz_choice(file) % 32)
        return 0;
    /* the same across the border between two reads */
    shifted.n = 0;
    fuzz_require(cvk_buf_reserve(&shifted, READ + size));
    shifted.n = READ - size / 2;
    memset(shifted.p, 'x', shifted.n - 1);
    shifted.p[shifted.n - 1] = '\n';
    cvk_buf_append_slice(&shifted, file);
    check(cvk_buf_slice(&shifted));
    return 0;
}
