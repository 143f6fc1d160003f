#include "packet/capture.h"

enum { PASSED_STEP = 4 << 20 };

bool capture_recognise(struct bytes whole)
{
    return pcap_recognise(whole) || pcapng_recognise(whole);
}

void capture_frame(struct capture *c, struct frame *frame)
{
    frame->number = ++c->packets;
    if (frame->original_len < frame->data.len)
        frame->original_len = frame->data.len;
    if (c->reading->passed && frame->record_offset - c->passed >= PASSED_STEP) {
        c->passed = frame->record_offset;
        c->reading->passed(c->reading, c->passed);
    }
    tracker_frame(&c->tracker, frame);
}

enum parse_status capture_read(struct reading *r, struct bytes whole)
{
    struct capture c = { .reading = r };
    enum parse_status status = PARSE_INVALID;

    tracker_init(&c.tracker, r);
    if (pcap_recognise(whole))
        status = pcap_read(&c, whole);
    else if (pcapng_recognise(whole))
        status = pcapng_read(&c, whole);
    tracker_end(&c.tracker);
    return status;
}
