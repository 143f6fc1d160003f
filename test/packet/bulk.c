#include "packet/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet/capture.h"

/* The corpus that the speed is measured with, small: its recipe says what every flow
 * must count.  The generator is bench/bulk.c, its path is in $LEASH_BULK. */
static char path[] = "/tmp/leash-bulk-XXXXXX";

struct truth {
    char name[64];
    long up, down, packets, missing;
};

static void write_corpus_to(const char *file, const char *arguments_before, const char *arguments_behind, char *said,
                            size_t room)
{
    char command[4096];
    const char *bulk = getenv("LEASH_BULK");

    if (!bulk) {
        print_message("# skipped: no generator\n");
        skip();
    }
    snprintf(command, sizeof command, "%s %s %s %s", bulk, arguments_before, file, arguments_behind);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    const size_t n = fread(said, 1, room - 1, f);
    said[n] = '\0';
    assert_int_equal(pclose(f), 0);
}

static void write_corpus(const char *arguments_before, const char *arguments_behind, char *said, size_t room)
{
    write_corpus_to(path, arguments_before, arguments_behind, said, room);
}

/* The generator's four lines; gives what stands behind them. */
static const char *truth_of(const char *said, struct truth truth[4])
{
    for (int i = 0; i < 4; i++) {
        assert_int_equal(sscanf(said, "%63s %ld %ld %ld %ld", truth[i].name, &truth[i].up, &truth[i].down,
                                &truth[i].packets,
                                &truth[i].missing), 5);
        said = strchr(said, '\n') + 1;
    }
    return said;
}

/* The whole corpus that others measured with: sizes and order are a recipe, and this is
 * what another program that followed it counted. */
static void the_recipe_is_followed(void **state)
{
    static const struct truth known[4] = {
        { "upload-a.example-drone.com", 240073464, 1038, 248705, 0 }, { "media.example-cloud.cn", 180055165, 1038, 186532, 0 },
        { "log.example-analytics.net", 120036878, 1038, 124358, 0 }, { "plain.example.org", 60000135, 43, 62162, 0 },
    };
    char said[1000];
    struct truth truth[4];
    long packets, bytes;

    write_corpus_to("/dev/null", "", "600000000", said, sizeof said);
    const char *total = truth_of(said, truth);
    for (int i = 0; i < 4; i++) {
        assert_string_equal(truth[i].name, known[i].name);
        assert_int_equal(truth[i].up, known[i].up);
        assert_int_equal(truth[i].down, known[i].down);
        assert_int_equal(truth[i].packets, known[i].packets);
        assert_int_equal(truth[i].missing, 0);
    }
    assert_int_equal(sscanf(total, "total %ld packets, %ld frame bytes", &packets, &bytes), 2);
    assert_int_equal(packets, 621765);
    assert_int_equal(24 + 16 * packets + bytes, 651153749); /* the file's size */
}

static void read_corpus(struct kept_facts *facts, const struct reading_options *options)
{
    struct bytes in = file_bytes(path);

    kept_facts_init(facts);
    struct reading r = reading_for_test(facts);
    if (options)
        r.options = options;
    assert_int_equal(capture_read(&r, in), PARSE_OK);
    reading_for_test_done(&r);
    exact_copy_free(in);
}

/* What follows from the recipe for `upload` bytes; section numbers of RFC 8446 do not
 * matter, only sizes: a record's head is 5 bytes, its content up to 16,401. */
static long upload_and_heads(long upload)
{
    return upload + 5 * ((upload + 16400) / 16401);
}

/* Each flow of the corpus against the generator's count and against the recipe. */
static void check_uploads(const struct kept_facts *facts, const struct truth truth[4], bool whole)
{
    static const long shares[] = { 4, 3, 2 };
    const struct fact_flow *f;
    size_t seen = 0;

    for (size_t i = 0; (f = kept_facts_row(facts, FACT_FLOW, i)) != NULL; i++) {
        if (!text_equal(f->proto, TEXT("tcp")))
            continue;
        const struct truth *t = &truth[f->src_port - 40001];
        seen++;
        assert_int_equal(f->payload_out, t->up);
        assert_int_equal(f->payload_in, t->down);
        assert_int_equal(f->readable_out + f->opaque_out, t->up);
        assert_int_equal(f->packets_out + f->packets_in, t->packets);
        assert_int_equal(f->missing_out, t->missing);
        assert_int_equal(t->missing > 0, !whole);
        /* Independent of the generator: the sizes in the recipe. */
        const long hello = 5 + 4 + 67 + 12 + 2 + 4 * 8 + (long)strlen(t->name) + 5 + 6 + 2 + 10 + 14 + 5 + 2 + 38;
        if (f->dst_port == 443)
            assert_int_equal(f->payload_out + f->missing_out,
                             hello + 6 + 58 + upload_and_heads(200000 * shares[f->src_port - 40001]));
    }
    assert_int_equal(seen, 4);
}

/* As it is; with one segment in a hundred sent again, overtaken by the next, or lost before
 * the capture: what was sent is counted once, and what was not seen is counted as missing. */
static void uploads_are_counted_exactly(void **state)
{
    static const char *const mishaps[] = { "", "--again", "--swapped", "--lost" };

    for (size_t v = 0; v < sizeof mishaps / sizeof *mishaps; v++) {
        char said[1000];
        struct kept_facts facts;
        struct truth truth[4];
        const bool again = v == 1, lost = v == 3;

        print_message("# %s\n", mishaps[v]);
        write_corpus(mishaps[v], "2000000", said, sizeof said);
        truth_of(said, truth);
        read_corpus(&facts, NULL);
        assert_int_equal(kept_facts_count(&facts, FACT_FLOW), 8);
        assert_int_equal(kept_facts_count(&facts, FACT_DAMAGE), 0);
        check_uploads(&facts, truth, !lost);
        const struct fact_flow *f;
        for (size_t i = 0; !again && (f = kept_facts_row(&facts, FACT_FLOW, i)) != NULL; i++)
            if (text_equal(f->proto, TEXT("tcp")))
                assert_int_equal(f->bytes_out + f->bytes_in,
                                 f->payload_out + f->payload_in + (f->packets_out + f->packets_in) * (14 + 20 + 32));
        kept_facts_done(&facts);
        remove(path);
    }
}

/* A table that holds a thousandth of the flows that are open at once: every packet and byte
 * is still counted, and what was set aside is told. */
static void many_open_flows(void **state)
{
    const struct reading_options small = { .flows_max = 1000 };
    char said[1000];
    struct kept_facts facts;
    long flows, packets, payload;

    write_corpus("--flows 20000", "4000000", said, sizeof said);
    assert_int_equal(sscanf(said, "flows %ld packets %ld payload %ld", &flows, &packets, &payload), 3);
    for (int bounded = 0; bounded < 2; bounded++) {
        long got_packets = 0, got_payload = 0;
        const struct fact_flow *f;
        read_corpus(&facts, bounded ? &small : NULL);
        for (size_t i = 0; i < facts.count; i++) {
            if (facts.rows[i].kind != FACT_FLOW)
                continue;
            f = facts.rows[i].row;
            got_packets += f->packets_out;
            got_payload += f->payload_out;
            assert_int_equal(f->packets_in, 0);
        }
        assert_int_equal(got_packets, packets);
        assert_int_equal(got_payload, payload);
        if (bounded)
            assert_true(kept_facts_count(&facts, FACT_FLOW) > 20000);
        else
            assert_int_equal(kept_facts_count(&facts, FACT_FLOW), 20000);
        assert_int_equal(kept_facts_count(&facts, FACT_DAMAGE), bounded);
        kept_facts_done(&facts);
    }
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_recipe_is_followed),
        cmocka_unit_test(uploads_are_counted_exactly),
        cmocka_unit_test(many_open_flows),
    };
    const int file = mkstemp(path);
    if (file >= 0)
        fclose(fdopen(file, "w"));
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove(path);
    return failed;
}
