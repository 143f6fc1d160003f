#include "cli/scrub_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
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

int scrub_read_all(struct scrub *s, const char *step, struct item_list *items,
                   const struct scrub_formats *formats_of_run,
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
    f->list = memory_alloc_array(count + 1, sizeof *f->list);
    memcpy(f->list, list, count * sizeof *list);
    f->list[count] = scrub_check;
    f->count = count + 1;
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
    known_settle(&s->known);
    make_index(s);
    return 0;
}

/* A group: plans and copies */

/* Nearly always the one whose row came last. */
static struct file *file_of(struct scrub *s, const struct item *item)
{
    const struct item *top = scrub_top(item);

    if (s->current && s->current->planned == top)
        return s->current;
    for (size_t i = 0; i < s->file_count; i++)
        if (s->files[i].planned == top)
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

static void end_copy(struct scrub *s, struct file *f)
{
    if (f->ended)
        return;
    begin_copy(f);
    if (!f->error)
        f->error = apply_end(&f->apply);
    if (f->begun)
        apply_done(&f->apply);
    f->ended = true;
    if (!f->error)
        scrub_sums_ask(&s->sums, (size_t)(f - s->files));
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

    if (!f)
        return 0;
    /* Rows come in the order of the items: the file before is whole. */
    if (s->current && s->current != f)
        end_copy(s, s->current);
    s->current = f;
    if (kind == FACT_DAMAGE)
        scrub_report_damage(&f->report, damage->statement, s->arena);
    if (kind != FACT_EDIT || f->error)
        return 0;
    learn_edit(s, f, row);
    begin_copy(f);
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

/* Original and copy. */
static void open_file(struct scrub *s, struct file *f)
{
    f->opened = true;
    scrub_name_begin(&f->name, s->run, f->original);
    f->error = f->name.error ? f->name.error : open_original(f);
    if (!f->error)
        f->error = new_file_open(&f->copy, f->name.folder);
}

static void add_plan(struct scrub *s, struct item_list *plans, struct file *f)
{
    const struct item *o = f->original;
    const struct format *planner = o->format ? scrub_format(&s->plan_formats, text_of(o->format->kind)) : NULL;

    f->report.format = o->format ? text_of(o->format->kind) : TEXT_UNKNOWN;
    if (!f->error && planner)
        f->planned = scrub_add_given(plans, NULL, o->path, planner, f, fcntl(f->from, F_DUPFD_CLOEXEC, 3),
                                     f->report.original_bytes);
}

/* The disk writes while copies are made and checked.  To hand it a gigabyte takes half a second of a processor, so a
 * process of its own does that, again and again until it is ended. */
static void begin_writing(struct scrub *s)
{
    const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
    const pid_t parent = getpid();

    s->writer = fork();
    if (s->writer != 0)
        return;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
        _exit(0);
    for (;;) {
        for (size_t i = 0; i < s->file_count; i++)
            if (s->files[i].copy.fd >= 0)
                (void)sync_file_range(s->files[i].copy.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
        nanosleep(&pause, NULL);
    }
}

static void end_writing(struct scrub *s)
{
    if (s->writer <= 0)
        return;
    kill(s->writer, SIGKILL);
    while (waitpid(s->writer, NULL, 0) < 0 && errno == EINTR)
        ;
    s->writer = -1;
}

/* While copies are made and checked, others take the hashes of those that are whole. */
static int begin_sums(struct scrub *s)
{
    struct scrub_pair pairs[GROUP_FILES];

    for (size_t i = 0; i < s->file_count; i++)
        pairs[i] = (struct scrub_pair){ s->files[i].from, s->files[i].copy.fd };
    return scrub_sums_begin(&s->sums, pairs, s->file_count);
}

static void sum_taken(void *user, size_t number, const uint8_t original[SHA256_BYTES], const uint8_t copy[SHA256_BYTES])
{
    struct scrub *s = user;
    struct file *f = &s->files[number];

    hash_hex(original, SHA256_BYTES, f->report.original_sha256);
    hash_hex(copy, SHA256_BYTES, f->report.copy_sha256);
    f->summed = true;
}

/* Opens those that are not; gives how many these were. */
static size_t open_files(struct scrub *s)
{
    size_t opened = 0;

    for (size_t i = 0; i < s->file_count; i++)
        if (!s->files[i].opened) {
            open_file(s, &s->files[i]);
            opened++;
        }
    return opened;
}

static int plan_group(struct scrub *s, struct item_list *plans)
{
    const size_t moves = s->known.move_count > 0 ? s->known.move_count : 1;
    int error = 0;

    s->current = NULL;
    if (open_files(s) > 0)
        error = begin_sums(s);
    begin_writing(s);
    /* Planners inherit the move: one run of the pool for each that files of the group have. */
    for (size_t move = 0; move < moves && !error; move++) {
        bool any = false;
        for (size_t i = 0; i < s->file_count; i++) {
            struct file *f = &s->files[i];
            if (f->planned || known_move_of(&s->known, f->original->path) != move)
                continue;
            add_plan(s, plans, f);
            any |= f->planned != NULL;
        }
        s->run->request.move = s->known.moves[move];
        if (any)
            error = scrub_read_all(s, "Copying", plans, &s->plan_formats, plan_row);
    }
    for (size_t i = 0; i < s->file_count; i++)
        if (s->files[i].planned && s->files[i].planned->read_by_reader)
            end_copy(s, &s->files[i]);
    return error;
}

/* Groups */

/* A file without a name is gone then. */
static void close_file(struct file *f)
{
    if (f->begun && !f->ended)
        apply_done(&f->apply);
    if (f->from >= 0)
        close(f->from);
    f->from = -1;
    new_file_drop(&f->copy);
    new_file_drop(&f->sidecar);
}

static struct file file_of_group(struct item *original)
{
    return (struct file){ .original = original, .from = -1, .copy = NEW_FILE_NONE, .sidecar = NEW_FILE_NONE };
}

/* What the planners found is looked for in all copies of the group, also in those of files that were planned before:
 * where it is found, it had to go, and they are planned anew. */
static bool forget_outdated(struct scrub *s)
{
    bool any = false;

    for (size_t i = 0; i < s->file_count; i++) {
        struct file *f = &s->files[i];
        if (!scrub_is_copied(f) || (!f->told && !text_known(f->left_over)))
            continue;
        close_file(f);
        *f = file_of_group(f->original);
        any = true;
    }
    return any;
}

static int run_group(struct scrub *s)
{
    enum { TIMES = 2 };
    struct item_list plans[TIMES], checks[TIMES];
    int error = 0, n = 0;
    bool again = true;

    for (; again && !error && n < TIMES; n++) {
        item_list_init(&plans[n]);
        item_list_init(&checks[n]);
        error = plan_group(s, &plans[n]);
        const bool learned = s->learned;
        if (!error && learned)
            make_index(s);
        if (!error)
            error = scrub_check_group(s, &checks[n]);
        scrub_sums_end(&s->sums, sum_taken, s);
        end_writing(s);
        again = !error && learned && n + 1 < TIMES && forget_outdated(s);
    }
    for (size_t i = 0; i < s->file_count; i++) {
        struct file *f = &s->files[i];
        scrub_name_settle(&f->name, s->run, &s->known, &s->renamed_count);
        f->report.renamed = f->name.renamed;
    }
    if (!error)
        error = scrub_finish_group(s);
    for (size_t i = 0; i < s->file_count; i++)
        close_file(&s->files[i]);
    while (n-- > 0) {
        item_list_done(&plans[n]);
        item_list_done(&checks[n]);
    }
    return error;
}

static int run_groups(struct scrub *s)
{
    struct item *i = s->items.first;
    int error = 0;

    while (i && !error) {
        s->file_count = 0;
        for (; i && s->file_count < GROUP_FILES; i = i->next)
            if (!i->parent)
                s->files[s->file_count++] = file_of_group(i);
        error = run_group(s);
    }
    return error;
}

int scrub_run(struct scrub_run *run)
{
    struct scrub s = { .run = run, .pool = pool_defaults(), .arena = arena_new(0),
                       .files = memory_alloc_array(GROUP_FILES, sizeof *s.files), .sums = SCRUB_SUMS_NONE };
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
