#ifndef LEASH_CLI_INTERRUPT_H
#define LEASH_CLI_INTERRUPT_H

#include <stdbool.h>

/* What a run writes is called PATH.part until it is whole.  Between guard and release,
 * SIGINT, SIGTERM and SIGHUP remove it before they end the process as they always do.
 * Readers end with their parent (reader/sandbox.c). */
void interrupt_guard(const char *path);
void interrupt_release(const char *path);

/* Between begin and end, while standard input is read, the first SIGINT ends only the input: on a terminal
 * whoever writes it gets the signal, too, and has something left to say.  The second one ends the
 * process as always. */
void interrupt_input_begin(void);
void interrupt_input_end(void);
/* True from a second after that signal on: nobody closed the input. */
bool interrupt_input_over(void);

#endif
