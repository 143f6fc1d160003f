#include "fact/case_layers.h"

#include <sqlite3.h>
#include <stdio.h>

enum { WKB_POINT = 1, WKB_LINESTRING = 2, WKB_POINT_Z = 1001, WKB_LINESTRING_Z = 1002, SRS_WGS84 = 4326 };

/* Tables of GeoPackage 1.3, requirements 10, 13, 21 and 58. */
static const char geopackage_tables[] =
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,"
    " organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,"
    " description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),"
    " min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,"
    " CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,"
    " geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,"
    " CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),"
    " CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),"
    " CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));"
    "CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,"
    " definition TEXT NOT NULL, scope TEXT NOT NULL,"
    " CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));"
    "INSERT INTO gpkg_spatial_ref_sys VALUES"
    " ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),"
    " ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),"
    " ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,"
    "298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,"
    "AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],"
    "AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]',"
    " 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');";

int layers_prepare(sqlite3 *db)
{
    return sqlite3_exec(db, geopackage_tables, NULL, NULL, NULL);
}

static void put_u32(struct buffer *to, uint32_t value)
{
    buffer_add(to, &value, sizeof value); /* host order; the byte order flag below says which */
}

static void put_real(struct buffer *to, double value)
{
    buffer_add(to, &value, sizeof value);
}

static const uint8_t host_is_little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

/* "GP", version 0, flags (bit 0 byte order, bits 1-3 envelope: 1 = four doubles), srs_id. */
static void put_header(struct buffer *to, bool envelope)
{
    buffer_add(to, "GP\0", 3);
    buffer_add_u8(to, (uint8_t)(host_is_little_endian | (envelope ? 1 << 1 : 0)));
    put_u32(to, SRS_WGS84);
}

void geometry_point(struct buffer *to, double longitude_deg, double latitude_deg, double altitude_m)
{
    put_header(to, false);
    buffer_add_u8(to, host_is_little_endian);
    put_u32(to, fact_known_real(altitude_m) ? WKB_POINT_Z : WKB_POINT);
    put_real(to, longitude_deg);
    put_real(to, latitude_deg);
    if (fact_known_real(altitude_m))
        put_real(to, altitude_m);
}

static double column_real(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? FACT_UNKNOWN_REAL : sqlite3_column_double(s, column);
}

/* A line through the rows of `points` (longitude, latitude, altitude), with its envelope.
 * A line has Z on all its points or on none.  Gives the number of points. */
static uint32_t geometry_line(struct buffer *to, sqlite3_stmt *points, const double box[4])
{
    bool with_z = true;
    uint32_t count = 0;

    while (sqlite3_step(points) == SQLITE_ROW)
        with_z &= sqlite3_column_type(points, 2) != SQLITE_NULL;
    sqlite3_reset(points);

    put_header(to, true);
    put_real(to, box[0]);
    put_real(to, box[1]);
    put_real(to, box[2]);
    put_real(to, box[3]);
    buffer_add_u8(to, host_is_little_endian);
    put_u32(to, with_z ? WKB_LINESTRING_Z : WKB_LINESTRING);
    const size_t count_at = to->len;
    put_u32(to, 0);
    while (sqlite3_step(points) == SQLITE_ROW) {
        put_real(to, sqlite3_column_double(points, 0));
        put_real(to, sqlite3_column_double(points, 1));
        if (with_z)
            put_real(to, column_real(points, 2));
        count++;
    }
    if (!to->overflowed)
        memcpy(to->at + count_at, &count, sizeof count);
    return count;
}

static const char flight_path_tables[] =
    "CREATE TABLE flight_path (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom LINESTRING, flight TEXT,"
    " aircraft_serial TEXT, format TEXT, start DATETIME, \"end\" DATETIME, alt_ref TEXT, points INTEGER);"
    "CREATE VIRTUAL TABLE rtree_flight_path_geom USING rtree(id, minx, maxx, miny, maxy);"
    "CREATE TABLE media_position (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, media TEXT,"
    " taken DATETIME, taken_local TEXT, model TEXT, alt_ref TEXT);"
    "CREATE TABLE broadcast_position (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, broadcast TEXT,"
    " subject TEXT, uas_id TEXT, at DATETIME);";

/* The triggers of the R-tree extension (annex F.3; version 1.4 has others) keep the index right when somebody
 * edits the layer with GIS software, which brings the ST_ functions along. */
static const char rtree_triggers[] =
    "CREATE TRIGGER rtree_flight_path_geom_insert AFTER INSERT ON flight_path"
    " WHEN (new.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN"
    " INSERT OR REPLACE INTO rtree_flight_path_geom VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom),"
    " ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;"
    "CREATE TRIGGER rtree_flight_path_geom_update1 AFTER UPDATE OF geom ON flight_path"
    " WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN"
    " INSERT OR REPLACE INTO rtree_flight_path_geom VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom),"
    " ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;"
    "CREATE TRIGGER rtree_flight_path_geom_update2 AFTER UPDATE OF geom ON flight_path"
    " WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)) BEGIN"
    " DELETE FROM rtree_flight_path_geom WHERE id = OLD.fid; END;"
    "CREATE TRIGGER rtree_flight_path_geom_update3 AFTER UPDATE ON flight_path"
    " WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN"
    " DELETE FROM rtree_flight_path_geom WHERE id = OLD.fid;"
    " INSERT OR REPLACE INTO rtree_flight_path_geom VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom),"
    " ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;"
    "CREATE TRIGGER rtree_flight_path_geom_update4 AFTER UPDATE ON flight_path"
    " WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)) BEGIN"
    " DELETE FROM rtree_flight_path_geom WHERE id IN (OLD.fid, NEW.fid); END;"
    "CREATE TRIGGER rtree_flight_path_geom_delete AFTER DELETE ON flight_path WHEN old.geom NOT NULL BEGIN"
    " DELETE FROM rtree_flight_path_geom WHERE id = OLD.fid; END;"
    "INSERT INTO gpkg_extensions VALUES ('flight_path', 'geom', 'gpkg_rtree_index',"
    " 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');";

static int bind_columns(sqlite3_stmt *to, int to_first, sqlite3_stmt *from, int from_first, int count)
{
    int rc = SQLITE_OK;

    for (int i = 0; i < count && rc == SQLITE_OK; i++)
        rc = sqlite3_bind_value(to, to_first + i, sqlite3_column_value(from, from_first + i));
    return rc;
}

static int step_and_reset(sqlite3_stmt *s)
{
    const int rc = sqlite3_step(s);

    sqlite3_reset(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

enum { GEOMETRY_BYTES_MAX = 512 * 1024 * 1024 };

/* One line per flight with two points at least. */
static int fill_flight_path(sqlite3 *db)
{
    sqlite3_stmt *flights = NULL, *points = NULL, *line = NULL, *index = NULL;
    struct buffer geometry;
    int rc;

    buffer_init(&geometry, GEOMETRY_BYTES_MAX);
    if ((rc = sqlite3_prepare_v2(db,
            "SELECT f.id, f.aircraft_serial, f.format, strftime('%Y-%m-%dT%H:%M:%fZ', f.start),"
            " strftime('%Y-%m-%dT%H:%M:%fZ', f.\"end\"), f.alt_ref, count(*), min(p.longitude_deg), max(p.longitude_deg),"
            " min(p.latitude_deg), max(p.latitude_deg) FROM flight f JOIN position p ON p.flight = f.id"
            " WHERE (p.subject = 'aircraft' OR (p.subject = 'camera' AND f.format = 'photos')) GROUP BY f.fid HAVING count(*) > 1 ORDER BY f.fid", -1, &flights, NULL)) ||
        (rc = sqlite3_prepare_v2(db, "SELECT longitude_deg, latitude_deg, altitude_m FROM position"
            " WHERE flight = ?1 AND (subject = 'aircraft' OR (subject = 'camera' AND EXISTS"
            "  (SELECT 1 FROM flight f WHERE f.id = ?1 AND f.format = 'photos'))) ORDER BY fid", -1, &points, NULL)) ||
        (rc = sqlite3_prepare_v2(db, "INSERT INTO flight_path (geom, flight, aircraft_serial, format, start, \"end\","
            " alt_ref, points) VALUES (?,?,?,?,?,?,?,?)", -1, &line, NULL)) ||
        (rc = sqlite3_prepare_v2(db, "INSERT INTO rtree_flight_path_geom VALUES (?,?,?,?,?)", -1, &index, NULL)))
        goto done;
    while ((rc = sqlite3_step(flights)) == SQLITE_ROW) {
        double box[4];
        for (int i = 0; i < 4; i++)
            box[i] = sqlite3_column_double(flights, 7 + i);
        buffer_clear(&geometry);
        sqlite3_bind_value(points, 1, sqlite3_column_value(flights, 0));
        geometry_line(&geometry, points, box);
        sqlite3_reset(points);
        if (geometry.overflowed)
            continue;
        sqlite3_bind_blob64(line, 1, geometry.at, geometry.len, SQLITE_STATIC);
        if ((rc = bind_columns(line, 2, flights, 0, 7)) || (rc = step_and_reset(line)))
            goto done;
        sqlite3_bind_int64(index, 1, sqlite3_last_insert_rowid(db));
        for (int i = 0; i < 4; i++)
            sqlite3_bind_double(index, 2 + i, box[i]);
        if ((rc = step_and_reset(index)))
            goto done;
    }
    rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
done:
    sqlite3_finalize(flights);
    sqlite3_finalize(points);
    sqlite3_finalize(line);
    sqlite3_finalize(index);
    buffer_done(&geometry);
    return rc;
}

/* Copies rows whose first three columns are longitude, latitude, altitude into a point layer. */
static int fill_points(sqlite3 *db, const char *select, const char *insert, int other_columns)
{
    sqlite3_stmt *from = NULL, *to = NULL;
    struct buffer geometry;
    int rc;

    buffer_init(&geometry, 256);
    if ((rc = sqlite3_prepare_v2(db, select, -1, &from, NULL)) || (rc = sqlite3_prepare_v2(db, insert, -1, &to, NULL)))
        goto done;
    while ((rc = sqlite3_step(from)) == SQLITE_ROW) {
        buffer_clear(&geometry);
        geometry_point(&geometry, sqlite3_column_double(from, 0), sqlite3_column_double(from, 1), column_real(from, 2));
        sqlite3_bind_blob64(to, 1, geometry.at, geometry.len, SQLITE_STATIC);
        if ((rc = bind_columns(to, 2, from, 3, other_columns)) || (rc = step_and_reset(to)))
            goto done;
    }
    rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
done:
    sqlite3_finalize(from);
    sqlite3_finalize(to);
    buffer_done(&geometry);
    return rc;
}

static const struct {
    const char *table, *geometry_type, *description, *extent;
} layers[] = {
    { "flight_path", "LINESTRING", "paths of flights that a log holds",
      "SELECT min(minx), min(miny), max(maxx), max(maxy) FROM rtree_flight_path_geom" },
    { "position", "POINT", "every position read from logs and media",
      "SELECT min(longitude_deg), min(latitude_deg), max(longitude_deg), max(latitude_deg) FROM position" },
    { "media_position", "POINT", "where photos and videos were taken",
      "SELECT min(longitude_deg), min(latitude_deg), max(longitude_deg), max(latitude_deg) FROM media" },
    { "broadcast_position", "POINT", "positions that were broadcast",
      "SELECT min(x), min(y), max(x), max(y) FROM (SELECT longitude_deg x, latitude_deg y FROM broadcast"
      " UNION ALL SELECT operator_longitude_deg, operator_latitude_deg FROM broadcast)" },
};

static int list_layers(sqlite3 *db)
{
    char sql[1024];
    int rc = SQLITE_OK;

    for (size_t i = 0; i < sizeof layers / sizeof *layers && rc == SQLITE_OK; i++) {
        /* z = 2: points have an altitude where one is known. */
        snprintf(sql, sizeof sql,
                 "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y,"
                 " srs_id) SELECT '%s', 'features', '%s', '%s', *, 4326 FROM (%s);"
                 "INSERT INTO gpkg_geometry_columns VALUES ('%s', 'geom', '%s', 4326, 2, 0);",
                 layers[i].table, layers[i].table, layers[i].description, layers[i].extent,
                 layers[i].table, layers[i].geometry_type);
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    }
    return rc;
}

static int list_attribute_tables(sqlite3 *db)
{
    char sql[512];
    int rc = SQLITE_OK;

    for (int kind = 0; kind < FACT_CASE_KIND_COUNT && rc == SQLITE_OK; kind++) {
        if (kind == FACT_POSITION)
            continue;
        snprintf(sql, sizeof sql, "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES"
                 " ('%s', 'attributes', '%s')", fact_tables[kind].name, fact_tables[kind].name);
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES"
                          " ('run', 'attributes', 'run'), ('leash_case', 'attributes', 'leash_case')", NULL, NULL, NULL);
    return rc;
}

int layers_finish(sqlite3 *db)
{
    int rc;

    if ((rc = sqlite3_exec(db, "CREATE INDEX position_flight ON position (flight)", NULL, NULL, NULL)) ||
        (rc = sqlite3_exec(db, flight_path_tables, NULL, NULL, NULL)) || (rc = fill_flight_path(db)) ||
        (rc = sqlite3_exec(db, rtree_triggers, NULL, NULL, NULL)) ||
        (rc = fill_points(db,
                          "SELECT longitude_deg, latitude_deg, altitude_m, id, strftime('%Y-%m-%dT%H:%M:%fZ', taken),"
                          " taken_local, model, alt_ref FROM media WHERE longitude_deg IS NOT NULL ORDER BY fid",
                          "INSERT INTO media_position (geom, media, taken, taken_local, model, alt_ref)"
                          " VALUES (?,?,?,?,?,?)", 5)) ||
        (rc = fill_points(db, "SELECT longitude_deg, latitude_deg, altitude_m, id, 'aircraft', uas_id,"
                          " strftime('%Y-%m-%dT%H:%M:%fZ', at) FROM broadcast WHERE longitude_deg IS NOT NULL"
                          " UNION ALL SELECT operator_longitude_deg, operator_latitude_deg, NULL, id, 'operator', uas_id,"
                          " strftime('%Y-%m-%dT%H:%M:%fZ', at) FROM broadcast WHERE operator_longitude_deg IS NOT NULL",
                          "INSERT INTO broadcast_position (geom, broadcast, subject, uas_id, at) VALUES (?,?,?,?,?)", 4)) ||
        (rc = list_layers(db)))
        return rc;
    if ((rc = list_attribute_tables(db)))
        return rc;
    /* The time of the run, not of this moment: the same run gives the same bytes. */
    return sqlite3_exec(db, "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', run.value)"
                        " FROM run WHERE run.key = 'started' AND strftime('%s', run.value) IS NOT NULL", NULL, NULL, NULL);
}
