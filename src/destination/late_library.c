#include "destination/late_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

#include "destination/late_soname.h"

struct function {
    const char *name;
    size_t offset;
};

enum state { UNTRIED, LOADED, ABSENT };

/* Puts addresses into `library`, a struct of functions. */
static bool load(enum state *state, const char *soname, const struct function *functions, size_t count, void *library)
{
    if (*state != UNTRIED)
        return *state == LOADED;
    *state = ABSENT;
    void *handle = dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
    for (size_t i = 0; handle && i < count; i++) {
        void *at = dlsym(handle, functions[i].name);
        if (!at)
            return false;
        *(void **)((char *)library + functions[i].offset) = at; /* as POSIX's dlsym() has it */
    }
    if (handle)
        *state = LOADED;
    return handle != NULL;
}

const struct libloc *libloc(void)
{
#define F(name) { #name, offsetof(struct libloc, name) },
    static const struct function functions[] = { LIBLOC_FUNCTIONS(F) };
#undef F
    static struct libloc library;
    static enum state state;

    return load(&state, LEASH_LIBLOC_SONAME, functions, sizeof functions / sizeof *functions, &library) ? &library
                                                                                                       : NULL;
}

const struct libpsl *libpsl(void)
{
#define F(name) { #name, offsetof(struct libpsl, name) },
    static const struct function functions[] = { LIBPSL_FUNCTIONS(F) };
#undef F
    static struct libpsl library;
    static enum state state;

    return load(&state, LEASH_LIBPSL_SONAME, functions, sizeof functions / sizeof *functions, &library) ? &library
                                                                                                       : NULL;
}
