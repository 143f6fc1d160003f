#include "support.h"

#include <stdlib.h>

#include "evidence/format.h"
#include "evidence/text_front.h"
#include "flightlog/csv_log.h"
#include "flightlog/dataflash.h"
#include "flightlog/dji_srt.h"
#include "flightlog/json_log.h"
#include "flightlog/track_xml.h"

/* Texts in any form, read as they were saved: rows point into the item, whatever became of its text.  What is
 * recognised is read as far that it gives a row. */
#define READ_FRONT(name) \
    static enum parse_status any_##name(struct reading *r, struct bytes whole) { return text_front_read(r, whole, name##_read); }
READ_FRONT(csv_log)
READ_FRONT(dataflash_text)
READ_FRONT(dji_srt)
READ_FRONT(gpx)
READ_FRONT(json_log)
READ_FRONT(kml)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct { text_recognise_function *recognise; text_read_function *read; } texts[] = {
        { csv_log_recognise, any_csv_log }, { dataflash_text_recognise, any_dataflash_text }, { dji_srt_recognise, any_dji_srt },
        { gpx_recognise, any_gpx }, { json_log_recognise, any_json_log }, { kml_recognise, any_kml },
    };
    const struct bytes whole = { .at = data, .len = size };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (text_front_recognise(whole, texts[i].recognise) && fuzz_reader(texts[i].read, data, size) == 0)
            abort();
    return 0;
}
