#include "scrub/planners.h"

#include "flightlog/csv_log.h"
#include "flightlog/dataflash.h"
#include "flightlog/dji_srt.h"
#include "flightlog/dji_txt.h"
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
    { "dji-srt", PASS_STORED, dji_srt_recognise, plan_srt },
    { "tlog", PASS_STORED, tlog_recognise, plan_tlog },
    { "dataflash-text", PASS_STORED, dataflash_text_recognise, plan_dataflash_text },
    { "gpx", PASS_STORED, gpx_recognise, plan_track_xml },
    { "kml", PASS_STORED, kml_recognise, plan_track_xml },
    { "flight-csv", PASS_STORED, csv_log_recognise, plan_csv },
};
const size_t scrub_planner_count = sizeof scrub_planners / sizeof *scrub_planners;
