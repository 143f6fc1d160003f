#ifndef LEASH_REPORT_TERMINAL_H
#define LEASH_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/text.h"

/* Text from evidence, made safe to look at.  What could steer a terminal or deceive the
 * eye is shown, not obeyed: control characters and bytes that are not UTF-8 as \x1b, marks
 * that turn or hide text (bidi, zero-width, tags, variation selectors, stacked accents) as
 * \u{202e}.  A backslash that would read as the start of such an escape is doubled. */

/* One character of a text. */
struct terminal_piece {
    size_t taken;      /* bytes of the input, at least 1 */
    const char *at;    /* what to show: the input's own bytes, or `escape` */
    size_t len;
    unsigned columns;  /* 0 for an accent on the character before, 2 for wide ones */
    char escape[12];
};

/* The first character of `t`, which is not empty.  `accents` counts the accents in a row and
 * is kept by the caller between calls, 0 at the start.  `piece` must stay where it is. */
void terminal_next(struct text t, unsigned *accents, struct terminal_piece *piece);

/* Appends `t`, safe, in at most `columns_max` columns (SIZE_MAX: no limit); what does not fit
 * is cut and ends in "..." where there is room for that.  Unknown text appends nothing.
 * Gives the columns used. */
size_t terminal_safe(struct buffer *into, struct text t, size_t columns_max);

/* The columns that terminal_safe would use without a limit. */
size_t terminal_columns(struct text t);

#endif
