#ifndef LEASH_READER_YARA_H
#define LEASH_READER_YARA_H

#include "evidence/reading.h"

/* Rules of the operator (--yara), which may be foreign and may be hostile: libyara compiles them in a process of their
 * own inside the readers' sandbox, without includes, and only there and in the readers anything of theirs is run.
 * libyara itself is loaded when rules are given, before any sandbox closes, so that a run without rules starts as fast
 * as ever.
 *
 * Format of rules and meaning of matches: YARA's documentation, 4.2. */

enum {
    YARA_FILES_MAX = 64,
    YARA_COMPILE_S = 60,                  /* for all of them; real sets of some thousand rules take two */
    YARA_ROWS_MAX = 2000,                 /* matches of one item that get a row */
    YARA_STRINGS_TOLD_MAX = 16,           /* of one match */
};
#define YARA_SOURCE_BYTES_MAX (UINT64_C(64) << 20)    /* of one file */
#define YARA_IMAGE_BYTES_MAX  (UINT64_C(512) << 20)
#define YARA_CONTENT_BYTES_MAX (UINT64_C(1) << 30)    /* of one content, from its beginning; the rest is told */
/* For all contents of an item, by its size; what is needed beyond comes out of a store that a reader has once, so that
 * a rule that never ends costs so much and then a second an item. */
#define YARA_ITEM_S(bytes) (1 + (double)(bytes) / 4e6)
#define YARA_STORE_S 20

struct yara_source {
    struct text name;      /* for messages, and the namespace of its rules */
    struct text content;
};

/* What a reader needs to use them; the bytes are an image made by libyara. */
struct yara_rules {
    struct bytes image;
    uint64_t rule_count;
};

/* True when this leash was built with libyara's headers. */
bool yara_built_in(void);

/* Compiles; `ret` and its bytes live in the arena.  On failure gives false and *ret_problem: what is wrong, with file
 * and line where it is in the rules, one line each.  *ret_warnings: what libyara thought odd, or unknown. */
__attribute__((warn_unused_result))
bool yara_compile(const struct yara_source *sources, size_t count, struct arena *arena, struct yara_rules *ret,
                  struct text *ret_problem, struct text *ret_warnings);

/* In a reader, inside its sandbox: holds contents against the rules. */
struct yara_scan;

struct yara_scan *yara_scan_new(const struct yara_rules *rules);
/* The next contents are of this item. */
void yara_scan_begin(struct yara_scan *s, struct reading *r, uint64_t item_bytes);
/* Puts a row (behaviour yara_match) for every rule that matches.  `part`: what the content is called inside the item,
 * or unknown, when it is the item itself; `origin`: where it lies there.  What could not be looked at is damage. */
void yara_scan_content(struct yara_scan *s, struct text part, struct bytes content, const struct fact_origin *origin);
void yara_scan_end(struct yara_scan *s);

#endif
