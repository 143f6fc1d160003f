#include "scrub/mark.h"
#include "scrub/plan_log.h"

#include "base/xml_read.h"
#include "scrub/coordinate.h"

enum { PASSED_STEP = 1 << 20, DATA_NAME_MAX = 64 };

struct xml_plan {
    struct plan plan;
    char data_name[DATA_NAME_MAX];  /* of <Data name="..."> and its like */
    size_t data_name_len;
    bool marked;
    struct names_met names;
};

/* Elements and attributes whose names do not tell by their words. */
static const struct {
    const char *name;
    enum scrub_kind kind;
} names[] = {
    { "time", SCRUB_TIME }, { "when", SCRUB_TIME }, { "begin", SCRUB_TIME }, { "end", SCRUB_TIME },
    { "name", SCRUB_NAME }, { "desc", SCRUB_NAME }, { "cmt", SCRUB_NAME }, { "description", SCRUB_NAME }, { "author", SCRUB_NAME },
    { "email", SCRUB_NAME }, { "copyright", SCRUB_NAME }, { "license", SCRUB_NAME }, { "keywords", SCRUB_NAME }, { "Snippet", SCRUB_NAME },
    { "snippet", SCRUB_NAME }, { "phoneNumber", SCRUB_NAME }, { "text", SCRUB_NAME }, { "displayName", SCRUB_NAME }, { "src", SCRUB_NAME },
    { "address", SCRUB_POSITION }, { "AddressDetails", SCRUB_POSITION },
    { "north", SCRUB_POSITION }, { "south", SCRUB_POSITION }, { "east", SCRUB_POSITION }, { "west", SCRUB_POSITION },
    { "minlat", SCRUB_POSITION }, { "maxlat", SCRUB_POSITION }, { "minlon", SCRUB_POSITION }, { "maxlon", SCRUB_POSITION },
    { "coordinates", SCRUB_POSITION }, { "coord", SCRUB_POSITION },
};

static enum scrub_kind kind_of(struct text name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, text_of(names[i].name)))
            return names[i].kind;
    return scrub_kind_of_name(name);
}

static enum axis axis_of(struct text name)
{
    static const struct { const char *name; enum axis axis; } axes[] = {
        { "north", AXIS_LATITUDE }, { "south", AXIS_LATITUDE }, { "minlat", AXIS_LATITUDE }, { "maxlat", AXIS_LATITUDE },
        { "east", AXIS_LONGITUDE }, { "west", AXIS_LONGITUDE }, { "minlon", AXIS_LONGITUDE }, { "maxlon", AXIS_LONGITUDE },
    };

    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
        if (text_equal(name, text_of(axes[i].name)))
            return axes[i].axis;
    const enum axis told = scrub_axis_of_name(name);
    return told == AXIS_ALTITUDE ? AXIS_NONE : told;
}

static struct name_meaning meaning_of(struct text name)
{
    return (struct name_meaning){ kind_of(name), axis_of(name) };
}

static bool is_blank(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* KML: "longitude,latitude,height" with blanks between points; gx:coord: the three with blanks between them. */
static void take_points(struct plan *p, struct bytes value, bool by_blanks)
{
    unsigned nth = 0;

    for (size_t i = 0; i < value.len; ) {
        if (is_blank(value.at[i])) {
            nth = by_blanks ? nth : 0;
            i++;
            continue;
        }
        size_t end = i;
        while (end < value.len && !is_blank(value.at[end]) && value.at[end] != ',')
            end++;
        if (nth < 2)
            plan_coordinate_text(p, bytes_part(value, i, end - i), nth == 0 ? AXIS_LONGITUDE : AXIS_LATITUDE,
                                 SCRUB_POSITION, "points");
        nth++;
        i = end + (end < value.len && value.at[end] == ',');
    }
}

static void take_value(struct xml_plan *x, struct text name, struct bytes value)
{
    struct plan *p = &x->plan;

    if (text_equal(name, TEXT("coordinates")) || text_equal(name, TEXT("coord"))) {
        take_points(p, value, text_equal(name, TEXT("coord")));
        return;
    }
    /* What such an element holds is told by the name of the data. */
    if ((text_equal(name, TEXT("value")) || text_equal(name, TEXT("SimpleData"))) && x->data_name_len > 0)
        name = (struct text){ x->data_name, x->data_name_len };
    const struct name_meaning m = scrub_name_met(&x->names, name, meaning_of);
    if (m.axis != AXIS_NONE)
        plan_coordinate_text(p, value, m.axis, m.kind, "coordinate");
    else if (m.kind != SCRUB_KIND_COUNT)
        plan_fill(p, value, ' ', m.kind, "element or attribute");
    else
        plan_known_values(p, value, ' ', "element or attribute");
}

static void take_attribute(struct xml_plan *x, const struct xml_reader *xml, const struct xml_token *t)
{
    const struct text element = xml->depth > 0 && xml->depth <= XML_DEPTH_MAX
        ? xml->open[xml->depth - 1].local : TEXT_UNKNOWN;

    if (text_equal(t->name.prefix, TEXT("xmlns")) || text_equal(t->name.local, TEXT("xmlns")) ||
        text_equal(t->name.prefix, TEXT("xsi")))
        return;
    if (text_equal(t->name.local, TEXT("name")) &&
        (text_equal(element, TEXT("Data")) || text_equal(element, TEXT("SimpleData")) ||
         text_equal(element, TEXT("SimpleArrayData")) || text_equal(element, TEXT("SimpleField")))) {
        x->data_name_len = t->value.len < DATA_NAME_MAX ? t->value.len : DATA_NAME_MAX;
        memcpy(x->data_name, t->value.at, x->data_name_len);
        return;
    }
    if (text_equal(t->name.local, TEXT("id")) && !text_equal(element, TEXT("email")))
        return; /* styles */
    take_value(x, t->name.local, t->value);
}

static void mark(struct xml_plan *x, struct bytes whole, uint64_t origin)
{
    static const char comment[] = "<!-- " SCRUB_MARK " -->\n";

    if (!x->marked && plan_marks(&x->plan))
        plan_mark(&x->plan, bytes_part(whole, origin - whole.origin, 0), comment, sizeof comment - 1);
    x->marked = true;
}

enum parse_status plan_track_xml(struct reading *r, struct bytes whole)
{
    struct xml_plan x = { .plan = plan_begin(r) };
    struct xml_reader xml;
    struct xml_token t;
    uint64_t passed = 0;

    for (xml_init(&xml, whole); xml_next(&xml, &t); ) {
        if (t.kind == XML_OPEN)
            mark(&x, whole, t.origin);
        else if (t.kind == XML_ATTRIBUTE)
            take_attribute(&x, &xml, &t);
        else if (t.kind == XML_TEXT)
            take_value(&x, t.name.local, t.value);
        const uint64_t at = xml.rest.origin - whole.origin;
        if (r->passed && at - passed >= PASSED_STEP) {
            passed = at;
            r->passed(r, xml.rest.origin);
        }
    }
    if (xml.status == PARSE_OK)
        return PARSE_OK;
    reading_damage(r, xml.status_origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, xml.status == PARSE_UNSUPPORTED ?
                   "tracks in UTF-16 are not scrubbed: save it as UTF-8" : "the document is malformed or cut off");
    return xml.status == PARSE_INVALID ? PARSE_OK : xml.status;
}
