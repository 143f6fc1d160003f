#ifndef LEASH_STORY_DIFFERENCE_H
#define LEASH_STORY_DIFFERENCE_H

#include "story/source.h"

/* The best track of a story, and on what the others disagree with it. */

/* Which of two is the better track, and by which criterion; the criteria in their order:
 *
 *   path      it has one at all
 *   time      utc before derived before device_clock before zone_unknown
 *   span      it lasts 90 of 100 of the longest or more
 *   damage    nothing in its item was damaged
 *   log       written in flight by aircraft or app, before tables and maps that are made of logs
 *   rate      twice the positions a second or more
 *   points    more of them
 *   id        so that the choice is always the same */
enum criterion { BY_PATH, BY_TIME, BY_SPAN, BY_DAMAGE, BY_LOG, BY_RATE, BY_POINTS, BY_ID };

/* Less than 0 when `a` is the better one. */
int compare_tracks(const struct source *a, const struct source *b, double longest_s, enum criterion *ret_by);

/* Why the best is better than the second, which may be NULL: a sentence. */
struct text best_reason(const struct source *best, const struct source *second, double longest_s, struct arena *arena);

/* Calls `tell` for each disagreement of `other` with `best`: kind, amount with its unit (NaN and NULL: none), and a
 * sentence. */
typedef void tell_difference(void *user, const char *kind, double amount, const char *unit, struct text statement);
void differences_tell(const struct sources *s, const struct source *best, const struct source *other,
                      tell_difference *tell, void *user);

#endif
