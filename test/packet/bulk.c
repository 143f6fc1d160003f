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
    long up, down, packets;
};

static void write_corpus(const char *arguments_before, const char *arguments_behind, char *said, size_t room)
{
    char command[4096];
    const char *bulk = getenv("LEASH_BULK");

    if (!bulk) {
        print_message("# skipped: no generator\n");
        skip();
    }
    snprintf(command, sizeof command, "%s %s %s %s", bulk, arguments_before, path, arguments_behind);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    const size_t n = fread(said, 1, room - 1, f);
    said[n] = '\0';
    assert_int_equal(pclose(f), 0);
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

static void uploads_are_counted_exactly(void **state)
{
    static const long shares[] = { 4, 3, 2 };
    char said[1000];
    struct kept_facts facts;
    struct truth truth[4];
    const char *line = said;

    write_corpus("", "1000000", said, sizeof said);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(sscanf(line, "%63s %ld %ld %ld", truth[i].name, &truth[i].up, &truth[i].down, &truth[i].packets), 4);
        line = strchr(line, '\n') + 1;
    }
    read_corpus(&facts, NULL);
    assert_int_equal(kept_facts_count(&facts, FACT_FLOW), 8);
    assert_int_equal(kept_facts_count(&facts, FACT_DAMAGE), 0);
    const struct fact_flow *f;
    for (size_t i = 0; (f = kept_facts_row(&facts, FACT_FLOW, i)) != NULL; i++) {
        if (!text_equal(f->proto, TEXT("tcp")))
            continue;
        const struct truth *t = &truth[f->src_port - 40001];
        assert_int_equal(f->payload_out, t->up);
        assert_int_equal(f->payload_in, t->down);
        assert_int_equal(f->packets_out + f->packets_in, t->packets);
        assert_int_equal(f->bytes_out + f->bytes_in, t->up + t->down + t->packets * (14 + 20 + 32));
        assert_int_equal(f->missing_out, 0);
        /* Independent of the generator: the sizes in the recipe. */
        const long hello = 5 + 4 + 67 + 12 + 2 + 4 * 8 + (long)strlen(t->name) + 5 + 6 + 2 + 10 + 14 + 5 + 2 + 38;
        if (f->dst_port == 443)
            assert_int_equal(f->payload_out, hello + 6 + 58 + upload_and_heads(100000 * shares[f->src_port - 40001]));
    }
    kept_facts_done(&facts);
    remove(path);
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
