#ifndef LEASH_FLIGHTLOG_DJI_SRT_LINE_H
#define LEASH_FLIGHTLOG_DJI_SRT_LINE_H

#include "base/cursor.h"
#include "base/text.h"

/* The lines of subtitles: what each is, told from itself alone.  The form is SubRip's; nobody standardised it. */

enum dji_srt_line_kind { LINE_BLANK, LINE_COUNTER, LINE_SPAN, LINE_TEXT, LINE_NOISE };

struct dji_srt_line {
    enum dji_srt_line_kind kind;
    struct bytes at;               /* without its end */
    int64_t counter;               /* COUNTER */
    int64_t from_ms, to_ms;        /* SPAN */
};

/* Takes the next line of `rest`, of at most 16 KiB: real ones are shorter than 1,000.  False at its end. */
bool dji_srt_line_next(struct bytes *rest, struct dji_srt_line *line);

#endif
