#include "reader/yara.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "reader/sandbox.h"
#include "reader/yara_library.h"

/* The process that compiles answers over a pipe: u8 whether it went well, u32 rules, u32 length of what there is to
 * say, that, and the image.  Its parent believes none of it: the image is only ever loaded inside a reader's
 * sandbox. */

enum { MESSAGES_BYTES_MAX = 16 * 1024, MESSAGES_MAX = 20, HEAD_BYTES = 9 };

struct messages {
    struct text file;
    struct buffer text;
    size_t count;
    bool errors;           /* what is kept are errors: warnings before them do not matter any more */
};

static void take_message(void *user, bool error, int line, const char *message)
{
    struct messages *m = user;

    if (error && !m->errors) {
        buffer_clear(&m->text);
        m->count = 0;
        m->errors = true;
    }
    if (error != m->errors || m->count++ >= MESSAGES_MAX || m->text.len > MESSAGES_BYTES_MAX)
        return;
    buffer_printf(&m->text, "%s", m->text.len ? "\n" : "");
    if (line > 0)
        buffer_printf(&m->text, "%.*s:%d: ", (int)m->file.len, m->file.at, line);
    buffer_printf(&m->text, "%.500s", message);
}

static void on_message(int level, const char *file, int line, const YR_RULE *rule, const char *message, void *user)
{
    (void)file, (void)rule;
    take_message(user, level == YARA_ERROR_LEVEL_ERROR, line, message);
}

/* Modules whose answers come from outside the content: a rule that uses them would never match, and look like "nothing
 * found". */
static int on_import(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
    static const char *const refused[] = { "magic", "cuckoo" };
    const char **module = user;

    (void)context;
    for (size_t i = 0; message == CALLBACK_MSG_IMPORT_MODULE && i < sizeof refused / sizeof *refused; i++)
        if (strcmp(((YR_MODULE_IMPORT *)data)->module_name, refused[i]) == 0)
            *module = refused[i];
    return *module ? CALLBACK_ABORT : CALLBACK_CONTINUE;
}

static const char *refused_module(const struct yara_library *lib, YR_RULES *rules)
{
    YR_SCANNER *scanner;
    const char *module = NULL;

    if (lib->yr_scanner_create(rules, &scanner) != ERROR_SUCCESS)
        return NULL;
    lib->yr_scanner_set_callback(scanner, on_import, &module);
    lib->yr_scanner_set_timeout(scanner, 1); /* imports come before any condition, which may never end */
    (void)lib->yr_scanner_scan_mem(scanner, (const uint8_t *)" ", 1);
    return module;
}

static size_t write_image(const void *at, size_t size, size_t count, void *user)
{
    size_t len;

    if (__builtin_mul_overflow(size, count, &len) || len > YARA_IMAGE_BYTES_MAX)
        return 0;
    buffer_add(user, at, len);
    return count;
}

static bool add_sources(const struct yara_library *lib, YR_COMPILER *compiler, const struct yara_source *sources,
                        size_t count,
                        struct messages *m)
{
    for (size_t i = 0; i < count; i++) {
        char *content = strndup(sources[i].content.at, sources[i].content.len);
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)sources[i].name.len, sources[i].name.at);
        m->file = sources[i].name;
        /* libyara forbids to go on with a compiler after errors. */
        const int errors = content ? lib->yr_compiler_add_string(compiler, content, name) : 1;
        free(content);
        if (errors && !m->errors)
            take_message(m, true, 0, "cannot be compiled");
        if (errors)
            return false;
    }
    return true;
}

/* The image goes into `image`; gives the number of rules, or -1 with `m` saying why. */
static int64_t compile(const struct yara_source *sources, size_t count, struct messages *m, struct buffer *image)
{
    static const char *const names[] = { "filename", "filepath", "extension" };
    const char *why;
    const struct yara_library *lib = yara_library(&why);
    YR_COMPILER *compiler;
    YR_RULES *rules;

    if (!lib || lib->yr_compiler_create(&compiler) != ERROR_SUCCESS)
        return -1;
    lib->yr_compiler_set_callback(compiler, on_message, m);
    lib->yr_compiler_set_include_callback(compiler, NULL, NULL, NULL); /* other files cannot be included */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        lib->yr_compiler_define_string_variable(compiler, names[i], "");
    if (!add_sources(lib, compiler, sources, count, m))
        return -1;
    YR_STREAM stream = { .user_data = image, .write = write_image };
    if (lib->yr_compiler_get_rules(compiler, &rules) != ERROR_SUCCESS ||
        lib->yr_rules_save_stream(rules, &stream) != ERROR_SUCCESS) {
        take_message(m, true, 0, "the rules take more memory than they may");
        return -1;
    }
    const char *module = refused_module(lib, rules);
    if (module) {
        char sentence[160];
        snprintf(sentence, sizeof sentence,
                 "a rule imports the module \"%s\", which needs more than the content: it would never match", module);
        take_message(m, true, 0, sentence);
        return -1;
    }
    return rules->num_rules;
}

static void put_u32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static bool write_all(int fd, const uint8_t *at, size_t len)
{
    while (len > 0) {
        const ssize_t n = write(fd, at, len);
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

__attribute__((noreturn))
static void compile_and_answer(int pipe, const struct yara_source *sources, size_t count)
{
    enum { MEMORY_BYTES = 1 << 30 };
    struct messages m = { 0 };
    struct buffer image;
    uint8_t head[HEAD_BYTES];

    buffer_init(&m.text, 4 * MESSAGES_BYTES_MAX);
    buffer_init(&image, YARA_IMAGE_BYTES_MAX);
    const unsigned features = sandbox_enter(MEMORY_BYTES, 0, NULL);
    (void)features; /* what is missing is missing in every reader, and told for them */
    const int64_t rules = compile(sources, count, &m, &image);
    head[0] = rules >= 0;
    put_u32(head + 1, rules >= 0 ? (uint32_t)rules : 0);
    put_u32(head + 5, (uint32_t)m.text.len);
    if (write_all(pipe, head, sizeof head) && write_all(pipe, m.text.at, m.text.len) && rules >= 0)
        (void)write_all(pipe, image.at, image.len);
    _exit(0);
}

/* All that comes, until the other side closes; false when it took too long. */
static bool read_answer(int pipe, struct buffer *into)
{
    enum { PIECE_BYTES = 64 * 1024 };
    struct timespec start, now;
    uint8_t piece[PIECE_BYTES];

    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        const int64_t left_ms = YARA_COMPILE_S * 1000 - ((int64_t)now.tv_sec - start.tv_sec) * 1000;
        struct pollfd p = { .fd = pipe, .events = POLLIN };
        if (left_ms <= 0 || (poll(&p, 1, (int)left_ms) < 0 && errno != EINTR))
            return false;
        if (!p.revents)
            continue;
        const ssize_t n = read(pipe, piece, sizeof piece);
        if (n <= 0)
            return n == 0;
        if (into->len + (size_t)n > YARA_IMAGE_BYTES_MAX)
            return false;
        buffer_add(into, piece, (size_t)n);
    }
}

static bool take_answer(struct bytes answer, struct arena *arena, struct yara_rules *ret, struct text *ret_problem,
                        struct text *ret_warnings)
{
    struct cursor c = cursor_over(answer);
    const bool good = cursor_u8(&c) == 1;
    const uint32_t rules = cursor_u32le(&c);
    const struct text said = text_of_bytes(cursor_take(&c, cursor_u32le(&c)));

    *ret_problem = TEXT("the rules could not be compiled: the process that did it ended early");
    if (c.failed || (good && c.rest.len == 0))
        return false;
    if (!good) {
        if (said.len > 0)
            *ret_problem = arena_text(arena, said);
        return false;
    }
    if (said.len > 0)
        *ret_warnings = arena_text(arena, said);
    const struct text image = arena_text(arena, text_of_bytes(c.rest));
    *ret = (struct yara_rules){ .image = { .at = (const uint8_t *)image.at, .len = image.len }, .rule_count = rules };
    return true;
}

bool yara_built_in(void)
{
    return true;
}

/* Nothing of the parent's stays open but the end to write to. */
static int keep_only(int pipe)
{
    const int kept = 3, nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    if (!SANDBOX_SANITIZED)
        dup2(nothing, STDERR_FILENO);
    if (pipe != kept)
        dup2(pipe, kept);
    close_range(kept + 1, ~0U, 0);
    return kept;
}

bool yara_compile(const struct yara_source *sources, size_t count, struct arena *arena, struct yara_rules *ret,
                  struct text *ret_problem, struct text *ret_warnings)
{
    const char *why;
    struct buffer answer;
    int ends[2], status = 0;

    *ret_warnings = TEXT_UNKNOWN;
    *ret_problem = TEXT("no process can be started");
    if (!yara_library(&why)) {
        *ret_problem = text_of(why);
        return false;
    }
    if (pipe2(ends, O_CLOEXEC))
        return false;
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        compile_and_answer(keep_only(ends[1]), sources, count);
    close(ends[1]);
    buffer_init(&answer, YARA_IMAGE_BYTES_MAX);
    const bool in_time = pid > 0 && read_answer(ends[0], &answer);
    close(ends[0]);
    if (pid > 0 && !in_time)
        kill(pid, SIGKILL);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    bool done = false;
    if (in_time)
        done = take_answer((struct bytes){ .at = answer.at, .len = answer.len }, arena, ret, ret_problem, ret_warnings);
    else if (pid > 0)
        *ret_problem = arena_printf(arena, "the rules could not be compiled in %d s, or take too much memory",
                                    YARA_COMPILE_S);
    buffer_done(&answer);
    return done;
}
