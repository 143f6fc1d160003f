#include "cli/scrub_name.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The part of the path below the named folder it was found in; of a file that was named, its last part. */
static struct text below(const struct scrub_run *run, struct text path)
{
    for (int i = 0; i < run->path_count; i++) {
        struct text named = text_of(run->paths[i]);
        while (named.len > 1 && named.at[named.len - 1] == '/')
            named.len--;
        if (path.len > named.len + 1 && text_starts_with(path, named) &&
            (path.at[named.len] == '/' || named.at[named.len - 1] == '/')) {
            size_t skip = named.len;
            while (skip < path.len && path.at[skip] == '/')
                skip++;
            return (struct text){ path.at + skip, path.len - skip };
        }
    }
    const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;
    return slash ? (struct text){ slash + 1, path.len - (size_t)(slash + 1 - path.at) } : path;
}

static int make_folders(char *path, size_t from)
{
    for (char *slash = strchr(path + from, '/'); ; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = '\0';
        const int error = mkdir(path, 0777) && errno != EEXIST ? -errno : 0;
        if (slash)
            *slash = '/';
        if (error || !slash)
            return error;
    }
}

/* 20240517, 2024-05-17, 2024_05_17 ... */
static bool holds_date(struct text name)
{
    for (size_t i = 0; i + 8 <= name.len; i++) {
        unsigned digits = 0;
        if (name.at[i] != '1' && name.at[i] != '2')
            continue;
        for (size_t k = i; k < name.len && k < i + 10; k++)
            digits += name.at[k] >= '0' && name.at[k] <= '9';
        if (digits >= 8)
            return true;
    }
    return false;
}

void scrub_name_begin(struct scrub_name *n, const struct scrub_run *run, const struct item *original)
{
    const struct text relative = below(run, original->path);
    const char *slash = relative.len ? memrchr(relative.at, '/', relative.len) : NULL;
    const size_t folders = slash ? (size_t)(slash - relative.at) : 0;
    const struct text base = { relative.at + folders + (slash != NULL), relative.len - folders - (slash != NULL) };

    *n = (struct scrub_name){ 0 };
    const int len = snprintf(n->folder, sizeof n->folder, "%s%s%.*s", run->folder, folders ? "/" : "", (int)folders,
                             relative.at);
    if (len < 0 || (size_t)len >= sizeof n->folder || base.len == 0 ||
        base.len + sizeof SCRUB_SIDECAR_ENDING > NAME_MAX)
        n->error = -ENAMETOOLONG;
    else if (folders)
        n->error = make_folders(n->folder, strlen(run->folder) + 1);
    if (!n->error)
        snprintf(n->base, sizeof n->base, "%.*s", (int)base.len, base.at);
}

void scrub_name_settle(struct scrub_name *n, const struct scrub_run *run, const struct known *known,
                       unsigned *renamed_count)
{
    enum { ENDING_MAX = 8 };
    const struct text base = text_of(n->base);
    const char *dot = strrchr(n->base, '.');
    char ending[ENDING_MAX + 1] = "";

    n->renamed = !n->error &&
        (known_in_name(known, base) || (run->request.drop >> SCRUB_TIME & 1 && holds_date(base)));
    if (!n->renamed)
        return;
    if (dot && strlen(dot) <= ENDING_MAX)
        snprintf(ending, sizeof ending, "%s", dot);
    snprintf(n->base, sizeof n->base, "scrubbed-%u%s", ++*renamed_count, ending);
}
