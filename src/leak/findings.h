#ifndef LEASH_LEAK_FINDINGS_H
#define LEASH_LEAK_FINDINGS_H

#include "evidence/reading.h"
#include "leak/grade.h"

/* The findings of one flow, from grading to rows: what another one says better is left out. */
struct finding_list {
    struct finding *items;
    size_t count, room;
};

/* For grade_flow and grade_places; `user` is a struct finding_list, zeroed at first. */
void findings_add(void *user, const struct finding *finding);
/* Puts the rows and empties the list. */
void findings_write(struct finding_list *list, const struct leak_index *index, const struct chains *chains,
                    const struct flow_hits *hits, struct reading *r);

#endif
