#include "base/crew.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

enum { CREW_MAX = 64, STACK_BYTES = 8 << 20 }; /* as the first thread of a process has on most systems */

struct crew {
    pthread_mutex_t mutex;
    pthread_cond_t wanted;        /* there is something to help with, or the end has come */
    pthread_cond_t returned;      /* nobody helps any more */
    unsigned size, wanting, helping; /* until all have begun their lives, `helping` counts those that have not */
    bool ending;
    void (*help)(void *user);
    void *user;
    pthread_t threads[CREW_MAX];
};

static void no_longer_helping(struct crew *c)
{
    if (--c->helping == 0)
        pthread_cond_signal(&c->returned);
}

static void *life(void *argument)
{
    struct crew *c = argument;

    pthread_mutex_lock(&c->mutex);
    no_longer_helping(c);
    for (;;) {
        while (!c->wanting && !c->ending)
            pthread_cond_wait(&c->wanted, &c->mutex);
        if (c->ending)
            break;
        c->wanting--;
        c->helping++;
        void (*const help)(void *user) = c->help;
        void *const user = c->user;
        pthread_mutex_unlock(&c->mutex);
        help(user);
        pthread_mutex_lock(&c->mutex);
        no_longer_helping(c);
    }
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

struct crew *crew_new(unsigned helpers)
{
    pthread_attr_t attributes;

    if (helpers == 0 || pthread_attr_init(&attributes) != 0)
        return NULL;
    struct crew *c = memory_alloc_array(1, sizeof *c);
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->wanted, NULL);
    pthread_cond_init(&c->returned, NULL);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_mutex_lock(&c->mutex);
    while (c->size < helpers && c->size < CREW_MAX &&
           pthread_create(&c->threads[c->size], &attributes, life, c) == 0)
        c->size++;
    c->helping = c->size;
    pthread_mutex_unlock(&c->mutex);
    pthread_attr_destroy(&attributes);
    /* What the C library does first in a thread is over when it is seen here. */
    crew_finish(c);
    if (c->size)
        return c;
    crew_free(c);
    return NULL;
}

unsigned crew_size(const struct crew *c)
{
    return c ? c->size : 0;
}

void crew_start(struct crew *c, unsigned helpers, void (*help)(void *user), void *user)
{
    pthread_mutex_lock(&c->mutex);
    c->help = help;
    c->user = user;
    c->wanting = helpers < c->size ? helpers : c->size;
    pthread_cond_broadcast(&c->wanted);
    pthread_mutex_unlock(&c->mutex);
}

void crew_finish(struct crew *c)
{
    pthread_mutex_lock(&c->mutex);
    c->wanting = 0;
    while (c->helping)
        pthread_cond_wait(&c->returned, &c->mutex);
    pthread_mutex_unlock(&c->mutex);
}

void crew_free(struct crew *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->mutex);
    c->ending = true;
    pthread_cond_broadcast(&c->wanted);
    pthread_mutex_unlock(&c->mutex);
    for (unsigned i = 0; i < c->size; i++)
        pthread_join(c->threads[i], NULL);
    pthread_cond_destroy(&c->returned);
    pthread_cond_destroy(&c->wanted);
    pthread_mutex_destroy(&c->mutex);
    free(c);
}
