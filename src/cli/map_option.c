#include "cli/map_option.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader/apart.h"
#include "report/html_map.h"

/* One run has one map. */
static struct html_map *map;
static int map_fd = -1;

static bool read_map(void *user, uint64_t offset, void *into, size_t len)
{
    const int *fd = user;

    for (size_t done = 0; done < len;) {
        if (offset > INT64_MAX - done)
            return false;
        const ssize_t n = pread(*fd, (char *)into + done, len - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static int work_apart(void *user, html_map_work *work, void *with, struct buffer *ret)
{
    const int *fd = user;

    return apart_run(work, with, *fd, ret);
}

bool map_option_use(const char *path, const char **ret_why)
{
    static const struct html_map_source source = { .user = &map_fd, .read = read_map, .apart = work_apart };
    struct stat info;

    map_option_done();
    map_fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (map_fd < 0 || fstat(map_fd, &info)) {
        *ret_why = strerror(errno);
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        *ret_why = "not a file";
        map_option_done();
        return false;
    }
    switch (html_map_new(&source, &map)) {
    case PARSE_OK:
        html_map_use(map);
        return true;
    case PARSE_UNSUPPORTED:
        *ret_why = "a kind of map tiles that leash does not read: PMTiles version 3 with vector tiles (MVT), PNG, JPEG or WebP, plain or packed with gzip or zstd";
        break;
    default:
        *ret_why = "not a file of map tiles (PMTiles version 3)";
    }
    map_option_done();
    return false;
}

void map_option_done(void)
{
    html_map_free(map);
    map = NULL;
    if (map_fd >= 0)
        close(map_fd);
    map_fd = -1;
}
