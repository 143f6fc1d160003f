/* Text about places, with vector instructions in one piece and without in short ones: both find the same, and inside
 * the text. */
#include "support.h"

#include <stdlib.h>

#include "leak/text_scan.h"

struct seen {
    size_t len, pairs, places, signs;
};

static void see_pair(void *user, const struct position_pair *pair)
{
    struct seen *s = user;

    if (pair->at > s->len || pair->length > s->len - pair->at)
        abort();
    s->pairs++;
}

static void see_place(void *user, const struct place_reference *place)
{
    struct seen *s = user;

    if (place->at > s->len || place->length > s->len - place->at || !(place->bits >= -10 && place->bits < 1000))
        abort();
    s->places++;
}

static void see_sign(void *user, enum text_sign sign, size_t at)
{
    struct seen *s = user;

    (void)sign;
    if (at >= s->len)
        abort();
    s->signs++;
}

static struct seen scan(const struct text_index *x, const uint8_t *at, size_t len, size_t step)
{
    struct seen s = { .len = len };
    const struct text_events events = { &s, see_pair, see_place, see_sign };
    struct text_state *state = NULL;

    for (size_t done = 0; done < len; done += step)
        text_scan(x, at, len, done, len - done < step ? len : done + step, 0, true, &state, &events);
    text_state_free(state);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct geo_box boxes[] = { { -30.2536, 42.4871, -30.2390, 42.4989 }, { -0.01, -0.01, 0.01, 0.01 },
                                            { 179.99, -16.51, -179.99, -16.49 } };
    static struct text_index *vector, *plain;

    if (!vector) {
        struct position_index *positions = position_index_new(boxes, 3);
        vector = text_index_new(positions, boxes, 3);
        plain = text_index_new(positions, boxes, 3);
        text_index_use(plain, FILTER_PLAIN);
    }
    if (size < 1 || size > 1 << 14)
        return 0;
    const struct seen a = scan(vector, data + 1, size - 1, size), b = scan(plain, data + 1, size - 1, 1 + data[0]);
    if (a.pairs != b.pairs || a.places != b.places || a.signs != b.signs)
        abort();
    return 0;
}
