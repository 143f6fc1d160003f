#include "cli/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "report/terminal.h"

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_start(struct progress *p, const char *what)
{
    *p = (struct progress){ .on_terminal = isatty(STDERR_FILENO) == 1, .started_s = now_s(), .what = what };
}

static unsigned screen_columns(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20 ? size.ws_col : 80;
}

void progress_show(struct progress *p, uint64_t done, uint64_t total, struct text current)
{
    enum { BAR = 20 };
    const double now = now_s(), elapsed = now - p->started_s;
    char bar[BAR + 1], line[256];
    int len;

    if (!p->on_terminal || elapsed < 1 || now - p->last_s < 0.1 || total == 0)
        return;
    p->last_s = now;
    p->shown = true;
    const double share = done < total ? (double)done / (double)total : 1;
    for (int i = 0; i < BAR; i++)
        bar[i] = i < (int)(share * BAR) ? '#' : '.';
    bar[BAR] = '\0';
    len = snprintf(line, sizeof line, "%s [%s] %3.0f %%  %.0f MB/s", p->what, bar, share * 100,
                   (double)done / elapsed / 1e6);
    if (share > 0.02 && len > 0)
        len += snprintf(line + len, sizeof line - (size_t)len, "  %.0f s left  ", elapsed / share - elapsed);
    const unsigned columns = screen_columns();
    fprintf(stderr, "\r%s", line);
    if ((unsigned)len + 8 < columns) {
        struct buffer safe;
        buffer_init(&safe, 4096);
        terminal_safe(&safe, current, columns - (unsigned)len - 1);
        fwrite(safe.at, 1, safe.len, stderr);
        buffer_done(&safe);
    }
    fputs("\033[K", stderr);
    fflush(stderr);
}

void progress_end(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}
