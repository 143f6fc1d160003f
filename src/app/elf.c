#include "app/elf.h"

#include "base/hash.h"

enum {
    KIND_PROGRAM = 2, SEGMENT_LOAD = 1, SEGMENT_DYNAMIC = 2, SEGMENT_NOTE = 4, SEGMENTS_MAX = 128, DYNAMIC_MAX = 4096,
    TAG_NULL = 0, TAG_NEEDED = 1, TAG_HASH = 4, TAG_STRTAB = 5, TAG_SYMTAB = 6, TAG_STRSZ = 10, TAG_SONAME = 14,
    SYMBOL_BYTES = 16, SYMBOL_BYTES_WIDE = 24,
    BUILD_ID_NOTE = 3, BUILD_ID_BYTES_MAX = 64, FLAG_EXECUTE = 1,
};
#define SEGMENT_STACK UINT32_C(0x6474e551)
#define TAG_GNU_HASH UINT64_C(0x6ffffef5)
#define SEGMENT_RELRO UINT32_C(0x6474e552)

struct reader {
    struct bytes whole;
    bool wide, big;
    struct segment { uint32_t type, flags; uint64_t offset, address, bytes; } segments[SEGMENTS_MAX];
    size_t segment_count;
    bool cut;
};

bool elf_recognise(struct bytes whole)
{
    return whole.len >= 52 && memcmp(whole.at, "\x7f" "ELF", 4) == 0 && (whole.at[4] == 1 || whole.at[4] == 2) &&
           (whole.at[5] == 1 || whole.at[5] == 2);
}

static uint64_t number(const struct reader *r, struct cursor *c, size_t width)
{
    return r->big ? cursor_uint_be(c, width) : cursor_uint_le(c, width);
}

static uint64_t word(const struct reader *r, struct cursor *c)
{
    return number(r, c, r->wide ? 8 : 4);
}

static void read_segments(struct reader *r, uint64_t offset, uint16_t size, uint16_t count)
{
    for (uint16_t i = 0; i < count && r->segment_count < SEGMENTS_MAX; i++) {
        struct cursor c = cursor_over(bytes_part(r->whole, offset + (uint64_t)i * size, size));
        struct segment s = { .type = (uint32_t)number(r, &c, 4) };
        if (r->wide)
            s.flags = (uint32_t)number(r, &c, 4);
        s.offset = word(r, &c);
        s.address = word(r, &c);
        (void)word(r, &c);
        s.bytes = word(r, &c);
        (void)word(r, &c);
        if (!r->wide)
            s.flags = (uint32_t)number(r, &c, 4);
        if (c.failed) {
            r->cut = true;
            return;
        }
        r->segments[r->segment_count++] = s;
    }
}

/* The bytes that are loaded at an address. */
static struct bytes at_address(const struct reader *r, uint64_t address, uint64_t n)
{
    for (size_t i = 0; i < r->segment_count; i++) {
        const struct segment *s = &r->segments[i];
        if (s->type == SEGMENT_LOAD && address >= s->address && address - s->address < s->bytes) {
            const uint64_t inside = address - s->address, left = s->bytes - inside;
            if (s->offset > UINT64_MAX - inside)
                break;
            return bytes_part(r->whole, s->offset + inside, n < left ? n : left);
        }
    }
    return (struct bytes){ .at = r->whole.at, .origin = r->whole.origin };
}

static struct text name_at(struct bytes names, uint64_t offset)
{
    const struct bytes rest = bytes_part(names, offset, UINT64_MAX);
    const uint8_t *end = rest.len ? memchr(rest.at, 0, rest.len) : NULL;

    if (!end || end == rest.at)
        return TEXT_UNKNOWN;
    return (struct text){ .at = (const char *)rest.at, .len = (size_t)(end - rest.at) };
}

/* How many symbols there are stands only in the hash tables.  Of the GNU table (u32: buckets, first symbol that it has,
 * words of its filter, shift; the filter; the buckets; one u32 for each symbol, odd for the last of a bucket) it
 * follows from the chain that begins last. */
static uint32_t count_by_gnu_hash(const struct reader *r, uint64_t address)
{
    struct cursor c = cursor_over(at_address(r, address, UINT64_MAX));
    const uint32_t buckets = (uint32_t)number(r, &c, 4), first = (uint32_t)number(r, &c, 4),
        filter = (uint32_t)number(r, &c, 4);
    uint32_t last = 0;

    cursor_skip(&c, 4);
    cursor_skip(&c, (size_t)filter * (r->wide ? 8 : 4));
    for (uint32_t i = 0; i < buckets && !c.failed; i++) {
        const uint32_t begins = (uint32_t)number(r, &c, 4);
        last = begins > last ? begins : last;
    }
    if (c.failed || last < first)
        return c.failed ? 0 : first;
    cursor_skip(&c, (size_t)(last - first) * 4);
    while (!c.failed && last < ELF_SYMBOLS_MAX && !(number(r, &c, 4) & 1))
        last++;
    return c.failed ? 0 : last + 1;
}

static uint32_t count_symbols(const struct reader *r, uint64_t hash, uint64_t gnu_hash)
{
    uint32_t count = gnu_hash ? count_by_gnu_hash(r, gnu_hash) : 0;

    if (count == 0 && hash) {
        struct cursor c = cursor_over(at_address(r, hash, 8));
        cursor_skip(&c, 4);
        count = (uint32_t)number(r, &c, 4); /* of chains: one for each symbol */
    }
    return count < ELF_SYMBOLS_MAX ? count : ELF_SYMBOLS_MAX;
}

static void read_symbols(struct reader *r, uint64_t address, uint64_t hash, uint64_t gnu_hash, struct elf *ret)
{
    const uint32_t row = r->wide ? SYMBOL_BYTES_WIDE : SYMBOL_BYTES;
    const uint64_t bytes = (uint64_t)count_symbols(r, hash, gnu_hash) * row;

    ret->wide = r->wide;
    ret->big = r->big;
    ret->symbols = at_address(r, address, bytes);
    ret->symbol_count = (uint32_t)(ret->symbols.len / row);
    r->cut |= ret->symbols.len < bytes;
}

bool elf_symbol(const struct elf *e, uint32_t index, struct elf_symbol *ret)
{
    enum { GLOBAL = 1, WEAK = 2 };
    const struct reader form = { .wide = e->wide, .big = e->big };
    const uint32_t row = e->wide ? SYMBOL_BYTES_WIDE : SYMBOL_BYTES;
    struct cursor c = cursor_over(bytes_part(e->symbols, (uint64_t)index * row, row));

    const uint32_t name = (uint32_t)number(&form, &c, 4);
    if (!e->wide)
        cursor_skip(&c, 8); /* value, size */
    const uint8_t binding = (uint8_t)(cursor_u8(&c) >> 4);
    cursor_skip(&c, 1);
    const uint16_t section = (uint16_t)number(&form, &c, 2);
    if (c.failed || (binding != GLOBAL && binding != WEAK) || index >= e->symbol_count)
        return false;
    *ret = (struct elf_symbol){ .name = name_at(e->names, name), .imported = section == 0 };
    return text_known(ret->name);
}

static void read_dynamic(struct reader *r, struct bytes dynamic, struct arena *arena, struct elf *ret)
{
    uint64_t names_at = 0, names_bytes = UINT64_MAX, symbols_at = 0, hash = 0, gnu_hash = 0, soname = UINT64_MAX,
        needed[ELF_NEEDED_MAX];
    struct cursor c = cursor_over(dynamic);
    size_t needed_count = 0;

    for (int i = 0; i < DYNAMIC_MAX && c.rest.len > 0; i++) {
        const uint64_t tag = word(r, &c), value = word(r, &c);
        if (c.failed || tag == TAG_NULL)
            break;
        if (tag == TAG_STRTAB)
            names_at = value;
        else if (tag == TAG_STRSZ)
            names_bytes = value;
        else if (tag == TAG_SYMTAB)
            symbols_at = value;
        else if (tag == TAG_HASH)
            hash = value;
        else if (tag == TAG_GNU_HASH)
            gnu_hash = value;
        else if (tag == TAG_SONAME)
            soname = value;
        else if (tag == TAG_NEEDED && needed_count < ELF_NEEDED_MAX)
            needed[needed_count++] = value;
    }
    ret->names = at_address(r, names_at, names_bytes);
    ret->soname = soname == UINT64_MAX ? TEXT_UNKNOWN : name_at(ret->names, soname);
    struct text *items = arena_alloc(arena, needed_count + 1, sizeof *items);
    size_t count = 0;
    for (size_t i = 0; items && i < needed_count; i++) {
        items[count] = name_at(ret->names, needed[i]);
        count += text_known(items[count]);
    }
    ret->needed = (struct text_list){ .items = items, .count = count };
    r->cut |= count < needed_count;
    if (symbols_at)
        read_symbols(r, symbols_at, hash, gnu_hash, ret);
    ret->canary = ret->names.len && memmem(ret->names.at, ret->names.len, "__stack_chk_fail", 16);
}

static void read_notes(const struct reader *r, struct bytes notes, struct arena *arena, struct elf *ret)
{
    struct cursor c = cursor_over(notes);

    while (c.rest.len >= 12) {
        const uint32_t name_bytes = (uint32_t)number(r, &c, 4), value_bytes = (uint32_t)number(r, &c, 4);
        const uint32_t type = (uint32_t)number(r, &c, 4);
        const struct bytes name = cursor_take(&c, name_bytes);
        cursor_skip(&c, -name_bytes & 3);
        const struct bytes value = cursor_take(&c, value_bytes);
        if (c.failed)
            return;
        if (type == BUILD_ID_NOTE && bytes_equal(name, "GNU", 4) && value.len > 0 && value.len <= BUILD_ID_BYTES_MAX) {
            char hex[2 * BUILD_ID_BYTES_MAX];
            hash_hex(value.at, value.len, hex);
            ret->build_id = arena_text(arena, (struct text){ .at = hex, .len = 2 * value.len });
            return;
        }
        cursor_skip(&c, -value_bytes & 3);
    }
}

static const char *processor_of(uint16_t machine)
{
    static const struct { uint16_t machine; const char *name; } table[] = {
        { 3, "x86" }, { 8, "mips" }, { 40, "arm" }, { 62, "x86_64" }, { 183, "arm64" }, { 243, "riscv64" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].machine == machine)
            return table[i].name;
    return "other";
}

enum parse_status elf_parse(struct bytes whole, struct arena *arena, struct elf *ret)
{
    struct reader r = { .whole = whole };
    struct cursor c = cursor_over(whole);

    if (!elf_recognise(whole))
        return PARSE_INVALID;
    r.wide = whole.at[4] == 2;
    r.big = whole.at[5] == 2;
    cursor_skip(&c, 16);
    const uint16_t kind = (uint16_t)number(&r, &c, 2);
    const uint16_t machine = (uint16_t)number(&r, &c, 2);
    cursor_skip(&c, 4);
    (void)word(&r, &c); /* entry */
    const uint64_t segments_at = word(&r, &c);
    (void)word(&r, &c); /* sections */
    cursor_skip(&c, 6);
    const uint16_t segment_bytes = (uint16_t)number(&r, &c, 2), segment_count = (uint16_t)number(&r, &c, 2);
    *ret = (struct elf){ .processor = processor_of(machine), .fixed_address = kind == KIND_PROGRAM };
    if (c.failed)
        return PARSE_TRUNCATED;
    read_segments(&r, segments_at, segment_bytes, segment_count);
    for (size_t i = 0; i < r.segment_count; i++) {
        const struct segment *s = &r.segments[i];
        const struct bytes content = bytes_part(whole, s->offset, s->bytes);
        if (s->type == SEGMENT_DYNAMIC)
            read_dynamic(&r, content, arena, ret);
        else if (s->type == SEGMENT_NOTE && !text_known(ret->build_id))
            read_notes(&r, content, arena, ret);
        else if (s->type == SEGMENT_RELRO)
            ret->relro = true;
        else if (s->type == SEGMENT_STACK) {
            ret->stack_stated = true;
            ret->executable_stack = s->flags & FLAG_EXECUTE;
        }
        r.cut |= content.len < s->bytes;
    }
    return r.cut || r.segment_count == 0 ? PARSE_TRUNCATED : PARSE_OK;
}

bool elf_next_java_name(struct bytes names, size_t *at, struct text *ret)
{
    while (*at < names.len) {
        const uint8_t *found = memmem(names.at + *at, names.len - *at, "\0Java_", 6);
        if (!found)
            break;
        const struct text name = name_at(names, (uint64_t)(found + 1 - names.at));
        *at = (size_t)(found + 1 - names.at);
        if (!text_known(name))
            break;
        *at += name.len;
        *ret = name;
        return true;
    }
    *at = names.len;
    return false;
}
