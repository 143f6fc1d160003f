#include "protocol/port_name.h"

#include <stddef.h>

/* By port; names as the registry has them, except those marked. */
static const struct {
    uint16_t port;
    const char *name;
} ports[] = {
    { 7, "echo" }, { 13, "daytime" }, { 20, "ftp-data" }, { 21, "ftp" }, { 22, "ssh" }, { 23, "telnet" },
    { 25, "smtp" }, { 37, "time" }, { 43, "nicname" }, { 49, "tacacs" }, { 53, "domain" }, { 67, "bootps" },
    { 68, "bootpc" }, { 69, "tftp" }, { 79, "finger" }, { 80, "http" }, { 88, "kerberos" }, { 102, "iso-tsap" },
    { 110, "pop3" }, { 111, "sunrpc" }, { 113, "ident" }, { 119, "nntp" }, { 123, "ntp" }, { 135, "epmap" },
    { 137, "netbios-ns" }, { 138, "netbios-dgm" }, { 139, "netbios-ssn" }, { 143, "imap" }, { 161, "snmp" },
    { 162, "snmptrap" }, { 179, "bgp" }, { 194, "irc" }, { 319, "ptp-event" }, { 320, "ptp-general" },
    { 389, "ldap" }, { 427, "svrloc" }, { 443, "https" }, { 445, "microsoft-ds" }, { 464, "kpasswd" },
    { 465, "submissions" }, { 500, "isakmp" }, { 502, "mbap" }, { 514, "syslog" }, { 515, "printer" },
    { 520, "router" }, { 546, "dhcpv6-client" }, { 547, "dhcpv6-server" }, { 548, "afpovertcp" }, { 554, "rtsp" },
    { 587, "submission" }, { 623, "asf-rmcp" }, { 631, "ipp" }, { 636, "ldaps" }, { 646, "ldp" }, { 853, "domain-s" },
    { 873, "rsync" }, { 989, "ftps-data" }, { 990, "ftps" }, { 992, "telnets" }, { 993, "imaps" }, { 995, "pop3s" },
    { 1080, "socks" }, { 1194, "openvpn" }, { 1433, "ms-sql-s" }, { 1434, "ms-sql-m" }, { 1521, "ncube-lm" },
    { 1701, "l2tp" }, { 1719, "h323gatestat" }, { 1720, "h323hostcall" }, { 1723, "pptp" }, { 1812, "radius" },
    { 1813, "radius-acct" }, { 1883, "mqtt" }, { 1900, "ssdp" }, { 1935, "macromedia-fcs" }, { 2049, "nfs" },
    { 2152, "gtp-user" }, { 2404, "iec-104" }, { 3074, "xbox" }, { 3128, "ndl-aas" }, { 3260, "iscsi-target" },
    { 3268, "msft-gc" }, { 3306, "mysql" }, { 3389, "ms-wbt-server" }, { 3478, "stun" }, { 3544, "teredo" },
    { 3702, "ws-discovery" }, { 4222, "nats" /* by use */ }, { 4433, "vop" }, { 4500, "ipsec-nat-t" },
    { 4789, "vxlan" }, { 5000, "commplex-main" }, { 5004, "avt-profile-1" }, { 5005, "avt-profile-2" },
    { 5037, "adb" /* by use */ }, { 5060, "sip" }, { 5061, "sips" }, { 5222, "xmpp-client" }, { 5223, "hpvirtgrp" },
    { 5228, "hpvroom" }, { 5269, "xmpp-server" }, { 5349, "stuns" }, { 5351, "nat-pmp" }, { 5353, "mdns" },
    { 5355, "llmnr" }, { 5432, "postgresql" }, { 5555, "personal-agent" }, { 5671, "amqps" }, { 5672, "amqp" },
    { 5683, "coap" }, { 5684, "coaps" }, { 5760, "mavlink" /* by use: ArduPilot */ }, { 5900, "rfb" },
    { 5985, "wsman" }, { 5986, "wsmans" }, { 6379, "redis" }, { 6443, "sun-sr-https" }, { 6653, "openflow" },
    { 6881, "bittorrent" /* by use */ }, { 8000, "irdmi" }, { 8008, "http-alt" },
    { 8009, "cast" /* by use: Google Cast */ }, { 8080, "http-alt" }, { 8443, "pcsync-https" }, { 8554, "rtsp-alt" },
    { 8883, "secure-mqtt" }, { 9001, "tor" /* by use */ }, { 9092, "XmlIpcRegSvc" }, { 9100, "pdl-datastream" },
    { 9993, "palace-2" }, { 10000, "ndmp" }, { 11211, "memcache" }, { 14540, "mavlink" /* by use: PX4 */ },
    { 14550, "mavlink" /* by use: ground stations */ }, { 14555, "mavlink" /* by use */ }, { 20000, "dnp" },
    { 27017, "mongodb" /* by use */ }, { 44818, "EtherNet-IP-2" }, { 47808, "bacnet" },
    { 51820, "wireguard" /* by use */ },
};

struct text port_name(int64_t port)
{
    size_t from = 0, to = sizeof ports / sizeof *ports;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (ports[middle].port == port)
            return text_of(ports[middle].name);
        if (ports[middle].port < port)
            from = middle + 1;
        else
            to = middle;
    }
    return TEXT_UNKNOWN;
}
