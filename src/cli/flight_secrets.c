#include "cli/flight_secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/gather.h"
#include "judge/coverage_bound.h"

/* Photos, videos and logs are secrets as a whole: their bytes are looked at here only to cut
 * pieces out of them, never parsed.  Of what lies inside other items the hash is known. */
void known_file_add(struct secrets *known, const struct item *item, const char *what, struct arena *arena)
{
    char path[4096], key[SHA256_HEX];
    uint8_t digest[SHA256_BYTES];
    struct stat st;

    item_key(item, key);
    const struct text id = case_row_id(FACT_EVIDENCE, (struct text){ key, SHA256_HEX }, 1, arena);
    const bool hashed = item->hashed && hash_from_hex(item->sha256, SHA256_BYTES, digest);
    snprintf(path, sizeof path, "%.*s", (int)item->path.len, item->path.at);
    const int fd = item->parent ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
        uint8_t *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at != MAP_FAILED) {
            secrets_add_file(known, id, what, (struct bytes){ .at = at, .len = (size_t)st.st_size },
                             hashed ? digest : NULL);
            munmap(at, (size_t)st.st_size);
        }
    }
    if (fd >= 0)
        close(fd);
    secrets_add_file_name(known, id, item->path);
    if (hashed)
        secrets_add_file_hash(known, id, what, item->bytes, digest);
}

struct reading_flights {
    const struct flight_files *files;
    struct fact_case *c;
};

static int keep_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    struct reading_flights *r = user;
    struct fact_head *head = row;
    char key[SHA256_HEX];

    item_key(item, key);
    const struct text digits = { key, sizeof key };
    if (!item->hashed)
        head->evidence = case_row_id(FACT_EVIDENCE, digits, 1, r->files->arena);
    return case_put(r->c, kind, row, digits);
}

static void note_item(const struct flight_files *f, const struct item *item)
{
    char key[SHA256_HEX];

    item_key(item, key);
    f->note(f->user,
            arena_printf(f->arena, "%.*s (%s, SHA-256 %.12s) was read for what must not leave (--flight): %llu rows. "
                         "It is not judged as stored evidence, and ids of its rows are not in this case.",
                         (int)item->path.len, item->path.at, item->format->kind, item->hashed ? key : "unknown",
                         (unsigned long long)item->row_count));
}

static int learn(struct reading_flights *r, const struct item_list *items, struct secrets *known)
{
    size_t read = 0;
    int error = secrets_from_case(r->c, known);

    for (const struct item *item = items->first; item && !error; item = item->next) {
        const char *what = item->format ? secret_file_what(item->format->kind) : NULL;
        if (what && !item->same_as)
            known_file_add(known, item, what, r->files->arena);
        if (item->row_count || what) {
            note_item(r->files, item);
            read++;
        }
    }
    if (!error)
        error = coverage_flights_named(case_db(r->c), r->files->audit, r->files->arena);
    return error ? error : read ? 0 : -ENODATA;
}

int flight_secrets_read(const struct flight_files *f, struct secrets *known)
{
    struct reading_flights r = { .files = f };
    struct item_list items;
    char path[4096];

    if ((size_t)snprintf(path, sizeof path, "%s.flights", f->case_path) >= sizeof path)
        return -ENAMETOOLONG;
    item_list_init(&items);
    int error = case_create(path, true, &r.c);
    if (!error)
        error = gather_items(&items, f->paths, f->count, f->pool->spool_directory, NULL);
    if (!error) {
        struct pool_listener listener = { .row = keep_row, .user = &r };
        struct pool_options pool = *f->pool;
        pool.worker.rules = NULL; /* it is no evidence of this case */
        error = pool_run(&items, PASS_STORED, &pool, &listener);
    }
    if (!error)
        error = learn(&r, &items, known);
    case_free(r.c); /* never finished: it leaves no file */
    item_list_done(&items);
    return error;
}
