#include "support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "reader/pool.h"
#include "reader/pool_inside.h"
#include "reader/sandbox.h"

/* Formats of this test: the first letter of a file says what its reader does. */

static bool is_letter(struct bytes b, char letter) { return b.len > 0 && b.at[0] == (uint8_t)letter; }
static bool good_recognise(struct bytes b)    { return is_letter(b, 'g'); }
static bool crash_recognise(struct bytes b)   { return is_letter(b, 'c'); }
static bool hang_recognise(struct bytes b)    { return is_letter(b, 'h'); }
static bool open_recognise(struct bytes b)    { return is_letter(b, 'o'); }
static bool eat_recognise(struct bytes b)     { return is_letter(b, 'e'); }
static bool box_recognise(struct bytes b)     { return is_letter(b, 'b'); }
static bool later_recognise(struct bytes b)   { return is_letter(b, 'l'); }
static bool threads_recognise(struct bytes b) { return is_letter(b, 't'); }

static void put_identifier(struct reading *r, struct text value)
{
    struct fact_identifier identifier;

    fact_init(FACT_IDENTIFIER, &identifier);
    identifier.kind = TEXT("test");
    identifier.value = value;
    fact_put(r->facts, FACT_IDENTIFIER, &identifier);
}

static enum parse_status good_read(struct reading *r, struct bytes b)
{
    put_identifier(r, text_of_bytes(b));
    return PARSE_OK;
}

static enum parse_status many_read(struct reading *r, struct bytes b)
{
    for (int i = 0; i < 30000; i++)
        put_identifier(r, text_of_bytes(b));
    return PARSE_OK;
}

static enum parse_status crash_read(struct reading *r, struct bytes b)
{
    put_identifier(r, TEXT("before the crash"));
    /* enough rows that the first ones are on their way */
    for (int i = 0; i < 2000; i++)
        put_identifier(r, text_of_bytes(b));
    abort();
}

static enum parse_status hang_read(struct reading *r, struct bytes b)
{
    (void)r;
    volatile unsigned forever = 1;
    while (forever)
        forever |= b.len > 0;
    return PARSE_OK;
}

static enum parse_status open_read(struct reading *r, struct bytes b)
{
    (void)b;
    put_identifier(r, open("/etc/passwd", O_RDONLY) < 0 ? TEXT("refused") : TEXT("opened"));
    return PARSE_OK;
}

static enum parse_status eat_read(struct reading *r, struct bytes b)
{
    (void)r;
    (void)b;
    for (;;) {
        char *p = memory_alloc(16 << 20);
        memset(p, 1, 16 << 20);
    }
    return PARSE_OK;
}

/* What stands for the search: it only knows who may help. */
struct search_of_test {
    struct payload_search operations; /* first */
    struct crew *crew;
    unsigned helpers;
};

static struct payload_search *search_begin(void *argument, struct crew *crew, unsigned helpers)
{
    static struct search_of_test search;

    (void)argument;
    search.crew = crew;
    search.helpers = helpers;
    return &search.operations;
}

static void search_end(struct payload_search *s, struct reading *r)
{
    (void)s;
    (void)r;
}

static atomic_bool helping;

static void help_and_crash(void *user)
{
    (void)user;
    helping = true;
    abort();
}

static void help_without_end(void *user)
{
    volatile unsigned forever = 1;

    (void)user;
    helping = true;
    while (forever)
        forever |= 2;
}

/* "t", then what its threads do: crash, hang, or nothing. */
static enum parse_status threads_read(struct reading *r, struct bytes b)
{
    const struct search_of_test *search = (const struct search_of_test *)r->search;
    char said[32];

    snprintf(said, sizeof said, "%u of %u", search->helpers, crew_size(search->crew));
    put_identifier(r, text_of(said));
    if (b.len > 1 && (b.at[1] == 'c' || b.at[1] == 'h')) {
        crew_start(search->crew, search->helpers, b.at[1] == 'c' ? help_and_crash : help_without_end, NULL);
        while (!helping)
            ;
        crew_finish(search->crew);
    }
    return PARSE_OK;
}

/* Every further character is a member of one character. */
static enum parse_status box_read(struct reading *r, struct bytes b)
{
    for (size_t i = 1; i < b.len; i++)
        r->member(r, TEXT("inside"), bytes_part(b, i, 1));
    return PARSE_OK;
}

static const struct format test_formats[] = {
    { "good",  PASS_STORED,      good_recognise,  good_read },
    { "crash", PASS_STORED,      crash_recognise, crash_read },
    { "hang",  PASS_STORED,      hang_recognise,  hang_read },
    { "open",  PASS_STORED,      open_recognise,  open_read },
    { "eat",   PASS_STORED,      eat_recognise,   eat_read },
    { "box",   PASS_STORED,      box_recognise,   box_read },
    { "later", PASS_TRANSMITTED, later_recognise, many_read },
    { "threads", PASS_TRANSMITTED, threads_recognise, threads_read },
};

static const struct reading_options reading_options;
static char directory[] = "/tmp/leash-test-pool-XXXXXX";

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
    struct buffer log; /* path and value of every row, in order */
    size_t rows;
};

static int hear_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    struct heard *heard = user;
    const struct fact_identifier *identifier = row;
    const char *name = strrchr(item->path.at, '/');

    heard->rows++;
    if (kind == FACT_IDENTIFIER && heard->rows < 200)
        buffer_printf(&heard->log, "%s=%.*s;", name ? name + 1 : "?", (int)identifier->value.len, identifier->value.at);
    return 0;
}

static struct item_list items;
static struct heard heard;
static uint64_t sum_later_min; /* 0: as usual */
static const char *spool_directory = directory;

static struct pool_options options_for_test(unsigned readers)
{
    struct pool_options o = pool_defaults();

    o.worker.formats = test_formats;
    o.worker.format_count = sizeof test_formats / sizeof *test_formats;
    o.worker.reading = &reading_options;
    o.worker.memory_bytes = UINT64_C(256) << 20;
    o.readers = readers;
    o.seconds_per_item = 2;
    o.bytes_per_second = 0;
    o.spool_directory = spool_directory;
    if (sum_later_min)
        o.sum_later_min = sum_later_min;
    o.worker.search_begin = search_begin;
    o.worker.search_end = search_end;
    return o;
}

static void run_pass(enum reading_pass pass, unsigned readers)
{
    struct pool_options options = options_for_test(readers);
    struct pool_listener listener = { .row = hear_row, .user = &heard, .sandbox_features = SANDBOX_ALL };

    assert_int_equal(pool_run(&items, pass, &options, &listener), 0);
    assert_true(listener.sandbox_features & SANDBOX_SECCOMP);
}

static void write_items(const char *const *contents, size_t count)
{
    char path[256];

    heard = (struct heard){ 0 };
    buffer_init(&heard.log, 1 << 20);
    item_list_init(&items);
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%zu", directory, i);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fputs(contents[i], f);
        fclose(f);
        item_add(&items, NULL, text_of(path))->bytes = strlen(contents[i]);
    }
}

static void run(const char *const *contents, size_t count, unsigned readers)
{
    write_items(contents, count);
    run_pass(PASS_STORED, readers);
    run_pass(PASS_TRANSMITTED, readers);
}

static void done(size_t count)
{
    char path[256];

    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%zu", directory, i);
        unlink(path);
    }
    item_list_done(&items);
    buffer_done(&heard.log);
}

static struct item *nth_item(size_t n)
{
    struct item *i = items.first;

    while (i && n--)
        i = i->next;
    assert_non_null(i);
    return i;
}

static void a_crash_costs_its_one_item(void **state)
{
    static const char *const contents[] = { "g1", "c", "g2", "h", "e", "g3", "?" };

    (void)state;
    run(contents, 7, 2);
    assert_text_equal(nth_item(0)->status, "read");
    assert_text_equal(nth_item(1)->status, "partial"); /* what it read before is kept */
    assert_non_null(strstr(nth_item(1)->note.at, "crashed"));
    assert_text_equal(nth_item(2)->status, "read");
    assert_text_equal(nth_item(3)->status, "unreadable");
    assert_non_null(strstr(nth_item(3)->note.at, "time limit"));
    assert_int_not_equal(nth_item(4)->status.len, 4); /* memory limit; without one the time limit ends it */
    assert_text_equal(nth_item(5)->status, "read");
    assert_text_equal(nth_item(6)->status, "unreadable");
    done(7);
}

static void a_reader_cannot_open_files(void **state)
{
    static const char *const contents[] = { "o" };

    (void)state;
    run(contents, 1, 1);
    assert_string_equal((buffer_add_u8(&heard.log, 0), (char *)heard.log.at), "0=refused;");
    done(1);
}

static void order_is_that_of_the_items(void **state)
{
    static const char *const contents[] = { "bglo", "g1", "l3", "bxgg", "g1", "gg", "" };
    char *first = NULL;

    (void)state;
    for (unsigned readers = 1; readers <= 3; readers++) {
        run(contents, 7, readers);
        buffer_add_u8(&heard.log, 0);
        if (!first)
            first = strdup((char *)heard.log.at);
        assert_string_equal((char *)heard.log.at, first);
        /* what lies inside comes right behind its holder, the same content is read once */
        assert_true(strncmp(first, "0!inside=g;0!inside=refused;1=g1;5=gg;", 38) == 0);
        assert_text_equal(nth_item(0)->status, "read");
        assert_int_equal(items.count, 7 + 3 + 3);
        done(7);
    }
    free(first);
}

/* What is known of the items in the end, in their order. */
static void note_items(struct buffer *b)
{
    for (const struct item *i = items.first; i; i = i->next)
        buffer_printf(b, "%s %.*s %.*s %s%.*s\n", strrchr(i->path.at, '/'), (int)i->status.len, i->status.at,
                      i->hashed ? 64 : 0, i->sha256,
                      i->same_as ? "same as " : "", i->same_as ? (int)i->same_as->path.len : 0, i->same_as ? i->same_as->path.at : "");
}

/* With one reader everything is hashed before it is read; with more, what has a size of its own meanwhile. */
static void hashing_while_reading_changes_nothing(void **state)
{
    static const char *const contents[] = {
        "l",          /* waits for its pass when, out of the next one, */
        "bl?lg",      /* the same content comes twice, and others of its size */
        "l many rows wait for the hash",
        "g12", "g13", /* of one size */
        "crashes while it is read",
        "? no format",
        "box that is empty",
    };
    struct buffer first = { 0 };

    (void)state;
    sum_later_min = 1;
    for (unsigned readers = 1; readers <= 4; readers++) {
        struct buffer b;
        run(contents, 8, readers);
        buffer_init(&b, 1 << 16);
        note_items(&b);
        buffer_printf(&b, "%zu rows: ", heard.rows);
        buffer_add_text(&b, buffer_text(&heard.log));
        for (const struct item *i = items.first; i; i = i->next)
            assert_true(i->hashed);
        assert_text_equal(nth_item(0)->status, "read");
        assert_null(nth_item(0)->same_as);
        assert_ptr_equal(nth_item(2)->same_as, nth_item(0)); /* what came out of the box */
        assert_ptr_equal(nth_item(4)->same_as, nth_item(0));
        if (readers == 1)
            first = b;
        assert_int_equal(b.len, first.len);
        assert_memory_equal(b.at, first.at, first.len);
        if (readers > 1)
            buffer_done(&b);
        done(8);
    }
    buffer_done(&first);
    sum_later_min = 0;
}

/* Rows that wait need a place: where there is none, a file is hashed first. */
static void without_room_for_rows_nothing_waits(void **state)
{
    static const char *const contents[] = { "l many rows", "g12" };

    (void)state;
    sum_later_min = 1;
    spool_directory = "/no/such/place";
    run(contents, 2, 2);
    assert_text_equal(nth_item(0)->status, "read");
    assert_text_equal(nth_item(1)->status, "read");
    assert_true(nth_item(0)->hashed && nth_item(1)->hashed);
    assert_int_equal(heard.rows, 30001);
    done(2);
    spool_directory = directory;
    sum_later_min = 0;
}

static void no_child_is_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* What waits for its pass is hashed from the end of the run before on: the parent has other things to do meanwhile. */
static void hashing_goes_on_between_runs(void **state)
{
    static const char *const contents[] = { "g12", "l many rows", "l more" };
    char sha256[SHA256_HEX];

    (void)state;
    sum_later_min = 1;
    run(contents, 3, 1);
    memcpy(sha256, nth_item(1)->sha256, sizeof sha256);
    done(3);
    for (unsigned readers = 2; readers <= 3; readers++) {
        write_items(contents, 3);
        run_pass(PASS_STORED, readers);
        assert_non_null(items.early);
        assert_ptr_equal(items.early->item, nth_item(1));
        run_pass(PASS_TRANSMITTED, readers);
        assert_null(items.early);
        assert_memory_equal(nth_item(1)->sha256, sha256, sizeof sha256);
        assert_true(nth_item(2)->hashed);
        assert_text_equal(nth_item(1)->status, "read");
        assert_int_equal(heard.rows, 60001);
        no_child_is_left();
        done(3);
    }
    write_items(contents, 3);
    run_pass(PASS_STORED, 1);
    assert_null(items.early); /* one at once is one at once */
    done(3);
    sum_later_min = 0;
}

static void who_hashes_between_runs_ends(void **state)
{
    static const char *const contents[] = { "l many rows" };

    (void)state;
    sum_later_min = 1;
    write_items(contents, 1);
    run_pass(PASS_STORED, 2);
    assert_non_null(items.early);
    done(1); /* without another run */
    no_child_is_left();

    write_items(contents, 1);
    run_pass(PASS_STORED, 2);
    assert_int_equal(kill(items.early->pid, SIGKILL), 0);
    run_pass(PASS_TRANSMITTED, 2);
    assert_false(nth_item(0)->sum_later);
    assert_int_equal(heard.rows, 30000);
    if (!nth_item(0)->hashed) { /* unless it was done by then */
        assert_text_equal(nth_item(0)->status, "partial");
        assert_non_null(strstr(nth_item(0)->note.at, "its hash is not known"));
    }
    no_child_is_left();
    done(1);
    sum_later_min = 0;
}

/* A reader has so many threads that all readers together have no more than there may be readers. */
static void threads_are_for_those_that_are_alone(void **state)
{
    static const char *const contents[] = { "t1", "t2", "t3" };
    static const struct {
        size_t items;
        unsigned readers;
        const char *said;
    } cases[] = {
        { 1, 1, "0=0 of 0;" },
        { 1, 3, "0=2 of 2;" },
        { 1, 64, "0=7 of 7;" }, /* more than a search can use */
        { 2, 4, "0=1 of 1;1=1 of 1;" },
        { 2, 3, "0=0 of 0;1=0 of 0;" },
        { 3, 3, "0=0 of 0;1=0 of 0;2=0 of 0;" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run(contents, cases[i].items, cases[i].readers);
        buffer_add_u8(&heard.log, 0);
        assert_string_equal((char *)heard.log.at, cases[i].said);
        done(cases[i].items);
    }
}

/* What happens in a thread happens to its item. */
static void a_thread_ends_as_its_reader_would(void **state)
{
    static const char *const contents[] = { "tc", "g1", "th" };

    (void)state;
    run(contents, 3, 6);
    assert_text_equal(nth_item(0)->status, "unreadable");
    assert_non_null(strstr(nth_item(0)->note.at, "crashed"));
    assert_text_equal(nth_item(1)->status, "read");
    assert_text_equal(nth_item(2)->status, "unreadable");
    assert_non_null(strstr(nth_item(2)->note.at, "time limit"));
    done(3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_costs_its_one_item),
        cmocka_unit_test(a_reader_cannot_open_files),
        cmocka_unit_test(order_is_that_of_the_items),
        cmocka_unit_test(hashing_while_reading_changes_nothing),
        cmocka_unit_test(hashing_goes_on_between_runs),
        cmocka_unit_test(who_hashes_between_runs_ends),
        cmocka_unit_test(without_room_for_rows_nothing_waits),
        cmocka_unit_test(threads_are_for_those_that_are_alone),
        cmocka_unit_test(a_thread_ends_as_its_reader_would),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
