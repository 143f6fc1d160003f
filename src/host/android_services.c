#include "host/host.h"

#include <string.h>

#include "base/hash.h"

/* Smaller outputs of Android's `dumpsys`:
 *
 *   account           AOSP services/.../accounts/AccountManagerService.java, dumpUser:
 *                       User UserInfo{0:Owner:c13}:
 *                         Accounts: 1
 *                           Account {name=NAME, type=com.google}
 *   telephony.registry  .../server/TelephonyRegistry.java, dump: "last known state:", for each
 *                     slot "Phone Id=N", "mServiceState=...", "mDataConnectionState=N"
 *   device_policy     .../devicepolicy/DevicePolicyManagerService.java and Owners.java, dump:
 *                       Device Owner: / Profile Owner (User 10): with "package=NAME" below,
 *                       Enabled Device Admins (User 0, ...): with COMPONENT:
 *
 * The name of an account is often a person's address, also of one who has nothing to do with
 * the case.  It is kept as a digest only: SHA-256 of the name in lower case, in hexadecimal,
 * which also is the form in which advertising networks exchange such addresses, so that one
 * that was sent is found. */

bool account_recognise(const struct host_head *head)
{
    return head->count > 1 && text_starts_with(head->lines[0], TEXT("User UserInfo{")) &&
           text_starts_with(line_trim(head->lines[1]), TEXT("Accounts: "));
}

static void put_account_digest(struct host *h, struct text name, const struct line *line)
{
    enum { NAME_MAX_BYTES = 256 };
    uint8_t lower[NAME_MAX_BYTES], digest[SHA256_BYTES];
    char hex[SHA256_HEX];

    if (name.len == 0 || name.len > sizeof lower)
        return;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = (uint8_t)(name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] + 'a' - 'A' : name.at[i]);
    sha256_of((struct bytes){ .at = lower, .len = name.len }, digest);
    hash_hex(digest, sizeof digest, hex);
    host_identifier(h, "account_digest", (struct text){ .at = hex, .len = sizeof hex }, line->at);
}

/* "Account {name=NAME, type=TYPE}"; a name may hold anything, so the type is looked for from the end. */
static void put_account(struct host *h, struct text t, struct text user, const struct line *line)
{
    static const char mark[] = ", type=";
    const char *at = NULL;

    if (t.len > 0 && t.at[t.len - 1] == '}')
        t.len--;
    for (const char *next = t.at;
         t.len > 0 && (next = memmem(next, (size_t)(t.at + t.len - next), mark, sizeof mark - 1));)
        at = next++;
    if (!at) {
        host_damage_line(h, line, "not an account");
        return;
    }
    const struct text type = { .at = at + sizeof mark - 1, .len = (size_t)(t.at + t.len - at) - (sizeof mark - 1) };
    host_setting(h, SETTING_ACCOUNT_TYPE, type, user, line->at);
    put_account_digest(h, (struct text){ .at = t.at, .len = (size_t)(at - t.at) }, line);
}

enum parse_status account_read(struct host *h, struct bytes part)
{
    struct text user = TEXT_UNKNOWN, rest;
    int64_t number, left = 0;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line_trim(line.text);
        if (line_after(t, TEXT("User UserInfo{"), &rest)) {
            if (line_cut(rest, ':', &rest, NULL) && text_to_int(rest, 0, INT32_MAX, &number))
                user = arena_printf(h->reading->arena, "user %d", (int)number);
        } else if (line_after(t, TEXT("Accounts: "), &rest) && text_to_int(rest, 0, INT32_MAX, &left)) {
            host_setting_number(h, SETTING_ACCOUNT_COUNT, left, user, line.at);
        } else if (left > 0 && line_after(t, TEXT("Account {name="), &rest)) {
            left--;
            put_account(h, rest, user, &line);
        }
    }
    return PARSE_OK;
}

bool telephony_recognise(const struct host_head *head)
{
    bool known = false, call = false;

    for (size_t i = 0; i < head->count; i++) {
        const struct text t = line_trim(head->lines[i]);
        known = known || text_equal(t, TEXT("last known state:")) || text_starts_with(t, TEXT("Phone Id="));
        call = call || text_starts_with(t, TEXT("mCallState="));
    }
    return known && call;
}

/* ServiceState's constants, as "{mVoiceRegState=1(OUT_OF_SERVICE), mDataRegState=0(...)": the
 * better of both; before Android 9 "1 0 voice home data home ...". */
static void put_service(struct host *h, struct text t, struct text slot, const struct line *line)
{
    static const char *const states[] = { "in_service", "out_of_service", "emergency_only", "power_off" };
    struct text voice = t, data;
    int best = -1;

    if (line_behind(t, TEXT("mVoiceRegState="), &voice)) {
        if (!line_behind(t, TEXT("mDataRegState="), &data))
            data = TEXT("");
    } else {
        (void)line_word(&t);
        data = line_trim(t);
    }
    const struct text both[] = { voice, data };
    for (size_t i = 0; i < 2; i++)
        if (both[i].len > 0 && *both[i].at >= '0' && *both[i].at <= '3' &&
            (both[i].len == 1 || memchr(" (,}", both[i].at[1], 4)) && (best < 0 || *both[i].at - '0' < best))
            best = *both[i].at - '0';
    if (best >= 0)
        host_setting(h, SETTING_MOBILE_SERVICE, text_of(states[best]), slot, line->at);
}

enum parse_status telephony_read(struct host *h, struct bytes part)
{
    static const char *const data_states[] = { "disconnected", "connecting", "connected", "suspended" };
    struct text slot = TEXT_UNKNOWN, rest;
    int64_t state;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line_trim(line.text);
        if (text_starts_with(t, TEXT("local logs")) || text_starts_with(t, TEXT("registrations:")))
            break; /* what was, and who listens */
        if (line_after(t, TEXT("Phone Id="), &rest) && rest.len < 4)
            slot = arena_text(h->reading->arena, rest);
        else if (line_after(t, TEXT("mServiceState="), &rest))
            put_service(h, rest, slot, &line);
        else if (line_after(t, TEXT("mDataConnectionState="), &rest) && text_to_int(rest, 0, 3, &state))
            host_setting(h, SETTING_MOBILE_DATA, text_of(data_states[state]), slot, line.at);
    }
    return PARSE_OK;
}

bool device_policy_recognise(const struct host_head *head)
{
    return text_equal(head->lines[0], TEXT("Current Device Policy Manager state:"));
}

/* A component is PACKAGE/CLASS. */
static struct text package_of(struct text component)
{
    struct text package = component;

    (void)line_cut(component, '/', &package, NULL);
    return package;
}

enum policy_block { BLOCK_OTHER, BLOCK_DEVICE_OWNER, BLOCK_PROFILE_OWNER, BLOCK_ADMINS };

struct policy_dump {
    enum policy_block block;
    size_t indent;           /* of the block's title */
    struct text profile;     /* number of the user the block is about */
    bool device_owner, profile_owner;
};

static bool policy_title(struct policy_dump *d, struct text t, const struct line *line)
{
    struct text rest;

    if (text_starts_with(t, TEXT("Device Owner:"))) {
        d->block = BLOCK_DEVICE_OWNER;
    } else if (line_after(t, TEXT("Profile Owner (User "), &rest)) {
        d->block = BLOCK_PROFILE_OWNER;
        if (!line_cut(rest, ')', &d->profile, NULL))
            d->profile = TEXT_UNKNOWN;
    } else if (text_starts_with(t, TEXT("Enabled Device Admins"))) {
        d->block = BLOCK_ADMINS;
    } else {
        return false;
    }
    d->indent = line->indent;
    return true;
}

/* On a phone, that a user has an owner means that it is a work profile; user 0's is the device's own. */
static void put_owner(struct host *h, struct policy_dump *d, struct text package, const struct line *line)
{
    if (d->block == BLOCK_DEVICE_OWNER) {
        host_setting(h, SETTING_DEVICE_OWNER, package, TEXT_UNKNOWN, line->at);
        d->device_owner = true;
    } else {
        host_setting(h, SETTING_MANAGED_PROFILE, d->profile, package, line->at);
        d->profile_owner = true;
    }
    d->block = BLOCK_OTHER;
}

enum parse_status device_policy_read(struct host *h, struct bytes part)
{
    struct policy_dump d = { .block = BLOCK_OTHER };
    bool admins = false;
    struct text rest;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line_trim(line.text);
        if (t.len == 0)
            continue;
        if (policy_title(&d, t, &line)) {
            /* Owners are printed ahead of the administrators: here none can follow. */
            if (d.block == BLOCK_ADMINS && !admins && !d.device_owner)
                host_setting(h, SETTING_DEVICE_OWNER, TEXT("none"), TEXT_UNKNOWN, line.at);
            if (d.block == BLOCK_ADMINS && !admins && !d.profile_owner)
                host_setting(h, SETTING_MANAGED_PROFILE, TEXT("none"), TEXT_UNKNOWN, line.at);
            admins = admins || d.block == BLOCK_ADMINS;
        } else if (line.indent <= d.indent) {
            d.block = BLOCK_OTHER;
        } else if ((d.block == BLOCK_DEVICE_OWNER || d.block == BLOCK_PROFILE_OWNER) &&
                   line_after(t, TEXT("package="), &rest)) {
            put_owner(h, &d, rest, &line);
        } else if (d.block == BLOCK_ADMINS && line.indent == d.indent + 2 && text_ends_with(t, TEXT(":")) &&
                   memchr(t.at, '/', t.len)) {
            host_setting(h, SETTING_DEVICE_ADMIN, package_of(t), TEXT_UNKNOWN, line.at);
        }
    }
    return PARSE_OK;
}
