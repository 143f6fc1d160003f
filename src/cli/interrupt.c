#include "cli/interrupt.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { GUARDED_MAX = 4, PATH_BYTES_MAX = 4096 };

/* A slot is read by the handler only while `taken` says that its path is whole. */
static struct guarded {
    volatile sig_atomic_t taken;
    char part[PATH_BYTES_MAX];
} guarded[GUARDED_MAX];

static struct guarded_name {
    volatile sig_atomic_t taken;
    int folder;
    char name[INTERRUPT_NAME_BYTES];
} guarded_names[INTERRUPT_NAMES_MAX];

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP };
enum { SIGNAL_COUNT = sizeof ending_signals / sizeof *ending_signals };

static void remove_and_end(int number)
{
    for (int i = 0; i < GUARDED_MAX; i++)
        if (guarded[i].taken)
            unlink(guarded[i].part);
    for (int i = 0; i < INTERRUPT_NAMES_MAX; i++)
        if (guarded_names[i].taken)
            unlinkat(guarded_names[i].folder, guarded_names[i].name, 0);
    raise(number); /* SA_RESETHAND: now it ends the process */
}

static void catch_signals(void)
{
    static bool caught;

    for (int i = 0; i < SIGNAL_COUNT && !caught; i++) {
        struct sigaction before, action = { .sa_handler = remove_and_end, .sa_flags = SA_RESETHAND | SA_NODEFER };
        /* What was ignored stays so: nohup. */
        if (sigaction(ending_signals[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(ending_signals[i], &action, NULL);
    }
    caught = true;
}

void interrupt_guard(const char *path)
{
    catch_signals();
    for (int i = 0; i < GUARDED_MAX; i++) {
        if (guarded[i].taken)
            continue;
        const int len = snprintf(guarded[i].part, sizeof guarded[i].part, "%s.part", path);
        guarded[i].taken = len > 0 && (size_t)len < sizeof guarded[i].part;
        return;
    }
}

void interrupt_release(const char *path)
{
    const size_t len = strlen(path);

    for (int i = 0; i < GUARDED_MAX; i++)
        if (guarded[i].taken && strncmp(guarded[i].part, path, len) == 0 && strcmp(guarded[i].part + len, ".part") == 0)
            guarded[i].taken = 0;
}

bool interrupt_guard_in(int folder, const char *name)
{
    catch_signals();
    for (int i = 0; i < INTERRUPT_NAMES_MAX; i++) {
        struct guarded_name *g = &guarded_names[i];
        if (g->taken)
            continue;
        const int len = snprintf(g->name, sizeof g->name, "%s", name);
        g->folder = folder;
        g->taken = len > 0 && (size_t)len < sizeof g->name;
        return g->taken;
    }
    return false;
}

void interrupt_release_in(int folder, const char *name)
{
    for (int i = 0; i < INTERRUPT_NAMES_MAX; i++)
        if (guarded_names[i].taken && guarded_names[i].folder == folder && strcmp(guarded_names[i].name, name) == 0)
            guarded_names[i].taken = 0;
}

static struct sigaction before_input;
static volatile sig_atomic_t input_signal;
static struct timespec input_signal_seen;

static void end_input(int number)
{
    input_signal = 1;
    sigaction(number, &before_input, NULL);
}

void interrupt_input_begin(void)
{
    /* Without SA_RESTART, so that a read that waits is left. */
    const struct sigaction action = { .sa_handler = end_input };

    input_signal = 0;
    input_signal_seen = (struct timespec){ 0 };
    if (sigaction(SIGINT, NULL, &before_input) == 0 && before_input.sa_handler != SIG_IGN)
        sigaction(SIGINT, &action, NULL);
}

void interrupt_input_end(void)
{
    struct sigaction now;

    if (sigaction(SIGINT, NULL, &now) == 0 && now.sa_handler == end_input)
        sigaction(SIGINT, &before_input, NULL);
}

bool interrupt_input_over(void)
{
    struct timespec now;

    if (!input_signal)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (input_signal_seen.tv_sec == 0)
        input_signal_seen = now;
    return now.tv_sec - input_signal_seen.tv_sec > 1;
}
