#ifndef LEASH_APP_ELF_H
#define LEASH_APP_ELF_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* What a native library says of itself: what it needs, its name, its build id, and how it was built.
 * Read through the segments, as the loader does; sections may be missing or false.
 * Source: System V ABI, "Object Files" and "Dynamic Linking"; GNU build id: binutils' documentation of
 * ld --build-id; GNU hash table: the layout that the dynamic loaders of Android and glibc walk. */

enum { ELF_NEEDED_MAX = 64, ELF_SYMBOLS_MAX = 1 << 18 };

struct elf {
    const char *processor;        /* "arm64", "arm", "x86", "x86_64", "riscv64", or "other" */
    struct text soname, build_id; /* build id in hex; unknown when there is none */
    struct text_list needed;
    struct bytes names;           /* the table of dynamic names: NUL-terminated texts */
    struct bytes symbols;         /* the rows of the table of dynamic symbols */
    uint32_t symbol_count;
    bool wide, big;               /* 64 bits; big-endian */
    bool relro, executable_stack, canary;
    bool stack_stated;            /* it says whether its stack is executable; else that is up to the platform */
    bool fixed_address;           /* no position-independent code: a program for one address */
};

bool elf_recognise(struct bytes whole);

/* PARSE_TRUNCATED: some of it could not be read; `ret` is set for that and for OK.
 * Texts are views of `whole` or lie in `arena`. */
__attribute__((warn_unused_result))
enum parse_status elf_parse(struct bytes whole, struct arena *arena, struct elf *ret);

/* A dynamic symbol: what others can call, or what the library wants of others. */
struct elf_symbol {
    struct text name;
    bool imported;
};

/* False: there is no symbol of that index, or it has no name that others see. */
bool elf_symbol(const struct elf *e, uint32_t index, struct elf_symbol *ret);

/* The next exported Java_ name at or behind *at in `names`, which moves behind it. */
bool elf_next_java_name(struct bytes names, size_t *at, struct text *ret);

#endif
