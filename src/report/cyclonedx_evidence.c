#include "report/cyclonedx_evidence.h"

#include "fact/component_sign.h"
#include "fact/fact.h"

/* How each sign is called there, and its weight. */
static const struct { const char *technique; double weight; } techniques[COMPONENT_SIGN_KIND_COUNT] = {
    [COMPONENT_SIGN_CLASSES]     = { "binary-analysis", 0.9 },
    [COMPONENT_SIGN_EXPORT]      = { "binary-analysis", 0.9 },
    [COMPONENT_SIGN_LIBRARY]     = { "filename", 0.9 },
    [COMPONENT_SIGN_FILE]        = { "filename", 0.9 },
    [COMPONENT_SIGN_MANIFEST]    = { "manifest-analysis", 0.8 },
    [COMPONENT_SIGN_HOST]        = { "binary-analysis", 0.4 },
    [COMPONENT_SIGN_VERSION]     = { "binary-analysis", 0.9 },
    [COMPONENT_SIGN_CERTIFICATE] = { "hash-comparison", 0.9 },
    [COMPONENT_SIGN_TRAFFIC]     = { "dynamic-analysis", 0.4 },
};

static double certainty_of(struct text source)
{
    return text_ends_with(source, TEXT("(partial)")) ? 0.9 : text_ends_with(source, TEXT("(from memory)")) ? 0.7 : 1;
}

/* A library that no table names is known by its file's name alone. */
static double weight_of(const struct bom_evidence *e, const struct component_sign *sign)
{
    if (sign->kind == COMPONENT_SIGN_LIBRARY && e->is_library && !text_known(e->source))
        return 0.5;
    return techniques[sign->kind].weight * certainty_of(e->source);
}

double bom_confidence(const struct bom_evidence *e)
{
    double best = FACT_UNKNOWN_REAL;
    struct component_sign sign;

    for (size_t i = 0; i < e->steps.count; i++)
        if (component_sign_read(e->steps.items[i], &sign) && !(best >= weight_of(e, &sign)))
            best = weight_of(e, &sign);
    if (!fact_known_real(best) && text_equal(e->state, TEXT("in_manifest")))
        best = techniques[COMPONENT_SIGN_MANIFEST].weight * certainty_of(e->source);
    return best;
}

/* Two decimals: the weights have no more. */
static void put_confidence(struct json *j, double value)
{
    json_member_real(j, "confidence", (double)(int)(value * 100 + 0.5) / 100);
}

static void put_method(struct json *j, const char *technique, double confidence, struct text value)
{
    json_object(j);
    json_member_text(j, "technique", text_of(technique));
    put_confidence(j, confidence);
    if (text_known(value))
        json_member_text(j, "value", value);
    json_object_end(j);
}

static void put_identity(struct json *j, const struct bom_evidence *e, const char *field)
{
    const double confidence = bom_confidence(e);
    struct component_sign sign;
    size_t methods = 0;

    if (!fact_known_real(confidence))
        return;
    json_object(j);
    json_member_text(j, "field", text_of(field));
    put_confidence(j, confidence);
    json_key(j, "methods");
    json_array(j);
    for (size_t i = 0; i < e->steps.count; i++) {
        if (!component_sign_read(e->steps.items[i], &sign))
            continue;
        put_method(j, techniques[sign.kind].technique, weight_of(e, &sign), e->steps.items[i]);
        methods++;
    }
    if (methods == 0)
        put_method(j, "manifest-analysis", confidence, e->source);
    json_array_end(j);
    json_object_end(j);
}

/* PATH!FILE as evidence rows have it.  Only the first sign's offset is known. */
static void put_occurrence(struct json *j, const struct bom_evidence *e, struct text step, bool first,
                           struct arena *arena)
{
    struct component_sign sign = { 0 };
    const bool known = component_sign_read(step, &sign);

    if (known && (sign.kind == COMPONENT_SIGN_MANIFEST))
        sign.file = TEXT("AndroidManifest.xml");
    json_object(j);
    json_member_text(j, "location", known && text_known(sign.file)
                     ? arena_printf(arena, "%.*s!%.*s", (int)e->path.len, e->path.at, (int)sign.file.len,
                                    sign.file.at) : e->path);
    if (first && e->offset >= 0)
        json_member_int(j, "offset", e->offset);
    if (known && text_known(sign.name))
        json_member_text(j, "symbol", sign.name);
    if (text_known(step))
        json_member_text(j, "additionalContext", step);
    json_object_end(j);
}

void bom_put_evidence(struct json *j, const struct bom_evidence *e)
{
    struct arena *arena = arena_new(0);

    json_key(j, "evidence");
    json_object(j);
    if (fact_known_real(bom_confidence(e))) {
        json_key(j, "identity");
        json_array(j);
        put_identity(j, e, "name");
        if (e->has_version)
            put_identity(j, e, "version");
        json_array_end(j);
    }
    if (text_known(e->path)) {
        json_key(j, "occurrences");
        json_array(j);
        for (size_t i = 0; i < e->steps.count; i++)
            put_occurrence(j, e, e->steps.items[i], i == 0, arena);
        if (e->steps.count == 0)
            put_occurrence(j, e, TEXT_UNKNOWN, true, arena);
        json_array_end(j);
    }
    json_object_end(j);
    arena_free(arena);
}
