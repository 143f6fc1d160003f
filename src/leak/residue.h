#ifndef LEASH_LEAK_RESIDUE_H
#define LEASH_LEAK_RESIDUE_H

#include "evidence/reading.h"
#include "leak/index.h"

/* What is left of known values in the bytes of a whole file.  The same views and encodings as in what was sent
 * (leak/view.h), but another question: there one asks whether a pair of numbers proves that something left, here
 * whether anything is left that need not be.  So each single pair near a known point counts, unless random bytes of the
 * file's size would hold such a pair by chance more often than once in RESIDUE_CHANCE files; and every literal does. */
enum { RESIDUE_CHANCE = 1000 };

/* Puts one `leak` row for each kind of value, secret and way of writing that is found: what, secret, decoding, points
 * (how often), claim: none; the origin is the first place.  Gives how many rows.  The memory for it all is bounded.
 * One `search` row behind them says how many bytes were searched, and how many may be packed and were not unpacked,
 * because they would become too much; not what lies deeper than index->limits allow. */
size_t residue_find(const struct leak_index *index, struct reading *r, struct bytes whole);

/* The same for what begins in whole[from, until): what is decoded from there is followed to its end, and what stands
 * across `from` belongs to it, too.  So what is found in a file's parts is all that is found in the file. */
size_t residue_find_part(const struct leak_index *index, struct reading *r, struct bytes whole, uint64_t from,
                         uint64_t until);

/* Stretches of coded pictures: gives the first one that ends behind `at`, which never goes back; false: there is none.
 * They are in order and none reaches into the next. */
struct residue_coded {
    bool (*next)(void *user, uint64_t at, uint64_t *ret_from, uint64_t *ret_until);
    void *user;
};

/* The same where coded pictures are searched as they stand, for each value in each of its forms: nothing that begins in
 * them is unpacked or tried for keys.  Their first RESIDUE_EDGE bytes are not taken for coded. */
enum { RESIDUE_EDGE = 1024 };
size_t residue_find_beside(const struct leak_index *index, struct reading *r, struct bytes whole, uint64_t from,
                           uint64_t until, struct residue_coded coded);

/* The same, of bytes of which it is known what they unpack to, as image data: what is not decoded is not counted. */
size_t residue_find_understood(const struct leak_index *index, struct reading *r, struct bytes whole, uint64_t from,
                               uint64_t until);

/* The same where places are told on purpose, such as the middle of a grid's cell: those for which `told` says so do not
 * count, though a known point may be near.  NULL: none are. */
typedef bool residue_told(double longitude_deg, double latitude_deg);
size_t residue_find_untold(const struct leak_index *index, struct reading *r, struct bytes whole, residue_told *told);

#endif
