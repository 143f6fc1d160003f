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

struct item *scrub_add_given(struct item_list *list, struct item *parent, struct text name, const struct format *format,
                             struct file *f,
                             int descriptor, uint64_t bytes)
{
    if (descriptor < 0) {
        f->error = -errno;
        return NULL;
    }
    struct item *item = item_add(list, parent, name);
    item->descriptor = descriptor;
    item->bytes = bytes;
    item->given = true;
    item->format = format;
    item->state = ITEM_WAITING;
    return item;
}

static void residue_row(struct scrub *s, struct file *f, const struct fact_leak *leak)
{
    if (text_known(f->left_over))
        return;
    const struct text last = leak->decoding.count ? leak->decoding.items[leak->decoding.count - 1] : TEXT("bytes");
    f->left_over = arena_printf(s->arena, "a known %.*s (%.*s) at offset %lld", (int)leak->what.len, leak->what.at,
                                (int)last.len, last.at,
                                (long long)leak->head.origin.offset);
}

static int check_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    struct scrub *s = user;
    struct file *f = file_that_has(s, item);
    const struct fact_search *searched = row;

    if (!f)
        return 0;
    if (scrub_top(item) == f->searched) {
        if (kind == FACT_LEAK)
            residue_row(s, f, row);
        if (kind == FACT_SEARCH && searched->bytes_not_decoded > 0)
            f->report.bytes_not_decoded += (uint64_t)searched->bytes_not_decoded;
    } else if (!f->told) {
        f->told = known_still_told(&s->known, kind, row);
    }
    return 0;
}

static void add_search(struct scrub *s, struct item_list *checks, struct file *f)
{
    const unsigned parts = scrub_check_parts(f->original->format->kind, f->report.copy_bytes);

    for (unsigned i = 0; i < parts && !f->error; i++) {
        struct item *part = scrub_add_given(checks, f->searched,
                                            scrub_check_name(s->arena, f->original->path, i, parts),
                                            scrub_format(&s->check_formats,
                                                         text_of(scrub_check.kind)), f, new_file_reopen(&f->copy),
                                            f->report.copy_bytes / parts);
        if (i == 0)
            f->searched = part;
    }
}

int scrub_check_group(struct scrub *s, struct item_list *checks)
{
    for (size_t i = 0; i < s->file_count; i++) {
        struct file *f = &s->files[i];
        struct stat st;
        if (!scrub_is_copied(f) || f->read || fstat(f->copy.fd, &st))
            continue;
        f->report.copy_bytes = (uint64_t)st.st_size;
        f->read = scrub_add_open(checks, f->original->path, new_file_reopen(&f->copy), f->report.copy_bytes, &f->error);
        if (s->run->request.index)
            add_search(s, checks, f);
    }
    return scrub_read_all(s, "Checking", checks, &s->check_formats, check_row);
}

bool scrub_is_checked(const struct scrub *s, const struct file *f)
{
    if (!f->read || f->read->crashed || !f->summed)
        return false;
    if (!s->run->request.index)
        return true;
    /* What lies in an item comes right behind it: the other parts. */
    for (const struct item *part = f->searched; part && scrub_top(part) == f->searched; part = part->next)
        if (!part->read_by_reader || part->crashed || part->parsed != PARSE_OK)
            return false;
    return f->searched != NULL;
}
