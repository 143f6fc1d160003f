#include "broadcast/build.h"

#include "base/timestamp.h"
#include "broadcast/broadcast.h"

static struct broadcasts *broadcasts;
static int64_t number;

void heard_init(struct heard *h)
{
    heard_init_with(h, NULL);
}

void heard_init_with(struct heard *h, const struct reading_options *options)
{
    kept_facts_init(&h->facts);
    h->reading = reading_for_test(&h->facts);
    if (options)
        h->reading.options = options;
    broadcasts = broadcasts_new(&h->reading);
    number = 0;
}

void heard_done(struct heard *h)
{
    reading_for_test_done(&h->reading);
    kept_facts_done(&h->facts);
}

void hear(struct heard *h, uint32_t link_type, struct bytes frame)
{
    struct bytes exact = exact_copy(frame.at, frame.len);
    struct link_layer link;
    (void)h;
    number++;
    const struct frame record = { .data = exact, .original_len = frame.len, .number = number, .link_type = link_type,
                                  .at_utc_ns = (1750000000 + number) * NS_PER_S };

    if (broadcasts_frame(broadcasts, &record, &link) == LINK_IP)
        assert_true(link.ip.at >= exact.at && link.ip.at + link.ip.len <= exact.at + exact.len);
    exact_copy_free(exact);
}

void heard_end(struct heard *h)
{
    (void)h;
    broadcasts_end(broadcasts);
    broadcasts = NULL;
}

const struct fact_broadcast *heard_broadcast(const struct heard *h, size_t nth)
{
    const struct fact_broadcast *b = kept_facts_row(&h->facts, FACT_BROADCAST, nth);

    assert_non_null(b);
    return b;
}

bool is_odd(const struct fact_broadcast *b, const char *anomaly)
{
    for (size_t i = 0; i < b->anomalies.count; i++)
        if (text_equal(b->anomalies.items[i], text_of(anomaly)))
            return true;
    return false;
}
