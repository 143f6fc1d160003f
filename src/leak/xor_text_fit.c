/* Keys that lie over text, mended by what the text says: all of their bytes, or some, may be wrong in a way that makes
 * text all the same, as digits of digits; but no positions on a known path. */
#include "leak/xor_text.h"

#include <string.h>

#include "leak/index.h"
#include "leak/text_scan.h"

enum {
    ON_PATH = 4, IN_AREA = 1, /* what a position counts */
    GAIN_MIN = 3 * ON_PATH,   /* of what several bytes are changed by: one or two come by chance */
    SCANS_MAX = 512,          /* of one sample: some 20 microseconds each */
    ROUNDS = 2,
};

struct mending {
    const struct xor_index_tracks *tracks;
    const struct text_index *text;
    const struct xor_sample *sample;
    size_t scans;
    long seen;                /* by the scan that is under way */
    bool is_text[256], readable[XOR_KEY_MAX][256];
};

static bool on_path(const struct xor_index_tracks *tracks, const struct position_pair *pair)
{
    for (size_t i = 0; i < tracks->count; i++) {
        const struct track *t = &tracks->of[i].track;
        struct track_place place;
        double x_m, y_m;
        if (!t->path || !geo_box_contains(&t->box, pair->longitude_deg, pair->latitude_deg))
            continue;
        track_map(t, pair->longitude_deg, pair->latitude_deg, &x_m, &y_m);
        if (track_nearest(t, x_m, y_m, TRACK_NEAR_M, &place))
            return true;
    }
    return false;
}

static void pair_seen(void *user, const struct position_pair *pair)
{
    struct mending *m = user;

    m->seen += on_path(m->tracks, pair) ? ON_PATH : IN_AREA;
}

static void place_seen(void *user, const struct place_reference *place)
{
    struct mending *m = user;

    (void)place;
    m->seen += IN_AREA;
}

static void sign_seen(void *user, enum text_sign sign, size_t at)
{
    (void)user;
    (void)sign;
    (void)at;
}

/* How much of the text that a key makes is about the known paths. */
static long said_of_paths(struct mending *m, const struct xor_key *key)
{
    const struct text_events events = { .user = m, .pair = pair_seen, .place = place_seen, .sign = sign_seen };
    uint8_t plain[XOR_HEAD_BYTES];

    m->seen = 0;
    m->scans++;
    for (size_t p = 0; p < m->sample->part_count; p++) {
        const struct xor_part *part = &m->sample->parts[p];
        struct text_state *state = NULL;
        for (size_t i = 0; i < part->len; i++)
            plain[i] = m->sample->bytes[part->start + i] ^ key->bytes[i % key->len];
        text_scan(m->text, plain, part->len, 0, part->len, 0, true, &state, &events);
        text_state_free(state);
    }
    return m->seen;
}

/* Which values of each byte of the key make text of what stands under it. */
static void find_readable(struct mending *m, size_t key_len)
{
    enum { SHARE = 8 };
    uint16_t text[XOR_KEY_MAX][256] = { { 0 } }, all[XOR_KEY_MAX] = { 0 };

    for (size_t p = 0; p < m->sample->part_count; p++) {
        const struct xor_part *part = &m->sample->parts[p];
        for (size_t i = part->plain; i < part->len; i++) {
            const uint8_t byte = m->sample->bytes[part->start + i];
            all[i % key_len]++;
            for (unsigned c = 0; c < 256; c++)
                text[i % key_len][byte ^ c] = (uint16_t)(text[i % key_len][byte ^ c] + m->is_text[c]);
        }
    }
    for (size_t column = 0; column < key_len; column++)
        for (unsigned value = 0; value < 256; value++)
            m->readable[column][value] = text[column][value] * SHARE >= all[column] * (SHARE - 1);
}

static bool is_readable(const struct mending *m, const struct xor_key *key)
{
    bool readable = true;

    for (size_t column = 0; column < key->len; column++)
        readable &= m->readable[column][key->bytes[column]];
    return readable;
}

static void shift_all(struct xor_key *key, uint8_t shift)
{
    for (size_t i = 0; i < key->len; i++)
        key->bytes[i] ^= shift;
}

/* One value for all bytes of the key; gives how much is then said of the paths. */
static long mend_all(struct mending *m, struct xor_key *key)
{
    const struct xor_key from = *key;
    long best = said_of_paths(m, key);

    for (unsigned shift = 1; shift < 256; shift++) {
        struct xor_key tried = from;
        shift_all(&tried, (uint8_t)shift);
        if (!is_readable(m, &tried))
            continue;
        const long said = said_of_paths(m, &tried);
        if (said < best + GAIN_MIN || !xor_is_key(&tried))
            continue;
        best = said;
        *key = tried;
    }
    return best;
}

/* The figures of the known areas begin with these: several digits. */
static bool is_figures(const struct xor_crib *crib)
{
    enum { DIGITS_MIN = 3 };
    int digits = 0;

    for (size_t i = 0; i < crib->len; i++)
        digits += crib->text[i] >= '0' && crib->text[i] <= '9';
    return digits >= DIGITS_MIN;
}

/* The key under which a crib stands at a place; false: some of what it makes is no text, or it is the same key. */
static bool put_crib(const struct mending *m, const struct xor_crib *crib, const uint8_t *at, size_t place,
                     struct xor_key *key)
{
    bool known[XOR_KEY_MAX] = { false }, other = false;

    for (size_t i = 0; i < crib->len; i++) {
        const size_t column = (place + i) % key->len;
        const uint8_t byte = at[place + i] ^ (uint8_t)crib->text[i];
        if (known[column] ? byte != key->bytes[column] : !m->readable[column][byte])
            return false;
        known[column] = true;
        other |= byte != key->bytes[column];
        key->bytes[column] = byte;
    }
    return other && xor_is_key(key);
}

/* Several bytes of the key together, by the figures with which numbers of the areas begin. */
static long mend_by_figures(struct mending *m, const struct xor_words *words, struct xor_key *key, long best)
{
    enum { PLACES_MAX = 160 };
    const struct xor_part *part = &m->sample->parts[0];
    const uint8_t *at = m->sample->bytes + part->start;
    const size_t end = part->len < part->plain + PLACES_MAX ? part->len : (size_t)part->plain + PLACES_MAX;

    for (size_t n = 0; n < words->crib_count; n++) {
        const struct xor_crib *crib = &words->cribs[n];
        if (!is_figures(crib))
            continue;
        for (size_t place = part->plain; place + crib->len <= end && m->scans < SCANS_MAX; place++) {
            struct xor_key tried = *key;
            if (!put_crib(m, crib, at, place, &tried))
                continue;
            const long said = said_of_paths(m, &tried);
            if (said < best + GAIN_MIN)
                continue;
            best = said;
            *key = tried;
        }
    }
    return best;
}

/* Each byte of the key by itself. */
static void mend_bytes(struct mending *m, struct xor_key *key, long best)
{
    for (int round = 0; round < ROUNDS; round++)
        for (size_t column = 0; column < key->len; column++) {
            const struct xor_key from = *key;
            for (unsigned shift = 1; shift < 256 && m->scans < SCANS_MAX; shift++) {
                struct xor_key tried = from;
                tried.bytes[column] ^= (uint8_t)shift;
                if (!m->readable[column][tried.bytes[column]])
                    continue;
                const long said = said_of_paths(m, &tried);
                if (said <= best || !xor_is_key(&tried))
                    continue;
                best = said;
                *key = tried;
            }
        }
}

void xor_mend_key_of_text(const struct xor_index_tracks *tracks, const struct text_index *text,
                          const struct xor_words *words, const struct xor_sample *sample, struct xor_key *key)
{
    struct mending m = { .tracks = tracks, .text = text, .sample = sample };
    const struct xor_key from = *key;
    size_t changed = 0;

    if (!text || tracks->count == 0)
        return;
    for (unsigned c = 0; c < 256; c++)
        m.is_text[c] = xor_commonness((uint8_t)c) > XOR_NEVER;
    find_readable(&m, key->len);
    long best = mend_all(&m, key);
    const uint8_t shift = from.bytes[0] ^ key->bytes[0];
    best = mend_by_figures(&m, words, key, best);
    m.scans = 0;
    mend_bytes(&m, key, best);
    for (size_t i = 0; i < key->len; i++)
        changed += (from.bytes[i] ^ key->bytes[i]) != shift;
    /* What was chosen so that positions appear: the value for all, and each byte that differs from it. */
    changed += shift != 0;
    if (changed > key->chosen_bytes)
        key->chosen_bytes = (uint8_t)(changed < key->len ? changed : key->len);
}
