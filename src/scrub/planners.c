#include "scrub/planners.h"

#include "evidence/text_front.h"
#include "flightlog/csv_log.h"
#include "flightlog/dataflash.h"
#include "flightlog/dji_srt.h"
#include "flightlog/dji_txt.h"
#include "flightlog/json_log.h"
#include "flightlog/tlog.h"
#include "flightlog/track_xml.h"
#include "flightlog/ulog.h"
#include "media/jpeg.h"
#include "media/movie.h"
#include "media/png.h"
#include "media/tiff.h"
#include "scrub/plan_exif.h"
#include "scrub/plan_jpeg.h"
#include "scrub/plan_log.h"
#include "scrub/plan_movie.h"
#include "scrub/plan_png.h"

/* Texts that were saved with CR at their line ends are changed as others are; changes in UTF-16 would have to count by
 * two. */
static enum parse_status plan_text(struct reading *r, struct bytes whole, text_read_function *plan)
{
    if (!text_front_is_utf16(whole))
        return text_front_read(r, whole, plan);
    reading_damage(r, whole.origin, (int64_t)whole.len, FACT_UNKNOWN_INT,
                   "texts in UTF-16 are not scrubbed: save it as UTF-8");
    return PARSE_UNSUPPORTED;
}

#define TEXT_PLANNER(name, planner) \
    static bool any_##name##_recognise(struct bytes whole) { return text_front_recognise(whole, name##_recognise); } \
    static enum parse_status plan_any_##name(struct reading *r, struct bytes whole) { return plan_text(r, whole, planner); }

TEXT_PLANNER(dji_srt, plan_srt)
TEXT_PLANNER(dataflash_text, plan_dataflash_text)
TEXT_PLANNER(gpx, plan_track_xml)
TEXT_PLANNER(kml, plan_track_xml)
TEXT_PLANNER(csv_log, plan_csv)
TEXT_PLANNER(json_log, plan_json)
#undef TEXT_PLANNER

/* Kinds and recognisers are those of evidence/format.c, in its order. */
const struct format scrub_planners[] = {
    { "jpeg", PASS_STORED, jpeg_recognise, plan_jpeg },
    { "tiff", PASS_STORED, tiff_recognise, plan_tiff },
    { "png", PASS_STORED, png_recognise, plan_png },
    { "ulog", PASS_STORED, ulog_recognise, plan_ulog },
    { "dataflash", PASS_STORED, dataflash_recognise, plan_dataflash },
    { "heif", PASS_STORED, heif_recognise, plan_movie },
    { "mp4", PASS_STORED, movie_recognise, plan_movie },
    { "dji-txt", PASS_STORED, dji_txt_recognise, plan_dji_txt },
    { "dji-srt", PASS_STORED, any_dji_srt_recognise, plan_any_dji_srt },
    { "tlog", PASS_STORED, tlog_recognise, plan_tlog },
    { "dataflash-text", PASS_STORED, any_dataflash_text_recognise, plan_any_dataflash_text },
    { "gpx", PASS_STORED, any_gpx_recognise, plan_any_gpx },
    { "kml", PASS_STORED, any_kml_recognise, plan_any_kml },
    { "flight-json", PASS_STORED, any_json_log_recognise, plan_any_json_log },
    { "flight-csv", PASS_STORED, any_csv_log_recognise, plan_any_csv_log },
};
const size_t scrub_planner_count = sizeof scrub_planners / sizeof *scrub_planners;
