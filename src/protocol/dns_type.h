#ifndef LEASH_PROTOCOL_DNS_TYPE_H
#define LEASH_PROTOCOL_DNS_TYPE_H

#include <stdint.h>

/* What the data of a record type is made of, a letter for each part; those in the second group go to its end. */
enum dns_form {
    DNS_FORM_U8 = '1', DNS_FORM_U16 = '2', DNS_FORM_U32 = '4', DNS_FORM_NAME = 'n', DNS_FORM_IPV4 = 'a',
    DNS_FORM_IPV6 = 'A', DNS_FORM_TYPE = 'y', DNS_FORM_DATE = 'd',
    DNS_FORM_STRING = 's',         /* <character-string>, in quotes */
    DNS_FORM_WORD = 'w',           /* the same without */
    DNS_FORM_SALT = 'l',           /* length and bytes, as hex; "-" when empty */
    DNS_FORM_BASE32 = 'o',         /* length and bytes, as base32 */
    DNS_FORM_KIND = 'k',           /* one byte: the kind of the gateway behind it */
    DNS_FORM_RELAY_KIND = 'K',     /* the same with a flag in its highest bit */
    DNS_FORM_GATEWAY = 'g',
    DNS_FORM_HOST_IDENTITY = 'i', DNS_FORM_SERVICE = 'v',

    DNS_FORM_HEX = 'x', DNS_FORM_BASE64 = 'b', DNS_FORM_QUOTED = 'q', DNS_FORM_PLAIN = 'p', DNS_FORM_TEXTS = 't',
    DNS_FORM_BITMAP = 'm', DNS_FORM_PREFIXES = 'P',
};

/* NULL for types whose data has no form here. */
const char *dns_type_form(uint16_t type);

#endif
