#include "packet/unread.h"

#include <stdio.h>

#include "packet/link_rare.h"

void unread_count(struct unread *u, const struct frame *frame)
{
    if (u->frames++ == 0)
        u->first_offset = frame->record_offset;
    u->bytes += frame->original_len;
}

struct unread *unread_link(struct tracker *t, uint32_t link_type)
{
    for (uint32_t i = 0; i < t->link_unknown_count; i++)
        if (t->link_unknown_type[i] == link_type)
            return &t->link_unknown[i];
    if (t->link_unknown_count == TRACKER_LINK_TYPES_MAX)
        return &t->link_unknown_more;
    t->link_unknown_type[t->link_unknown_count] = link_type;
    return &t->link_unknown[t->link_unknown_count++];
}

static void tell_unread(struct reading *r, const struct unread *u, const char *what)
{
    if (u->frames)
        reading_damage(r, u->first_offset, (int64_t)u->bytes, (int64_t)u->frames, "%llu %s",
                       (unsigned long long)u->frames, what);
}

static void tell_link(struct reading *r, const struct unread *u, uint32_t link_type)
{
    char what[128];
    const char *name = link_type_name(link_type);

    if (link_type_is_free(link_type)) /* for anybody's own use: what they hold, the capture does not tell */
        snprintf(what, sizeof what, "frames have a link type that is not read (%lu: USER%lu)", (unsigned long)link_type,
                 (unsigned long)(link_type - LINKTYPE_USER0));
    else
        snprintf(what, sizeof what, "frames have a link type that is not read (%lu%s%s)", (unsigned long)link_type,
                 name ? ": " : "", name ? name : "");
    tell_unread(r, u, what);
}

static void tell_conflicts(const struct tracker *t, uint64_t count, const char *what)
{
    if (count > TRACKER_DAMAGE_ROWS_MAX)
        reading_damage(t->reading, t->last_offset, 0, 0, "in all, %llu %s", (unsigned long long)count, what);
}

void unread_tell(const struct tracker *t)
{
    struct reading *r = t->reading;

    for (uint32_t i = 0; i < t->link_unknown_count; i++)
        tell_link(r, &t->link_unknown[i], t->link_unknown_type[i]);
    tell_unread(r, &t->link_unknown_more, "frames have yet other link types that are not read");
    tell_unread(r, &t->link_opaque, "frames are encrypted or compressed on the link and were not read");
    tell_unread(r, &t->broken, "frames have broken or cut headers and belong to no flow");
    if (t->odd_lengths)
        reading_damage(r, t->odd_length_offset, 0, 0,
                       "%llu records state a length on the wire that their frames cannot "
                       "have had; what was captured of them counts", (unsigned long long)t->odd_lengths);
    if (t->datagrams_incomplete > TRACKER_DAMAGE_ROWS_MAX)
        reading_damage(r, t->last_offset, FACT_UNKNOWN_INT, 0, "in all, fragments of %llu IP datagrams are missing",
                       (unsigned long long)t->datagrams_incomplete);
    tell_conflicts(t, t->conflicts, "TCP segments overlap with different content");
    tell_conflicts(t, t->leaps, "times the sequence numbers of a TCP stream jump");
    tell_conflicts(t, t->fragment_conflicts, "IP fragments contradict earlier ones");
    if (t->flows_evicted)
        reading_damage(r, t->evicted_offset, 0, 0, "%llu flows were set aside early, because too many were open at "
                       "once; what came of them later counts as another flow", (unsigned long long)t->flows_evicted);
    if (t->talks_evicted)
        reading_damage(r, t->last_offset, 0, 0, "the content of %llu connections was followed only in part, because "
                       "too many were open at once", (unsigned long long)t->talks_evicted);
}
