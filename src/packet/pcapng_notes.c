#include "packet/pcapng_block.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

enum { ROWS_MAX = 256, TEXT_BYTES_MAX = 4096 };

struct pcapng_notes {
    uint64_t rows, rows_left_out;
    uint64_t names, names_left_out;
    uint64_t names_offset, left_out_offset;
};

struct pcapng_notes *pcapng_notes_new(void)
{
    return memory_alloc_array(1, sizeof(struct pcapng_notes));
}

static struct text text_of_option(struct bytes value)
{
    const uint8_t *nul = value.len ? memchr(value.at, 0, value.len) : NULL; /* some end their texts so */

    if (nul)
        value.len = (size_t)(nul - value.at);
    if (value.len > TEXT_BYTES_MAX)
        value.len = TEXT_BYTES_MAX;
    return value.len ? text_of_bytes(value) : TEXT_UNKNOWN;
}

static void note(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b, int64_t packet,
                 const char *name,
                 struct text value, struct text detail)
{
    struct fact_setting row;

    if (!text_known(value))
        return;
    if (n->rows >= ROWS_MAX) {
        if (n->rows_left_out++ == 0)
            n->left_out_offset = b->offset;
        return;
    }
    n->rows++;
    fact_init(FACT_SETTING, &row);
    row.head.origin = fact_origin_at(b->offset, b->total_len);
    row.head.origin.packet_first = row.head.origin.packet_last = packet;
    row.subject = TEXT("capture");
    row.name = text_of(name);
    row.value = value;
    row.detail = detail;
    fact_put(r->facts, FACT_SETTING, &row);
}

void pcapng_note_section(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b)
{
    static const char *const names[] = {
        [OPTION_COMMENT] = "capture_comment",         [OPTION_SECTION_HARDWARE] = "capture_hardware",
        [OPTION_SECTION_OS] = "capture_system",       [OPTION_SECTION_APPLICATION] = "capture_application",
    };
    struct cursor c = cursor_over(b->body);
    struct bytes value;
    uint16_t code;

    cursor_skip(&c, 4 + 2 + 2 + 8); /* byte order, version, section's length */
    while (pcapng_option(&c, b->big_endian, &code, &value))
        if (code < sizeof names / sizeof *names && names[code])
            note(n, r, b, FACT_UNKNOWN_INT, names[code], text_of_option(value), TEXT_UNKNOWN);
}

static struct text interface_name(const struct pcapng_interface *i)
{
    return i->name[0] ? text_of(i->name) : TEXT_UNKNOWN;
}

/* The first byte of if_filter says what the rest is: 0 is the text of a filter of libpcap. */
static struct text filter_text(struct bytes value)
{
    return value.len > 1 && value.at[0] == 0 ? text_of_option(bytes_part(value, 1, UINT64_MAX)) : TEXT("(not a text)");
}

void pcapng_note_interface(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b,
                           const struct pcapng_interface *i)
{
    struct text description = TEXT_UNKNOWN;
    struct cursor c = cursor_over(b->body);
    struct bytes value;
    uint16_t code;

    cursor_skip(&c, 8);
    const struct cursor options = c;
    while (pcapng_option(&c, b->big_endian, &code, &value))
        if (code == OPTION_INTERFACE_DESCRIPTION)
            description = text_of_option(value);
    const struct text name = interface_name(i);
    note(n, r, b, FACT_UNKNOWN_INT, "capture_interface", text_known(name) ? name : description,
         text_known(name) ? description : TEXT_UNKNOWN);
    c = options;
    while (pcapng_option(&c, b->big_endian, &code, &value)) {
        if (code == OPTION_INTERFACE_FILTER && value.len > 0)
            note(n, r, b, FACT_UNKNOWN_INT, "capture_filter", filter_text(value), name);
        else if (code == OPTION_COMMENT)
            note(n, r, b, FACT_UNKNOWN_INT, "capture_comment", text_of_option(value), name);
    }
}

void pcapng_note_packet(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b,
                        const struct pcapng_packet *x, struct pcapng_interface *i, int64_t number)
{
    struct cursor c = cursor_over(x->options);
    struct bytes value;
    char detail[32];
    uint16_t code;

    if (x->dropped > 0) {
        if (i->dropped_stated == 0 && i->dropped_counted == 0)
            i->drops_offset = b->offset;
        i->dropped_counted += x->dropped;
    }
    while (pcapng_option(&c, b->big_endian, &code, &value)) {
        if (code != OPTION_COMMENT)
            continue;
        snprintf(detail, sizeof detail, "packet %lld", (long long)number);
        note(n, r, b, number, "capture_comment", text_of_option(value), text_of(detail));
    }
}

/* Both may have counted the same losses. */
void pcapng_note_drops(struct reading *r, const struct pcapng_interface *i, uint32_t number)
{
    const uint64_t lost = i->dropped_stated > i->dropped_counted ? i->dropped_stated : i->dropped_counted;

    if (lost == 0)
        return;
    reading_damage(r, i->drops_offset, FACT_UNKNOWN_INT, (int64_t)(lost < INT64_MAX ? lost : INT64_MAX),
                   "the recorder says that it lost %llu packets on interface %lu%s%s: they are not in this capture",
                   (unsigned long long)lost, (unsigned long)number, i->name[0] ? ", " : "", i->name);
}

void pcapng_names(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b, struct names *names)
{
    enum { RECORD_END = 0, RECORD_IPV4 = 1, RECORD_IPV6 = 2 };
    struct cursor c = cursor_over(b->body);
    struct bytes value;
    uint16_t type;

    while (pcapng_option(&c, b->big_endian, &type, &value)) { /* records have the form of options */
        const size_t address_len = type == RECORD_IPV4 ? 4 : 16;
        struct address address;
        if ((type != RECORD_IPV4 && type != RECORD_IPV6) || value.len <= address_len)
            continue;
        if (type == RECORD_IPV4)
            address = address_of_ipv4(value.at);
        else
            memcpy(address.at, value.at, sizeof address.at);
        if (n->names == 0 && n->names_left_out == 0)
            n->names_offset = b->offset;
        if (names_give(names, &address, text_of_option(bytes_part(value, address_len, UINT64_MAX))))
            n->names++;
        else
            n->names_left_out++;
    }
}

/* Kinds of secrets: draft-ietf-opsawg-pcapng, 4.7. */
static const char *secrets_kind(uint32_t kind)
{
    switch (kind) {
    case 0x544c534b: return "TLS key log";
    case 0x57474b4c: return "WireGuard key log";
    case 0x5353484b: return "SSH key log";
    case 0x5a4e574b: return "ZigBee network key";
    case 0x5a415053: return "ZigBee application key";
    case 0x55414b4c: return "OPC UA key log";
    default:         return "of another kind";
    }
}

/* The keys themselves are secrets and never a value. */
void pcapng_note_secrets(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b)
{
    struct cursor c = cursor_over(b->body);
    const uint32_t kind = b->big_endian ? cursor_u32be(&c) : cursor_u32le(&c);
    const uint32_t len = b->big_endian ? cursor_u32be(&c) : cursor_u32le(&c);
    char detail[64];

    if (c.failed) {
        reading_damage(r, b->offset, (int64_t)b->total_len, 1, "a block of secrets is cut");
        return;
    }
    snprintf(detail, sizeof detail, "%lu bytes", (unsigned long)len);
    note(n, r, b, FACT_UNKNOWN_INT, "capture_secrets", text_of(secrets_kind(kind)), text_of(detail));
}

void pcapng_notes_end(struct pcapng_notes *n, struct reading *r)
{
    if (n->rows_left_out)
        reading_damage(r, n->left_out_offset, 0, (int64_t)n->rows_left_out,
                       "the capture has more than %d comments and descriptions; the others are left out", ROWS_MAX);
    if (n->names_left_out)
        reading_damage(r, n->names_offset, 0, (int64_t)n->names_left_out,
                       "%llu names that the capture gives for addresses are left out: too many, or none at all",
                       (unsigned long long)n->names_left_out);
    free(n);
}
