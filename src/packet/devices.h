#ifndef LEASH_PACKET_DEVICES_H
#define LEASH_PACKET_DEVICES_H

#include "evidence/reading.h"
#include "fact/fact.h"

/* Devices that protocols told about (DHCP, mDNS, user agents ...).  What several of them
 * say about one hardware address goes together into one row, unless it contradicts.
 * Bounded: behind DEVICES_MAX no new ones are taken in, and a damage row says so. */
enum { DEVICES_MAX = 1024, DEVICE_TEXT_MAX = 256 /* of each text */ };

struct devices;

struct devices *devices_new(void);
void devices_free(struct devices *d); /* NULL is fine */

/* Takes in what is known of a device; texts are copied.  Gives the number that its row will
 * have, for REF fields, or FACT_UNKNOWN_INT when there is no room or nothing is known.  `sent_by`: see
 * conversation_device. */
int64_t devices_learn(struct devices *d, struct fact_sink *facts, const struct fact_device *row, struct text sent_by);

/* Puts the rows of devices that are new, or of which more is known than was put last. */
void devices_put_news(struct devices *d, struct reading *r);

/* The same when all is over, in the order in which the devices were met; tells of those left out. */
void devices_put(struct devices *d, struct reading *r);

#endif
