#ifndef LEASH_PACKET_PCAPNG_BLOCK_H
#define LEASH_PACKET_PCAPNG_BLOCK_H

#include "evidence/reading.h"
#include "packet/name.h"

/* The blocks of pcapng: draft-ietf-opsawg-pcapng, section 4. */
#define BLOCK_SECTION 0x0a0d0d0au
enum {
    BLOCK_INTERFACE = 1, BLOCK_PACKET_OLD = 2, BLOCK_SIMPLE = 3, BLOCK_NAMES = 4, BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED = 6, BLOCK_SECRETS = 10,
    BLOCK_HEAD = 8, BLOCK_MIN = 12,
};

struct pcapng_block {
    uint32_t type, total_len;
    bool big_endian;
    bool sane;             /* the length in its head may be one */
    uint64_t offset;       /* in the item */
    struct bytes body;     /* as much as is there */
};

struct pcapng_interface {
    uint32_t link_type, snap_len;
    uint8_t resolution;         /* if_tsresol */
    int64_t offset_s;           /* if_tsoffset */
    char name[64];              /* cut to fit; empty: none */
    /* What the recorder says it lost: in its statistics, and packet by packet. */
    uint64_t dropped_stated, dropped_counted;
    uint64_t drops_offset;      /* where it says so first */
};

/* False: the description is cut. */
bool pcapng_interface_parse(const struct pcapng_block *b, struct pcapng_interface *ret);

struct pcapng_packet {
    uint32_t interface;
    uint64_t ticks;
    bool has_ticks;
    uint32_t captured_len;      /* as stated; `data` may be less */
    uint64_t original_len;
    struct bytes data;
    struct bytes options;
    uint32_t dropped;           /* between the packet before and this one; 0 where it is not known */
};

/* Of an enhanced, a simple or an old packet block; `snap_len` is the first interface's (simple ones are cut
 * to it and do not say so), 0: none.  False: too short. */
bool pcapng_packet_parse(const struct pcapng_block *b, uint32_t snap_len, struct pcapng_packet *ret);

/* Options: code, value, in the order of the block.  False behind the last.  `c` is over them, in the
 * block's order. */
enum {
    OPTION_END = 0, OPTION_COMMENT = 1,
    OPTION_SECTION_HARDWARE = 2, OPTION_SECTION_OS = 3, OPTION_SECTION_APPLICATION = 4,
    OPTION_INTERFACE_NAME = 2, OPTION_INTERFACE_DESCRIPTION = 3, OPTION_INTERFACE_RESOLUTION = 9,
    OPTION_INTERFACE_FILTER = 11, OPTION_INTERFACE_OFFSET = 14,
    OPTION_PACKET_DROPPED = 4,
    OPTION_STATISTICS_INTERFACE_DROPPED = 5, OPTION_STATISTICS_SYSTEM_DROPPED = 7,
};
bool pcapng_option(struct cursor *c, bool big_endian, uint16_t *code, struct bytes *value);

/* Takes the counters of a statistics block to its interface. */
void pcapng_statistics(const struct pcapng_block *b, struct pcapng_interface *interfaces, uint32_t count);

/* What a file says besides its packets, as `setting` rows of the subject `capture` (doc/case.md). */
struct pcapng_notes;

struct pcapng_notes *pcapng_notes_new(void);
void pcapng_note_section(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b);
void pcapng_note_interface(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b,
                           const struct pcapng_interface *i);
/* Comments of a packet, and what was dropped before it. */
void pcapng_note_packet(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b,
                        const struct pcapng_packet *x, struct pcapng_interface *i, int64_t number);
/* Names for addresses go to `names`. */
void pcapng_names(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b, struct names *names);
void pcapng_note_secrets(struct pcapng_notes *n, struct reading *r, const struct pcapng_block *b);
/* Tells what the recorder lost on the interface. */
void pcapng_note_drops(struct reading *r, const struct pcapng_interface *i, uint32_t number);
/* Tells what was left out, and frees. */
void pcapng_notes_end(struct pcapng_notes *n, struct reading *r);

#endif
