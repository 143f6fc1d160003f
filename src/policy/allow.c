#include "base/network.h"
#include "policy/policy.h"

/* What may be sent to: allowed_destinations of the policy. */

static struct text without_dot(struct text host)
{
    while (host.len && host.at[host.len - 1] == '.')
        host.len--;
    return host;
}

bool host_is_under(struct text host, struct text suffix)
{
    host = without_dot(host);
    suffix = without_dot(suffix);
    if (suffix.len == 0 || host.len < suffix.len)
        return false;
    const size_t before = host.len - suffix.len;
    const struct text end = { .at = host.at + before, .len = suffix.len };
    return text_equal_ignoring_case(end, suffix) && (before == 0 || host.at[before - 1] == '.');
}

static bool address_in(struct text address, struct text prefix)
{
    struct network a, n;

    return network_address(address, &a) && network_parse(prefix, &n) && network_holds(&n, &a);
}

static bool port_is(struct text port, int64_t number)
{
    int64_t n;

    return text_to_int(port, 1, 65535, &n) && n == number;
}

/* "CN/US": owners with two seats.  All of them must be allowed. */
static bool country_in(struct text country, const struct text_list *allowed)
{
    size_t from = 0, to;

    for (; from <= country.len; from = to + 1) {
        size_t i = 0;
        for (to = from; to < country.len && country.at[to] != '/';)
            to++;
        const struct text one = { .at = country.at + from, .len = to - from };
        while (i < allowed->count && !text_equal(allowed->items[i], one))
            i++;
        if (i == allowed->count)
            return false;
    }
    return text_known(country);
}

static bool any(const struct text_list *list, struct text value, bool (*fits)(struct text, struct text))
{
    for (size_t i = 0; text_known(value) && i < list->count; i++)
        if (fits(value, list->items[i]))
            return true;
    return list->count == 0;
}

static bool any_port(const struct text_list *list, int64_t port)
{
    for (size_t i = 0; i < list->count; i++)
        if (port_is(list->items[i], port))
            return true;
    return list->count == 0;
}

bool policy_allows(const struct policy *p, const struct recipient *to)
{
    for (size_t i = 0; i < p->allowance_count; i++) {
        const struct allowance *a = &p->allowances[i];
        if (a->hosts.count + a->owners.count + a->countries.count + a->addresses.count + a->ports.count == 0)
            continue; /* an entry that names nobody allows nobody */
        if (any(&a->hosts, to->host, host_is_under) && any(&a->owners, to->owner, text_equal_ignoring_case) &&
            any(&a->addresses, to->address, address_in) && any(&a->phases, to->phase, text_equal_ignoring_case) &&
            any_port(&a->ports, to->port) && (a->countries.count == 0 || country_in(to->country, &a->countries)))
            return true;
    }
    return false;
}
