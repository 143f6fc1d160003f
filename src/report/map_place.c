#include "report/map_place.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* The page draws together what is this close (local_map.js), and shows at least so much, in degrees of latitude. */
#define NEAR_DEG 0.1
#define WIDE_MIN_DEG 0.0008
#define HIGH_MIN_DEG 0.0005
#define LATITUDE_MAX_DEG 85.05

static bool near(const struct map_box *a, const struct map_box *b)
{
    return a->west <= b->east + NEAR_DEG && a->east >= b->west - NEAR_DEG && a->south <= b->north + NEAR_DEG &&
        a->north >= b->south - NEAR_DEG;
}

static void join(struct map_box *a, const struct map_box *b)
{
    a->west = fmin(a->west, b->west);
    a->south = fmin(a->south, b->south);
    a->east = fmax(a->east, b->east);
    a->north = fmax(a->north, b->north);
}

/* A box joins the places that it is near to; they become one. */
static size_t add_box(struct map_place *places, size_t count, struct map_place new)
{
    for (size_t i = 0; i < count;) {
        if (!near(&places[i].box, &new.box)) {
            i++;
            continue;
        }
        join(&new.box, &places[i].box);
        new.positions += places[i].positions;
        places[i] = places[--count];
        i = 0;
    }
    places[count] = new;
    return count + 1;
}

static int by_positions(const void *a, const void *b)
{
    const struct map_place *x = a, *y = b;

    if (x->positions != y->positions)
        return x->positions < y->positions ? 1 : -1;
    return x->box.west < y->box.west ? -1 : x->box.west > y->box.west;
}

/* Cells of a hundredth of a degree, each with its own bounds. */
int map_places_find(sqlite3 *db, struct map_place *places, size_t *ret_count)
{
    static const char sql[] =
        "SELECT min(x), min(y), max(x), max(y), count(*) FROM ("
        " SELECT longitude_deg AS x, latitude_deg AS y FROM position WHERE media IS NULL"
        " UNION ALL SELECT longitude_deg, latitude_deg FROM media"
        " UNION ALL SELECT longitude_deg, latitude_deg FROM broadcast"
        " UNION ALL SELECT operator_longitude_deg, operator_latitude_deg FROM broadcast)"
        " WHERE x BETWEEN -180 AND 180 AND y BETWEEN -85.05 AND 85.05"
        " GROUP BY CAST(x * 100 + 18000 AS INTEGER), CAST(y * 100 + 18000 AS INTEGER) LIMIT ?";
    sqlite3_stmt *row = NULL;
    size_t count = 0;
    int status;

    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return -EIO;
    sqlite3_bind_int(row, 1, MAP_PLACE_CELLS_MAX);
    while ((status = sqlite3_step(row)) == SQLITE_ROW)
        count = add_box(places, count, (struct map_place){
            { sqlite3_column_double(row, 0), sqlite3_column_double(row, 1), sqlite3_column_double(row, 2), sqlite3_column_double(row, 3) },
            sqlite3_column_int64(row, 4) });
    sqlite3_finalize(row);
    qsort(places, count, sizeof *places, by_positions);
    *ret_count = count;
    return status == SQLITE_DONE ? 0 : -EIO;
}

struct map_box map_box_shown(const struct map_box *b)
{
    const double middle = (b->south + b->north) / 2, centre = (b->west + b->east) / 2;
    const double shrink = fmax(0.02, cos(middle * M_PI / 180));
    const double wide = fmax((b->east - b->west) * shrink, WIDE_MIN_DEG),
        high = fmax(b->north - b->south, HIGH_MIN_DEG);
    const double half_wide = fmax(1.3 * wide, 2.2 * high) / 2 / shrink, half_high = fmax(1.3 * high, 1.1 * wide) / 2;

    return (struct map_box){ fmax(-180, centre - half_wide), fmax(-LATITUDE_MAX_DEG, middle - half_high),
                             fmin(180, centre + half_wide),
                         fmin(LATITUDE_MAX_DEG, middle + half_high) };
}
