#ifndef LEASH_LEAK_SECRETS_H
#define LEASH_LEAK_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/hash.h"
#include "base/text.h"
#include "leak/chunks.h"
#include "leak/track.h"
#include "media/picture_hash.h"

/* The known values that are looked for in what left: what stored evidence told about
 * flights, devices and files, and what the operator named with --secret. */

enum secret_subject { SUBJECT_AIRCRAFT, SUBJECT_TAKEOFF, SUBJECT_OPERATOR, SUBJECT_MEDIA };

/* Points of one kind that belong to one row: in flight order for SUBJECT_AIRCRAFT. */
struct secret_path {
    struct text id; /* of the flight or media row */
    enum secret_subject subject;
    struct track_point *points;
    size_t count, room;
};

enum secret_kind {
    SECRET_SERIAL,
    SECRET_IDENTIFIER,
    SECRET_TEXT,
    SECRET_NETWORK, /* address of a Wi-Fi network that was heard: several of them tell a place */
};

struct secret_literal {
    struct text id;    /* of the row, or NAME of --secret */
    enum secret_kind kind;
    struct text label; /* what it is, for sentences: "serial number", "ssid" */
    struct text value;
};

/* A value that is not searched for, because too many others could have sent it. */
struct secret_refusal {
    struct text id, label;
    const char *reason;
    double bits;       /* what it would be worth as evidence, at most */
};

struct secret_file {
    struct text id;    /* of the evidence row */
    struct text what;  /* "media" or "log_file" */
    uint64_t bytes;
    uint8_t sha256[SHA256_BYTES];
    bool content_known;  /* its pieces are in `chunks` */
};

/* What a stored photo looks like. */
struct secret_picture {
    struct text id;      /* of the media row */
    struct text item;    /* its evidence, SHA-256 in hex, or unknown */
    struct picture_hash hash;
};

struct secrets {
    struct arena *arena; /* the texts */
    struct secret_path *paths;
    size_t path_count, path_room;
    struct secret_literal *literals;
    size_t literal_count, literal_room;
    struct secret_file *files;
    size_t file_count, file_room;
    struct secret_picture *pictures;
    size_t picture_count, picture_room;
    struct chunk_set *chunks; /* of files, which are counted as in `files` */
    uint32_t *literal_slots; /* by hash of the value in lower case: literal + 1 */
    size_t literal_slot_count;
    struct secret_refusal *refusals; /* the first ones */
    size_t refusal_count, refusal_room;
    size_t not_unique;   /* how many values were refused */
};

struct secrets *secrets_new(void);
void secrets_free(struct secrets *s); /* NULL is fine */

/* A point; impossible ones and 0,0 (no fix) are ignored.  Points of one id and subject
 * form one path, in the order they are added. */
void secrets_add_point(struct secrets *s, struct text id, enum secret_subject subject,
                       double longitude_deg, double latitude_deg, int64_t time_utc_ns);

/* A value to be found literally.  Ignored when it is known already; refused, with the reason
 * kept, when it is not unique enough: fewer than 8 significant characters (letters and
 * digits), fewer than 4 different ones, or what many devices have. */
void secrets_add_literal(struct secrets *s, struct text id, enum secret_kind kind, struct text label,
                         struct text value);
/* --secret NAME=VALUE.  A value of several lines is a list: each line is one. */
void secrets_add_text(struct secrets *s, struct text name, struct text value);
/* The name of a stored photo, video or log: `path` without its folders.  A name that a
 * camera counts up, without a date and time in it, is that of everybody's files: it is left out. */
void secrets_add_file_name(struct secrets *s, struct text id, struct text path);
/* A sentence about what was refused and why, in `arena`; unknown when nothing was. */
struct text secrets_refusals(const struct secrets *s, struct arena *arena);

/* "media" or "log_file" for kinds of files (evidence/format.h) whose content must not leave
 * unseen, else NULL. */
const char *secret_file_what(const char *kind);
/* A stored file, to be recognised in what left: by its hash as a whole, by pieces (leak/chunks.h)
 * in part.  `what` is "media" or "log_file"; a NULL hash is worked out. */
void secrets_add_file(struct secrets *s, struct text id, const char *what, struct bytes content,
                      const uint8_t sha256[SHA256_BYTES]);
/* The same when only the hash is at hand; does nothing when it is known already. */
void secrets_add_file_hash(struct secrets *s, struct text id, const char *what, uint64_t bytes,
                           const uint8_t sha256[SHA256_BYTES]);

void secrets_add_picture(struct secrets *s, struct text id, struct text item, struct picture_hash hash);

/* Reads what a case knows; see fact/case.h for its tables.  A table or column that is
 * missing is an error.  0 or -EIO; what was read before stays. */
struct sqlite3;
struct fact_case;
__attribute__((warn_unused_result)) int secrets_from_database(struct sqlite3 *db, struct secrets *s);
__attribute__((warn_unused_result)) int secrets_from_case(struct fact_case *c, struct secrets *s);

#endif
