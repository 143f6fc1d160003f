#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "reader/pool.h"
#include "reader/sandbox.h"

/* What lies in a file as it is becomes an item without being copied, and what is not hashed is read as soon as its
 * format is known: neither may change what is read. */

static const struct reading_options reading_options;
static char directory[] = "/tmp/leash-test-parts-XXXXXX";

static bool is_letter(struct bytes b, char letter) { return b.len > 0 && b.at[0] == (uint8_t)letter; }
static bool box_recognise(struct bytes b)    { return is_letter(b, '['); }
static bool copied_recognise(struct bytes b) { return is_letter(b, '{'); }
static bool text_recognise(struct bytes b)   { return is_letter(b, 't'); }
static bool later_recognise(struct bytes b)  { return is_letter(b, 'l'); }
static bool far_recognise(struct bytes b)    { return is_letter(b, '('); }
static bool endless_recognise(struct bytes b) { return is_letter(b, 'e'); }

static enum parse_status text_read(struct reading *r, struct bytes b)
{
    struct fact_identifier identifier;
    uint8_t seen[64];
    size_t len = 0;

    /* Looked through as what is large would be. */
    while (b.len > 0 && len < sizeof seen) {
        const struct bytes here = r->once ? r->once(r, b) : b;
        assert_true(here.len == b.len || here.len >= 2);
        assert_memory_equal(here.at, b.at, here.len);
        for (size_t i = 0; i < here.len && len < sizeof seen; i++)
            seen[len++] = here.at[i];
        b = bytes_part(b, here.len, UINT64_MAX);
    }
    fact_init(FACT_IDENTIFIER, &identifier);
    identifier.kind = TEXT("test");
    identifier.value = (struct text){ (const char *)seen, len };
    fact_put(r->facts, FACT_IDENTIFIER, &identifier);
    if (r->passed)
        r->passed(r, b.origin);
    return PARSE_OK;
}

/* A digit says how long the member behind it is: "[2tx3tyz" is a box of two. */
static enum parse_status box_read(struct reading *r, struct bytes b)
{
    uint8_t *copy = memory_alloc(b.len);
    const bool copied = copied_recognise(b);

    memcpy(copy, b.at, b.len);
    for (size_t at = 1; at < b.len;) {
        const size_t len = (size_t)(b.at[at] - '0');
        struct bytes member = bytes_part(b, at + 1, len);
        if (copied)
            member.at = copy + at + 1;
        r->member(r, TEXT("in"), member);
        at += 1 + len;
    }
    free(copy);
    return PARSE_OK;
}

/* It lies in itself, without end. */
static enum parse_status endless_read(struct reading *r, struct bytes b)
{
    r->member(r, TEXT("in"), b);
    return text_read(r, b);
}

enum { FAR_MEMBER = 17, FAR_TEXT = 8 };

/* Its end is a member, of whose end the same is true. */
static enum parse_status far_read(struct reading *r, struct bytes b)
{
    const size_t n = b.len > FAR_MEMBER ? FAR_MEMBER : FAR_TEXT;

    if (r->let_go)
        r->let_go(r, bytes_part(b, 0, b.len - n));
    if (r->passed)
        r->passed(r, b.len);
    r->member(r, TEXT("in"), bytes_part(b, b.len - n, n));
    return PARSE_OK;
}

static const struct format test_formats[] = {
    { "box",    PASS_STORED,      box_recognise,    box_read },
    { "copied", PASS_STORED,      copied_recognise, box_read },
    { "text",   PASS_STORED,      text_recognise,   text_read },
    { "endless", PASS_STORED,     endless_recognise, endless_read },
    { "far",    PASS_STORED,      far_recognise,    far_read },
    { "later",  PASS_TRANSMITTED, later_recognise,  text_read },
};

static int make_directory(void **state)
{
    (void)state;
    sandbox_prepare();
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory);
}

struct heard {
    struct buffer log; /* of every row, in order: where it is from, and its value */
    struct item_list items;
    const char *rewrite; /* between the passes the first file becomes this */
};

static int hear_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    const struct fact_identifier *identifier = row;
    const char *name = strrchr(item->path.at, '/');

    if (kind == FACT_IDENTIFIER)
        buffer_printf(&((struct heard *)user)->log, "%.*s=%.*s;",
                      (int)(item->path.len - (size_t)(name + 1 - item->path.at)), name + 1,
                      (int)identifier->value.len, identifier->value.at);
    return 0;
}

static void write_file(size_t n, const char *content, char path[64])
{
    snprintf(path, 64, "%s/%zu", directory, n);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(content, f);
    fclose(f);
}

static void run(struct heard *h, const char *const *contents, size_t count, unsigned readers, bool hash)
{
    struct pool_options o = pool_defaults();
    struct pool_listener listener = { .row = hear_row, .user = h };
    char path[64];

    buffer_init(&h->log, 1 << 20);
    item_list_init(&h->items);
    for (size_t i = 0; i < count; i++) {
        write_file(i, contents[i], path);
        item_add(&h->items, NULL, text_of(path))->bytes = strlen(contents[i]);
    }
    snprintf(path, sizeof path, "%s/0", directory);
    item_add(&h->items, NULL, text_of(path))->bytes = strlen(contents[0]); /* named again */
    o.worker.formats = test_formats;
    o.worker.format_count = sizeof test_formats / sizeof *test_formats;
    o.worker.reading = &reading_options;
    o.readers = readers;
    o.hash = hash;
    o.spool_directory = directory;
    assert_int_equal(pool_run(&h->items, PASS_STORED, &o, &listener), 0);
    if (h->rewrite) {
        char other[64];
        write_file(count, h->rewrite, other);
        assert_int_equal(rename(other, path), 0);
    }
    assert_int_equal(pool_run(&h->items, PASS_TRANSMITTED, &o, &listener), 0);
    for (struct item *i = h->items.first; i; i = i->next)
        buffer_printf(&h->log, " %.*s%s", (int)i->status.len, i->status.at, i->same_as ? " same" : "");
    buffer_add_u8(&h->log, 0);
}

static void done(struct heard *h, size_t count)
{
    char path[64];

    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%zu", directory, i);
        unlink(path);
    }
    item_list_done(&h->items);
    buffer_done(&h->log);
}

static const char *const contents[] = {
    "[4tabc9[3tde3lfg2ty", /* with a box in it, of which one waits for its pass */
    "{2tz4[2tw",           /* its members lie nowhere in the file, nor do theirs */
    "thello", "lworld", "?", "[",
};
enum { CONTENTS = sizeof contents / sizeof *contents };

static const char told[] =
    "0!in=tabc;0!in!in=tde;0!in=ty;1!in=tz;1!in!in=tw;2=thello;0!in!in=lfg;3=lworld;"
    " read read read read read read read read read read read read unreadable read read same";

static void what_lies_inside_is_read_in_place(void **state)
{
    (void)state;
    for (unsigned readers = 1; readers <= 3; readers++)
        for (int hash = 0; hash < 2; hash++) {
            struct heard h = { .rewrite = NULL };
            run(&h, contents, CONTENTS, readers, hash);
            assert_string_equal((char *)h.log.at, told);
            for (const struct item *i = h.items.first; i; i = i->next) {
                const bool copied = i->path.len > strlen(directory) + 2 && i->path.at[strlen(directory) + 1] == '1';
                assert_int_equal(i->part_of != NULL, i->parent && !copied);
                assert_int_equal(i->hashed, hash);
            }
            done(&h, CONTENTS);
        }
}

/* A part is looked for in its file when it is its turn: in another file of that name there is none. */
static void a_file_that_was_changed_has_no_parts(void **state)
{
    static const char *const box[] = { "[4tabc3lfg" };

    (void)state;
    for (int hash = 0; hash < 2; hash++) {
        struct heard h = { .rewrite = "[4tabc3lXX" };
        run(&h, box, 1, 2, hash);
        assert_string_equal((char *)h.log.at, "0!in=tabc; read read unreadable read same");
        assert_non_null(strstr(h.items.first->next->next->note.at, "cannot be opened"));
        done(&h, 1);
    }
}

/* Where a part lies is counted from the begin of its file, and pages need not fit. */
static void parts_behind_the_first_pages(void **state)
{
    enum { FAR = (9 << 20) + 77 };
    char *content = memory_alloc(FAR + 1);
    const char *const far[] = { content };

    (void)state;
    memset(content, '.', FAR);
    content[0] = '(';
    memcpy(content + FAR - FAR_MEMBER, "(........thalfway", FAR_MEMBER);
    content[FAR] = '\0';
    for (int hash = 0; hash < 2; hash++) {
        struct heard h = { .rewrite = NULL };
        run(&h, far, 1, 2, hash);
        assert_string_equal((char *)h.log.at, "0!in!in=thalfway; read read read read same");
        assert_int_equal(h.items.first->next->next->part_offset, FAR - 8);
        done(&h, 1);
    }
    free(content);
}

/* Text that is its own member: each reader stops at the depth that is allowed. */
static void depth_is_limited(void **state)
{
    static const char *const turtles[] = { "ex" };
    struct heard h = { .rewrite = NULL };
    unsigned rows = 0;

    (void)state;
    run(&h, turtles, 1, 2, false);
    for (const char *at = (char *)h.log.at; (at = strstr(at, "=ex;")) != NULL; at++)
        rows++;
    assert_int_equal(rows, 1 + pool_defaults().inside_depth_max);
    done(&h, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_inside_is_read_in_place),
        cmocka_unit_test(a_file_that_was_changed_has_no_parts),
        cmocka_unit_test(parts_behind_the_first_pages),
        cmocka_unit_test(depth_is_limited),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
