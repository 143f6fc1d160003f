#ifndef LEASH_BASE_CREW_H
#define LEASH_BASE_CREW_H

/* Threads that were started early, because later none can be (reader/sandbox.h), and wait until there is something to
 * help with.  One thread, the one that made the crew, calls all of this. */
struct crew;

/* Fewer threads than `helpers` when the system gives no more; NULL when it gives none, or none are wanted. */
struct crew *crew_new(unsigned helpers);
unsigned crew_size(const struct crew *c); /* 0 for NULL */
/* Up to `helpers` of its threads run help(user), each once.  Not again before crew_finish. */
void crew_start(struct crew *c, unsigned helpers, void (*help)(void *user), void *user);
/* Those that have not begun to help need not any more; waits until the others have returned. */
void crew_finish(struct crew *c);
/* Ends the threads; NULL is fine. */
void crew_free(struct crew *c);

#endif
