#ifndef LEASH_CLI_INTERRUPT_H
#define LEASH_CLI_INTERRUPT_H

/* What a run writes is called PATH.part until it is whole.  Between guard and release,
 * SIGINT, SIGTERM and SIGHUP remove it before they end the process as they always do.
 * Readers end with their parent (reader/sandbox.c). */
void interrupt_guard(const char *path);
void interrupt_release(const char *path);

#endif
