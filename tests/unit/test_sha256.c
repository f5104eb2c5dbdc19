/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"

#include <stdlib.h>

#include "unit.h"

static void assert_hash(struct cvk_slice s, const char *expected)
{
    uint8_t digest[CVK_SHA256_SIZE];
    char hex[CVK_SHA256_HEX_SIZE];

    cvk_sha256(s, digest);
    memset(hex, '#', sizeof hex);
    cvk_sha256_hex(digest, hex);
    ck_assert_str_eq(hex, expected);
}

/* FIPS 180-4 examples, as NIST publishes them ("SHA256.pdf", CAVP
 * SHA256ShortMsg.rsp for the first and the one of a single byte). */
static const struct {
    const char *text;
    const char *hash;
} vectors[] = {
    {"",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"\xd3",
     "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
};

START_TEST(published_vectors_are_met)
{
    assert_hash(cvk_slice_of(vectors[_i].text, strlen(vectors[_i].text)),
                vectors[_i].hash);
}
END_TEST

START_TEST(one_million_letters_a_are_met)
{
    size_t n = 1000000;
    char *text = malloc(n);

    ck_assert_ptr_nonnull(text);
    memset(text, 'a', n);
    assert_hash(cvk_slice_of(text, n),
                "cdc76e5c9914fb9281a1c7e284d73e67"
                "f1809a48a497200e046d39ccc7112cd0");
    free(text);
}
END_TEST

START_TEST(a_slice_of_nothing_is_the_empty_text)
{
    assert_hash((struct cvk_slice){0}, vectors[0].hash);
}
END_TEST

START_TEST(bytes_behind_a_nul_count)
{
    uint8_t a[CVK_SHA256_SIZE], b[CVK_SHA256_SIZE];

    cvk_sha256(CVK_LITERAL("a\0b"), a);
    cvk_sha256(CVK_LITERAL("a\0c"), b);
    ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

START_TEST(digits_are_lower_case_and_end_with_a_nul)
{
    uint8_t digest[CVK_SHA256_SIZE];
    char hex[CVK_SHA256_HEX_SIZE];

    for (size_t i = 0; i < sizeof digest; i++)
        digest[i] = (uint8_t)(0xff - 5 * i);
    memset(hex, '#', sizeof hex);
    cvk_sha256_hex(digest, hex);
    ck_assert_int_eq(hex[CVK_SHA256_HEX_SIZE - 1], '\0');
    ck_assert_str_eq(hex, "fffaf5f0ebe6e1dcd7d2cdc8c3beb9b4"
                          "afaaa5a09b96918c87827d78736e6964");
}
END_TEST

START_TEST(the_library_says_its_version)
{
    ck_assert_int_ge(cvk_sha256_library_major(), 3);
    ck_assert_int_ge(cvk_sha256_library_minor(), 0);
}
END_TEST

START_TEST(pieces_give_the_hash_of_the_whole)
{
    const size_t n = 200;
    uint8_t text[200], whole[CVK_SHA256_SIZE], pieces[CVK_SHA256_SIZE];

    for (size_t i = 0; i < n; i++)
        text[i] = (uint8_t)(7 * i);
    cvk_sha256(cvk_slice_of(text, n), whole);
    for (size_t cut = 0; cut <= n; cut++) {
        struct cvk_sha256_state s;

        cvk_sha256_start(&s);
        cvk_sha256_add(&s, cvk_slice_of(text, cut));
        cvk_sha256_add(&s, (struct cvk_slice){0});
        cvk_sha256_add(&s, cvk_slice_of(text + cut, n - cut));
        cvk_sha256_finish(&s, pieces);
        ck_assert_mem_eq(pieces, whole, sizeof whole);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sha256");
    TCase *tc = tcase_create("sha256");

    tcase_add_loop_test(tc, published_vectors_are_met, 0,
                        sizeof vectors / sizeof *vectors);
    tcase_add_test(tc, one_million_letters_a_are_met);
    tcase_add_test(tc, a_slice_of_nothing_is_the_empty_text);
    tcase_add_test(tc, bytes_behind_a_nul_count);
    tcase_add_test(tc, digits_are_lower_case_and_end_with_a_nul);
    tcase_add_test(tc, pieces_give_the_hash_of_the_whole);
    tcase_add_test(tc, the_library_says_its_version);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
