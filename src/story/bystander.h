#ifndef LEASH_STORY_BYSTANDER_H
#define LEASH_STORY_BYSTANDER_H

#include "story/story.h"

/* A radio capture holds the drones of everybody in range.  Those that are not the operator's lose their names in the
 * case, before anything is judged or reported, so that no form of report can tell them: ids, addresses, network names
 * and operators' numbers become "bystander-1", "bystander-2" ... in the order in which they were first heard,
 * everywhere the same in one case and without meaning in another.  Where the person is who flies it, and all other
 * details that it sent, are not kept. Kept are kind, carrier, time, the aircraft's position, the maker and what was
 * odd.  The evidence holds what it holds, and the rows point there.  All their broadcasts get the anomaly "bystander",
 * hidden or not: rules judge the operator's own.
 *
 * The operator's own is a drone
 *   - whose id is a serial number in stored evidence (flight logs, photos, cards), or in the policy's inventory, or named with
 *     --own-drone, or whose radio's address is in the inventory or named so or with --local;
 *   - that flew a path that a flight log has (story/heard.h), or whose announcements came over MAVLink, which is no radio;
 *   - that is the only one heard, when none of these names any: a capture of one drone is taken to be of the one under test. */
struct bystander_run {
    struct text_list own;          /* serial numbers, ids and addresses that are the operator's */
    bool shown;                    /* --bystanders: they are marked, and nothing is hidden */
    void (*note)(void *user, struct text sentence);
    void *user;
};

/* After heard_compare, whose table it drops.  0 or -EIO. */
__attribute__((warn_unused_result))
int bystanders_hide(struct sqlite3 *db, const struct bystander_run *run);

#endif
