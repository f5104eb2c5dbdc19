/* SPDX-License-Identifier: MIT */
/* libFuzzer: -max_len=512 */
/* The JSON scanner: it accepts what the obvious reader accepts, cJSON then
 * gives the same values, and of no document a part is one. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "evidence/json.h"
#include "evidence/json_dom.h"
#include "evidence/json_string.h"
#include "fuzz.h"
#include "reference.h"

enum { CJSON_DIGITS = 63 }; /* longer numbers cJSON 1.7 does not read */

/* The same document as cJSON has it, in step with the events. */
struct walk {
    const cJSON *next; /* what must come next */
    const cJSON *open[CVK_MAX_DEPTH];
    size_t depth;
};

static bool text_is(const char *s, struct cvk_slice token)
{
    static struct cvk_buf value = {.max = 1 << 26};

    value.n = 0;
    fuzz_require(cvk_json_unescape(token, &value));
    value.n = cvk_slice_find(cvk_buf_slice(&value), 0);
    return s &&
           cvk_slice_equal(cvk_slice_of(s, strlen(s)), cvk_buf_slice(&value));
}

static bool number_is(double d, struct cvk_slice token)
{
    char digits[CJSON_DIGITS + 1];

    fuzz_require(token.n < sizeof digits);
    memcpy(digits, token.p, token.n);
    digits[token.n] = 0;
    return d == strtod(digits, NULL);
}

static void enter(struct walk *w)
{
    fuzz_require(w->depth < CVK_MAX_DEPTH);
    w->open[w->depth++] = w->next;
    w->next = w->next->child;
}

static void leave(struct walk *w)
{
    fuzz_require(!w->next && w->depth > 0);
    w->next = w->open[--w->depth]->next;
}

static void follow(struct walk *w, const struct cvk_json *j,
                   enum cvk_json_event event)
{
    struct cvk_slice token = cvk_json_token(j);
    const cJSON *item = w->next;

    if (event == CVK_JSON_OBJECT_END || event == CVK_JSON_ARRAY_END) {
        leave(w);
        return;
    }
    fuzz_require(item);
    if (event == CVK_JSON_NAME) {
        fuzz_require(text_is(item->string, token));
        return;
    }
    fuzz_require(event == CVK_JSON_OBJECT  ? cJSON_IsObject(item)
                 : event == CVK_JSON_ARRAY ? cJSON_IsArray(item)
                 : event == CVK_JSON_STRING
                     ? cJSON_IsString(item) && text_is(item->valuestring, token)
                 : event == CVK_JSON_NUMBER
                     ? cJSON_IsNumber(item) &&
                           number_is(item->valuedouble, token)
                 : event == CVK_JSON_TRUE  ? cJSON_IsTrue(item)
                 : event == CVK_JSON_FALSE ? cJSON_IsFalse(item)
                                           : cJSON_IsNull(item));
    if (event == CVK_JSON_OBJECT || event == CVK_JSON_ARRAY)
        enter(w);
    else
        w->next = item->next;
}

static void check_cjson(struct cvk_slice document, size_t values)
{
    static struct cvk_buf copy;
    static struct cvk_dom dom;
    enum cvk_json_event event;
    struct walk w = {0};
    struct cvk_json j;

    if (!dom.arena.max) {
        cvk_dom_setup();
        cvk_dom_init(&dom);
    }
    fuzz_require(!cvk_dom_parse(&dom, fuzz_copy(&copy, document), values));
    w.next = dom.root;
    cvk_json_init(&j, document);
    while ((event = cvk_json_next(&j)) != CVK_JSON_DONE)
        follow(&w, &j, event);
    fuzz_require(w.depth == 0 && !w.next);
}

/* Reads to the end; *cjson tells that cJSON can read it, too. */
static enum cvk_json_event scan(struct cvk_json *j, bool *cjson)
{
    enum cvk_json_event event;
    size_t from = 0;

    *cjson = true;
    do {
        event = cvk_json_next(j);
        if (event == CVK_JSON_FAILED)
            break;
        fuzz_require(j->from >= from && j->from <= j->to &&
                     j->to <= j->text.n && j->at <= j->text.n);
        from = j->from;
        if (event == CVK_JSON_NUMBER && j->to - j->from > CJSON_DIGITS)
            *cjson = false;
    } while (event != CVK_JSON_DONE);
    fuzz_require(cvk_json_next(j) == event);
    return event;
}

static void check_failure(const struct cvk_json *j)
{
    char why[CVK_MAX_FINDING_TEXT] = "";

    fuzz_require(cvk_code_class(j->error) == CVK_CLASS_INPUT);
    fuzz_require(j->error_at <= j->text.n);
    fuzz_require((j->error == CVK_E_JSON_TRUNCATED) ==
                 (j->error_at == j->text.n));
    cvk_json_explain(j, why);
    fuzz_require(why[0]);
}

/* A document that ends too early is said to, wherever that is. */
static void check_cut(struct cvk_slice document)
{
    struct cvk_json j;
    bool cjson;

    cvk_json_init(
        &j, cvk_slice_cut(document, 0, fuzz_choice(document) % document.n));
    fuzz_require(scan(&j, &cjson) == CVK_JSON_FAILED);
    fuzz_require(j.error == CVK_E_JSON_TRUNCATED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cvk_slice text = cvk_slice_of(data, size);
    enum cvk_json_event event;
    struct cvk_json j;
    bool cjson;
    size_t end;

    cvk_json_init(&j, text);
    event = scan(&j, &cjson);
    fuzz_require((event == CVK_JSON_DONE) == ref_json(text, &end));
    if (event == CVK_JSON_FAILED) {
        check_failure(&j);
        return 0;
    }
    fuzz_require(j.at == end);
    text = cvk_slice_cut(text, 0, end);
    if (cjson)
        check_cjson(text, j.values);
    if (text.p[end - 1] == '}' || text.p[end - 1] == ']')
        check_cut(text);
    return 0;
}
