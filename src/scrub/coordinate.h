#ifndef LEASH_SCRUB_COORDINATE_H
#define LEASH_SCRUB_COORDINATE_H

#include "scrub/edit.h"
#include "scrub/names.h"

/* One coordinate of a position, in the ways in which logs and photos write it.  Removed, it becomes zero, which the
 * formats know as "no fix"; with --shift it becomes where the point is moved to. */

enum coordinate_form {
    COORDINATE_F64_DEG, COORDINATE_F64_RAD, COORDINATE_F32_DEG, COORDINATE_F32_RAD,
    COORDINATE_I32_1E7, /* degrees * 1e7 */
    COORDINATE_I64_1E7,
};

/* `value` has the size of its form.  Zero and what is no place on the globe (a writer's "unknown") stay as they are. */
void plan_coordinate(struct plan *p, struct bytes value, enum coordinate_form form, bool big_endian, enum axis axis,
                     enum scrub_kind kind, const char *what);

/* The same for decimal text, which may change its length unless the plan forbids it.  Removed: every digit becomes
 * 0. */
void plan_coordinate_text(struct plan *p, struct bytes value, enum axis axis, enum scrub_kind kind, const char *what);
void plan_zero_text(struct plan *p, struct bytes value, enum scrub_kind kind, const char *what);
/* Only the moving: false, and nothing is done, where it is not asked for, or the text is no plain number that is a
 * coordinate.  With `may_grow` the text may become longer or shorter; else it keeps its length, and as many decimals as
 * fit. */
bool plan_move_text(struct plan *p, struct bytes value, enum axis axis, bool may_grow, enum scrub_kind kind,
                    const char *what);

/* The moved coordinate. */
double plan_moved_deg(const struct plan *p, enum axis axis, double degrees);

#endif
