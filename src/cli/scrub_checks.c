#include "cli/scrub_group.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scrub/check.h"

static struct file *file_that_has(struct scrub *s, const struct item *item)
{
    const struct item *wanted = scrub_top(item);

    for (size_t i = 0; i < s->file_count; i++)
        if (s->files[i].read == wanted || s->files[i].searched == wanted)
            return &s->files[i];
    return NULL;
}

static void residue_row(struct scrub *s, struct file *f, const struct fact_leak *leak)
{
    if (text_known(f->left_over))
        return;
    const struct text last = leak->decoding.count ? leak->decoding.items[leak->decoding.count - 1] : TEXT("bytes");
    f->left_over = arena_printf(s->arena, "a known %.*s (%.*s) at offset %lld", (int)leak->what.len, leak->what.at, (int)last.len, last.at,
                                (long long)leak->head.origin.offset);
}

static int check_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    struct scrub *s = user;
    struct file *f = file_that_has(s, item);

    if (!f)
        return 0;
    if (scrub_top(item) == f->searched) {
        if (kind == FACT_LEAK)
            residue_row(s, f, row);
    } else if (!f->told) {
        f->told = known_still_told(&s->known, kind, row);
    }
    return 0;
}

/* What is searched is searched from the beginning: its format is given. */
static void add_search(struct scrub *s, struct item_list *checks, struct file *f)
{
    const unsigned parts = scrub_check_parts(f->report.copy_bytes);

    for (unsigned i = 0; i < parts && !f->error; i++) {
        const int descriptor = new_file_reopen(&f->copy);
        if (descriptor < 0) {
            f->error = -errno;
            return;
        }
        struct item *part = item_add(checks, f->searched, scrub_check_name(s->arena, f->original->path, i, parts));
        part->descriptor = descriptor;
        part->bytes = f->report.copy_bytes / parts;
        part->given = true;
        part->format = &s->check_formats[format_count];
        part->state = ITEM_WAITING;
        if (i == 0)
            f->searched = part;
    }
}

/* Equal copies are read once. */
static void share_reading(struct scrub *s)
{
    for (size_t i = 0; i < s->file_count; i++) {
        struct file *f = &s->files[i];
        const struct file *same = f->read && f->read->same_as ? file_that_has(s, f->read->same_as) : NULL;
        if (same)
            f->told = same->told;
    }
}

int scrub_check_group(struct scrub *s, struct item_list *checks)
{
    for (size_t i = 0; i < s->file_count; i++) {
        struct file *f = &s->files[i];
        struct stat st;
        if (!scrub_is_copied(f) || fstat(f->copy.fd, &st))
            continue;
        f->report.copy_bytes = (uint64_t)st.st_size;
        f->read = scrub_add_open(checks, f->original->path, new_file_reopen(&f->copy), f->report.copy_bytes, &f->error);
        f->summed = scrub_add_open(checks, f->original->path, fcntl(f->from, F_DUPFD_CLOEXEC, 3), f->report.original_bytes, &f->error);
        if (f->summed)
            f->summed->sum_only = true;
        if (s->run->request.index)
            add_search(s, checks, f);
    }
    const int error = scrub_read_all(s, "Checking", checks, s->check_formats, format_count + 1, true, check_row);
    share_reading(s);
    return error;
}

bool scrub_is_checked(const struct scrub *s, const struct file *f)
{
    if (!f->read || f->read->crashed || !f->read->hashed || !f->summed || !f->summed->hashed)
        return false;
    if (!s->run->request.index)
        return true;
    /* What lies in an item comes right behind it: the other parts. */
    for (const struct item *part = f->searched; part && scrub_top(part) == f->searched; part = part->next)
        if (!part->read_by_reader || part->crashed || part->parsed != PARSE_OK)
            return false;
    return f->searched != NULL;
}
