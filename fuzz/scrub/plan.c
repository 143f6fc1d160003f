#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scrub/apply.h"
#include "scrub/planners.h"
#include "scrub/request.h"

/* Every planner that recognises the input makes a plan, and the plan is carried out: what a planner puts, the applier
 * must take.  What is asked for hangs on the input's length, so that all ways are tried. */

static struct fact_sink *checks;
static struct apply apply;
static uint64_t removed, added;

static void take(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    const struct fact_edit *edit = row;

    checks->last_number[kind] = sink->last_number[kind];
    checks->put(checks, kind, row, number);
    if (kind == FACT_FLIGHT || kind == FACT_POSITION || kind == FACT_IDENTIFIER)
        abort(); /* a planner plans */
    if (kind != FACT_EDIT)
        return;
    if (scrub_kind_find(edit->kind) == SCRUB_KIND_COUNT || edit->what.len == 0 || apply_edit(&apply, edit) != 0)
        abort();
    const bool stays = text_equal(edit->action, TEXT("left")) || text_equal(edit->action, TEXT("bound"));
    if (!stays && !fact_known_int(edit->fill)) {
        removed += (uint64_t)edit->head.origin.length;
        added += edit->bytes.len;
    }
}

static int memory_file(const uint8_t *data, size_t size)
{
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);

    if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size))
        abort();
    return fd;
}

static void plan(const struct format *planner, const uint8_t *data, size_t size)
{
    struct scrub_request request = { .drop = SCRUB_DROP_DEFAULT, .shift = size % 3 == 0, .move = { 1, 2, 100, -30 } };
    struct fact_sink sink = { .put = take };
    const int from = memory_file(data, size), to = memory_file(NULL, 0);

    if (size % 2)
        request.drop |= 1u << SCRUB_UNKNOWN | 1u << SCRUB_TIME | 1u << SCRUB_THUMBNAIL;
    if (size % 5 == 0)
        request.drop &= ~(1u << SCRUB_PREVIEW);
    checks = fuzz_sink(size);
    removed = added = 0;
    apply_begin(&apply, from, to, size);
    struct reading r = { .facts = &sink, .arena = arena_new(256u << 20), .options = &request.reading };
    (void)planner->read(&r, (struct bytes){ .at = data, .len = size });
    if (apply_end(&apply) != 0 || (uint64_t)lseek(to, 0, SEEK_END) != size - removed + added)
        abort();
    apply_done(&apply);
    arena_free(r.arena);
    close(from);
    close(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < scrub_planner_count; i++)
        if (scrub_planners[i].recognise((struct bytes){ .at = data, .len = size }))
            plan(&scrub_planners[i], data, size);
    return 0;
}
