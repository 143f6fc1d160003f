#ifndef LEASH_APP_ELF_H
#define LEASH_APP_ELF_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* What a native library says of itself: what it needs, its name, its build id, and how it was built.
 * Read through the segments, as the loader does; sections may be missing or false.
 * Source: System V ABI, "Object Files" and "Dynamic Linking"; GNU build id: binutils' documentation of
 * ld --build-id. */

enum { ELF_NEEDED_MAX = 64 };

struct elf {
    const char *processor;        /* "arm64", "arm", "x86", "x86_64", "riscv64", or "other" */
    struct text soname, build_id; /* build id in hex; unknown when there is none */
    struct text_list needed;
    struct bytes names;           /* the table of dynamic names: NUL-terminated texts */
    bool relro, executable_stack, canary;
    bool fixed_address;           /* no position-independent code: a program for one address */
};

bool elf_recognise(struct bytes whole);

/* PARSE_TRUNCATED: some of it could not be read; `ret` is set for that and for OK.
 * Texts are views of `whole` or lie in `arena`. */
__attribute__((warn_unused_result))
enum parse_status elf_parse(struct bytes whole, struct arena *arena, struct elf *ret);

/* The next exported Java_ name at or behind *at in `names`, which moves behind it. */
bool elf_next_java_name(struct bytes names, size_t *at, struct text *ret);

#endif
