#include "cli/scrub_group.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is said of a file */

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
               arena_printf(s->arena, "leash makes no scrubbed copies of this kind of file (%s)",
                            o->format ? o->format->kind : "unknown");
    if (f->report.damage_count)
        return f->planned->parsed == PARSE_UNSUPPORTED ? f->report.last_damage : f->report.damage[0];
    return text_known(f->planned->note) ? f->planned->note : TEXT("it contradicts its format");
}

static struct text why_not_shown(struct scrub *s, const struct file *f)
{
    if (f->report.left_count)
        for (size_t i = 0; i < f->report.change_count; i++)
            if (f->report.changes[i].left)
                return arena_printf(s->arena, "not understood and still in it: %.*s%s",
                                    (int)f->report.changes[i].what.len,
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

/* No option helps. */
static const char *bound_hint(struct scrub *s, struct text bound)
{
    return arena_printf(s->arena, ": %.*s has one, and with other bytes there the picture would be another. Save the "
                                  "picture anew with a program that knows its format, and scrub that%c",
                        (int)bound.len, bound.at, 0).at;
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
        fail(f, arena_printf(s->arena, "%.*s is still in the copy%s", (int)f->left_over.len, f->left_over.at,
                             text_known(f->report.bound) ? bound_hint(s, f->report.bound) : hint));
    else {
        f->report.reason = why_not_shown(s, f);
        f->report.result = text_known(f->report.reason) ? SCRUB_NOT_SHOWN : SCRUB_REMOVED_AND_CHECKED;
    }
}

/* Names */

static void fail_for(struct scrub *s, struct file *f, int error)
{
    new_file_drop(&f->copy);
    new_file_drop(&f->sidecar);
    fail(f, error == -EEXIST ? arena_printf(s->arena, "%s/%s is there already, and nothing is overwritten",
                                            f->name.folder, f->name.base)
                             : arena_printf(s->arena, "the copy could not be written: %s", strerror(-error)));
}

static int write_sidecar(struct scrub *s, struct file *f)
{
    f->report.copy_name = text_of(f->name.base);
    f->report.values = s->known.secrets->literal_count;
    f->report.values_too_short = s->known.secrets->not_unique;
    for (size_t i = 0; i < s->known.secrets->path_count; i++)
        f->report.points += s->known.secrets->paths[i].count;
    int error = new_file_open(&f->sidecar, f->name.folder);
    if (error)
        return error;
    FILE *out = fdopen(dup(f->sidecar.fd), "w");
    if (!out || scrub_sidecar_write(out, &f->report, &s->run->request))
        error = -EIO;
    if (out && fclose(out))
        error = -errno;
    return error;
}

/* The mark comes first: no copy is there without it. */
static int name_both(struct file *f)
{
    char mark[sizeof f->name.base + sizeof SCRUB_SIDECAR_ENDING];

    snprintf(mark, sizeof mark, "%s%s", f->name.base, SCRUB_SIDECAR_ENDING);
    int error = new_file_name(&f->sidecar, mark);
    if (!error && (error = new_file_name(&f->copy, f->name.base)))
        unlinkat(f->copy.folder, mark, 0);
    return error;
}

static bool passed(const struct file *f) { return f->report.result != SCRUB_FAILED; }

static int sync_one(const struct file *f, bool named)
{
    int error = 0;

    if (named)
        new_file_sync_name(&f->copy);
    else if (!(error = new_file_sync(&f->copy)))
        error = new_file_sync(&f->sidecar);
    return error;
}

/* One by one where there is one, else file system by file system. */
static void sync_group(struct scrub *s, bool named)
{
    size_t count = 0;
    dev_t synced = 0;
    int error = 0;

    for (size_t i = 0; i < s->file_count; i++)
        count += passed(&s->files[i]);
    for (size_t i = 0, done = 0; i < s->file_count; i++) {
        struct file *f = &s->files[i];
        struct stat st;
        if (!passed(f))
            continue;
        if (count == 1 || fstat(f->copy.folder, &st)) {
            error = sync_one(f, named);
        } else if (done++ == 0 || st.st_dev != synced) {
            error = new_file_sync_all(&f->copy);
            synced = st.st_dev;
        }
        if (error && !named) /* a name that may be lost in a crash is no reason to take the copy back */
            fail_for(s, f, error);
    }
}

static void tell(struct scrub *s, const struct file *f)
{
    char path[sizeof f->name.folder + sizeof f->name.base + 1];

    snprintf(path, sizeof path, "%s/%s", f->name.folder, f->name.base);
    s->run->done(s->run->user, f->original->path, f->report.result == SCRUB_FAILED ? TEXT_UNKNOWN : text_of(path),
                 &f->report);
}

/* Each step is taken with all files before the next: so the disk is waited for a few times, and not with each file. */
int scrub_finish_group(struct scrub *s)
{
    int disk_full = 0, error;

    for (size_t i = 0; i < s->file_count; i++) {
        struct file *f = &s->files[i];
        judge(s, f);
        if (passed(f) && (error = write_sidecar(s, f)))
            fail_for(s, f, error);
    }
    sync_group(s, false);
    for (size_t i = 0; i < s->file_count; i++)
        if (passed(&s->files[i]) && (error = name_both(&s->files[i])))
            fail_for(s, &s->files[i], error);
    sync_group(s, true);
    for (size_t i = 0; i < s->file_count; i++) {
        const struct file *f = &s->files[i];
        tell(s, f);
        disk_full = f->error == -ENOSPC || f->error == -EDQUOT ? f->error : disk_full;
    }
    return disk_full;
}
