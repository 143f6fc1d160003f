/* Keys by records of one size, and by the bytes with which positions begin. */
#include "leak/xor_key.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/memory.h"
#include "leak/position_groups.h"
#include "leak/position_runs.h"

/* Votes */

static void note_key(void *user, const uint8_t key[FILTER_KEY_BYTES])
{
    struct xor_votes *v = user;
    const unsigned differences = (unsigned)(key[0] ^ key[1]) | (unsigned)(key[1] ^ key[2]) << 8;

    v->of[differences][key[0] >> 5] |= UINT32_C(1) << (key[0] & 31);
}

/* Of differences that many first bytes have nothing is learned. */
struct xor_votes *xor_votes_new(const struct position_index *positions)
{
    enum { TELLING_MAX = 24 };
    struct xor_votes *v = memory_alloc_array(1, sizeof *v);

    position_groups_each_key(positions, note_key, v);
    for (size_t i = 0; i < 65536; i++) {
        uint32_t all = 0; /* most have no votes */
        int count = 0;
        for (int k = 0; k < 8; k++)
            all |= v->of[i][k];
        for (int k = 0; k < 8 && all; k++)
            count += __builtin_popcount(v->of[i][k]);
        if (count > TELLING_MAX)
            memset(v->of[i], 0, sizeof v->of[i]);
        else if (count > 0)
            v->any[i >> 6] |= UINT64_C(1) << (i & 63);
    }
    return v;
}

struct counting {
    size_t count;
};

static void count_pair(void *user, const struct position_pair *pair)
{
    struct counting *c = user;

    /* Much else looks like a position near 0 N 0 E. */
    c->count += fmax(fabs(pair->latitude_deg), fabs(pair->longitude_deg)) >= POSITION_NEAR_ZERO_DEG;
}

static void count_run(void *user, const struct position_pair *pair, uint64_t offset)
{
    struct counting *c = user;

    (void)pair;
    (void)offset;
    c->count++;
}

static size_t positions_under(const struct position_index *positions, const struct xor_sample *sample,
                              const struct xor_key *key, uint8_t byte)
{
    uint8_t plain[XOR_HEAD_BYTES];
    struct counting counting = { 0 };
    const struct position_events events = { .user = &counting, .pair = count_pair, .run = count_run };

    for (size_t p = 0; p < sample->part_count; p++) {
        const struct xor_part *part = &sample->parts[p];
        struct position_runs *runs = NULL;
        for (size_t i = 0; i < part->len; i++)
            plain[i] = sample->bytes[part->start + i] ^ key->bytes[i % key->len] ^ byte;
        position_scan(positions, &runs, plain, part->len, 0, part->len, 0, &events);
        position_runs_free(runs);
    }
    return counting.count;
}

/* How often each byte would make telling bytes of what stands there. */
static void vote(const struct xor_votes *votes, const struct xor_sample *sample, const struct xor_key *key,
                 uint32_t count[256])
{
    for (size_t p = 0; p < sample->part_count; p++) {
        const struct xor_part *part = &sample->parts[p];
        const uint8_t *at = sample->bytes + part->start;
        for (size_t i = part->plain; i + 2 < part->len; i++) {
            const uint8_t a = at[i] ^ key->bytes[i % key->len], b = at[i + 1] ^ key->bytes[(i + 1) % key->len],
                          c = at[i + 2] ^ key->bytes[(i + 2) % key->len];
            const unsigned differences = (unsigned)(a ^ b) | (unsigned)(b ^ c) << 8;
            const uint32_t *bits = votes->of[differences];
            if (!(votes->any[differences >> 6] >> (differences & 63) & 1))
                continue;
            for (unsigned word = 0; word < 8; word++)
                for (uint32_t any = bits[word]; any; any &= any - 1)
                    count[a ^ (word * 32 + (unsigned)__builtin_ctz(any))]++;
        }
    }
}

/* How often each byte stands there: in small numbers and in steps zero is the commonest. */
static void common(const struct xor_sample *sample, const struct xor_key *key, uint32_t count[256])
{
    for (size_t p = 0; p < sample->part_count; p++)
        for (size_t i = sample->parts[p].plain; i < sample->parts[p].len; i++)
            count[sample->bytes[sample->parts[p].start + i] ^ key->bytes[i % key->len]]++;
}

static uint8_t take_most(uint32_t count[256])
{
    unsigned most = 0;

    for (unsigned i = 1; i < 256; i++)
        if (count[i] > count[most])
            most = i;
    count[most] = 0;
    return (uint8_t)most;
}

bool xor_byte_by_positions(const struct position_index *positions, const struct xor_votes *votes,
                           const struct xor_sample *sample,
                           const struct xor_key *key, uint8_t *ret)
{
    enum { PAIRS_MIN = 3, VOTED = 5, COMMON = 3, VOTES_MIN = 3 };
    uint32_t voted[256] = { 0 }, often[256] = { 0 };
    size_t best = 0, sum = 0;

    vote(votes, sample, key, voted);
    common(sample, key, often);
    for (unsigned i = 0; i < 256; i++)
        sum += voted[i];
    /* What chance gives each byte, and four times its spread. */
    const double even = (double)sum / 256, least = fmax(VOTES_MIN, even + 4 * sqrt(even));
    for (int i = 0; i < VOTED + COMMON; i++) {
        const bool by_vote = i < VOTED;
        uint8_t most = 0;
        for (unsigned k = 1; by_vote && k < 256; k++)
            most = voted[k] > voted[most] ? (uint8_t)k : most;
        if (by_vote && voted[most] < least)
            continue;
        const uint8_t byte = take_most(by_vote ? voted : often);
        const size_t pairs = positions_under(positions, sample, key, byte);
        if (pairs > best) {
            best = pairs;
            *ret = byte;
        }
    }
    return best >= PAIRS_MIN;
}

/* Records.  A class are the bytes that have the same place in their record and meet the same byte of the key. */

enum { PERIOD_MAX = 1024, RECORD_MIN = 3, RECORD_MAX = XOR_RECORD_MAX };

/* Byte `place` of each period: the one that most have there, where most have one. */
struct pattern {
    size_t period;             /* classes are places modulo this */
    bool messages;             /* or, the key and the first record beginning with each message, the places themselves */
    bool same[PERIOD_MAX];
    uint8_t value[PERIOD_MAX];
    size_t count;              /* of those that are the same */
};

static double chance_of_equals(const struct xor_sample *s)
{
    size_t count[256] = { 0 };
    double sum = 0;

    for (size_t i = 0; i < s->len; i++)
        count[s->bytes[i]]++;
    for (size_t i = 0; i < 256; i++)
        sum += (double)count[i] * (double)count[i];
    return sum / ((double)s->len * (double)s->len);
}

/* By how many times its spread chance is exceeded. */
static double excess(size_t same, size_t of, double chance)
{
    return of ? ((double)same - (double)of * chance) / sqrt((double)of * chance * (1 - chance) + 0.25) : 0;
}

__attribute__((always_inline))
static inline size_t equals(const uint8_t *a, const uint8_t *b, size_t len)
{
    size_t same = 0;

    while (len > 0) {
        const size_t n = len < 255 ? len : 255;
        uint8_t some = 0;
        for (size_t i = 0; i < n; i++)
            some = (uint8_t)(some + (a[i] == b[i]));
        same += some;
        a += n;
        b += n;
        len -= n;
    }
    return same;
}

#if defined(__x86_64__)
__attribute__((target("avx2")))
static size_t equals_avx2(const uint8_t *a, const uint8_t *b, size_t len)
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i sum = zero;
    size_t i = 0;

    while (len - i >= 32) {
        const size_t n = (len - i) / 32 < 255 ? (len - i) / 32 : 255;
        __m256i some = zero;
        for (size_t k = 0; k < n; k++, i += 32)
            some = _mm256_sub_epi8(some, _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)(a + i)),
                                                           _mm256_loadu_si256((const __m256i *)(const void *)(b + i))));
        sum = _mm256_add_epi64(sum, _mm256_sad_epu8(some, zero));
    }
    const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    return (size_t)(_mm_cvtsi128_si64(two) + _mm_extract_epi64(two, 1)) + equals(a + i, b + i, len - i);
}
#endif

size_t xor_equals(const uint8_t *a, const uint8_t *b, size_t len)
{
#if defined(__x86_64__)
    if (filter_best() >= FILTER_AVX2)
        return equals_avx2(a, b, len);
#endif
    return equals(a, b, len);
}

static bool fill_pattern(const struct xor_sample *s, struct pattern *pattern)
{
    enum { SEEN_MIN = 2, HEADED_MIN = 56, HEADER_MAX = 8 };
    uint16_t lead[PERIOD_MAX] = { 0 }, same[PERIOD_MAX] = { 0 }, seen[PERIOD_MAX] = { 0 };

    pattern->count = 0;
    memset(pattern->same, 0, sizeof pattern->same);
    /* The majority by cancelling, then how large it is. */
    for (int counting = 0; counting < 2; counting++)
        for (size_t p = 0; p < s->part_count; p++)
            for (size_t i = s->parts[p].plain; i < s->parts[p].len && !(pattern->messages && i >= pattern->period);
                 i++) {
                const uint8_t byte = s->bytes[s->parts[p].start + i];
                const size_t k = i % pattern->period;
                if (counting) {
                    seen[k]++;
                    same[k] = (uint16_t)(same[k] + (pattern->value[k] == byte));
                    continue;
                }
                if (lead[k] == 0)
                    pattern->value[k] = byte;
                lead[k] = (uint16_t)(pattern->value[k] == byte ? lead[k] + 1 : lead[k] - 1);
            }
    /* Long messages may begin with a number and the like, over which there is no key. */
    for (size_t k = pattern->messages && pattern->period >= HEADED_MIN ? HEADER_MAX : 0; k < pattern->period; k++) {
        pattern->same[k] = seen[k] >= SEEN_MIN && same[k] * 8 >= seen[k] * 7;
        pattern->count += pattern->same[k];
    }
    return pattern->count > 0;
}

size_t xor_common_factor(size_t a, size_t b)
{
    while (b) {
        const size_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* What a pattern says of records of one size and a key: each byte of one and of the other, as far as they hang
 * together. */
struct solution {
    const struct pattern *pattern;
    size_t record, key_len, known;
    bool key_known[XOR_KEY_MAX], plain_known[RECORD_MAX];
    uint8_t key[XOR_KEY_MAX], plain[RECORD_MAX];
};

static void follow_equations(struct solution *s)
{
    size_t known_before;

    do {
        known_before = s->known;
        for (size_t i = 0; i < s->pattern->period; i++) {
            const size_t k = i % s->key_len, p = i % s->record;
            if (!s->pattern->same[i] || s->key_known[k] == s->plain_known[p])
                continue;
            if (s->key_known[k])
                s->plain[p] = s->pattern->value[i] ^ s->key[k];
            else
                s->key[k] = s->pattern->value[i] ^ s->plain[p];
            s->key_known[k] = s->plain_known[p] = true;
            s->known++;
        }
    } while (s->known > known_before);
}

/* As many bytes of the key stay open as the greatest common factor of both lengths: each is XORed with all that stand
 * so far apart.  Gives how many places agree beyond those that were needed. */
static long solve(const struct pattern *pattern, size_t record, size_t key_len, uint8_t key[XOR_KEY_MAX])
{
    enum { DIFFER_SHARE = 4, OPEN_MAX = 4 };
    struct solution s = { .pattern = pattern, .record = record, .key_len = key_len };
    const size_t open = xor_common_factor(record, key_len);
    long agree = 0, differ = 0;

    if (open > OPEN_MAX || open == key_len)
        return 0;
    for (size_t k = 0; k < open; k++) {
        s.key_known[k] = true; /* and 0 */
        follow_equations(&s);
    }
    for (size_t k = 0; k < key_len; k++)
        if (!s.key_known[k])
            return 0;
    for (size_t i = 0; i < pattern->period; i++)
        if (pattern->same[i] && s.plain_known[i % record]) {
            const bool agrees = pattern->value[i] == (s.key[i % key_len] ^ s.plain[i % record]);
            agree += agrees;
            differ += !agrees;
        }
    memcpy(key, s.key, sizeof s.key);
    return differ * DIFFER_SHARE > agree ? 0 : agree - 2 * differ - (long)s.known;
}

/* The best ones of all lengths of keys; of one length and as much left open the best. */
static void keep_key(struct xor_record_keys *keys, const struct xor_record_key *key)
{
    size_t i = 0;

    while (i < keys->count && (keys->keys[i].key.len != key->key.len || keys->keys[i].open != key->open))
        i++;
    if (i < keys->count ? key->agree <= keys->keys[i].agree : keys->count == XOR_RECORD_KEYS &&
        key->agree <= keys->keys[i - 1].agree)
        return;
    if (i == keys->count)
        i = keys->count < XOR_RECORD_KEYS ? keys->count++ : XOR_RECORD_KEYS - 1;
    for (; i > 0 && keys->keys[i - 1].agree < key->agree; i--)
        keys->keys[i] = keys->keys[i - 1];
    keys->keys[i] = *key;
}

static void keys_of_pattern(const struct pattern *pattern, struct xor_record_keys *keys)
{
    enum { AGREE_MIN = 6 };

    for (size_t key_len = 2; key_len <= XOR_KEY_MAX; key_len++) {
        if (!pattern->messages && pattern->period % key_len != 0)
            continue;
        for (size_t record = RECORD_MIN; record <= RECORD_MAX && record < pattern->period; record++) {
            struct xor_record_key found = { .key.len = key_len, .open = xor_common_factor(record, key_len) };
            if (!pattern->messages && pattern->period % record != 0)
                continue;
            found.agree = solve(pattern, record, key_len, found.key.bytes);
            if (found.agree >= AGREE_MIN)
                keep_key(keys, &found);
        }
    }
}

/* The distances at which most bytes come again: multiples of the record and of the key. */
static size_t likely_periods(const struct xor_sample *s, double chance, size_t *into, size_t room)
{
    enum { EXCESS_MIN = 7 };
    double best[8] = { 0 };
    size_t count = 0;

    for (size_t lag = RECORD_MIN + 1; lag <= PERIOD_MAX; lag++) {
        size_t same = 0, of = 0;
        for (size_t p = 0; p < s->part_count; p++)
            if (s->parts[p].len > lag + s->parts[p].plain) {
                const uint8_t *at = s->bytes + s->parts[p].start + s->parts[p].plain;
                const size_t n = s->parts[p].len - lag - s->parts[p].plain;
                same += xor_equals(at, at + lag, n);
                of += n;
            }
        if (of == 0)
            break;
        const double e = excess(same, of, chance);
        if (e < EXCESS_MIN || (count == room && e <= best[count - 1]))
            continue;
        size_t i = count < room ? count++ : count - 1;
        for (; i > 0 && best[i - 1] < e; i--) {
            best[i] = best[i - 1];
            into[i] = into[i - 1];
        }
        best[i] = e;
        into[i] = lag;
    }
    return count;
}

size_t xor_likely_records(const struct xor_sample *sample, size_t longest, size_t *into, size_t room)
{
    size_t periods[4], count = 0;
    const size_t all = likely_periods(sample, chance_of_equals(sample), periods, sizeof periods / sizeof *periods);

    for (size_t i = 0; i < all && count < room; i++)
        if (periods[i] <= longest)
            into[count++] = periods[i];
    return count;
}

/* Whether messages that begin alike are there: the same places in each are then one class. */
static bool messages_alike(const struct xor_sample *s, double chance, size_t *ret_longest)
{
    enum { EXCESS_MIN = 7, MESSAGES_MIN = 3 };
    size_t same = 0, of = 0, longest = 0;

    for (size_t p = 1; p < s->part_count; p++) {
        const struct xor_part *a = &s->parts[p - 1], *b = &s->parts[p];
        const size_t n = a->len < b->len ? a->len : b->len, from = a->plain > b->plain ? a->plain : b->plain;
        if (from >= n)
            continue;
        same += xor_equals(s->bytes + a->start + from, s->bytes + b->start + from, n - from);
        of += n - from;
        longest = n > longest ? n : longest;
    }
    *ret_longest = longest < PERIOD_MAX ? longest : PERIOD_MAX;
    return s->part_count >= MESSAGES_MIN && excess(same, of, chance) >= EXCESS_MIN;
}

void xor_keys_by_records(const struct xor_sample *sample, struct xor_record_keys *keys)
{
    enum { PERIODS = 4 };
    const double chance = chance_of_equals(sample);
    size_t periods[PERIODS], longest;
    struct pattern pattern;

    keys->count = 0;
    if (messages_alike(sample, chance, &longest)) {
        pattern.period = longest;
        pattern.messages = true;
        if (fill_pattern(sample, &pattern))
            keys_of_pattern(&pattern, keys);
    }
    const size_t count = likely_periods(sample, chance, periods, PERIODS);
    for (size_t i = 0; i < count; i++) {
        pattern.period = periods[i];
        pattern.messages = false;
        if (fill_pattern(sample, &pattern))
            keys_of_pattern(&pattern, keys);
    }
}
