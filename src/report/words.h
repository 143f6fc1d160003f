#ifndef LEASH_REPORT_WORDS_H
#define LEASH_REPORT_WORDS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"

/* All that is said to a reader comes from one table (words_table.h, and for what stands below the
 * summary of the page words_page.h and words_fields.h), which has a column for each
 * language, so that the same fact is told in the same words everywhere.  In a sentence {0}..{9}
 * stand for the arguments, and {0#one|many} for the first word when argument 0 is "1", else the
 * second. */
enum words_key {
#define W(key, english, spanish) WORDS_##key,
#include "report/words_table.h"
#include "report/words_page.h"
#include "report/words_fields.h"
#undef W
    WORDS_COUNT
};

enum words_language { WORDS_ENGLISH, WORDS_SPANISH, WORDS_LANGUAGE_COUNT };

/* The language of all that is said from here on, for the whole process: English until somebody
 * asks for another.  `code` is ISO 639-1; false, and nothing is changed, when it is none of ours. */
__attribute__((warn_unused_result)) bool words_use_language(struct text code);
enum words_language words_language(void);
/* "en", "es": for the lang attribute of a page and the options of the program. */
struct text words_language_code(enum words_language language);

/* The sentence with its arguments, in the arena.  Arguments are used as they are: whoever
 * shows the sentence makes it safe. */
struct text words_say(struct arena *a, enum words_key key, const struct text *arguments, size_t count);
#define WORDS_SAY(a, key, ...) \
    words_say((a), WORDS_##key, (const struct text[]){ __VA_ARGS__ }, \
              sizeof((const struct text[]){ __VA_ARGS__ }) / sizeof(struct text))
/* A sentence without arguments. */
struct text words_plain(enum words_key key);
/* The name of a value of a field (VALUE_... of words_fields.h): "wifi_beacon" is "Wi-Fi beacon".
 * A value without a name is given back as it is. */
struct text words_value(struct text value);
/* {"language": "en", "words": {KEY: SENTENCE, ...}}, for the script of the page, which fills them as words_say does. */
void words_json(FILE *out);

/* Numbers as people read them in the language.  Unknown (FACT_UNKNOWN_INT, NaN) reads "unknown".
 * Spanish groups with a no-break space and has a decimal comma, as the academies ask. */
struct text words_count(struct arena *a, int64_t n);                       /* 1,234 */
struct text words_bytes(struct arena *a, int64_t bytes);                   /* 1,234 bytes, 1.2 MB */
struct text words_duration(struct arena *a, double seconds);               /* 45 s, 12 min 5 s, 3 h 12 min */
struct text words_number(struct arena *a, double n);                        /* under 0.01, 0.14, 2.5, 1,234: of what is expected */
struct text words_percent(struct arena *a, double part, double whole);     /* never rounded to 0 or 100 % */
struct text words_join(struct arena *a, const struct text *parts, size_t count, const char *between);

#endif
