#include "reader/yara_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

#include "reader/yara_soname.h"

static bool take_functions(void *handle, struct yara_library *lib)
{
    static const struct { const char *name; size_t offset; } functions[] = {
#define F(name) { #name, offsetof(struct yara_library, name) },
        YARA_FUNCTIONS(F)
#undef F
    };

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *at = dlsym(handle, functions[i].name);
        if (!at)
            return false;
        *(void **)((char *)lib + functions[i].offset) = at; /* as POSIX's dlsym() has it */
    }
    return true;
}

const struct yara_library *yara_library(const char **ret_why)
{
    static struct yara_library lib;
    static bool loaded;

    if (loaded)
        return &lib;
    /* Its structs are those of the headers that leash was built with: this soname, and no other. */
    void *handle = dlopen(LEASH_YARA_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        *ret_why = LEASH_YARA_SONAME " is not installed";
        return NULL;
    }
    if (!take_functions(handle, &lib) || lib.yr_initialize() != ERROR_SUCCESS) {
        *ret_why = LEASH_YARA_SONAME " is not the library that leash was built for";
        return NULL;
    }
    /* The bytes that matched are in the evidence; copies of them are not needed. */
    lib.yr_set_configuration_uint32(YR_CONFIG_MAX_MATCH_DATA, 0);
    loaded = true;
    return &lib;
}
