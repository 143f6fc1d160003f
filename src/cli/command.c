#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "cli/file_hash.h"
#include "cli/interrupt.h"
#include "policy/policy.h"
#include "report/terminal.h"

/* Paths and values of the command line are repeated here, and may come from evidence. */
static void complain(const char *format, va_list arguments)
{
    char message[2 * PATH_MAX];
    struct buffer safe;

    vsnprintf(message, sizeof message, format, arguments);
    buffer_init(&safe, 16 * sizeof message);
    terminal_safe(&safe, text_of(message), SIZE_MAX);
    fprintf(stderr, "leash: %.*s\n", (int)safe.len, (const char *)safe.at);
    buffer_done(&safe);
}

void print_safe(struct text t)
{
    struct buffer safe;

    buffer_init(&safe, 4 << 20);
    terminal_safe(&safe, t, SIZE_MAX);
    if (safe.len)
        fwrite(safe.at, 1, safe.len, stdout);
    buffer_done(&safe);
}

void policy_error_print(const struct policy_error *error)
{
    if (error->line > 0)
        run_error("%s:%d:%d: %s", error->file, error->line, error->column, error->message);
    else
        run_error("%s: %s", error->file, error->message);
}

int usage_error(const struct command *command, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try 'leash %s --help'.\n", command->name);
    return EXIT_USAGE;
}

int run_error(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    return EXIT_FAILED;
}

int print_help(const struct command *command)
{
    printf("Usage: leash %s %s\n\n%s\n\n%s", command->name, command->usage, command->summary, command->help);
    return fflush(stdout) ? EXIT_FAILED : EXIT_OK;
}

int next_option(const struct command *command, int argc, char **argv, const struct option *options)
{
    bool has_output = false;

    for (const struct option *o = options; o->name; o++)
        has_output |= o->val == 'o';
    opterr = 0;
    const int option = getopt_long(argc, argv, has_output ? ":o:h" : ":h", options, NULL);
    if (option == ':') {
        usage_error(command, "the option '%s' needs a value", argv[optind - 1]);
        return '?';
    }
    if (option == '?') {
        usage_error(command, "there is no option '%s' (or it is ambiguous, or takes no value)", argv[optind - 1]);
        return '?';
    }
    return option == 'h' ? OPTION_HELP : option;
}

static bool part_name(const char *path, char part[PATH_MAX])
{
    return snprintf(part, PATH_MAX, "%s.part", path) < PATH_MAX;
}

/* Writes and syncs PATH.part, guarded; on failure nothing is left. */
static int write_part(const char *path, int (*write)(FILE *out, void *user), void *user)
{
    char part[PATH_MAX];
    int error = 0;

    if (!part_name(path, part))
        return run_error("%s: the path is too long", path);
    interrupt_guard(path);
    unlink(part);
    const int fd = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out) {
        interrupt_release(path);
        return run_error("cannot write %s: %s", path, strerror(errno));
    }
    error = write(out, user);
    if (!error && (fflush(out) || fsync(fd)))
        error = -errno;
    if (fclose(out) && !error)
        error = -errno;
    if (!error)
        return EXIT_OK;
    unlink(part);
    interrupt_release(path);
    return run_error("cannot write %s: %s", path, strerror(-error));
}

static int rename_part(const char *path)
{
    char part[PATH_MAX];
    int error = 0;

    if (!part_name(path, part) || rename(part, path)) {
        error = errno;
        unlink(part);
    }
    interrupt_release(path);
    return error ? run_error("cannot write %s: %s", path, strerror(error)) : EXIT_OK;
}

/* /dev/stdout and the like are written to, not replaced. */
static bool is_replaceable(const char *path)
{
    struct stat st;

    return path && strcmp(path, "-") != 0 && (stat(path, &st) || S_ISREG(st.st_mode));
}

int write_output(const char *path, int (*write)(FILE *out, void *user), void *user)
{
    if (is_replaceable(path)) {
        const int status = write_part(path, write, user);
        return status ? status : rename_part(path);
    }
    if (path && strcmp(path, "-") != 0) {
        FILE *out = fopen(path, "we");
        if (!out)
            return run_error("cannot write %s: %s", path, strerror(errno));
        const int written = write(out, user);
        return fclose(out) || written ? run_error("cannot write %s", path) : EXIT_OK;
    }
    const int error = write(stdout, user);
    if (error || fflush(stdout) || ferror(stdout))
        return run_error("cannot write the output: %s", strerror(error ? -error : errno));
    return EXIT_OK;
}

int output_prepare(struct prepared_output *o, const char *path, int (*write)(FILE *out, void *user), void *user)
{
    char part[PATH_MAX];
    struct stat st;

    *o = (struct prepared_output){ .path = path, .write = write, .user = user };
    if (!is_replaceable(path))
        return EXIT_OK;
    const int status = write_part(path, write, user);
    if (status)
        return status;
    o->prepared = true;
    o->hashed = part_name(path, part) && file_hash(part, o->sha256) == 0 && stat(part, &st) == 0;
    o->bytes = o->hashed ? (int64_t)st.st_size : 0;
    return EXIT_OK;
}

int output_commit(struct prepared_output *o)
{
    const int status = o->prepared ? rename_part(o->path) : write_output(o->path, o->write, o->user);

    o->prepared = false;
    return status;
}

void output_discard(struct prepared_output *o)
{
    char part[PATH_MAX];

    if (!o->prepared)
        return;
    if (part_name(o->path, part))
        unlink(part);
    interrupt_release(o->path);
    o->prepared = false;
}

const char *data_directory(void)
{
    static char path[4096];
    static const char *const beside[] = { "../data", "../share/leash", "../../share/leash" };
    const char *named = getenv("LEASH_DATA");
    char program[3000];

    if (named)
        return named;
    const ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len > 0) {
        program[len] = '\0';
        char *slash = strrchr(program, '/');
        if (slash)
            *slash = '\0';
        for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
            snprintf(path, sizeof path, "%s/%s", program, beside[i]);
            char marker[4200];
            snprintf(marker, sizeof marker, "%s/destinations.csv", path);
            if (access(marker, R_OK) == 0)
                return path;
        }
    }
    return "/usr/share/leash";
}

bool wants_colour(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

    return isatty(fileno(stream)) && !(no_color && no_color[0]) && terminal && strcmp(terminal, "dumb") != 0;
}
