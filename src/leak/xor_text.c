/* Keys that lie over text, by how often characters come and what they stand beside. */
#include "leak/xor_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

static bool printable(uint8_t c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; }

enum { NEVER = -24 };

/* How much more often a byte stands in JSON and the like than among all bytes: rough half bits. */
static int commonness(uint8_t c)
{
    static const int8_t common[128] = {
        NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, 2, 5, NEVER, NEVER, 2, NEVER, NEVER,
        NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER,
        /* space ! " # $ % & ' ( ) * + , - . / */
        10, -2, 10, -2, -2, 2, 5, -2, 2, 2, -2, 2, 8, 8, 10, 5,
        /* 0 to 9 : ; < = > ? */
        11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 8, 2, 5, 5, 5, -2,
        /* @ A to O */
        -2, 2, 2, 2, 2, 6, 2, 2, 2, 2, 2, 2, 2, 2, 6, 2,
        /* P to Z [ \ ] ^ _ */
        2, 2, 2, 6, 6, 2, 2, 6, 2, 2, 6, 5, -2, 5, -2, 6,
        /* ` a to o */
        -2, 10, 6, 8, 10, 10, 6, 8, 8, 10, 2, 5, 10, 8, 10, 10,
        /* p to z { | } ~ */
        8, 2, 10, 10, 10, 10, 5, 5, 2, 6, 2, 5, -2, 5, -2, NEVER,
    };

    if (c < sizeof common)
        return common[c];
    return c == 0xc2 || c == 0xb0 ? 0 : NEVER; /* the degree sign, in UTF-8 and alone */
}

/* JPEG, PNG, TIFF either way, and boxes of MP4 and HEIF. */
static bool begins_as_picture(const uint8_t *at, size_t len)
{
    static const struct {
        uint8_t offset, len;
        char bytes[8];
    } marks[] = { { 0, 3, "\xff\xd8\xff" }, { 0, 8, "\x89PNG\r\n\x1a\n" }, { 0, 4, "II*" }, { 0, 4, "MM\0*" }, { 4, 4, "ftyp" } };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (len >= (size_t)marks[i].offset + marks[i].len && memcmp(at + marks[i].offset, marks[i].bytes, marks[i].len) == 0)
            return true;
    return false;
}

bool xor_is_plain(const uint8_t *at, size_t len)
{
    enum { PLAIN_MEAN = 7 };
    size_t zeros = 0;
    long sum = 0;

    if (begins_as_picture(at, len))
        return true;
    for (size_t i = 0; i < len; i++) {
        zeros += at[i] == 0 && i > 0 && at[i - 1] == 0;
        sum += commonness(at[i]);
    }
    return zeros > 1 + len / 48 || sum >= PLAIN_MEAN * (long)len;
}

bool xor_plain_inside(const uint8_t *at, size_t len)
{
    for (size_t i = 0; i + XOR_LOOK_BYTES <= len; i += XOR_LOOK_BYTES / 2)
        if (xor_is_plain(at + i, XOR_LOOK_BYTES))
            return true;
    return false;
}

uint16_t xor_plain_head(const uint8_t *at, size_t len)
{
    enum { HEAD_MIN = 5, REST_MIN = 16 };
    size_t n = 0;

    while (n < len && printable(at[n]))
        n++;
    return n >= HEAD_MIN && n + REST_MIN <= len ? (uint16_t)n : 0;
}

/* Bytes of a key that are zero leave what they meet as it is.  Most of them zero is no key, but
 * plain bytes with a little noise; one in eight may be. */
bool xor_is_key(const struct xor_key *key)
{
    size_t zeros = 0;

    for (size_t i = 0; i < key->len; i++)
        zeros += key->bytes[i] == 0;
    return zeros * 8 <= key->len;
}

bool xor_key_reads(const struct xor_key *key, const uint8_t *at, size_t len)
{
    const size_t plain = xor_plain_head(at, len);
    size_t text = 0;

    for (size_t i = plain; i < len; i++)
        text += commonness(at[i] ^ key->bytes[i % key->len]) > NEVER;
    return text * 8 >= (len - plain) * 7;
}

/* How often a byte comes again some lengths of the key behind, in thousandths: text does, with that key.  0: as often as by chance, or
 * nearly always, as in a run of one byte, under which there is nothing to read. */
static unsigned repeats(const struct xor_sample *s, size_t key_len)
{
    enum { LENGTHS = 6, LAG_MIN = 128 };
    const size_t last = key_len * LENGTHS > LAG_MIN ? key_len * LENGTHS : LAG_MIN;
    size_t same = 0, of = 0;

    for (size_t p = 0; p < s->part_count; p++) {
        const uint8_t *at = s->bytes + s->parts[p].start;
        for (size_t lag = key_len; lag <= last && lag + s->parts[p].plain < s->parts[p].len; lag += key_len) {
            for (size_t i = s->parts[p].plain; i + lag < s->parts[p].len; i++)
                same += at[i] == at[i + lag];
            of += s->parts[p].len - lag - s->parts[p].plain;
        }
    }
    enum { TELLING = 20, FILLER = 600 }; /* chance has 4, text 40 and more */
    const unsigned often = of ? (unsigned)(same * 1000 / of) : 0;
    return often >= TELLING && often < FILLER ? often : 0;
}

/* How well one byte follows another in text: digits follow digits, letters letters. */
enum kind_of_byte { DIGIT, LETTER, SPACE, MARK, ODD, KINDS };

static enum kind_of_byte kind_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return DIGIT;
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        return LETTER;
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
        return SPACE;
    return c && strchr("\":,.-_{}[]=&/<>", c) ? MARK : ODD;
}

static const int8_t follows[KINDS][KINDS] = {
    [DIGIT] = { [DIGIT] = 6, [LETTER] = -6, [SPACE] = 0, [MARK] = 2, [ODD] = -6 },
    [LETTER] = { [DIGIT] = -5, [LETTER] = 5, [SPACE] = 0, [MARK] = 2, [ODD] = -6 },
    [SPACE] = { [DIGIT] = 2, [LETTER] = 2, [SPACE] = 2, [MARK] = 2, [ODD] = -6 },
    [MARK] = { [DIGIT] = 3, [LETTER] = 3, [SPACE] = 1, [MARK] = 2, [ODD] = -6 },
    [ODD] = { [DIGIT] = -6, [LETTER] = -6, [SPACE] = -6, [MARK] = -6, [ODD] = -2 },
};

enum { CANDIDATES = 12, NEARLY_TEXT = 80, TEXT_SHARE = 90 /* of all bytes, in hundredths */ };

struct text_key {
    const struct xor_sample *sample;
    const struct xor_words *words;
    struct xor_key *key;
    int8_t common[256];
    int16_t common_xored[16][256];               /* of low half l: what common has at each place XOR l */
    uint8_t kinds[256];
    int of_a_word;                               /* what four known bytes count */
    uint8_t plain[XOR_SAMPLE_BYTES];             /* as the key makes it now */
    uint8_t candidates[XOR_KEY_MAX][CANDIDATES]; /* best first, each by itself */
    long scores[XOR_KEY_MAX][CANDIDATES];
};

static void decode_column(struct text_key *t, size_t column)
{
    const struct xor_sample *s = t->sample;

    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].start + column; i < (size_t)s->parts[p].start + s->parts[p].len; i += t->key->len)
            t->plain[i] = s->bytes[i] ^ t->key->bytes[column];
}

/* How often each byte meets each byte of the key. */
static void count_columns(const struct text_key *t, uint16_t count[XOR_KEY_MAX][256])
{
    const struct xor_sample *s = t->sample;

    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].plain; i < s->parts[p].len; i++)
            count[i % t->key->len][s->bytes[s->parts[p].start + i]]++;
}

/* To the sum of each byte of the key what a byte is worth that stands there so often: sixteen in a row. */
static inline void add_commonness(const struct text_key *t, uint8_t byte, int16_t count, int32_t sums[256])
{
    const int16_t *low = t->common_xored[byte & 15];

    for (unsigned high = 0; high < 256; high += 16)
        for (unsigned k = 0; k < 16; k++)
            sums[high + k] += count * low[(high ^ (byte & 0xf0u)) + k];
}

/* Of each byte of the key the likeliest values, from the bytes that it was used for. */
static void columns_by_themselves(struct text_key *t)
{
    uint16_t count[XOR_KEY_MAX][256] = { { 0 } };

    count_columns(t, count);
    for (size_t column = 0; column < t->key->len; column++) {
        size_t have = 0, there = 0;
        uint8_t seen[256];
        for (unsigned c = 0; c < 256; c++)
            if (count[column][c])
                seen[there++] = (uint8_t)c;
        int32_t sums[256] = { 0 };
        for (size_t c = 0; c < there; c++)
            add_commonness(t, seen[c], count[column][seen[c]], sums);
        for (unsigned k = 0; k < 256; k++) {
            const long score = sums[k];
            if (have == CANDIDATES && score <= t->scores[column][have - 1])
                continue;
            size_t i = have < CANDIDATES ? have++ : have - 1;
            for (; i > 0 && t->scores[column][i - 1] < score; i--) {
                t->scores[column][i] = t->scores[column][i - 1];
                t->candidates[column][i] = t->candidates[column][i - 1];
            }
            t->scores[column][i] = score;
            t->candidates[column][i] = (uint8_t)k;
        }
        t->key->bytes[column] = t->candidates[column][0];
        decode_column(t, column);
    }
}

enum { OF_A_WORD = 14, WORDS_ABOVE_ALL = 4 * OF_A_WORD, BEFORE = 3, AROUND = 7 };

/* How well `at[3]` goes with what stands around it. */
static inline long among_seven(const struct text_key *t, const uint8_t at[AROUND])
{
    const uint8_t kind = t->kinds[at[3]];
    int known = 0;

    for (size_t i = 0; i < 4; i++)
        known += xor_words_know(t->words, at[i], at[i + 1], at[i + 2], at[i + 3]);
    return follows[t->kinds[at[2]]][kind] + follows[kind][t->kinds[at[4]]] + t->of_a_word * known;
}

/* How well what one byte of the key makes goes with what stands around it. */
static long among_neighbours(const struct text_key *t, size_t column, uint8_t value)
{
    const size_t key_len = t->key->len;
    const uint8_t change = t->key->bytes[column] ^ value;
    long score = 0;

    for (size_t p = 0; p < t->sample->part_count; p++) {
        const struct xor_part *part = &t->sample->parts[p];
        const uint8_t *plain = t->plain + part->start;
        size_t i = part->plain + (column + key_len - part->plain % key_len) % key_len;
        for (; i < part->len; i += key_len) {
            uint8_t around[AROUND];
            for (size_t k = 0; k < AROUND; k++) {
                const size_t at = i + k - BEFORE; /* wraps before the beginning */
                around[k] = at >= part->plain && at < part->len ? plain[at] ^ (at % key_len == column ? change : 0) : 0;
            }
            score += among_seven(t, around);
        }
    }
    return score;
}

static long alone(const struct text_key *t, size_t column, uint8_t value)
{
    const struct xor_sample *s = t->sample;
    long score = 0;

    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = column; i < s->parts[p].len; i += t->key->len)
            if (i >= s->parts[p].plain)
                score += t->common[s->bytes[s->parts[p].start + i] ^ value];
    return score;
}

static void columns_together(struct text_key *t)
{
    enum { PASSES = 3 };
    bool changed = true;

    for (int pass = 0; pass < PASSES && changed; pass++) {
        changed = false;
        for (size_t column = 0; column < t->key->len; column++) {
            const uint8_t before = t->key->bytes[column];
            uint8_t value = before;
            long best = alone(t, column, before) + among_neighbours(t, column, before);
            for (size_t i = 0; i < CANDIDATES; i++) {
                const long score = t->scores[column][i] + among_neighbours(t, column, t->candidates[column][i]);
                if (score <= best)
                    continue;
                best = score;
                value = t->candidates[column][i];
            }
            if (value == before)
                continue;
            changed = true;
            t->key->bytes[column] = value;
            decode_column(t, column);
        }
    }
}

static long like_text(const struct text_key *t, uint8_t shift)
{
    long score = 0;

    for (size_t p = 0; p < t->sample->part_count; p++) {
        const struct xor_part *part = &t->sample->parts[p];
        const uint8_t *at = t->plain + part->start;
        uint8_t a = 0, b = 0, c = 0;
        for (size_t i = part->plain; i < part->len; i++) {
            const uint8_t d = at[i] ^ shift;
            score += t->common[d] + 2 * follows[t->kinds[c]][t->kinds[d]] + WORDS_ABOVE_ALL * xor_words_know(t->words, a, b, c, d);
            a = b;
            b = c;
            c = d;
        }
    }
    return score;
}

/* Digits XORed with a small number are digits again: each byte of the key by itself, but not all of them together, is then as good. */
static long all_columns(struct text_key *t)
{
    uint16_t count[256] = { 0 };
    long best = like_text(t, 0);
    uint8_t by = 0;
    size_t all = 0;

    for (size_t p = 0; p < t->sample->part_count; p++)
        for (size_t i = t->sample->parts[p].plain; i < t->sample->parts[p].len; i++, all++)
            count[t->plain[t->sample->parts[p].start + i]]++;
    for (unsigned shift = 1; shift < 256; shift++) {
        size_t odd = 0;
        for (unsigned c = 0; c < 256; c++)
            odd += t->common[c ^ shift] == NEVER ? count[c] : 0;
        const long score = odd * 10 > all ? best : like_text(t, (uint8_t)shift);
        if (score <= best)
            continue;
        best = score;
        by = (uint8_t)shift;
    }
    for (size_t column = 0; by && column < t->key->len; column++) {
        t->key->bytes[column] ^= by;
        decode_column(t, column);
    }
    return best;
}

/* Bytes that come again under the same bytes of the key. */
struct again {
    uint16_t at, part_offset, times;
};
enum { AGAIN_BYTES = 5, AGAIN_MAX = 48, AGAIN_SLOTS = 8192 };

static size_t find_again(const struct xor_sample *s, size_t key_len, struct again *list)
{
    static const uint16_t FREE = UINT16_MAX;
    struct again *slots = memory_alloc_array(AGAIN_SLOTS, sizeof *slots);
    size_t count = 0;

    for (size_t i = 0; i < AGAIN_SLOTS; i++)
        slots[i].at = FREE;
    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].plain; i + XOR_CRIB_MAX <= s->parts[p].len; i++) {
            const uint8_t *at = s->bytes + s->parts[p].start + i;
            size_t slot = (size_t)hash_mix(at, AGAIN_BYTES, i % key_len) % AGAIN_SLOTS;
            while (slots[slot].at != FREE && (slots[slot].part_offset % key_len != i % key_len || memcmp(s->bytes + slots[slot].at, at, AGAIN_BYTES) != 0))
                slot = (slot + 1) % AGAIN_SLOTS;
            if (slots[slot].at == FREE)
                slots[slot] = (struct again){ (uint16_t)(at - s->bytes), (uint16_t)i, 0 };
            slots[slot].times++;
        }
    /* The most often ones. */
    for (size_t i = 0; i < AGAIN_SLOTS; i++) {
        if (slots[i].at == FREE || slots[i].times < 2)
            continue;
        size_t k = count < AGAIN_MAX ? count++ : AGAIN_MAX - 1;
        if (k == AGAIN_MAX - 1 && list[k].times >= slots[i].times && count == AGAIN_MAX && i > 0 && list[k].times)
            continue;
        for (; k > 0 && list[k - 1].times < slots[i].times; k--)
            list[k] = list[k - 1];
        list[k] = slots[i];
    }
    free(slots);
    return count;
}

/* If the crib stands where bytes come again, what stands there gives bytes of the key: of the right one they agree wherever it
 * stands.  Gives how many votes the bytes of the key got that got most. */
static unsigned try_crib(const struct xor_sample *s, const struct xor_crib *crib, const struct again *list, size_t count, size_t key_len,
                         uint16_t votes[XOR_KEY_MAX][256], uint8_t key[XOR_KEY_MAX], bool known[XOR_KEY_MAX])
{
    uint16_t most[XOR_KEY_MAX] = { 0 };
    unsigned sum = 0;

    memset(votes, 0, key_len * sizeof *votes);
    for (size_t n = 0; n < count; n++)
        for (size_t i = 0; i < crib->len; i++) {
            const size_t column = (list[n].part_offset + i) % key_len;
            const uint8_t byte = s->bytes[list[n].at + i] ^ (uint8_t)crib->text[i];
            const uint16_t now = (uint16_t)(votes[column][byte] + (i < AGAIN_BYTES ? list[n].times : 1));
            votes[column][byte] = now;
            if (now <= most[column])
                continue;
            most[column] = now;
            key[column] = byte;
        }
    for (size_t column = 0; column < key_len; column++) {
        known[column] = most[column] > 0;
        sum += most[column];
    }
    return sum;
}

/* Where each byte of the key begins to be looked for: by the crib that fits best. */
static bool columns_by_crib(struct text_key *t)
{
    struct again list[AGAIN_MAX] = { { 0 } };
    uint16_t votes[XOR_KEY_MAX][256];
    const size_t count = find_again(t->sample, t->key->len, list), key_len = t->key->len;
    unsigned best = 0;

    if (count < 2)
        return false;
    for (size_t i = 0; i < t->words->crib_count && i < XOR_CRIBS_TRIED; i++) {
        uint8_t key[XOR_KEY_MAX];
        bool known[XOR_KEY_MAX];
        const unsigned fits = try_crib(t->sample, &t->words->cribs[i], list, count, key_len, votes, key, known);
        if (fits <= best)
            continue;
        best = fits;
        for (size_t column = 0; column < key_len; column++)
            t->key->bytes[column] = known[column] ? key[column] : t->candidates[column][0];
    }
    for (size_t column = 0; column < key_len; column++)
        decode_column(t, column);
    return best > 0;
}

/* In hundredths. */
static unsigned text_share(const struct text_key *t)
{
    const struct xor_sample *s = t->sample;
    size_t text = 0, all = 0;

    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].plain; i < s->parts[p].len; i++, all++)
            text += t->common[t->plain[s->parts[p].start + i]] > NEVER;
    return all ? (unsigned)(text * 100 / all) : 0;
}

static void take_key(struct text_key *t, const struct xor_key *key)
{
    *t->key = *key;
    for (size_t column = 0; column < key->len; column++)
        decode_column(t, column);
}

/* The key with a crib put to one place; false: it is no other one, or one that would make no text. */
static bool put_crib(const struct text_key *t, const struct xor_crib *crib, const uint8_t *at, size_t place, bool likely[XOR_KEY_MAX][256], struct xor_key *ret)
{
    const size_t key_len = t->key->len;
    bool other = false;

    *ret = *t->key;
    for (size_t i = 0; i < crib->len; i++) {
        const size_t column = (place + i) % key_len;
        const uint8_t byte = at[place + i] ^ (uint8_t)crib->text[i];
        if (i >= key_len ? ret->bytes[column] != byte : !likely[column][byte])
            return false;
        other |= ret->bytes[column] != byte;
        ret->bytes[column] = byte;
    }
    return other;
}

/* Where several bytes of the key are wrong in a way that each of them makes text, as digits of digits, none of them can be
 * set right alone: a crib does it for all that it stands over. */
static long cribs_together(struct text_key *t, long best)
{
    enum { PLACES_MAX = 96, TRIES_MAX = 256 };
    const struct xor_part *part = &t->sample->parts[0];
    const uint8_t *at = t->sample->bytes + part->start;
    bool likely[XOR_KEY_MAX][256] = { { false } };
    int tries = 0;

    for (size_t column = 0; column < t->key->len; column++) {
        likely[column][t->key->bytes[column]] = true;
        for (size_t i = 0; i < CANDIDATES; i++)
            likely[column][t->candidates[column][i]] = true;
    }
    for (size_t place = part->plain; place < part->len && place < (size_t)part->plain + PLACES_MAX; place++)
        for (size_t i = 0; i < t->words->crib_count && i < XOR_CRIBS_TRIED && tries < TRIES_MAX; i++) {
            const struct xor_crib *crib = &t->words->cribs[i];
            const struct xor_key before = *t->key;
            struct xor_key key;
            if (crib->len > part->len - place || !put_crib(t, crib, at, place, likely, &key))
                continue;
            tries++;
            take_key(t, &key);
            const long like = like_text(t, 0);
            if (like > best)
                best = like;
            else
                take_key(t, &before);
        }
    return best;
}

/* From what each byte of the key is likely to be by itself, and from what a known piece of text would make of it; then so that
 * most known pieces appear. */
static long best_columns(struct text_key *t)
{
    columns_by_themselves(t);
    /* What is not text at all is mostly seen here, and the rest is most of the work. */
    if (text_share(t) < NEARLY_TEXT)
        return 0;
    columns_together(t);
    long best = all_columns(t);
    struct xor_key found = *t->key;
    if (columns_by_crib(t)) {
        columns_together(t);
        const long by_crib = all_columns(t);
        if (by_crib > best) {
            best = by_crib;
            found = *t->key;
        }
    }
    take_key(t, &found);
    if (text_share(t) < TEXT_SHARE)
        return best;
    best = cribs_together(t, best);
    found = *t->key;
    t->of_a_word = WORDS_ABOVE_ALL;
    columns_together(t);
    const long by_words = all_columns(t);
    if (by_words >= best)
        return by_words;
    take_key(t, &found);
    return best;
}

static void prepare(struct text_key *t)
{
    t->of_a_word = OF_A_WORD;
    for (unsigned c = 0; c < 256; c++) {
        t->common[c] = (int8_t)commonness((uint8_t)c);
        t->kinds[c] = (uint8_t)kind_of((uint8_t)c);
    }
    for (unsigned low = 0; low < 16; low++)
        for (unsigned c = 0; c < 256; c++)
            t->common_xored[low][c] = t->common[c ^ low];
}

/* How much like text each byte becomes, in thousandths, less what a longer key gains by chance: the more, the fewer bytes it
 * has been tried on. */
static long like_of(const struct xor_sample *s, long sum, size_t key_len)
{
    enum { GAIN_OF_A_BYTE = 1000, THOUSANDTHS = 1000 };
    size_t all = 0;

    for (size_t p = 0; p < s->part_count; p++)
        all += s->parts[p].len - s->parts[p].plain;
    return all ? (sum - GAIN_OF_A_BYTE * (long)key_len) * THOUSANDTHS / (long)all : 0;
}

/* False: there is no key of that length, or too little to tell. */
static bool key_by_text(const struct xor_words *words, const struct xor_sample *s, size_t key_len, struct xor_key *key, long *ret_like)
{
    enum { BYTES_MIN = 10 };
    struct text_key t = { .sample = s, .key = key, .words = words };

    *key = (struct xor_key){ .len = key_len };
    if (s->len / key_len < BYTES_MIN)
        return false;
    prepare(&t);
    *ret_like = like_of(s, best_columns(&t), key_len);
    return xor_is_key(key) && text_share(&t) >= TEXT_SHARE && *ret_like > 0;
}

bool xor_key_reads_text(const struct xor_words *words, const struct xor_sample *s, const struct xor_key *key, long *ret_like)
{
    struct xor_key same = *key;
    struct text_key t = { .sample = s, .key = &same, .words = words };

    prepare(&t);
    for (size_t column = 0; column < key->len; column++)
        decode_column(&t, column);
    if (text_share(&t) < TEXT_SHARE)
        return false;
    *ret_like = like_of(s, like_text(&t, 0), key->len);
    return *ret_like > 0;
}

/* Most of the work is to try a length: those are tried after which most bytes come again. */
static void likely_lengths(const struct xor_sample *s, bool likely[XOR_KEY_MAX + 1])
{
    enum { LENGTHS_TRIED = 4 };
    unsigned often[XOR_KEY_MAX + 1];

    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++)
        often[key_len] = repeats(s, key_len);
    for (int n = 0; n < LENGTHS_TRIED; n++) {
        size_t most = 1;
        for (size_t key_len = 2; key_len <= XOR_KEY_MAX; key_len++)
            if (often[key_len] > often[most])
                most = key_len;
        likely[most] |= often[most] > 0;
        often[most] = 0;
    }
}

/* Text leaves each byte of the key some eight values, digits above all: among these that was taken which fits the known areas. */
void xor_key_is_of_text(struct xor_key *key)
{
    enum { LEFT_OPEN_BITS = 3 };

    key->of_text = true;
    key->chosen_bytes = (uint8_t)((LEFT_OPEN_BITS * key->len + 7) / 8);
}

bool xor_key_of_text_as_long(const struct xor_words *words, const struct xor_sample *s, size_t key_len, struct xor_key *key, long *ret_like)
{
    struct xor_key found;

    if (!key_by_text(words, s, key_len, &found, ret_like))
        return false;
    xor_key_is_of_text(&found);
    *key = found;
    return true;
}

bool xor_key_of_text(const struct xor_words *words, const struct xor_sample *s, struct xor_key *key, long *ret_like)
{
    enum { BETTER_SHARE = 4 };
    bool likely[XOR_KEY_MAX + 1] = { false };
    long best = 0;

    likely_lengths(s, likely);
    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++) {
        struct xor_key found;
        long like;
        /* Records that repeat at its length make text of a longer key too. */
        if (!likely[key_len] || !key_by_text(words, s, key_len, &found, &like) || like <= best + best / BETTER_SHARE)
            continue;
        best = like;
        *key = found;
        xor_key_is_of_text(key);
    }
    *ret_like = best;
    return best > 0;
}
