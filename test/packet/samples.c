#include "packet/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet/capture.h"

/* Real captures against what other tools counted.
 *
 * traffic/truth.csv: `packets` and the sum of `frame_bytes` are of IP frames where two tools agree, so
 * they must be ours.  Its up and down are by who sent a flow's first packet, ours by which side is
 * private, so only the sum is compared.  `flow_count` is tshark's streams.  For tunnels in UDP these are
 * the outer ones besides the inner ones, ours the inner ones: only TCP is compared for VXLAN; the
 * outer flows that stay in Teredo, of its signalling, are as many as all. */

static struct outcome o;

static void read_sample(const char *name)
{
    char below[300];

    snprintf(below, sizeof below, "traffic/%s", name);
    struct bytes in = file_bytes(sample_path(below));
    memset(&o, 0, sizeof o);
    kept_facts_init(&o.facts);
    struct reading r = reading_for_test(&o.facts);
    o.status = capture_read(&r, in);
    reading_for_test_done(&r);
    exact_copy_free(in);
}

struct totals {
    long packets, bytes, tcp, udp;
};

static struct totals totals_now(void)
{
    struct totals t = { 0 };
    const struct fact_flow *f;

    for (size_t i = 0; (f = kept_facts_row(&o.facts, FACT_FLOW, i)) != NULL; i++) {
        t.packets += f->packets_out + f->packets_in;
        t.bytes += f->bytes_out + f->bytes_in;
        t.tcp += text_equal(f->proto, TEXT("tcp"));
        t.udp += text_equal(f->proto, TEXT("udp"));
        assert_int_equal(f->readable_out + f->opaque_out, f->payload_out);
    }
    return t;
}

static void counts_agree_with_two_tools(void **state)
{
    struct bytes csv = file_bytes(sample_path("traffic/truth.csv"));
    char *text = strndup((const char *)csv.at, csv.len), *save = NULL;
    char current[300] = "";
    struct totals t = { 0 };
    int compared = 0;

    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char file[300], kind[40], values[200];
        long count, a = 0, c = 0;
        if (sscanf(line, "%299[^,],%*[^,],%*[^,],%39[^,],%ld,%199[^,]", file, kind, &count, values) != 4)
            continue;
        const bool packets = strcmp(kind, "packets") == 0, bytes = strcmp(kind, "frame_bytes") == 0,
                   flows = strcmp(kind, "flow_count") == 0;
        if (!packets && !bytes && !flows)
            continue;
        if (strcmp(file, current) != 0) {
            if (current[0])
                outcome_done(&o);
            snprintf(current, sizeof current, "%s", file);
            read_sample(file);
            t = totals_now();
        }
        compared++;
        if (packets && (sscanf(values, "%ld", &a) != 1 || t.packets != a))
            fail_msg("%s: %ld packets, not %ld", file, t.packets, a);
        if (bytes && (sscanf(values, "up=%ld | down=%ld", &a, &c) != 2 || t.bytes != a + c))
            fail_msg("%s: %ld bytes, not %ld", file, t.bytes, a + c);
        if (flows && (sscanf(values, "tcp=%ld | udp=%ld", &a, &c) != 2 || t.tcp != a ||
                      (t.udp != c && !strstr(file, "vxlan"))))
            fail_msg("%s: %ld and %ld flows, not %ld and %ld", file, t.tcp, t.udp, a, c);
    }
    outcome_done(&o);
    free(text);
    exact_copy_free(csv);
    print_message("# %d counts compared\n", compared);
    assert_true(compared > 200);
}

struct conversation_truth {
    char proto[8], a[60], b[60];
    long packets_ab, packets_ba, bytes_ab, bytes_ba;
};

static bool is_end(const char *want, struct text address, int64_t port)
{
    char end[80];

    snprintf(end, sizeof end, "%.*s:%lld", (int)address.len, address.at, (long long)port);
    return strcmp(want, end) == 0;
}

static bool is_address(const char *want, struct text address)
{
    const size_t len = (size_t)(strrchr(want, ':') - want);
    return address.len == len && memcmp(want, address.at, len) == 0;
}

/* Adds what our flows between the ends of `x` counted, from a to b and back.  With
 * `by_address`: of ICMP between the addresses, whatever the ports. */
static void ours(const struct conversation_truth *x, bool by_address, struct conversation_truth *sum)
{
    const struct fact_flow *f;

    for (size_t i = 0; (f = kept_facts_row(&o.facts, FACT_FLOW, i)) != NULL; i++) {
        bool forth, back;
        if (by_address) {
            forth = is_address(x->a, f->src) && is_address(x->b, f->dst);
            back = is_address(x->b, f->src) && is_address(x->a, f->dst);
        } else {
            forth = is_end(x->a, f->src, f->src_port) && is_end(x->b, f->dst, f->dst_port);
            back = is_end(x->b, f->src, f->src_port) && is_end(x->a, f->dst, f->dst_port);
        }
        if ((!forth && !back) || !text_equal(f->proto, by_address ? TEXT("icmp") : text_of(x->proto)))
            continue;
        sum->packets_ab += forth ? f->packets_out : f->packets_in;
        sum->packets_ba += forth ? f->packets_in : f->packets_out;
        sum->bytes_ab += forth ? f->bytes_out : f->bytes_in;
        sum->bytes_ba += forth ? f->bytes_in : f->bytes_out;
    }
}

static bool same(const struct conversation_truth *x, const struct conversation_truth *y)
{
    return x->packets_ab == y->packets_ab && x->packets_ba == y->packets_ba && x->bytes_ab == y->bytes_ab &&
           x->bytes_ba == y->bytes_ba;
}

static void compare_conversations(const char *name, const char *json)
{
    static struct conversation_truth icmp[64];
    size_t icmp_count = 0;
    int found = 0;

    for (const char *at = json; (at = strstr(at, "\"proto\"")) != NULL; at++) {
        struct conversation_truth x, sum = { .packets_ab = 0 };
        if (sscanf(at, "\"proto\": \"%7[^\"]\", \"a\": \"%59[^\"]\", \"b\": \"%59[^\"]\", \"packets_ab\": %ld, "
                   "\"packets_ba\": %ld, \"bytes_ab\": %ld, \"bytes_ba\": %ld",
                   x.proto, x.a, x.b, &x.packets_ab, &x.packets_ba, &x.bytes_ab, &x.bytes_ba) != 7)
            fail_msg("%s: truth not understood", name);
        ours(&x, false, &sum);
        if (sum.packets_ab + sum.packets_ba > 0) {
            found++;
            if (!same(&x, &sum))
                fail_msg("%s: %s %s - %s: %ld/%ld packets, %ld/%ld bytes", name, x.proto, x.a, x.b, sum.packets_ab,
                         sum.packets_ba, sum.bytes_ab, sum.bytes_ba);
            continue;
        }
        /* tshark files an ICMP error under the ports of the packet that it quotes. */
        size_t i = 0;
        while (i < icmp_count && (!is_address(icmp[i].a, (struct text){ x.a, (size_t)(strrchr(x.a, ':') - x.a) }) ||
                                  !is_address(icmp[i].b, (struct text){ x.b, (size_t)(strrchr(x.b, ':') - x.b) })))
            i++;
        if (i == icmp_count) {
            assert_true(icmp_count < 64);
            icmp[icmp_count++] = x;
        } else {
            icmp[i].packets_ab += x.packets_ab;
            icmp[i].packets_ba += x.packets_ba;
            icmp[i].bytes_ab += x.bytes_ab;
            icmp[i].bytes_ba += x.bytes_ba;
        }
    }
    for (size_t i = 0; i < icmp_count; i++) {
        struct conversation_truth sum = { .packets_ab = 0 };
        ours(&icmp[i], true, &sum);
        if (!same(&icmp[i], &sum))
            fail_msg("%s: %s %s - %s: not found", name, icmp[i].proto, icmp[i].a, icmp[i].b);
    }
    assert_true(found > 0);
}

static void drone_captures_agree_per_flow(void **state)
{
    static const char *const names[] = {
        "e99_Drone_experiment.pcap", "e99_PCAPdroid_02_Dec_13_46_06.pcap", "e99_app_to_laptop.pcapng",
        "e99_controller_port_7099.pcap", "e99_controller_port_8800.pcap", "e99_rtsp-traffic.pcapng",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char below[300];
        snprintf(below, sizeof below, "traffic/%s.truth.json", names[i]);
        struct bytes truth = file_bytes(sample_path(below));
        char *json = strndup((const char *)truth.at, truth.len);
        read_sample(names[i]);
        compare_conversations(names[i], json);
        outcome_done(&o);
        free(json);
        exact_copy_free(truth);
    }
}

/* All of them are DUML, which is read: nothing is lost, and no network was spoken to. */
static void frames_of_a_serial_line_are_no_flows(void **state)
{
    read_sample("dji_p3x_ofdm_to_center_run1.pcap");
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 1);
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_agree_with_two_tools),
        cmocka_unit_test(drone_captures_agree_per_flow),
        cmocka_unit_test(frames_of_a_serial_line_are_no_flows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
