#ifndef LEASH_CLI_INTERRUPT_H
#define LEASH_CLI_INTERRUPT_H

#include <stdbool.h>

/* What a run writes is called PATH.part until it is whole.  Between guard and release,
 * SIGINT, SIGTERM and SIGHUP remove it before they end the process as they always do.
 * Readers end with their parent (reader/sandbox.c). */
void interrupt_guard(const char *path);
void interrupt_release(const char *path);

/* The same for a file of any name in an open folder, at most INTERRUPT_NAMES_MAX at once; false: there is no room for
 * one more.  Released before the folder is closed. */
enum { INTERRUPT_NAMES_MAX = 128, INTERRUPT_NAME_BYTES = 64 };
__attribute__((warn_unused_result)) bool interrupt_guard_in(int folder, const char *name);
void interrupt_release_in(int folder, const char *name);

/* Between begin and end, while standard input is read, the first SIGINT ends only the input: on a terminal
 * whoever writes it gets the signal, too, and has something left to say.  The second one ends the
 * process as always. */
void interrupt_input_begin(void);
void interrupt_input_end(void);
/* True from a second after that signal on: nobody closed the input. */
bool interrupt_input_over(void);

#endif
