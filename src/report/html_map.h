#ifndef LEASH_REPORT_HTML_MAP_H
#define LEASH_REPORT_HTML_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "fact/case.h"

/* The ground under the local map of the page, from a file of map tiles that the operator has (report/pmtiles.h): nobody
 * is asked for it.  Of the file only the tiles around the case's positions go into the page, at the lowest zoom that
 * still shows a place sharply: vector tiles as shapes in the page's own colours, pictures (PNG, JPEG, WebP) as they
 * are. */
enum {
    HTML_MAP_PLACES_MAX = 20,         /* those with the most positions */
    HTML_MAP_TILES_MAX = 100,         /* of one place */
    HTML_MAP_PLACE_BYTES_MAX = 1500000,
    HTML_MAP_BYTES_MAX = 6000000,     /* in the page: the places that come last go without */
};

struct html_map;

/* A piece of work on the file's bytes: writes to `out` and gives an answer, 0 to 99. */
typedef int html_map_work(void *with, FILE *out);

/* Where the bytes come from, and who works on them.  `user` must stay as long as the map. */
struct html_map_source {
    void *user;
    /* False when there are not so many bytes. */
    bool (*read)(void *user, uint64_t offset, void *into, size_t len);
    /* Has the work done where a fault in it does no harm, and adds what it wrote to `ret`.  Its answer, or a negative
     * errno.
     * NULL: it is done here. */
    int (*apart)(void *user, html_map_work *work, void *with, struct buffer *ret);
};

/* INVALID or UNSUPPORTED as pmtiles_header; UNSUPPORTED also for tiles of a kind that is not drawn. */
__attribute__((warn_unused_result))
enum parse_status html_map_new(const struct html_map_source *source, struct html_map **ret);
void html_map_free(struct html_map *m); /* NULL is fine */

/* Every page that is written from here on, in the whole process, has this map; NULL: none. */
void html_map_use(struct html_map *m);
bool html_map_used(void);

/* "leash.map/1": {"attribution", "name", "kind", "left_out", "damaged", "places": [{"zoom", "tiles": [{"x", "y", "shapes": {KIND: PATH} |
 * "picture": BASE64, "type": MIME}], "names": [{"name", "rank", "at": [lon, lat]}]}]}; nothing of it is written without
 * a map. A map that could not be worked on to the end has no places and counts as damaged.  0, or -EIO when the case
 * cannot be read. */
__attribute__((warn_unused_result)) int html_map_write(struct fact_case *c, FILE *out);

#endif
