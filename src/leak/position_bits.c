/* How much a pair tells against chance. */
#include "leak/position_groups.h"

#include <math.h>

/* `signs_free`: leading bytes that only say "small number" do not count. */
static double share_bits(enum number_kind kind, double low, double high, double value, bool signs_free)
{
    struct degrees_range parts[2];
    const size_t n = position_split_at_zero(low, high, parts);

    for (size_t i = 0; i < n; i++) {
        uint64_t lo, hi;
        if ((parts[i].low < 0) != (value < 0) || !number_interval(kind, parts[i].low, parts[i].high, &lo, &hi))
            continue;
        double bits = -log2(number_share(kind, lo, hi));
        if (signs_free && !number_formats[kind].floating)
            bits -= 8.0 * number_sign_bytes(kind, lo, hi);
        return fmax(bits, 0);
    }
    return 0;
}

static double coordinate_bits(enum number_kind kind, double low, double high, double value)
{
    return share_bits(kind, low, high, value, true);
}

static bool both_near_zero(const struct position_pair *pair)
{
    return fmax(fabs(pair->latitude_deg), fabs(pair->longitude_deg)) < POSITION_NEAR_ZERO_DEG;
}

/* Small numbers of any kind, that nothing says to be coordinates: the elements of a matrix, the entries of a table
 * padded with zeros.  The characters with which they begin had not to be there for a position's sake. */
static bool any_small_numbers(const struct position_pair *pair)
{
    return !pair->labelled && both_near_zero(pair) &&
           (pair->encoding == POSITION_TEXT_DEGREES || pair->encoding == POSITION_TEXT_RADIANS ||
            pair->encoding == POSITION_TEXT_SCALED);
}

/* Text is not random bytes: a character that had to be there counts as one symbol of
 * a 64-letter alphabet, a fraction by its share of a degree.  A label counts its three
 * letters less the places and cases in which it is accepted. */
static double text_bits(const struct geo_box *box, const struct position_pair *pair)
{
    enum { CHARACTER_BITS = 6, LABEL_BITS = 17 };
    /* Whole numbers have no point: what looks like one is digits anyway, and each says no more than which digit. */
    const double character_bits = any_small_numbers(pair) ? 0 : pair->encoding == POSITION_TEXT_SCALED
        ? log2(10) : CHARACTER_BITS;
    const double width = fmin(geo_box_width_deg(box), 1), height = fmin(box->north - box->south, 1);

    return character_bits * pair->fixed_chars - log2(width) - log2(height) + (pair->labelled ? 2 * LABEL_BITS : 0);
}

/* The code of a cell has no more to tell than that the cell is one of those that touch the
 * box, of all on the globe. */
static double cell_bits(const struct geo_box *box, const struct position_pair *pair)
{
    const double side_deg = pair->cell_m / 111194.9, narrow = fmax(cos(pair->latitude_deg * M_PI / 180), 0.01);
    const double width = geo_box_width_deg(box) + side_deg / narrow, height = box->north - box->south + side_deg;

    return fmax(-log2(width / 360) - log2(height / 180), 0);
}

/* A polyline that begins at 0 N 0 E does so with a few characters that any text has. */
static bool short_polyline(const struct position_pair *pair)
{
    return (pair->encoding == POSITION_POLYLINE_5 || pair->encoding == POSITION_POLYLINE_6) && both_near_zero(pair);
}

double position_pair_bits(const struct geo_box *box, const struct position_pair *pair)
{
    if (pair->chained)
        return 0;
    if (pair->encoding >= POSITION_CODE_FIRST)
        return short_polyline(pair) ? 0 : cell_bits(box, pair);
    if (pair->encoding >= POSITION_TEXT_DEGREES)
        return text_bits(box, pair);
    const enum number_kind kind = (enum number_kind)(pair->encoding / 2);
    if (position_near_zero(pair) && (both_near_zero(pair) || !number_formats[kind].floating ||
                                     number_formats[kind].width != 8))
        return 0;
    /* Across the date line the part on the pair's own side, which is less than the whole: add both. */
    double longitude_bits;
    if (box->west <= box->east) {
        longitude_bits = coordinate_bits(kind, box->west, box->east, pair->longitude_deg);
    } else {
        const double share_of_both = exp2(-coordinate_bits(kind, box->west, 180, 1)) +
                                     exp2(-coordinate_bits(kind, -180, box->east, -1));
        longitude_bits = fmax(-log2(share_of_both), 0);
    }
    return coordinate_bits(kind, box->south, box->north, pair->latitude_deg) + longitude_bits;
}

double position_telling_bits(const struct geo_box *box, const struct position_pair *pair)
{
    const double whole = position_pair_bits(box, pair);

    if (whole > 0 || pair->encoding >= POSITION_TEXT_DEGREES || pair->chained || box->west > box->east)
        return whole;
    const enum number_kind kind = (enum number_kind)(pair->encoding / 2);
    return share_bits(kind, box->west, box->east, pair->longitude_deg, false) +
           share_bits(kind, box->south, box->north, pair->latitude_deg, false);
}

bool position_near_zero(const struct position_pair *pair)
{
    return pair->encoding < POSITION_TEXT_DEGREES &&
           (fabs(pair->latitude_deg) < POSITION_NEAR_ZERO_DEG || fabs(pair->longitude_deg) < POSITION_NEAR_ZERO_DEG);
}

bool position_any_numbers(enum number_kind kind, double longitude_deg, double latitude_deg)
{
    return number_formats[kind].width == 0 && number_formats[kind].scale > 1e7 &&
           fmax(fabs(latitude_deg), fabs(longitude_deg)) < POSITION_NEAR_ZERO_DEG;
}
