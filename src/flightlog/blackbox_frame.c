/* Encodings of a field (betaflight src/main/blackbox/blackbox_encoding.c, blackbox-tools src/decoders.c):
 *
 *   0  signed variable bytes      zigzag of the next
 *   1  unsigned variable bytes    7 bits a byte, least first; the top bit says that more follow
 *   3  negated 14 bits            as 1
 *   6  tag and up to 8            one field: as 0; else a byte with a bit for each field that is not 0, those as 0
 *   7  2-bit tag and 3            top bits of the first byte: 0: in it; 1: two bytes; 2: three bytes;
 *                                3: low bits tell the bytes of each
 *   8  8-bit tag and 4            two bits each: nothing, 4, 8 or 16 bits; from data version 2 on packed by half bytes
 *   9  nothing                    always 0
 *  10  2-bit tag and 3, other widths of the parts: the same bytes as 7 */
#include "flightlog/blackbox_frame.h"

#include <string.h>

enum encoding { SIGNED_VB = 0, UNSIGNED_VB = 1, NEGATED_14 = 3, TAG8_8SVB = 6, TAG2_3S32 = 7, TAG8_4S16 = 8,
                NOTHING = 9, TAG2_3SVARIABLE = 10 };

void blackbox_fields_init(struct blackbox_fields *f)
{
    memset(f, 0, sizeof *f);
    f->time = f->latitude = f->longitude = f->altitude = -1;
}

static struct text next_item(struct text *list)
{
    const char *comma = list->len > 0 ? memchr(list->at, ',', list->len) : NULL;
    const struct text item = { .at = list->at, .len = comma ? (size_t)(comma - list->at) : list->len };

    list->at += item.len + (comma != NULL);
    list->len -= item.len + (comma != NULL);
    return item;
}

void blackbox_fields_names(struct blackbox_fields *f, struct text names)
{
    for (f->count = 0; names.len > 0 && f->count < BLACKBOX_FIELDS_MAX; f->count++) {
        const struct text name = next_item(&names);
        const int number = (int)f->count;
        if (text_equal(name, TEXT("time")))
            f->time = number;
        else if (text_equal(name, TEXT("GPS_coord[0]")) || text_equal(name, TEXT("GPS_home[0]")))
            f->latitude = number;
        else if (text_equal(name, TEXT("GPS_coord[1]")) || text_equal(name, TEXT("GPS_home[1]")))
            f->longitude = number;
        else if (text_equal(name, TEXT("GPS_altitude")))
            f->altitude = number;
    }
}

void blackbox_fields_numbers(uint8_t *into, size_t *count, struct text numbers)
{
    int64_t value;

    for (*count = 0; numbers.len > 0 && *count < BLACKBOX_FIELDS_MAX; (*count)++)
        into[*count] = text_to_int(next_item(&numbers), 0, UINT8_MAX, &value) ? (uint8_t)value : UINT8_MAX;
}

bool blackbox_fields_readable(const struct blackbox_fields *f)
{
    if (f->count == 0 || f->predictors < f->count || f->encodings < f->count)
        return false;
    for (size_t i = 0; i < f->count; i++)
        switch (f->encoding[i]) {
        case SIGNED_VB: case UNSIGNED_VB: case NEGATED_14: case TAG8_8SVB: case TAG2_3S32: case TAG8_4S16: case NOTHING:
        case TAG2_3SVARIABLE:
            break;
        default:
            return false;
        }
    return true;
}

uint64_t blackbox_unsigned(struct cursor *c)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        const uint8_t byte = cursor_u8(c);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    c->failed = true; /* no number is that long */
    c->rest.len = 0;
    return 0;
}

int64_t blackbox_signed(struct cursor *c)
{
    const uint64_t zigzag = blackbox_unsigned(c);

    return (int64_t)(zigzag >> 1 ^ -(zigzag & 1));
}

static void skip_tag2(struct cursor *c)
{
    const uint8_t tag = cursor_u8(c);

    switch (tag >> 6) {
    case 1: cursor_skip(c, 1); break;
    case 2: cursor_skip(c, 2); break;
    case 3:
        for (unsigned i = 0; i < 6; i += 2)
            cursor_skip(c, (tag >> i & 3u) + 1);
        break;
    default: break;
    }
}

/* Version 1: a field of 4 bits shares its byte with the next field. */
static void skip_tag8_4s16_of_version_1(struct cursor *c)
{
    unsigned tag = cursor_u8(c);

    for (int i = 0; i < 4; i++, tag >>= 2) {
        static const uint8_t bytes[] = { 0, 1, 1, 2 };
        cursor_skip(c, bytes[tag & 3]);
        if ((tag & 3) == 1) {
            i++;
            tag >>= 2;
        }
    }
}

static void skip_tag8_4s16(struct cursor *c)
{
    static const uint8_t halves[] = { 0, 1, 2, 4 };
    unsigned tag = cursor_u8(c), sum = 0;

    for (int i = 0; i < 4; i++, tag >>= 2)
        sum += halves[tag & 3];
    cursor_skip(c, (sum + 1) / 2);
}

/* Gives how many fields stand in it. */
static size_t skip_tag8_8svb(struct cursor *c, const struct blackbox_fields *f, size_t first)
{
    size_t count = 1;

    while (count < 8 && first + count < f->count && f->encoding[first + count] == TAG8_8SVB)
        count++;
    unsigned tag = count == 1 ? 1 : cursor_u8(c);
    for (; tag > 0; tag >>= 1)
        if (tag & 1)
            (void)blackbox_signed(c);
    return count;
}

bool blackbox_frame_read(struct cursor *c, const struct blackbox_fields *f, unsigned data_version,
                         int64_t values[BLACKBOX_FIELDS_MAX])
{
    for (size_t i = 0; i < f->count; ) {
        size_t fields = 1;
        values[i] = 0;
        if (f->predictor[i] == BLACKBOX_PREDICT_INCREMENT) { /* never stored */
            i++;
            continue;
        }
        switch (f->encoding[i]) {
        case SIGNED_VB:   values[i] = blackbox_signed(c); break;
        case UNSIGNED_VB: values[i] = (int64_t)blackbox_unsigned(c); break;
        case NEGATED_14:  (void)blackbox_unsigned(c); break;
        case TAG8_8SVB:   fields = skip_tag8_8svb(c, f, i); break;
        case TAG2_3S32: case TAG2_3SVARIABLE:
            skip_tag2(c);
            fields = 3;
            break;
        case TAG8_4S16:
            if (data_version < 2)
                skip_tag8_4s16_of_version_1(c);
            else
                skip_tag8_4s16(c);
            fields = 4;
            break;
        default: break;
        }
        for (size_t k = 1; k < fields && i + k < f->count; k++)
            values[i + k] = 0;
        i += fields;
    }
    return !c->failed;
}
