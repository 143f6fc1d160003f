#include "report/html_map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/memory.h"
#include "report/map_ground.h"
#include "report/map_place.h"
#include "report/pmtiles.h"

enum { CREDIT_MAX = 400 };

#define SCHEMA "leash.map/1"

/* In the page at most: names and what JSON adds come on top of the tiles. */
enum { WRITTEN_MAX = 2 * HTML_MAP_BYTES_MAX };

struct html_map {
    struct html_map_source source;
};

/* The file while it is worked on: everything that comes out of its bytes is here, and in what is written. */
struct open_map {
    struct pmtiles tiles;
    struct text name, attribution; /* of the metadata; unknown where it does not say */
    struct arena *arena;
};

static struct html_map *used;

void html_map_use(struct html_map *m)
{
    used = m;
}

bool html_map_used(void)
{
    return used;
}

/* Who made the map is often written as HTML: its words are wanted. */
static struct text plain_words(struct arena *a, struct text html)
{
    static const struct { struct text entity; const char *says; } entities[] = {
        { { "&copy;", 6 }, "\u00a9" }, { { "&amp;", 5 }, "&" }, { { "&quot;", 6 }, "\"" }, { { "&#169;", 6 }, "\u00a9" }, { { "&nbsp;", 6 }, " " },
    };
    struct buffer b;
    bool inside = false;

    buffer_init(&b, CREDIT_MAX);
    for (size_t i = 0; i < html.len && !b.overflowed; i++) {
        const struct text rest = { html.at + i, html.len - i };
        size_t k = 0;
        while (k < sizeof entities / sizeof *entities && !text_starts_with(rest, entities[k].entity))
            k++;
        if (html.at[i] == '<' || html.at[i] == '>') {
            inside = html.at[i] == '<';
        } else if (!inside && k < sizeof entities / sizeof *entities) {
            (void)buffer_add_text(&b, text_of(entities[k].says));
            i += entities[k].entity.len - 1;
        } else if (!inside) {
            (void)buffer_add_u8(&b, (uint8_t)html.at[i]);
        }
    }
    const struct text said = arena_text(a, buffer_text(&b));
    buffer_done(&b);
    return said.len ? said : TEXT_UNKNOWN;
}

static bool take_metadata(void *user, const struct json_event *event)
{
    struct open_map *m = user;

    if (event->kind == JSON_TEXT && event->depth == 1 && json_event_is(event, 0, "attribution"))
        m->attribution = plain_words(m->arena, event->text);
    else if (event->kind == JSON_TEXT && event->depth == 1 && json_event_is(event, 0, "name"))
        m->name = plain_words(m->arena, event->text);
    return true;
}

static enum parse_status map_open(const struct html_map_source *source, struct open_map *ret)
{
    uint8_t head[PMTILES_HEADER_BYTES];
    struct open_map m = { .name = TEXT_UNKNOWN, .attribution = TEXT_UNKNOWN };
    struct buffer json;

    if (!source->read(source->user, 0, head, sizeof head))
        return PARSE_INVALID;
    const enum parse_status status = pmtiles_header((struct bytes){ .at = head, .len = sizeof head }, &m.tiles);
    if (status != PARSE_OK)
        return status;
    if (m.tiles.kind == PMTILES_UNKNOWN || m.tiles.kind == PMTILES_AVIF) {
        pmtiles_done(&m.tiles);
        return PARSE_UNSUPPORTED;
    }
    m.tiles.read = source->read;
    m.tiles.user = source->user;
    m.arena = arena_new(1 << 20);
    buffer_init(&json, PMTILES_METADATA_MAX * 4);
    if (pmtiles_metadata(&m.tiles, &json) == PARSE_OK) /* damaged: then it names nobody, which the page says */
        (void)!json_read((struct bytes){ .at = json.at, .len = json.len }, take_metadata, &m, NULL);
    buffer_done(&json);
    *ret = m;
    return PARSE_OK;
}

static void map_close(struct open_map *m)
{
    pmtiles_done(&m->tiles);
    arena_free(m->arena);
}

static int here(html_map_work *work, void *with, struct buffer *ret)
{
    char *said = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&said, &len);

    if (!out)
        abort(); /* out of memory, as in base/memory.c */
    const int answer = work(with, out);
    fclose(out);
    const bool fits = buffer_add(ret, said, len);
    free(said);
    return fits ? answer : -EPROTO;
}

static int map_work(const struct html_map_source *source, html_map_work *work, void *with, struct buffer *ret)
{
    return source->apart ? source->apart(source->user, work, with, ret) : here(work, with, ret);
}

/* Whether the file is a map that can be drawn: a parse_status. */
static int look_at(void *with, FILE *out)
{
    struct open_map m;
    const enum parse_status status = map_open(with, &m);

    (void)out;
    if (status == PARSE_OK)
        map_close(&m);
    return (int)status;
}

enum parse_status html_map_new(const struct html_map_source *source, struct html_map **ret)
{
    struct html_map_source with = *source;
    struct buffer nothing;

    buffer_init(&nothing, 1);
    const int answer = map_work(source, look_at, &with, &nothing);
    buffer_done(&nothing);
    if (answer != PARSE_OK)
        return answer == PARSE_UNSUPPORTED ? PARSE_UNSUPPORTED : PARSE_INVALID;
    struct html_map *m = memory_alloc(sizeof *m);
    m->source = *source;
    *ret = m;
    return PARSE_OK;
}

void html_map_free(struct html_map *m)
{
    if (used == m)
        used = NULL;
    free(m);
}

struct drawing {
    const struct html_map_source *source;
    const struct map_place *places;
    size_t count;
};

static int draw(void *with, FILE *out)
{
    static const char *const kinds[] = { [PMTILES_VECTOR] = "vector", [PMTILES_PNG] = "picture",
                                         [PMTILES_JPEG] = "picture",
                                         [PMTILES_WEBP] = "picture" };
    const struct drawing *d = with;
    struct map_drawn w = { 0 };
    struct open_map m;
    struct json j;

    const enum parse_status status = map_open(d->source, &m);
    if (status != PARSE_OK)
        return (int)status;
    json_init(&j, out, false);
    json_object(&j);
    json_member_text(&j, "schema", TEXT(SCHEMA));
    json_member_text(&j, "kind", text_of(kinds[m.tiles.kind]));
    json_member_text(&j, "name", m.name);
    json_member_text(&j, "attribution", m.attribution);
    json_key(&j, "places");
    json_array(&j);
    for (size_t i = 0; i < d->count && i < HTML_MAP_PLACES_MAX; i++)
        map_ground_put(&m.tiles, &d->places[i].box, &j, &w);
    json_array_end(&j);
    json_member_int(&j, "left_out",
                    w.left_out + (d->count > HTML_MAP_PLACES_MAX ? (int64_t)(d->count - HTML_MAP_PLACES_MAX) : 0));
    json_member_int(&j, "damaged", w.damaged);
    json_member_int(&j, "cut", w.cut);
    json_member_int(&j, "drawn", w.tiles);
    json_object_end(&j);
    map_close(&m);
    return PARSE_OK;
}

static bool go_on(void *user, const struct json_event *event)
{
    (void)user;
    (void)event;
    return true;
}

/* What stands in the page where nothing came back that could. */
static void write_without_places(FILE *out)
{
    struct json j;

    json_init(&j, out, false);
    json_object(&j);
    json_member_text(&j, "schema", TEXT(SCHEMA));
    json_key(&j, "places");
    json_array(&j);
    json_array_end(&j);
    json_member_int(&j, "damaged", 1);
    json_object_end(&j);
}

int html_map_write(struct fact_case *c, FILE *out)
{
    struct map_place *places = memory_alloc_array(MAP_PLACE_CELLS_MAX + 1, sizeof *places);
    struct drawing d = { .source = &used->source, .places = places };
    struct buffer said;

    const int error = map_places_find(case_db(c), places, &d.count);
    buffer_init(&said, WRITTEN_MAX);
    /* What comes back was made from bytes that nobody vouches for: it must be JSON at least. */
    const bool drawn = !error && map_work(d.source, draw, &d, &said) == PARSE_OK &&
                       json_read((struct bytes){ .at = said.at, .len = said.len }, go_on, NULL, NULL) == PARSE_OK;
    if (drawn)
        fwrite(said.at, 1, said.len, out);
    else if (!error)
        write_without_places(out);
    buffer_done(&said);
    free(places);
    return error;
}
