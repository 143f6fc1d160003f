#include "media/boxes.h"

#include "media/track_boxes.h"

static void text_box(struct buffer *b, const char *type, const char *text)
{
    box_add(b, type, text, strlen(text));
}

/* What is met in which order: for each box a letter for what it is (enum track_box), and its body where that is one
 * character. */
static void met(struct bytes trak, char into[64])
{
    static const char as[] = "ntumif?";
    struct track_box_walk w;
    enum track_box what;
    struct box box;
    size_t n = 0;

    for (track_box_walk_init(&w, trak); n < 60 && track_box_next(&w, &box, &what); ) {
        into[n++] = as[what];
        if (box.body.len == 1)
            into[n++] = (char)box.body.at[0];
    }
    into[n] = '\0';
}

static void every_box_is_met(void **state)
{
    struct buffer b;
    char got[64];

    (void)state;
    buffer_init(&b, 1 << 12);
    text_box(&b, "tkhd", "1");
    text_box(&b, "udta", "2");
    const size_t mdia = box_begin(&b, "mdia");
    text_box(&b, "mdhd", "3");
    text_box(&b, "uuid", "4");
    const size_t minf = box_begin(&b, "minf");
    text_box(&b, "vmhd", "5");
    const size_t stbl = box_begin(&b, "stbl");
    text_box(&b, "stsd", "6");
    text_box(&b, "stsd", "7"); /* a second one */
    text_box(&b, "sgpd", "8");
    text_box(&b, "sgpd", "9");
    text_box(&b, "free", "a");
    text_box(&b, "vmhd", "b"); /* known, but not here */
    box_end(&b, stbl);
    const size_t again = box_begin(&b, "stbl"); /* is not walked into: nobody reads its tables */
    text_box(&b, "stsd", "c");
    box_end(&b, again);
    box_end(&b, minf);
    text_box(&b, "meta", "d");
    box_end(&b, mdia);
    text_box(&b, "udta", "e"); /* both */
    text_box(&b, "what", "f");
    met(buffer_view(&b), got);
    assert_string_equal(got, "t1u2t3i4n5n6?7n8n9fa?b?mdue?f");
    for (size_t len = 0; len < b.len; len++) {
        const struct bytes cut = exact_copy(b.at, len);
        met(cut, got);
        exact_copy_free(cut);
    }
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_box_is_met) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
