#include "broadcast/mavlink.h"
#include "packet/conversation.h"
#include "protocol/dhcp.h"
#include "protocol/dns.h"
#include "protocol/duml.h"
#include "protocol/ftp_data.h"
#include "protocol/http1.h"
#include "protocol/http2.h"
#include "protocol/line_protocol.h"
#include "protocol/mqtt.h"
#include "protocol/ntp.h"
#include "protocol/quic.h"
#include "protocol/rtc.h"
#include "protocol/rtmp.h"
#include "protocol/rtsp.h"
#include "protocol/socks.h"
#include "protocol/srt.h"
#include "protocol/ssdp.h"
#include "protocol/starttls.h"
#include "protocol/tls.h"
#include "protocol/vpn.h"

/* By port where the port is part of the protocol's name, then by content: the surest first, and of those the
 * ones that are met most. */
const struct protocol *const protocols[] = {
    &mdns_protocol,
    &llmnr_protocol,
    &nbns_protocol,
    &dns_protocol,
    &ssdp_protocol,
    &dhcp_protocol,
    &dhcpv6_protocol,
    &ntp_protocol,
    &ipsec_protocol,
    &l2tp_protocol,
    &pptp_protocol,
    &teredo_protocol,
    &tls_protocol,
    &ftp_data_protocol,
    &http1_protocol,
    &http2_protocol,
    &rtsp_protocol,
    &mqtt_protocol,
    &ssh_protocol,
    &smtp_protocol,
    &ftp_protocol,
    &imap_protocol,
    &pop3_protocol,
    &xmpp_protocol,
    &ldap_protocol,
    &postgresql_protocol,
    &mysql_protocol,
    &socks_protocol,
    &rtmp_protocol,
    &mavlink_protocol,
    &duml_protocol,
    &stun_protocol,
    &dtls_protocol,
    &quic_protocol,
    &wireguard_protocol,
    &openvpn_protocol,
    &srt_protocol,
    &rtp_protocol,
};
const size_t protocol_count = sizeof protocols / sizeof *protocols;
