#ifndef LEASH_REPORT_DIFF_LIST_H
#define LEASH_REPORT_DIFF_LIST_H

#include "report/diff.h"

/* The one table of what is compared.  To compare something else, add an entry: its SQL gives the
 * keys first, which are never NULL, then the columns, one row per key, in the order of the keys
 * (binary). */

enum diff_type { DIFF_TEXT, DIFF_NUMBER, DIFF_BYTES };

struct diff_column {
    const char *name;       /* member of the JSON */
    enum diff_type type;
    const char *unit;       /* behind the number in a line, "out"; NULL: the name */
    bool brief;             /* part of the one line that a terminal shows */
    bool told_only;         /* shown, not compared: it differs between any two runs, or follows from others */
};

struct diff_list {
    const char *name;       /* member of the JSON */
    const char *heading;
    const char *what;       /* "no network capture": of a case that has no evidence for it */
    bool matrix;            /* all items are shown, and none is a difference by itself */
    const char *evidence;   /* SQL for one number: whether the case could show such things */
    const char *sql;
    const char *keys[DIFF_KEYS_MAX + 1];
    struct diff_column columns[DIFF_COLUMNS_MAX + 1];
};

/* Run in each case before its lists are asked for; goes away with the connection. */
extern const char diff_flow_sql[];

extern const struct diff_list diff_lists[];
extern const size_t diff_list_count;

/* Fills in d->counts and d->differs; diff_open does it. */
__attribute__((warn_unused_result)) int diff_count(struct diff *d, size_t *ret_bad);

size_t diff_key_count(const struct diff_list *list);
size_t diff_column_count(const struct diff_list *list);

#endif
