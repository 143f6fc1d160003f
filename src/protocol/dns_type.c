#include "protocol/dns_type.h"

#include <stdio.h>

#include "protocol/dns_message.h"

/* Types with their names (IANA, Domain Name System Parameters) and forms: RFC 1035, 3.3; RFC 1183 (RP, AFSDB, RT),
 * 1706 (NSAP-PTR), 2163 (PX), 2230 (KX), 2782 (SRV), 3403 (NAPTR), 3596 (AAAA), 4025 (IPSECKEY), 4034 (DS, RRSIG,
 * NSEC, DNSKEY), 4255 (SSHFP), 4398 (CERT), 5155 (NSEC3), 6672 (DNAME), 6698 (TLSA), 6742 (NID, L32, L64, LP), 7043
 * (EUI48, EUI64), 7477 (CSYNC), 7553 (URI), 7929 (OPENPGPKEY), 8005 (HIP), 8659 (CAA), 8777 (AMTRELAY), 8976 (ZONEMD),
 * 9460 (SVCB, HTTPS). */
static const struct {
    uint16_t type;
    const char *name, *form;
} types[] = {
    { DNS_A, "A", "a" },                 { DNS_NS, "NS", "n" },               { 3, "MD", "n" },
    { 4, "MF", "n" },                    { DNS_CNAME, "CNAME", "n" },         { DNS_SOA, "SOA", "nn44444" },
    { 7, "MB", "n" },                    { 8, "MG", "n" },                    { 9, "MR", "n" },
    { 10, "NULL", NULL },                { 11, "WKS", NULL },                 { DNS_PTR, "PTR", "n" },
    { 13, "HINFO", "ss" },               { 14, "MINFO", "nn" },               { DNS_MX, "MX", "2n" },
    { DNS_TXT, "TXT", "t" },             { 17, "RP", "nn" },                  { 18, "AFSDB", "2n" },
    { 19, "X25", "s" },                  { 21, "RT", "2n" },                  { 23, "NSAP-PTR", "n" },
    { 24, "SIG", "y114dd2nb" },          { 25, "KEY", "211b" },               { 26, "PX", "2nn" },
    { DNS_AAAA, "AAAA", "A" },           { 29, "LOC", NULL },                 { 30, "NXT", NULL },
    { DNS_SRV, "SRV", "222n" },          { 35, "NAPTR", "22sssn" },           { 36, "KX", "2n" },
    { 37, "CERT", "221b" },              { 38, "A6", NULL },                  { DNS_DNAME, "DNAME", "n" },
    { DNS_OPT, "OPT", NULL },            { 42, "APL", "P" },                  { 43, "DS", "211x" },
    { 44, "SSHFP", "11x" },              { 45, "IPSECKEY", "1k1gb" },         { DNS_RRSIG, "RRSIG", "y114dd2nb" },
    { 47, "NSEC", "nm" },                { 48, "DNSKEY", "211b" },            { 49, "DHCID", "b" },
    { 50, "NSEC3", "112lom" },           { 51, "NSEC3PARAM", "112l" },        { 52, "TLSA", "111x" },
    { 53, "SMIMEA", "111x" },            { 55, "HIP", "i" },                  { 59, "CDS", "211x" },
    { 60, "CDNSKEY", "211b" },           { 61, "OPENPGPKEY", "b" },           { 62, "CSYNC", "42m" },
    { 63, "ZONEMD", "411x" },            { DNS_SVCB, "SVCB", "v" },           { DNS_HTTPS, "HTTPS", "v" },
    { DNS_SPF, "SPF", "t" },             { 104, "NID", "2x" },                { 105, "L32", "2a" },
    { 106, "L64", "2x" },                { 107, "LP", "2n" },                 { 108, "EUI48", "x" },
    { 109, "EUI64", "x" },               { 249, "TKEY", NULL },               { 250, "TSIG", NULL },
    { 251, "IXFR", NULL },               { 252, "AXFR", NULL },               { 253, "MAILB", NULL },
    { 254, "MAILA", NULL },              { 255, "ANY", NULL },                { 256, "URI", "22q" },
    { DNS_CAA, "CAA", "1wp" },           { 260, "AMTRELAY", "1Kg" },          { 32769, "DLV", "211x" },
};

static size_t place_of(uint16_t type)
{
    size_t i = 0;

    while (i < sizeof types / sizeof *types && types[i].type != type)
        i++;
    return i;
}

struct text dns_type_text(uint16_t type, char into[DNS_TYPE_TEXT_MAX])
{
    const size_t place = place_of(type);

    if (place < sizeof types / sizeof *types)
        return text_of(types[place].name);
    const int len = snprintf(into, DNS_TYPE_TEXT_MAX, "TYPE%u", type);
    return (struct text){ .at = into, .len = (size_t)len };
}

const char *dns_type_form(uint16_t type)
{
    const size_t place = place_of(type);

    return place < sizeof types / sizeof *types ? types[place].form : NULL;
}

struct text dns_response_text(uint8_t response_code, struct arena *arena)
{
    /* RFC 1035, 4.1.1; RFC 2136, 2.2 */
    static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                         "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE" };

    if (response_code < sizeof names / sizeof *names)
        return text_of(names[response_code]);
    return arena_printf(arena, "RCODE%u", response_code);
}
