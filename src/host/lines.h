#ifndef LEASH_HOST_LINES_H
#define LEASH_HOST_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cursor.h"
#include "base/text.h"

/* Text line by line, as tools on phones and computers write it: LF, CR LF (adb on old
 * phones gives CR CR LF), UTF-8 with or without a byte order mark, and UTF-16 with one,
 * which is what a redirection in Windows PowerShell 5 makes.
 *
 *   struct lines l;
 *   struct line line;
 *   for (lines_init(&l, whole); lines_next(&l, &line); )
 *       ...
 *
 * A line's text is a view of the input, for UTF-16 of the iterator itself: it holds until
 * the next call.  A line of UTF-16 longer than LINES_UTF16_MAX bytes is given as far as that. */
enum { LINES_UTF16_MAX = 1024 };

struct line {
    struct text text;     /* without its end, and without blanks before that */
    size_t indent;        /* blanks and tabs it begins with; they are part of text */
    struct bytes at;      /* where it stands, without its end */
    bool ended;           /* false: the input ends within it */
};

struct lines {
    struct bytes rest;
    enum { LINES_UTF8, LINES_UTF16LE, LINES_UTF16BE } encoding;
    char decoded[LINES_UTF16_MAX];
};

void lines_init(struct lines *l, struct bytes whole);
bool lines_next(struct lines *l, struct line *ret);

/* Without blanks and tabs at both ends. */
struct text line_trim(struct text t);
/* What stands before the first `mark`, and behind it; false, and both alone, where there is none.
 * Either may be NULL. */
bool line_cut(struct text t, char mark, struct text *before, struct text *behind);
/* What stands behind `prefix`; false, and `rest` alone, when `t` does not begin with it. */
bool line_after(struct text t, struct text prefix, struct text *rest);
/* What stands behind the first `mark` inside `t`; likewise. */
bool line_behind(struct text t, struct text mark, struct text *rest);
/* The next word, ended by a blank or tab, and moves `t` behind it; empty at the end. */
struct text line_word(struct text *t);

#endif
