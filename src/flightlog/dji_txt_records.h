#ifndef LEASH_FLIGHTLOG_DJI_TXT_RECORDS_H
#define LEASH_FLIGHTLOG_DJI_TXT_RECORDS_H

#include "evidence/reading.h"
#include "flightlog/dji_cipher.h"
#include "flightlog/dji_txt_details.h"
#include "flightlog/dji_txt_frame.h"
#include "flightlog/flight_pace.h"
#include "flightlog/flight_path.h"
#include "flightlog/log_messages.h"

/* Turns records into position rows, and keeps what the flight and device rows need. */

enum { DJI_TXT_SERIALS_MAX = 32, DJI_TXT_WAITING_MAX = 16 };

/* A serial that a record named, and where. */
struct dji_txt_serial {
    const char *role;         /* aircraft | controller | camera | battery */
    struct text value;
    struct fact_origin origin;
};

enum dji_txt_subject { SUBJECT_AIRCRAFT, SUBJECT_HOME, SUBJECT_OPERATOR, SUBJECT_CONTROLLER, SUBJECT_CAMERA,
                       SUBJECT_COUNT };

/* Parts whose firmware is named. */
enum dji_txt_part { PART_AIRCRAFT, PART_CONTROLLER, PART_CAMERA, PART_BATTERY, DJI_TXT_PART_COUNT };
/* As a device's role: "aircraft" and so on. */
const char *dji_txt_part_role(enum dji_txt_part part);

/* A position whose time is not known yet: the record that holds the clock follows it. */
struct dji_txt_waiting {
    struct fact_origin origin;
    enum dji_txt_subject subject;
    struct flight_point at;
    struct flight_attitude attitude;
    uint16_t flight_time_ds;  /* the aircraft's own 0.1 s counter */
    bool doubted;             /* far from the one before: see struct dji_txt_doubt */
};

/* Bodies have no checksum, so one flipped bit puts the aircraft on another continent.  A
 * position far from the one before is held back until the next of its subject: if that is
 * near it the leap is real, if not the position was damaged and is left out. */
struct dji_txt_doubt {
    bool held;
    struct dji_txt_waiting position;
    int64_t time_utc_ns;
    struct text time_basis;
};

/* Positions far from both neighbours that lie near each other are those of another log, whose records stand among
 * these. */
struct dji_txt_lone {
    int64_t run;                           /* so many came, each near the one before */
    int64_t after_points;                  /* points of the path at the last of them, */
    struct flight_point last;              /* which is this */
};

struct dji_txt_log {
    struct reading *r;
    uint8_t version;
    bool masked;
    struct dji_txt_keys keys;
    struct dji_cipher cipher;              /* without keys where none fit */
    bool keys_do_not_fit;                  /* some were given */
    struct dji_txt_details details;
    bool details_believed;

    int64_t flight;                        /* number of the flight row to come */
    struct fact_position row;              /* made ready once */
    struct text_list steps;
    struct dji_txt_waiting waiting[DJI_TXT_WAITING_MAX];
    size_t waiting_count;
    bool aircraft_waits;

    int64_t clock_utc_ns, clock_candidate_utc_ns;   /* last believed type 5, and a doubted one */
    int64_t anchor_utc_ns;                 /* a moment that is known by both clocks */
    uint16_t anchor_ds, newest_ds, first_ds;
    bool anchor_ds_known, newest_ds_known;

    struct flight_path paths[SUBJECT_COUNT];
    struct flight_pace pace;               /* of the aircraft */
    struct dji_txt_doubt doubts[SUBJECT_COUNT];
    struct dji_txt_lone lone[SUBJECT_COUNT];
    int64_t others_points;                 /* that were put as another log's, */
    uint64_t others_at;                    /* the first of them here */
    struct flight_point home;
    bool home_known;
    struct dji_txt_serial serials[DJI_TXT_SERIALS_MAX];
    size_t serial_count;
    struct text firmware[DJI_TXT_PART_COUNT];  /* by enum dji_txt_part, as first stated */
    struct log_messages messages;          /* what the app told the pilot */
    unsigned product_type;                 /* of recover records; 0 = unknown */
    struct text aircraft_name;
    int64_t counts[256];
    int64_t encrypted, opened, unreadable, doubted_clocks, far_controllers, derived_times, lone_positions;

    uint8_t content[DJI_TXT_CONTENT_MAX + 8], plain[DJI_TXT_CONTENT_MAX + 8];
};

/* `log` is zeroed, with r, version, masked, details, flight and maybe cipher set. */
void dji_txt_records_begin(struct dji_txt_log *log);
void dji_txt_records_take(struct dji_txt_log *log, const struct dji_txt_record *record);

/* What a record type holds, in plain words; NULL when unknown. */
const char *dji_txt_record_name(uint8_t type);

#endif
