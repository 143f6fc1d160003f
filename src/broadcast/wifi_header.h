#ifndef LEASH_BROADCAST_WIFI_HEADER_H
#define LEASH_BROADCAST_WIFI_HEADER_H

#include "base/cursor.h"

/* What a capturing radio puts before an IEEE 802.11 frame.  Sources: tcpdump.org/linktypes;
 * radiotap.org (fields defined); the-tcpdump-group/libpcap (prism and AVS share 119);
 * CACE PPI header format 1.0.7. */
enum {
    LINKTYPE_IEEE802_11 = 105, LINKTYPE_PRISM = 119, LINKTYPE_RADIOTAP = 127,
    LINKTYPE_AVS = 163, LINKTYPE_PPI = 192,
};

struct wifi_header {
    struct bytes frame;   /* the 802.11 frame without its check sequence, as much as was captured */
    int frequency_mhz;    /* where the receiver was tuned; 0: unknown */
    int signal_dbm;       /* 0: unknown */
    bool bad_check;       /* the radio says that the frame's check sequence is wrong */
    bool padded;          /* the MAC header is filled up to four bytes */
};

/* `original_len` is the length of the whole record on the wire.  Where the header does not
 * tell whether a check sequence ends the frame, the sequence itself decides (CRC-32 of all
 * before it).  TRUNCATED: cut within the header; INVALID: it contradicts itself;
 * UNSUPPORTED: another version of the header, or not 802.11 behind it. */
__attribute__((warn_unused_result))
enum parse_status wifi_header_parse(uint32_t link_type, struct bytes record, uint64_t original_len,
                                    struct wifi_header *ret);

#endif
