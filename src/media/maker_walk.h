#ifndef LEASH_MEDIA_MAKER_WALK_H
#define LEASH_MEDIA_MAKER_WALK_H

#include "base/arena.h"
#include "base/text.h"
#include "media/tiff_directory.h"

/* Maker notes (EXIF 0x927C) of cameras: behind a head of the maker's own a TIFF directory, whose tags nobody published.
 * Those that tell a serial number, a person, a place, an id or a firmware are known from the tables of
 * exiftool/exiftool lib/Image/ExifTool (Canon.pm, Nikon.pm, Olympus.pm, Panasonic.pm, Pentax.pm, Sony.pm, FujiFilm.pm,
 * Apple.pm, Ricoh.pm, Motorola.pm, FLIR.pm, Samsung.pm; heads and what offsets count from: MakerNotes.pm).  Everything
 * else in a note is unknown, but for tags that those tables name as settings and numbers that fit into their entry.
 *
 * DJI's own notes are in media/dji_blocks.h. */
enum maker_meaning {
    MAKER_SETTING, MAKER_CAMERA_SERIAL, MAKER_LENS_SERIAL, MAKER_PART_SERIAL /* of a flash or a converter */, MAKER_ID, MAKER_OWNER,
    MAKER_PERSON, MAKER_TEXT /* that somebody typed in */, MAKER_PLACE, MAKER_FIRMWARE, MAKER_TIME,
};

struct maker_item {
    enum maker_meaning meaning;   /* never MAKER_SETTING */
    const char *name;             /* of the tag */
    struct bytes value;           /* where it stands */
    struct text text;             /* as the makers' programs show it, in the arena or in place; unknown: it is blank */
    bool untested;                /* no real file had it */
};

enum { MAKER_DIRECTORIES_MAX = 16 };

struct maker_walk {
    const struct maker *maker;
    struct arena *arena;
    struct bytes note;
    struct text model;
    struct tiff_block block;
    struct tiff_directory directory;
    uint32_t entry, rule;         /* the next ones of the directory */
    bool open;
    uint8_t place;                /* which of the maker's directories it is */
    struct { uint64_t offset; uint8_t place; } pending[MAKER_DIRECTORIES_MAX];
    size_t pending_count, pending_next;
    uint64_t budget_bytes;
    uint8_t *seen;                /* a bit for each byte of the note that a directory or an understood value has; NULL: too large */
    /* Of values that are not understood; final when the walk has ended. */
    uint32_t unknown_count, outside_count;
};

/* `make` and `model` are the camera's by EXIF, the model needed only for how a number is written; `t` the block that
 * the note lies in.  False: the note of no maker that is known. */
__attribute__((warn_unused_result))
bool maker_walk_init(struct maker_walk *w, struct arena *a, const struct tiff_block *t, struct bytes note,
                     struct text make,
                     struct text model);
/* False at the end. */
bool maker_walk_next(struct maker_walk *w, struct maker_item *ret);
/* At the end: bytes of the note that are not understood, zeros not counted. */
uint64_t maker_walk_unknown_bytes(const struct maker_walk *w);
const char *maker_walk_maker(const struct maker_walk *w);

#endif
