#include "cli/scrub_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/gather.h"
#include "cli/scrub_group.h"
#include "reader/sandbox.h"
#include "scrub/check.h"
#include "scrub/planners.h"

const struct item *scrub_top(const struct item *item)
{
    while (item->parent)
        item = item->parent;
    return item;
}

static void show(void *user, uint64_t done, uint64_t total, const struct item *current)
{
    struct scrub *s = user;

    if (s->run->progress)
        s->run->progress(s->run->user, s->step, done, total, current->path);
}

int scrub_read_all(struct scrub *s, const char *step, struct item_list *items, const struct scrub_formats *formats_of_run,
                   int (*row)(void *user, const struct item *item, enum fact_kind kind, void *row))
{
    struct pool_listener listener = { .row = row, .progress = show, .user = s, .sandbox_features = SANDBOX_ALL };

    s->step = step;
    s->pool.worker.formats = formats_of_run->list;
    s->pool.worker.format_count = formats_of_run->count;
    const int error = pool_run(items, PASS_STORED, &s->pool, &listener);
    s->run->sandbox_features &= listener.sandbox_features;
    return error;
}

static void formats_init(struct scrub_formats *f, const struct format *list, size_t count)
{
    f->list = memory_alloc_array(count + 2, sizeof *f->list);
    memcpy(f->list, list, count * sizeof *list);
    f->list[count] = scrub_sum;
    f->list[count + 1] = scrub_check;
    f->count = count + 2;
}

const struct format *scrub_format(const struct scrub_formats *f, struct text kind)
{
    for (size_t i = 0; i < f->count; i++)
        if (text_equal(text_of(f->list[i].kind), kind))
            return &f->list[i];
    return NULL;
}

/* The originals */

static int learn_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    struct scrub *s = user;

    known_take(&s->known, scrub_top(item)->path, kind, row);
    return 0;
}

static void make_index(struct scrub *s)
{
    leak_index_free(s->index);
    s->index = leak_index_new(s->known.secrets, NULL);
    s->index->pictures_wanted = false; /* copies look like their originals */
    s->run->request.index = leak_index_empty(s->index) ? NULL : s->index;
    s->learned = false;
}

static int learn(struct scrub *s)
{
    int error = gather_items(&s->items, s->run->paths, s->run->path_count, s->pool.spool_directory, NULL);

    if (!error)
        error = scrub_read_all(s, "Reading", &s->items, &s->check_formats, learn_row);
    if (error)
        return error;
    make_index(s);
    return 0;
}

/* A group: plans and copies */

static struct file *file_of(struct scrub *s, const struct item *item)
{
    for (size_t i = 0; i < s->file_count; i++)
        if (s->files[i].planned == scrub_top(item) || s->files[i].original_summed == item)
            return &s->files[i];
    return NULL;
}

static void begin_copy(struct file *f)
{
    if (f->begun || f->error)
        return;
    f->begun = true;
    apply_begin(&f->apply, f->from, f->copy.fd, f->report.original_bytes);
}

static void end_copy(struct file *f)
{
    if (f->ended)
        return;
    begin_copy(f);
    if (!f->error)
        f->error = apply_end(&f->apply);
    if (!f->error) /* the disk writes while the copy is checked */
        (void)sync_file_range(f->copy.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    if (f->begun)
        apply_done(&f->apply);
    f->ended = true;
}

/* Serial numbers stand in more places than one: those that only the planner knows how to find are looked for, too. */
static void learn_edit(struct scrub *s, const struct file *f, const struct fact_edit *edit)
{
    enum { SERIAL_MIN = 8, SERIAL_MAX = 64 };
    const int64_t length = edit->head.origin.length;
    uint8_t bytes[SERIAL_MAX];

    if (length < SERIAL_MIN || length > SERIAL_MAX || !text_equal(edit->kind, text_of(scrub_kind_name(SCRUB_SERIAL))) ||
        pread(f->from, bytes, (size_t)length, (off_t)edit->head.origin.offset) != (ssize_t)length)
        return;
    s->learned |= known_learn(&s->known, f->original->path, (struct bytes){ .at = bytes, .len = (size_t)length });
}

static int plan_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    struct scrub *s = user;
    struct file *f = file_of(s, item);
    const struct fact_damage *damage = row;

    if (!f || scrub_take_sum(f, item, kind, row))
        return 0;
    /* Rows come in the order of the items: the file before is whole. */
    if (s->current && s->current != f)
        end_copy(s->current);
    s->current = f;
    if (kind == FACT_DAMAGE)
        scrub_report_damage(&f->report, damage->statement, s->arena);
    if (kind != FACT_EDIT || f->error)
        return 0;
    begin_copy(f);
    learn_edit(s, f, row);
    scrub_report_edit(&f->report, row, s->arena);
    f->error = apply_edit(&f->apply, row);
    return 0;
}

struct item *scrub_add_open(struct item_list *list, struct text path, int descriptor, uint64_t bytes, int *error)
{
    if (descriptor < 0) {
        *error = -errno;
        return NULL;
    }
    struct item *item = item_add(list, NULL, path);
    item->descriptor = descriptor;
    item->bytes = bytes;
    return item;
}

static int open_original(struct file *f)
{
    char path[4096];
    struct stat st;

    snprintf(path, sizeof path, "%.*s", (int)f->original->path.len, f->original->path.at);
    f->from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (f->original->follow_link ? 0 : O_NOFOLLOW));
    if (f->from < 0 || fstat(f->from, &st))
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -EINVAL;
    f->report.original_bytes = (uint64_t)st.st_size;
    return 0;
}

static void begin_file(struct scrub *s, struct item_list *plans, struct file *f)
{
    const struct item *o = f->original;

    f->from = f->copy.fd = f->copy.folder = -1;
    f->report.format = o->format ? text_of(o->format->kind) : TEXT_UNKNOWN;
    scrub_name_of(&f->name, s->run, o, &s->known, &s->renamed_count);
    f->report.renamed = f->name.renamed;
    f->error = f->name.error ? f->name.error : open_original(f);
    if (!f->error)
        f->error = new_file_open(&f->copy, f->name.folder);
    const struct format *planner = o->format ? scrub_format(&s->plan_formats, text_of(o->format->kind)) : NULL;
    if (!f->error && planner)
        f->planned = scrub_add_given(plans, NULL, o->path, planner, f, fcntl(f->from, F_DUPFD_CLOEXEC, 3), f->report.original_bytes);
}

/* While copies are made, readers that have nothing to plan any more take the originals' hashes. */
static void sum_original(struct scrub *s, struct item_list *plans, struct file *f)
{
    if (f->planned && !f->error && !f->summed[0])
        f->original_summed = scrub_add_given(plans, NULL, f->original->path, scrub_format(&s->plan_formats, text_of(scrub_sum.kind)), f,
                                             fcntl(f->from, F_DUPFD_CLOEXEC, 3), f->report.original_bytes);
}

static int plan_group(struct scrub *s, struct item_list *plans)
{
    const size_t moves = s->known.move_count > 0 ? s->known.move_count : 1;
    int error = 0;

    s->current = NULL;
    /* Planners inherit the move: one run of the pool for each that files of the group have. */
    for (size_t move = 0; move < moves && !error; move++) {
        bool any = false;
        for (size_t i = 0; i < s->file_count; i++) {
            struct file *f = &s->files[i];
            if (known_move_of(&s->known, f->original->path) != move)
                continue;
            any = true;
            begin_file(s, plans, f);
        }
        for (size_t i = 0; i < s->file_count; i++)
            if (known_move_of(&s->known, s->files[i].original->path) == move)
                sum_original(s, plans, &s->files[i]);
        s->run->request.move = s->known.moves[move];
        if (any)
            error = scrub_read_all(s, "Copying", plans, &s->plan_formats, plan_row);
    }
    for (size_t i = 0; i < s->file_count; i++)
        if (s->files[i].planned && s->files[i].planned->read_by_reader)
            end_copy(&s->files[i]);
    return error;
}

/* Results */

static void fail(struct file *f, struct text reason)
{
    f->report.result = SCRUB_FAILED;
    f->report.reason = reason;
}

static struct text why_not_planned(struct scrub *s, const struct file *f)
{
    const struct item *o = f->original;

    if (text_known(o->status) && text_equal(o->status, TEXT("skipped")))
        return o->note;
    if (f->error == -EBADMSG)
        return TEXT("the plan for the copy made no sense");
    if (f->error)
        return arena_printf(s->arena, "no copy could be made: %s", strerror(-f->error));
    if (!f->planned || !f->planned->read_by_reader)
        return f->planned && f->planned->crashed ? f->planned->note :
               arena_printf(s->arena, "leash makes no scrubbed copies of this kind of file (%s)", o->format ? o->format->kind : "unknown");
    if (f->report.damage_count)
        return f->planned->parsed == PARSE_UNSUPPORTED ? f->report.last_damage : f->report.damage[0];
    return text_known(f->planned->note) ? f->planned->note : TEXT("it contradicts its format");
}

static struct text why_not_shown(struct scrub *s, const struct file *f)
{
    if (f->report.left_count)
        for (size_t i = 0; i < f->report.change_count; i++)
            if (f->report.changes[i].left)
                return arena_printf(s->arena, "not understood and still in it: %.*s%s", (int)f->report.changes[i].what.len,
                                    f->report.changes[i].what.at, f->report.left_count > 1 ? ", and others" : "");
    if (f->report.damage_count)
        return f->report.damage[0];
    if (f->planned->parsed == PARSE_TRUNCATED)
        return TEXT("the file was cut off");
    if (!text_equal(f->read->status, TEXT("read")))
        return text_known(f->read->note) ? f->read->note : TEXT("the copy could not be read as a whole");
    if (f->report.bytes_not_decoded)
        return arena_printf(s->arena, "%llu bytes that may be packed would become too much to be searched",
                            (unsigned long long)f->report.bytes_not_decoded);
    return TEXT_UNKNOWN;
}

static void judge(struct scrub *s, struct file *f)
{
    const char *hint = f->report.left_count ? "; --strip-unknown takes out what is not understood" : "";

    if (!scrub_is_copied(f))
        fail(f, why_not_planned(s, f));
    else if (!scrub_is_checked(s, f))
        fail(f, TEXT("the copy could not be checked"));
    else if (f->told)
        fail(f, arena_printf(s->arena, "%s is still in the copy%s", f->told, hint));
    else if (text_known(f->left_over))
        fail(f, arena_printf(s->arena, "%.*s is still in the copy%s", (int)f->left_over.len, f->left_over.at, hint));
    else {
        f->report.reason = why_not_shown(s, f);
        f->report.result = text_known(f->report.reason) ? SCRUB_NOT_SHOWN : SCRUB_REMOVED_AND_CHECKED;
    }
}

static int write_sidecar(const struct file *f, const struct scrub_request *request, const char *name)
{
    struct new_file sidecar;
    int error = new_file_open(&sidecar, f->name.folder);

    if (error)
        return error;
    FILE *out = fdopen(dup(sidecar.fd), "w");
    if (!out || scrub_sidecar_write(out, &f->report, request))
        error = -EIO;
    if (out && fclose(out))
        error = -errno;
    if (error)
        new_file_drop(&sidecar);
    return error ? error : new_file_name(&sidecar, name);
}

/* The mark comes first: no copy is there without it. */
static void name_copy(struct scrub *s, struct file *f)
{
    char sidecar[sizeof f->name.base + sizeof SCRUB_SIDECAR_ENDING];
    char path[sizeof f->name.folder + sizeof sidecar + 1];

    snprintf(sidecar, sizeof sidecar, "%s%s", f->name.base, SCRUB_SIDECAR_ENDING);
    f->report.copy_name = text_of(f->name.base);
    f->report.values = s->known.secrets->literal_count;
    f->report.values_too_short = s->known.secrets->not_unique;
    for (size_t i = 0; i < s->known.secrets->path_count; i++)
        f->report.points += s->known.secrets->paths[i].count;
    int error = write_sidecar(f, &s->run->request, sidecar);
    if (!error && (error = new_file_name(&f->copy, f->name.base))) {
        snprintf(path, sizeof path, "%s/%s", f->name.folder, sidecar);
        unlink(path);
    }
    if (error)
        fail(f, error == -EEXIST ? arena_printf(s->arena, "%s/%s is there already, and nothing is overwritten", f->name.folder, f->name.base)
                                 : arena_printf(s->arena, "the copy could not be written: %s", strerror(-error)));
}

static int finish_file(struct scrub *s, struct file *f)
{
    char path[sizeof f->name.folder + sizeof f->name.base + 1];
    const bool disk_full = f->error == -ENOSPC || f->error == -EDQUOT;

    judge(s, f);
    if (f->report.result != SCRUB_FAILED)
        name_copy(s, f);
    new_file_drop(&f->copy);
    if (f->from >= 0)
        close(f->from);
    snprintf(path, sizeof path, "%s/%s", f->name.folder, f->name.base);
    s->run->done(s->run->user, f->original->path, f->report.result == SCRUB_FAILED ? TEXT_UNKNOWN : text_of(path), &f->report);
    return disk_full ? f->error : 0;
}

/* As before plan_group, but for the names. */
static void forget_group(struct scrub *s)
{
    for (size_t i = 0; i < s->file_count; i++) {
        struct file *f = &s->files[i];
        struct item *original = f->original;
        if (f->from >= 0)
            close(f->from);
        new_file_drop(&f->copy);
        s->renamed_count -= f->name.renamed;
        struct file again = { .original = original, .summed = { f->summed[0] } };
        memcpy(again.report.original_sha256, f->report.original_sha256, SHA256_HEX);
        *f = again;
    }
}

static int run_group(struct scrub *s)
{
    struct item_list plans, checks;
    int error;

    item_list_init(&plans);
    item_list_init(&checks);
    error = plan_group(s, &plans);
    if (!error && s->learned) {
        forget_group(s);
        item_list_done(&plans);
        item_list_init(&plans);
        make_index(s);
        error = plan_group(s, &plans);
    }
    if (!error && s->learned)
        make_index(s);
    if (!error)
        error = scrub_check_group(s, &checks);
    for (size_t i = 0; i < s->file_count; i++) {
        const int failed = error ? 0 : finish_file(s, &s->files[i]);
        new_file_drop(&s->files[i].copy);
        error = error ? error : failed;
    }
    item_list_done(&plans);
    item_list_done(&checks);
    return error;
}

static int run_groups(struct scrub *s)
{
    struct item *i = s->items.first;
    int error = 0;

    while (i && !error) {
        s->file_count = 0;
        memset(s->files, 0, GROUP_FILES * sizeof *s->files);
        for (; i && s->file_count < GROUP_FILES; i = i->next)
            if (!i->parent)
                s->files[s->file_count++].original = i;
        error = run_group(s);
    }
    return error;
}

int scrub_run(struct scrub_run *run)
{
    struct scrub s = { .run = run, .pool = pool_defaults(), .arena = arena_new(0),
                       .files = memory_alloc_array(GROUP_FILES, sizeof *s.files) };
    int error = 0;

    run->sandbox_features = SANDBOX_ALL;
    s.pool.hash = false;
    formats_init(&s.plan_formats, scrub_planners, scrub_planner_count);
    formats_init(&s.check_formats, formats, format_count);
    s.pool.worker.reading = &run->request.reading;
    s.pool.spool_directory = run->folder;
    if (mkdir(run->folder, 0777) && errno != EEXIST)
        error = -errno;
    known_init(&s.known, &run->request);
    item_list_init(&s.items);
    if (!error)
        error = learn(&s);
    if (!error)
        error = run_groups(&s);
    item_list_done(&s.items);
    leak_index_free(s.index);
    known_done(&s.known);
    arena_free(s.arena);
    free(s.files);
    free(s.plan_formats.list);
    free(s.check_formats.list);
    return error;
}
