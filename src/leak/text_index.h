#ifndef LEASH_LEAK_TEXT_INDEX_H
#define LEASH_LEAK_TEXT_INDEX_H

#include "leak/cell.h"
#include "leak/marks.h"
#include "leak/text_scan.h"

/* What text_scan.c and place_text.c share: the areas in the forms in which text names them. */

enum { UTM_AREAS_MAX = 64, NEAR_CELLS_PER_DEGREE = 2, TEXT_WHOLE_MAX = 1000 /* three digits */, METRES_DIGITS_MIN = 6 };

struct utm_area {
    int zone;
    bool south;
    double west_m, east_m, south_m, north_m;
};

struct text_index {
    const struct position_index *positions;
    const struct geo_box *boxes;
    size_t box_count;
    struct mark_triples triples;
    struct utm_area utm[UTM_AREAS_MAX];
    size_t utm_count;
    /* whether one of the boxes is within half a degree or so */
    bool latitude_near[180 * NEAR_CELLS_PER_DEGREE + 1], longitude_near[360 * NEAR_CELLS_PER_DEGREE + 1];
    bool degrees[180][360]; /* which whole degrees one of the boxes touches, from the south-western corner of the globe */
    /* What most numbers are passed over by: the whole degrees, of either sign, that something looked for has; and the
     * first two of six, seven or eight digits of metres. */
    bool whole_may[TEXT_WHOLE_MAX], metres_may[3][100];
    uint64_t s2_beginnings[65536 / 64]; /* the first 16 bits of the ids of the boxes' cells, some 100 km wide */
    bool near_zero; /* one of the boxes: its numbers may have few digits */
    enum filter_kernel kernel;
};

struct text_scan {
    const struct text_index *index;
    const uint8_t *at;
    size_t len;
    uint64_t base;
    bool from_start;
    struct text_state *state;
    const struct text_events *events;
};

/* The first box that `box` touches; box_count: none. */
size_t text_index_touched(const struct text_index *x, const struct geo_box *box);
/* False: none does, by the degrees that it lies in. */
bool text_index_may_touch(const struct text_index *x, const struct geo_box *box);
/* -log2 of the share of all cells of `width` by `height` degrees that touch a box of the index. */
double text_index_share_bits(const struct text_index *x, double width_deg, double height_deg);

/* cell_text.c: is there the code of a cell? */
enum { CODE_DIGITS_MIN = 16 };
struct number_text;
void code_at_beginning(const struct text_scan *s, size_t at);       /* at one of the known triples */
void code_at_plus(const struct text_scan *s, size_t at);
void code_of_digits(const struct text_scan *s, const struct number_text *n);
/* Binary ids whose second and third byte are both zero or both 255 are not looked for: small numbers look like them. */
static inline bool text_index_id_telling(uint8_t second, uint8_t third)
{
    return second != third || (second != 0 && second != 255);
}

/* place_text.c: is there a reference to a place at the mark? */
void place_at_slash(const struct text_scan *s, size_t at);
void place_at_equals(const struct text_scan *s, size_t at);
enum { QUADKEY_LEVELS_MIN = 10 };
void place_at_digits(const struct text_scan *s, size_t first);          /* quadkeys: of so many digits at least */
bool place_at_elevation_name(const struct text_scan *s, size_t at, size_t word_len);
/* What it tells that the code of a cell at `at` is called one; 0: it is not. */
double place_label_bits(const struct text_scan *s, size_t at);
/* `structure_bits`: what the code has to have besides, wherever it is. */
void place_of_cell(const struct text_scan *s, const struct cell *cell, double structure_bits, size_t at, size_t len);
/* A latitude and a longitude of two or three decimals, that are said to be these. */
void place_of_rounded(const struct text_scan *s, const struct position_pair *pair);
/* Four numbers that are the corners of a box: the last of them has just come to the recent ones. */
void place_of_corners(const struct text_scan *s);

#endif
