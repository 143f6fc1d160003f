#include "cli/report_pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "report/html.h"

enum { LIMIT_S = 180, PATH_ROOM = PATH_MAX + 64 };

static const char *const browsers[] = { "chromium", "chromium-browser", "google-chrome", "google-chrome-stable" };

/* The first one on PATH. */
static bool find_browser(char path[PATH_MAX])
{
    const char *folders = getenv("PATH");

    for (size_t b = 0; folders && b < sizeof browsers / sizeof *browsers; b++)
        for (const char *at = folders; *at;) {
            const size_t len = strcspn(at, ":");
            if (len > 0 && snprintf(path, PATH_MAX, "%.*s/%s", (int)len, at, browsers[b]) < PATH_MAX &&
                access(path, X_OK) == 0)
                return true;
            at += len + (at[len] == ':');
        }
    return false;
}

int report_pdf_ready(void)
{
    char path[PATH_MAX];

    if (find_browser(path))
        return EXIT_OK;
    return run_error("a PDF is printed by Chromium, which is not on the PATH: install chromium (Debian: apt install chromium), or print the page "
                     "of --format html in any browser");
}

static int write_page(struct fact_case *c, const char *path)
{
    const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;

    if (!out)
        return -errno;
    const int error = report_html_write(c, out);
    return fclose(out) && !error ? -errno : error;
}

/* To the kernel; when it does not want it, the user is nobody there, which does for printing. */
static void write_word(const char *path, const char *word)
{
    FILE *out = fopen(path, "we");

    if (!out)
        return;
    fputs(word, out);
    fclose(out);
}

/* A namespace in which there is no network at all.  Users get one within a namespace of users, where they stay who they
 * are; kernels that forbid that leave what the options of Chromium do. */
static void leave_network(void)
{
    const unsigned user = geteuid(), group = getegid();
    char map[64];

    if (unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET))
        return;
    write_word("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", user, user);
    write_word("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1", group, group);
    write_word("/proc/self/gid_map", map);
}

/* In the child: never returns. */
static void become_browser(const char *browser, const char *folder)
{
    char profile[PATH_ROOM], pdf[PATH_ROOM], page[PATH_ROOM];
    const char *arguments[32];
    size_t count = 0;

    snprintf(profile, sizeof profile, "--user-data-dir=%s/profile", folder);
    snprintf(pdf, sizeof pdf, "--print-to-pdf=%s/report.pdf", folder);
    snprintf(page, sizeof page, "file://%s/report.html", folder);
    static const char *const options[] = {
        "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
        "--disable-sync", "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--no-pings",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer", "--virtual-time-budget=20000", "--log-level=3",
    };
    arguments[count++] = browser;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        arguments[count++] = options[i];
    if (geteuid() == 0)
        arguments[count++] = "--no-sandbox";
    arguments[count++] = profile;
    arguments[count++] = pdf;
    arguments[count++] = page;
    arguments[count] = NULL;

    /* What it writes beside the profile goes there, too; and there is no desktop that it could talk to. */
    setenv("HOME", folder, 1);
    setenv("TMPDIR", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_CACHE_HOME", folder, 1);
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    unsetenv("DBUS_SESSION_BUS_ADDRESS");
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++)
        if (dup2(nowhere, fd) < 0)
            _exit(127);
    setpgid(0, 0);
    leave_network();
    execv(browser, (char *const *)(uintptr_t)arguments);
    _exit(127);
}

static int wait_for(pid_t child)
{
    const struct timespec step = { .tv_nsec = 20 * 1000 * 1000 };
    int status = 0;

    for (long waited_ms = 0; waited_ms < LIMIT_S * 1000L; waited_ms += 20) {
        const pid_t got = waitpid(child, &status, WNOHANG);
        if (got == child)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ENOEXEC;
        if (got < 0 && errno != EINTR)
            return -errno;
        nanosleep(&step, NULL);
    }
    kill(-child, SIGKILL);
    (void)waitpid(child, &status, 0);
    return -ETIME;
}

static int copy_pdf(const char *path, FILE *out)
{
    char piece[1 << 16];
    size_t n, all = 0;
    FILE *in = fopen(path, "re");

    if (!in)
        return -ENOEXEC;
    while ((n = fread(piece, 1, sizeof piece, in)) > 0) {
        if (all == 0 && (n < 5 || memcmp(piece, "%PDF-", 5) != 0))
            break;
        all += n;
        if (fwrite(piece, 1, n, out) != n)
            break;
    }
    const bool whole = feof(in) && all > 0;
    fclose(in);
    return ferror(out) ? -EIO : whole ? 0 : -ENOEXEC;
}

static int print_page(const char *browser, const char *folder, FILE *out)
{
    char pdf[PATH_ROOM];
    const pid_t child = fork();

    if (child < 0)
        return -errno;
    if (child == 0)
        become_browser(browser, folder);
    const int error = wait_for(child);
    kill(-child, SIGKILL); /* what it left running */
    if (error)
        return error;
    snprintf(pdf, sizeof pdf, "%s/report.pdf", folder);
    return copy_pdf(pdf, out);
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st, (void)kind, (void)where;
    (void)remove(path); /* what cannot be removed does not keep the rest */
    return 0;
}

int report_pdf_write(struct fact_case *c, FILE *out)
{
    const char *temporary = getenv("TMPDIR");
    char browser[PATH_MAX], folder[PATH_MAX], page[PATH_ROOM];
    int error;

    if (!find_browser(browser))
        return -ENOENT;
    if (snprintf(folder, sizeof folder, "%s/leash-pdf-XXXXXX",
                 temporary && temporary[0] == '/' ? temporary : "/tmp") >= (int)sizeof folder)
        return -ENAMETOOLONG;
    if (!mkdtemp(folder))
        return -errno;
    snprintf(page, sizeof page, "%s/report.html", folder);
    error = write_page(c, page);
    if (!error)
        error = print_page(browser, folder, out);
    (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    if (error == -ETIME)
        (void)run_error("Chromium did not print the page within %d seconds", LIMIT_S);
    else if (error == -ENOEXEC)
        (void)run_error("%s did not print the page; try: %s --version", browser, browser);
    return error == -ETIME || error == -ENOEXEC ? -ECANCELED : error; /* why was said */
}
