#ifndef LEASH_SCRUB_KNOWN_H
#define LEASH_SCRUB_KNOWN_H

#include "leak/index.h"
#include "scrub/request.h"

/* What the originals told that their copies must not: learned from the rows of all files of the run, because one file's
 * serial number may stand in another's. */
enum { KNOWN_MOVES_MAX = 256 };

struct known {
    const struct scrub_request *request;
    struct secrets *secrets;
    struct arena *arena;
    struct text *values;          /* by hash, open addressing */
    size_t value_count, value_room;
    /* Until all rows were taken: names, and the models and makers that are none.  Phones call themselves by their model
     * where a host's name belongs, cameras write it as the picture's description: it stays where the model stands, and
     * names nobody. */
    struct known_name { struct text id, value, label; } *names;
    size_t name_count, name_room;
    struct text *models;
    size_t model_count, model_room;
    /* With --shift: one move for each area in which files lie, so that what belongs together still fits.  A file's move
     * is that of its first position. */
    struct move moves[KNOWN_MOVES_MAX];
    size_t move_count;
    struct known_area { struct text id; size_t move; } *areas;
    size_t area_count, area_room;
};

void known_init(struct known *k, const struct scrub_request *request);
void known_done(struct known *k);

/* A row of an original; `id` names the file. */
void known_take(struct known *k, struct text id, enum fact_kind kind, const void *row);
/* All rows of all originals were taken. */
void known_settle(struct known *k);

/* The move of a file; 0 when it told no position. */
size_t known_move_of(const struct known *k, struct text id);

/* A serial number that a planner found where the reader had told none; `value` as it stands in the file.  True when it
 * was not known before: what was planned and indexed without it should be anew. */
bool known_learn(struct known *k, struct text id, struct bytes value);

/* What the row of a copy still tells: a phrase for "... is still in it", or NULL.  Positions count wherever they are,
 * unless they are moved; values when an original had the same. */
const char *known_still_told(const struct known *k, enum fact_kind kind, const void *row);

/* Whether the text holds one of the values: for names of files. */
bool known_in_name(const struct known *k, struct text name);

#endif
