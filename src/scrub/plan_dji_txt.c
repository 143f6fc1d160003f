#include "scrub/plan_log.h"

#include "flightlog/dji_txt_details.h"
#include "flightlog/dji_txt_frame.h"
#include "scrub/coordinate.h"
#include "scrub/plan_jpeg.h"

/* Where what stands: flightlog/dji_txt_records.c, dji_txt_details.c. */

enum { FIRST_AES_VERSION = 13, LAST_SHORT_DETAILS = 5, APPENDED_MAX = 64, PASSED_STEP = 1 << 20, RECOVER_SHORT = 85 };

/* Record bodies are XORed with a key: an edit of the plain content becomes one of the stored bytes. */
struct masked {
    struct fact_sink sink;   /* first */
    struct fact_sink *outer;
    struct bytes plain;      /* its origin is that of the stored bytes */
    const uint8_t *stored;
    uint8_t bytes[DJI_TXT_CONTENT_MAX];
};

struct dji_plan {
    struct plan plan;
    struct dji_txt_keys keys;
    struct masked masked;
    uint8_t content[DJI_TXT_CONTENT_MAX + 8];
};

static void put_masked(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct masked *m = (struct masked *)sink;
    struct fact_edit edit = *(const struct fact_edit *)row;
    const uint64_t length = (uint64_t)edit.head.origin.length;

    (void)number;
    if (kind != FACT_EDIT || !fact_known_int(edit.fill) || length > m->plain.len ||
        (uint64_t)edit.head.origin.offset - m->plain.origin > m->plain.len - length) {
        (void)fact_put(m->outer, kind, row);
        return;
    }
    const size_t at = (size_t)((uint64_t)edit.head.origin.offset - m->plain.origin);
    for (size_t i = 0; i < length; i++) {
        const uint8_t wanted = i < edit.bytes.len ? (uint8_t)edit.bytes.at[i] : (uint8_t)edit.fill;
        m->bytes[i] = (uint8_t)(m->stored[at + i] ^ m->plain.at[at + i] ^ wanted);
    }
    edit.bytes = (struct text){ (const char *)m->bytes, length };
    (void)fact_put(m->outer, kind, &edit);
}

static struct bytes part(struct bytes b, uint64_t offset, uint64_t length)
{
    const struct bytes p = bytes_part(b, offset, length);

    return p.len == length ? p : bytes_part(b, b.len, 0);
}

static void take_f64(struct plan *p, struct bytes b, uint64_t longitude, uint64_t latitude, bool radians,
                     enum scrub_kind kind, const char *what)
{
    const enum coordinate_form form = radians ? COORDINATE_F64_RAD : COORDINATE_F64_DEG;

    plan_coordinate(p, part(b, longitude, 8), form, false, AXIS_LONGITUDE, kind, what);
    plan_coordinate(p, part(b, latitude, 8), form, false, AXIS_LATITUDE, kind, what);
}

static void take_recover(struct plan *p, struct bytes c)
{
    const size_t n = c.len <= RECOVER_SHORT ? 10 : 16;

    plan_fill(p, part(c, 5, n), 0, SCRUB_SERIAL, "serial numbers");
    plan_fill(p, part(c, 5 + n, 32), 0, SCRUB_NAME, "name of the aircraft");
    plan_fill(p, part(c, 37 + n, 8), 0, SCRUB_TIME, "time");
    plan_fill(p, part(c, 45 + n, 3 * n), 0, SCRUB_SERIAL, "serial numbers");
}

static void take_controller(struct plan *p, struct bytes c)
{
    plan_fill(p, part(c, 0, 7), 0, SCRUB_TIME, "controller position");
    plan_coordinate(p, part(c, 7, 4), COORDINATE_I32_1E7, false, AXIS_LATITUDE, SCRUB_OPERATOR, "controller position");
    plan_coordinate(p, part(c, 11, 4), COORDINATE_I32_1E7, false, AXIS_LONGITUDE, SCRUB_OPERATOR,
                    "controller position");
}

/* Kinds of which nothing but their name is known: those about places go whole. */
static bool is_about_places(uint8_t type)
{
    static const uint8_t types[] = { 20, 21, 26, 27, 30, 31, 32, 34, 35, 36, 38, 39, 41, 43, 44, 45, 46, 47, 48, 51, 52,
                                     53, 54, 55 };

    return memchr(types, type, sizeof types) != NULL;
}

/* Sticks, batteries, gimbal, camera, settings, firmware and the like. */
static bool is_harmless(uint8_t type)
{
    static const uint8_t types[] = { 3, 4, 6, 7, 8, 12, 15, 16, 17, 18, 19, 22, 25, 28, 29, 33, 49, 58, 59, 62 };

    return memchr(types, type, sizeof types) != NULL;
}

static void take_content(struct plan *p, uint8_t type, struct bytes c)
{
    switch (type) {
    case 1: take_f64(p, c, 0, 8, true, SCRUB_POSITION, "flight state"); break;
    case 2: take_f64(p, c, 0, 8, true, SCRUB_OPERATOR, "home point"); break;
    case 5: plan_fill(p, part(c, 10, 8), 0, SCRUB_TIME, "clock"); break;
    case 11: take_controller(p, c); break;
    case 13: take_recover(p, c); break;
    case 14: take_f64(p, c, 8, 0, false, SCRUB_OPERATOR, "phone position"); break;
    case 40: plan_fill(p, bytes_part(c, 3, UINT64_MAX), 0, SCRUB_SERIAL, "component serial number"); break;
    case 9: case 10: case 24: plan_free_text(p, c, ' ', "message of the app"); break;
    default:
        if (is_about_places(type))
            plan_fill(p, c, 0, SCRUB_POSITION, "record about places or missions");
        else if (!is_harmless(type))
            (void)plan_unknown(p, c, 0, "record of unknown kind");
    }
}

static void take_record(struct dji_plan *d, const struct dji_txt_record *record, bool masked)
{
    struct bytes plain = masked ? dji_txt_unmask(&d->keys, record->type, &record->body, d->content) : record->body;

    if (plain.len == 0)
        return;
    d->masked.sink = (struct fact_sink){ .put = put_masked };
    d->masked.outer = d->plan.r->facts;
    d->masked.plain = plain;
    d->masked.stored = record->body.at + (plain.origin - record->body.origin);
    d->plan.r->facts = &d->masked.sink;
    take_content(&d->plan, record->type, plain);
    d->plan.r->facts = d->masked.outer;
}

static void take_details(struct plan *p, struct bytes d, uint8_t version)
{
    plan_fill(p, part(d, 0, 80), 0, SCRUB_POSITION, "names of places");
    plan_fill(p, part(d, 91, 8), 0, SCRUB_TIME, "start");
    take_f64(p, d, 99, 107, false, SCRUB_OPERATOR, "start");
    for (uint64_t i = 0; i < DJI_TXT_PICTURES; i++)
        take_f64(p, d, 179 + 8 * i, 211 + 8 * i, true, SCRUB_POSITION, "where pictures were taken");
    plan_fill(p, part(d, 251, 16), 0, SCRUB_SERIAL, "digest of the account");
    if (version <= LAST_SHORT_DETAILS) {
        plan_fill(p, part(d, 267, 10), 0, SCRUB_SERIAL, "serial numbers");
        plan_fill(p, part(d, 278, 24), 0, SCRUB_NAME, "name of the aircraft");
        plan_fill(p, part(d, 302, 16), 0, SCRUB_TIME, "times");
        plan_fill(p, part(d, 318, 30), 0, SCRUB_SERIAL, "serial numbers");
    } else {
        plan_fill(p, part(d, 272, 8), 0, SCRUB_TIME, "activation");
        plan_fill(p, part(d, 280, 32), 0, SCRUB_NAME, "name of the aircraft");
        plan_fill(p, part(d, 312, 64), 0, SCRUB_SERIAL, "serial numbers");
        plan_fill(p, part(d, 400, 36), 0, SCRUB_SERIAL, "UUID");
    }
}

/* Pictures end the records of old versions: their lengths are believed when a JPEG begins where they say. */
static struct bytes pictures_of(const struct dji_txt_layout *layout, uint32_t lengths[2 * DJI_TXT_PICTURES])
{
    struct dji_txt_details details;
    const struct bytes area = layout->records;
    uint64_t sum = 0;

    if (layout->details.len == 0 || !dji_txt_details_read(layout->details, layout->version, &details))
        return bytes_part(area, area.len, 0);
    for (int i = 0; i < 2 * DJI_TXT_PICTURES; i++)
        sum += lengths[i] = details.picture_bytes[i];
    const struct bytes pictures = sum <= area.len ? bytes_part(area, area.len - sum, sum) : bytes_part(area, area.len,
                                                                                                       0);
    return bytes_start_with(pictures, "\xff\xd8", 2) ? pictures : bytes_part(area, area.len, 0);
}

static void take_pictures(struct dji_plan *d, struct bytes rest, const uint32_t lengths[2 * DJI_TXT_PICTURES])
{
    for (int i = 0; i < 2 * DJI_TXT_PICTURES; i++) {
        const struct bytes picture = bytes_part(rest, 0, lengths[i]);
        if (picture.len > 0)
            plan_jpeg_inside(&d->plan, picture, "picture in the log");
        rest = bytes_part(rest, picture.len, UINT64_MAX);
    }
}

static bool take_records(struct dji_plan *d, const struct dji_txt_layout *layout, struct bytes area)
{
    struct reading *r = d->plan.r;
    struct dji_txt_record record;
    struct dji_txt_walk walk;
    uint64_t passed = 0;
    bool more;

    dji_txt_walk_init(&walk, area, layout->wide);
    do {
        more = dji_txt_walk_next(&walk, &record);
        if (record.lost_before > 0) {
            const uint64_t at = record.offset - (more ? record.lost_before : 0);
            reading_damage(r, at, (int64_t)record.lost_before, FACT_UNKNOWN_INT, "bytes of the log that are no record");
            plan_fill(&d->plan, bytes_part(area, at - area.origin, record.lost_before), 0, SCRUB_POSITION,
                      "bytes that are no record");
        }
        if (more)
            take_record(d, &record, layout->masked);
        if (r->passed && record.offset - passed >= PASSED_STEP) {
            passed = record.offset;
            r->passed(r, passed);
        }
    } while (more);
    return walk.cut;
}

/* One log; gives how long it is, 0 when no plan can be made. */
static size_t take_log(struct dji_plan *d, struct bytes whole, enum parse_status *status)
{
    uint32_t lengths[2 * DJI_TXT_PICTURES] = { 0 };
    struct dji_txt_layout layout;

    *status = PARSE_INVALID;
    if (!dji_txt_layout_read(whole, &layout))
        return 0;
    if (layout.version >= FIRST_AES_VERSION) {
        reading_damage(d->plan.r, whole.origin, (int64_t)whole.len, FACT_UNKNOWN_INT,
                       "DJI encrypts flight records from version 13 on (this is version %u): what is in it cannot be taken out", layout.version);
        *status = PARSE_UNSUPPORTED;
        return 0;
    }
    const struct bytes pictures = pictures_of(&layout, lengths);
    struct bytes area = layout.records;
    area.len -= pictures.len;
    bool cut = layout.cut;
    if (layout.unclosed || layout.details.len == 0)
        reading_damage(d->plan.r, whole.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the log has no summary: it was not closed, or it was cut off");
    /* In the order of the file, so that the copy is written once: old versions have the summary behind the records. */
    const bool details_first = layout.details.origin < layout.records.origin;
    if (details_first)
        take_details(&d->plan, layout.details, layout.version);
    cut |= take_records(d, &layout, area);
    take_pictures(d, pictures, lengths);
    if (!details_first)
        take_details(&d->plan, layout.details, layout.version);
    *status = cut ? PARSE_TRUNCATED : PARSE_OK;
    const uint64_t records_end = layout.records.origin - whole.origin + layout.records.len;
    const uint64_t details_end = layout.details.origin - whole.origin + layout.details.len;
    return (size_t)(layout.details.len > 0 && details_end > records_end ? details_end : records_end);
}

enum parse_status plan_dji_txt(struct reading *r, struct bytes whole)
{
    struct dji_plan *d = arena_alloc(r->arena, 1, sizeof *d);
    enum parse_status status = PARSE_OK, worst = PARSE_OK;
    struct bytes rest = whole;

    if (!d)
        return PARSE_INVALID;
    d->plan = plan_begin(r);
    dji_txt_keys_init(&d->keys);
    /* Logs may stand one behind the other. */
    for (int n = 0; n < APPENDED_MAX && rest.len > 0; n++) {
        const size_t len = take_log(d, rest, &status);
        if (len == 0 && (n == 0 || status == PARSE_UNSUPPORTED))
            return status;
        if (len == 0) {
            reading_damage(r, rest.origin, (int64_t)rest.len, FACT_UNKNOWN_INT,
                           "bytes behind the end of the flight record");
            (void)plan_unknown(&d->plan, rest, 0, "bytes behind the flight record");
            break;
        }
        worst = status == PARSE_TRUNCATED ? status : worst;
        rest = bytes_part(rest, len, UINT64_MAX);
    }
    return worst;
}
