#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

static void check_list(struct text_list list)
{
    for (size_t i = 0; i < list.count; i++)
        check(list.items[i].len > 0 && memchr(list.items[i].at, 0, list.items[i].len) == NULL);
}

/* A policy is read, and what it says is in range; or refused, with a message. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct policy *p = NULL;
    struct policy_error error;

    memset(&error, 0xff, sizeof error);
    if (policy_parse(TEXT("input"), (struct text){ .at = (const char *)data, .len = size }, &p, &error)) {
        check(memchr(error.message, 0, sizeof error.message) != NULL && error.message[0] != 0);
        check(memchr(error.file, 0, sizeof error.file) != NULL);
        check(error.line >= 0 && error.line <= (int)size + 2 && error.column >= 0);
        return 0;
    }
    check(p->profiles.count > 0);
    check(p->unreadable_share_max >= 0 && p->unreadable_share_max <= 1);
    check(p->flight_coverage_min >= 0 && p->flight_coverage_min <= 1);
    check(p->fail_on >= SEVERITY_INFO && p->fail_on <= SEVERITY_CRITICAL);
    check_list(p->profiles);
    for (size_t i = 0; i < p->list_count; i++)
        check_list(p->lists[i].words);
    for (size_t i = 0; i < p->value_count; i++)
        check(p->values[i].nth >= 0 && text_known(p->values[i].list));
    const struct recipient somebody = { TEXT("a.example"), TEXT("b"), TEXT("CN/US"), TEXT("192.0.2.1"), TEXT("idle"),
                                        443 };
    (void)policy_allows(p, &somebody);
    (void)policy_acceptance(p, TEXT("leak"), TEXT("a.example"), 0);
    for (size_t i = 0; i < p->attestation_count; i++)
        check(p->attestations[i].until_utc_ns >= p->attestations[i].when_utc_ns);
    policy_free(p);
    return 0;
}
