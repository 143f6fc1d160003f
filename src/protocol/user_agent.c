#include "protocol/user_agent.h"

#include <string.h>

#include "protocol/text_head.h"

/* The words between the first pair of parentheses, one after the other. */
static bool next_part(struct text *rest, struct text *ret)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->at, ';', rest->len);
    const size_t len = end ? (size_t)(end - rest->at) : rest->len;
    *ret = text_trimmed((struct text){ rest->at, len });
    *rest = (struct text){ rest->at + len + (end != NULL), rest->len - len - (end != NULL) };
    return true;
}

/* Models may hold parentheses themselves: "SM-T580 (2016)". */
static struct text in_parentheses(struct text agent)
{
    const char *open = agent.len ? memchr(agent.at, '(', agent.len) : NULL;
    size_t depth = 0;

    if (!open)
        return TEXT_UNKNOWN;
    const struct text inside = { open + 1, agent.len - (size_t)(open + 1 - agent.at) };
    for (size_t i = 0; i < inside.len; i++) {
        if (inside.at[i] == '(')
            depth++;
        else if (inside.at[i] == ')' && depth-- == 0)
            return (struct text){ inside.at, i };
    }
    return TEXT_UNKNOWN;
}

/* "en-us", "zh-CN", "en" */
static bool is_language(struct text t)
{
    return t.len == 2 || (t.len == 5 && (t.at[2] == '-' || t.at[2] == '_'));
}

static bool no_model(struct text t)
{
    static const struct text others[] = {
        TEXT_INIT("wv"), TEXT_INIT("U"), TEXT_INIT("K" /* browsers that hide it */), TEXT_INIT("Mobile"), TEXT_INIT("Tablet"),
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (text_equal(t, others[i]))
            return true;
    return t.len == 0 || is_language(t) || text_starts_with(t, TEXT("rv:"));
}

/* "SM-G991B Build/RP1A.200720.012", "Redmi Note 9 MIUI/V12": versions behind the model go. */
static struct text without_build(struct text t)
{
    const char *slash = t.len ? memchr(t.at, '/', t.len) : NULL;

    if (slash) {
        const char *blank = memrchr(t.at, ' ', (size_t)(slash - t.at));
        const bool alone = !blank && text_starts_with(t, TEXT("Build/"));
        t.len = alone ? 0 : (size_t)((blank ? blank : slash) - t.at);
    }
    return text_trimmed(t);
}

static bool android(struct text parts, struct fact_device *ret)
{
    struct text part;
    bool seen = false;

    while (next_part(&parts, &part)) {
        if (text_starts_with(part, TEXT("Android "))) {
            seen = true;
            ret->firmware = part;
        } else if (seen && !text_known(ret->model) && !no_model(without_build(part))) {
            ret->model = without_build(part);
        }
    }
    if (seen)
        ret->role = TEXT("phone");
    return seen;
}

/* "CPU iPhone OS 15_1 like Mac OS X", "CPU OS 14_4 like Mac OS X", "iOS 14.4" */
static struct text ios_version(struct text part, struct arena *arena)
{
    static const struct text marks[] = { TEXT_INIT("iPhone OS "), TEXT_INIT("CPU OS "), TEXT_INIT("iOS ") };
    char digits[16];
    size_t len = 0;

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *found = part.len ? memmem(part.at, part.len, marks[i].at, marks[i].len) : NULL;
        if (!found)
            continue;
        for (const char *at = found + marks[i].len; at < part.at + part.len && len < sizeof digits; at++) {
            if (*at == '_' || *at == '.')
                digits[len++] = '.';
            else if (*at >= '0' && *at <= '9')
                digits[len++] = *at;
            else
                break;
        }
        return len ? arena_printf(arena, "iOS %.*s", (int)len, digits) : TEXT_UNKNOWN;
    }
    return TEXT_UNKNOWN;
}

static bool apple(struct text parts, struct arena *arena, struct fact_device *ret)
{
    struct text part;
    bool seen = false;

    while (next_part(&parts, &part)) {
        const bool phone = text_starts_with(part, TEXT("iPhone")), tablet = text_starts_with(part, TEXT("iPad"));
        if (!seen && (phone || tablet)) {
            seen = true;
            ret->role = phone ? TEXT("phone") : TEXT("other");
            ret->model = part;
            ret->vendor = TEXT("Apple");
        } else if (seen && !text_known(ret->firmware)) {
            ret->firmware = ios_version(part, arena);
        }
    }
    return seen;
}

bool user_agent_device(struct text agent, struct arena *arena, struct fact_device *ret)
{
    const struct text parts = in_parentheses(agent);

    return text_known(parts) && (android(parts, ret) || apple(parts, arena, ret));
}
