#include "media/build.h"

#include <stdio.h>
#include <string.h>

const struct tiff_value example_gps[] = {
    TIFF_TEXT(1, "N"), TIFF_RATIONALS(2, 3, 52, 1, 5, 1, 2436, 100),
    TIFF_TEXT(3, "W"), TIFF_RATIONALS(4, 3, 5, 1, 7, 1, 1284, 100),
    TIFF_BYTES(5, 1, "\0"), TIFF_RATIONALS(6, 1, 345, 10), TIFF_END,
};

static void add(struct buffer *b, const void *from, size_t n)
{
    assert_true(buffer_add(b, from, n));
}

void jpeg_segment(struct buffer *b, uint8_t marker, const void *body, size_t len)
{
    const uint8_t head[4] = { 0xff, marker, (uint8_t)((len + 2) >> 8), (uint8_t)(len + 2) };

    assert_true(len + 2 <= 0xffff);
    add(b, head, sizeof head);
    add(b, body, len);
}

void jpeg_app(struct buffer *b, uint8_t marker, const char *signature, const void *body, size_t len)
{
    struct buffer whole;

    buffer_init(&whole, 1 << 20);
    add(&whole, signature, strlen(signature) + 1);
    add(&whole, body, len);
    jpeg_segment(b, marker, whole.at, whole.len);
    buffer_done(&whole);
}

void jpeg_xmp(struct buffer *b, const char *packet)
{
    jpeg_app(b, 0xe1, "http://ns.adobe.com/xap/1.0/", packet, strlen(packet));
}

void jpeg_picture(struct buffer *b)
{
    static const uint8_t frame[] = { 8, 0, 8, 0, 8, 1, 1, 0x11, 0 }, scan[] = { 1, 1, 0, 0, 63, 0 };

    jpeg_segment(b, 0xc0, frame, sizeof frame);
    jpeg_segment(b, 0xda, scan, sizeof scan);
    add(b, "\x12\xff\x00\x34\xff\xd3\x56\x78\xff\xd9", 10);
}

void jpeg_small(struct buffer *b)
{
    add(b, "\xff\xd8", 2);
    jpeg_segment(b, 0xdb, "\0quantisation0123456789012345678901234567890123456789012345678901", 65);
    jpeg_picture(b);
}

static void put_number(struct buffer *b, bool big, uint32_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        buffer_add_u8(b, (uint8_t)(value >> 8 * (big ? width - 1 - i : i)));
}

static void put_value(struct buffer *b, bool big, const struct tiff_value *v)
{
    if (v->type == 1 || v->type == 2 || v->type == 7) {
        add(b, v->bytes, v->count);
        return;
    }
    const size_t numbers = v->type == 5 ? 2 * v->count : v->count;
    for (size_t i = 0; i < numbers; i++)
        put_number(b, big, v->numbers[i], v->type == 3 ? 2 : 4);
}

static void put_entry(struct buffer *b, bool big, const struct tiff_value *v, struct buffer *behind, size_t behind_at)
{
    struct buffer value;

    buffer_init(&value, 1 << 20);
    put_value(&value, big, v);
    put_number(b, big, v->tag, 2);
    put_number(b, big, v->type, 2);
    put_number(b, big, v->count, 4);
    if (value.len <= 4) {
        add(b, value.at, value.len);
        add(b, "\0\0\0\0", 4 - value.len);
    } else {
        put_number(b, big, (uint32_t)(behind_at + behind->len), 4);
        add(behind, value.at, value.len);
    }
    buffer_done(&value);
}

static void put_directory(struct buffer *b, size_t start, bool big, const struct tiff_value *values, size_t more,
                          const struct tiff_value *links, uint32_t next)
{
    struct buffer behind;
    size_t count = 0;

    while (values[count].tag)
        count++;
    const size_t behind_at = b->len - start + 2 + 12 * (count + more) + 4;
    buffer_init(&behind, 1 << 20);
    put_number(b, big, (uint32_t)(count + more), 2);
    for (size_t i = 0; i < count; i++)
        put_entry(b, big, &values[i], &behind, behind_at);
    for (size_t i = 0; i < more; i++)
        put_entry(b, big, &links[i], &behind, behind_at);
    put_number(b, big, next, 4);
    if (behind.len)
        add(b, behind.at, behind.len);
    buffer_done(&behind);
}

static void put_block(struct buffer *to, const struct tiff_input *input, uint32_t offsets[3])
{
    static const struct tiff_value nothing[] = { TIFF_END };
    const struct tiff_value *parts[3] = { input->exif, input->gps, input->sub };
    const uint16_t tags[3] = { 0x8769, 0x8825, 0x014a };
    const size_t start = to->len;
    struct tiff_value links[3];
    size_t more = 0;

    add(to, input->big_endian ? "MM\0*\0\0\0\x8" : "II*\0\x8\0\0\0", 8);
    for (size_t i = 0; i < 3; i++)
        if (parts[i])
            links[more++] = (struct tiff_value)TIFF_NUMBER(tags[i], 4, offsets[i]);
    put_directory(to, start, input->big_endian, input->ifd0 ? input->ifd0 : nothing, more, links, input->next);
    for (size_t i = 0; i < 3; i++) {
        offsets[i] = (uint32_t)(to->len - start);
        if (parts[i])
            put_directory(to, start, input->big_endian, parts[i], 0, NULL, 0);
    }
}

void tiff_build(struct buffer *b, const struct tiff_input *input)
{
    uint32_t offsets[3] = { 0 };
    struct buffer measured; /* the first time only shows where each directory will lie */

    buffer_init(&measured, 1 << 20);
    put_block(&measured, input, offsets);
    buffer_done(&measured);
    put_block(b, input, offsets);
}

void jpeg_exif(struct buffer *b, const struct tiff_input *input)
{
    struct buffer tiff;

    buffer_init(&tiff, 1 << 20);
    add(&tiff, "", 1); /* the second NUL of "Exif\0\0" */
    tiff_build(&tiff, input);
    jpeg_app(b, 0xe1, "Exif", tiff.at, tiff.len);
    buffer_done(&tiff);
}

static void keep_member(struct reading *r, struct text name, struct bytes content)
{
    struct photo_result *x = r->owner;

    assert_true(x->member_count < 16);
    snprintf(x->members[x->member_count].name, sizeof x->members[0].name, "%.*s", (int)name.len, name.at);
    x->members[x->member_count].offset = (size_t)(content.at - x->begin);
    x->members[x->member_count++].length = content.len;
}

void photo_result_init(struct photo_result *x, enum parse_status (*read)(struct reading *, struct bytes),
                       struct bytes in)
{
    memset(x, 0, sizeof *x);
    x->copy = exact_copy(in.at, in.len);
    x->begin = x->copy.at;
    kept_facts_init(&x->facts);
    x->reading = reading_for_test(&x->facts);
    x->reading.member = keep_member;
    x->reading.owner = x;
    x->status = read(&x->reading, x->copy);
}

void photo_result_done(struct photo_result *x)
{
    reading_for_test_done(&x->reading);
    kept_facts_done(&x->facts);
    exact_copy_free(x->copy);
}

const struct fact_media *photo_media(const struct photo_result *x)
{
    const struct fact_media *media = kept_facts_row(&x->facts, FACT_MEDIA, 0);

    assert_non_null(media);
    assert_int_equal(kept_facts_count(&x->facts, FACT_MEDIA), 1);
    return media;
}

const struct fact_identifier *photo_identifier(const struct photo_result *x, const char *kind, const char *value)
{
    const struct fact_identifier *id;

    for (size_t i = 0; (id = kept_facts_row(&x->facts, FACT_IDENTIFIER, i)) != NULL; i++)
        if (text_equal(id->kind, text_of(kind)) && text_equal(id->value, text_of(value)))
            return id;
    return NULL;
}

const struct fact_damage *photo_damage(const struct photo_result *x, const char *part)
{
    const struct fact_damage *damage;

    for (size_t i = 0; (damage = kept_facts_row(&x->facts, FACT_DAMAGE, i)) != NULL; i++)
        if (memmem(damage->statement.at, damage->statement.len, part, strlen(part)))
            return damage;
    return NULL;
}

bool photo_has_serial(const struct photo_result *x, const char *serial)
{
    const struct text_list serials = photo_media(x)->serials;

    for (size_t i = 0; i < serials.count; i++)
        if (text_equal(serials.items[i], text_of(serial)))
            return true;
    return false;
}

void sweep(enum parse_status (*read)(struct reading *, struct bytes), struct bytes in, bool cut_is_never_ok)
{
    struct photo_result x;

    for (size_t len = 0; len < in.len; len++) {
        photo_result_init(&x, read, (struct bytes){ .at = in.at, .len = len });
        if (cut_is_never_ok)
            assert_int_not_equal(x.status, PARSE_OK);
        photo_result_done(&x);
    }
    uint32_t random = 1;
    struct bytes spoilt = exact_copy(in.at, in.len);
    uint8_t *at = (uint8_t *)(uintptr_t)spoilt.at;
    for (int i = 0; i < 4000; i++) {
        random = random * 1664525 + 1013904223;
        const size_t where = (random >> 8) % in.len;
        const uint8_t before = at[where];
        at[where] ^= (uint8_t)(1u << (random >> 3 & 7));
        photo_result_init(&x, read, spoilt);
        photo_result_done(&x);
        if (i % 7) /* some damage stays and adds up */
            at[where] = before;
        if (i % 200 == 199)
            memcpy(at, in.at, in.len);
    }
    exact_copy_free(spoilt);
}
