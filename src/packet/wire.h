#ifndef LEASH_PACKET_WIRE_H
#define LEASH_PACKET_WIRE_H

#include <stdint.h>
#include <string.h>

/* Fields of a fixed header that was taken from a cursor as a whole.  This is the path of
 * every packet, where asking for each field by itself doubles the time. */
static inline uint16_t wire_u16be(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

static inline uint32_t wire_u32be(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint32_t wire_u32le(const uint8_t *at)
{
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

#endif
