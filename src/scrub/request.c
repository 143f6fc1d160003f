#include "scrub/request.h"

static const char *const names[SCRUB_KIND_COUNT] = {
    [SCRUB_POSITION] = "position", [SCRUB_OPERATOR] = "operator", [SCRUB_SERIAL] = "serial", [SCRUB_NAME] = "name",
    [SCRUB_TIME] = "time", [SCRUB_PREVIEW] = "preview", [SCRUB_NOTE] = "note", [SCRUB_THUMBNAIL] = "thumbnail", [SCRUB_UNKNOWN] = "unknown",
    [SCRUB_STRUCTURE] = "structure",
};

const char *scrub_kind_name(enum scrub_kind kind)
{
    return names[kind];
}

enum scrub_kind scrub_kind_find(struct text name)
{
    for (int kind = 0; kind < SCRUB_KIND_COUNT; kind++)
        if (text_equal(name, text_of(names[kind])))
            return (enum scrub_kind)kind;
    return SCRUB_KIND_COUNT;
}

enum scrub_kind scrub_kind_of_identifier(struct text identifier_kind)
{
    static const struct { const char *name; enum scrub_kind kind; } kinds[] = {
        { "place", SCRUB_POSITION },
        { "name", SCRUB_NAME }, { "owner_name", SCRUB_NAME }, { "host_name", SCRUB_NAME }, { "card_path", SCRUB_NAME },
        { "file_name", SCRUB_NAME }, { "contact", SCRUB_NAME }, { "comment", SCRUB_NAME }, { "title", SCRUB_NAME },
        { "model", SCRUB_KIND_COUNT }, { "vendor", SCRUB_KIND_COUNT }, { "firmware", SCRUB_KIND_COUNT },
        { "version", SCRUB_KIND_COUNT }, { "app", SCRUB_KIND_COUNT }, { "type", SCRUB_KIND_COUNT },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text_equal(identifier_kind, text_of(kinds[i].name)))
            return kinds[i].kind;
    return SCRUB_SERIAL;
}

enum scrub_kind scrub_kind_of_subject(struct text subject)
{
    static const char *const operators[] = { "operator", "home", "controller", "phone" };

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (text_equal(subject, text_of(operators[i])))
            return SCRUB_OPERATOR;
    return SCRUB_POSITION;
}
