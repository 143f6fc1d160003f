#ifndef LEASH_REPORT_DIFF_FORMS_H
#define LEASH_REPORT_DIFF_FORMS_H

#include <stdio.h>

#include "report/diff.h"

/* The forms of a comparison.  0, -EIO when a case cannot be
 * read any more, or the negative errno of a failed write. */

/* For a terminal and pipes: aligned, at most `width` columns (0: 100) where values allow it, every
 * text from evidence made safe. */
__attribute__((warn_unused_result)) int diff_text_write(struct diff *d, FILE *out, bool colour, int width);

/* One object, schema "leash.diff/1" (doc/diff.schema.json).  Items that are the same are counted, not listed. */
__attribute__((warn_unused_result)) int diff_json_write(struct diff *d, FILE *out);

/* One page that asks nobody for anything and has no script: its policy allows its own style, by
 * its hash, and nothing else.  Of a list longer than DIFF_PAGE_ROWS_MAX the first ones, and it says so. */
enum { DIFF_PAGE_ROWS_MAX = 5000 };
__attribute__((warn_unused_result)) int diff_html_write(struct diff *d, FILE *out);

/* What text and page say alike.  Texts in `arena`; names in them are raw. */

/* "bytes_out" as people read it: "bytes out". */
struct text diff_label(struct arena *arena, const char *name);
struct text diff_value_text(struct arena *arena, const struct diff_list *list, size_t column,
                            const struct diff_value *v);
/* "2 new, 1 changed, 3 the same". */
struct text diff_counts_text(struct arena *arena, const struct diff_counts *counts);
/* A sentence for each case that is not compared: "\"privacy on\" holds no network capture: ..." */
struct text_list diff_not_compared(struct arena *arena, const struct diff *d, const struct diff_list *list,
                                   const struct diff_counts *counts);
/* What a cell says where an item was not seen: "not seen", or "no evidence". */
struct text diff_cell_unseen(const struct diff_counts *counts, size_t nth);
/* Keys with " / " between, "all devices" and the like for empty ones. */
struct text diff_key_text(struct arena *arena, const struct diff_list *list, const struct diff_item *item);

#endif
