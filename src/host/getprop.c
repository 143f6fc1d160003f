#include "host/host.h"

/* Android's `getprop`: one line "[name]: [value]" for each property (AOSP
 * system/core/toolbox or toolbox getprop.cpp, PrintAllProperties).  A value may hold line
 * ends; such a line does not end in "]", and its value is passed over: none of the
 * properties below has one.
 *
 * Names: AOSP system/core/init and frameworks/base, TelephonyProperties (gsm.sim.state: a
 * comma list of IccCardConstants.State, one for each slot). */

bool getprop_recognise(const struct host_head *head)
{
    struct text name, rest;

    for (size_t i = 0; i < head->count && i < 3; i++) {
        if (!line_cut(head->lines[i], ']', &name, &rest) || name.len < 2 || *name.at != '[' ||
            !text_starts_with(rest, TEXT(": [")))
            return false;
        for (size_t k = 1; k < name.len; k++)
            if (name.at[k] <= ' ' || name.at[k] >= 0x7f)
                return false;
    }
    return true;
}

/* Makers of aircraft, none of whom makes phones: an Android device of theirs is a controller. */
static bool makes_aircraft(struct text maker)
{
    static const char *const makers[] = { "DJI",    "Autel",  "Autel Robotics", "Skydio",
                                          "Parrot", "Yuneec", "FIMI",           "Hubsan" };

    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (text_equal_ignoring_case(maker, text_of(makers[i])))
            return true;
    return false;
}

struct property {
    struct text name, value;
    struct bytes at;
};

static bool parse_property(const struct line *line, struct property *ret)
{
    struct text name, value;

    if (!line_after(line->text, TEXT("["), &name) || !line_cut(name, ']', &name, &value) ||
        !line_after(value, TEXT(": ["), &value) || !text_ends_with(value, TEXT("]")))
        return false;
    value.len--;
    *ret = (struct property){ .name = name, .value = value, .at = line->at };
    return true;
}

/* Serial, model and the like stand anywhere in the list, and the rows of settings refer to
 * the device: so it is read first, in a pass of its own. */
static void put_device(struct host *h, struct bytes part)
{
    static const struct { const char *name; size_t field; int rank; } wanted[] = {
        { "ro.product.manufacturer", offsetof(struct fact_device, vendor), 1 },
        { "ro.product.vendor.manufacturer", offsetof(struct fact_device, vendor), 0 },
        { "ro.product.model", offsetof(struct fact_device, model), 1 },
        { "ro.product.vendor.model", offsetof(struct fact_device, model), 0 },
        { "ro.serialno", offsetof(struct fact_device, serial), 1 },
        { "ro.boot.serialno", offsetof(struct fact_device, serial), 0 },
        { "ro.build.display.id", offsetof(struct fact_device, firmware), 1 },
        { "ro.build.fingerprint", offsetof(struct fact_device, firmware), 0 },
    };
    struct fact_device row;
    struct property p;
    struct lines l;
    struct line line;
    int ranks[sizeof wanted / sizeof *wanted] = { 0 };
    bool any = false;

    fact_init(FACT_DEVICE, &row);
    for (lines_init(&l, part); lines_next(&l, &line); ) {
        if (!line.ended || !parse_property(&line, &p) || p.value.len == 0 || p.value.len > HOST_VALUE_MAX ||
            text_equal(p.value, TEXT("unknown")))
            continue;
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
            struct text *field = (struct text *)((char *)&row + wanted[i].field);
            const size_t slot = i & ~(size_t)1; /* the two names of a field share its rank */
            if (!text_equal(p.name, text_of(wanted[i].name)) || (text_known(*field) && ranks[slot] >= wanted[i].rank))
                continue;
            *field = arena_text(h->reading->arena, p.value);
            ranks[slot] = wanted[i].rank;
            if (!any || wanted[i].field == offsetof(struct fact_device, serial))
                row.head.origin = fact_origin_at(p.at.origin, p.at.len);
            any = true;
        }
    }
    if (!any)
        return;
    row.role = makes_aircraft(row.vendor) ? TEXT("controller") : TEXT("phone");
    h->device = fact_put(h->reading->facts, FACT_DEVICE, &row);
}

/* IccCardConstants.State.  Anything but ABSENT, NOT_READY and UNKNOWN needs a card in the slot. */
static void put_sim_states(struct host *h, const struct property *p)
{
    struct text rest = p->value;

    for (size_t slot = 0; rest.len > 0 && slot < 16; slot++) {
        struct text state = rest, value = TEXT("present");
        if (!line_cut(rest, ',', &state, &rest))
            rest.len = 0;
        state = line_trim(state);
        if (text_equal(state, TEXT("ABSENT")))
            value = TEXT("absent");
        else if (state.len == 0 || text_equal(state, TEXT("NOT_READY")) || text_equal(state, TEXT("UNKNOWN")))
            value = TEXT("unknown");
        host_setting(
            h, SETTING_SIM_STATE, value,
            arena_printf(h->reading->arena, "%zu %.*s", slot, (int)(state.len < 64 ? state.len : 64), state.at), p->at);
    }
}

static bool all_digits(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
    return t.len > 0;
}

/* Makers keep these under many names; the form of the value decides. */
static void put_identifiers(struct host *h, const struct property *p)
{
    const struct text wide = p->name;

    if (text_equal(wide, TEXT("ro.serialno")) || text_equal(wide, TEXT("ro.boot.serialno")))
        host_identifier(h, "serial", p->value, p->at);
    else if (memmem(wide.at, wide.len, "imei", 4) && p->value.len >= 14 && p->value.len <= 16 && all_digits(p->value))
        host_identifier(h, "imei", p->value, p->at);
    else if (memmem(wide.at, wide.len, "mac", 3) && host_is_mac(p->value))
        host_identifier(h, "mac", p->value, p->at);
}

static void put_property(struct host *h, const struct property *p)
{
    static const struct { const char *name; enum setting_name setting; } plain[] = {
        { "ro.build.version.security_patch", SETTING_SECURITY_PATCH },
        { "ro.crypto.state", SETTING_ENCRYPTION_STATE },
        { "ro.boot.verifiedbootstate", SETTING_BOOT_STATE },
    };

    if (text_equal(p->name, TEXT("gsm.sim.state")))
        put_sim_states(h, p);
    else if (text_equal(p->name, TEXT("ro.build.version.release")))
        host_setting(h, SETTING_OS_VERSION, p->value, TEXT("android"), p->at);
    else
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
            if (text_equal(p->name, text_of(plain[i].name)))
                host_setting(h, plain[i].setting, p->value, TEXT_UNKNOWN, p->at);
    put_identifiers(h, p);
}

enum parse_status getprop_read(struct host *h, struct bytes part)
{
    struct property p;
    struct lines l;
    struct line line;
    bool inside_value = false;

    put_device(h, part);
    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        if (parse_property(&line, &p)) {
            inside_value = false;
            put_property(h, &p);
        } else if (text_starts_with(line.text, TEXT("[")) && !text_ends_with(line.text, TEXT("]"))) {
            inside_value = true;
        } else if (!inside_value && line.text.len > 0 && !text_starts_with(line.text, TEXT("* daemon "))) {
            host_damage_line(h, &line, "not a property");
        }
    }
    return PARSE_OK;
}
