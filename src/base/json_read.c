#include "base/json_read.h"

#include <stdlib.h>
#include <yajl/yajl_parse.h>

#include "base/memory.h"

struct json_reader {
    json_handler *handler;
    void *user;
    yajl_handle yajl;
    struct bytes whole;
    struct json_frame frames[JSON_DEPTH_MAX];
    size_t depth;
    bool too_deep;
};

/* yajl does not look whether it got memory. */
static void *yajl_malloc(void *user, size_t n) { (void)user; return memory_resize_array(NULL, n, 1); }
static void *yajl_realloc(void *user, void *at, size_t n) { (void)user; return memory_resize_array(at, n, 1); }
static void yajl_release(void *user, void *at) { (void)user; free(at); }

/* The `n` bytes of input that yajl read last. */
static struct bytes last_bytes(const struct json_reader *r, size_t n)
{
    const size_t end = yajl_get_bytes_consumed(r->yajl);

    return bytes_part(r->whole, end > n ? end - n : 0, n);
}

static int emit(struct json_reader *r, struct json_event e)
{
    e.frames = r->frames;
    e.depth = r->depth;
    return r->handler(r->user, &e);
}

static int on_null(void *user)
{
    struct json_reader *r = user;
    return emit(r, (struct json_event){ .kind = JSON_NULL, .at = last_bytes(r, 4) });
}

static int on_boolean(void *user, int value)
{
    struct json_reader *r = user;
    return emit(r,
                (struct json_event){ .kind = JSON_BOOLEAN, .boolean = value != 0, .at = last_bytes(r, value ? 4 : 5) });
}

static int on_number(void *user, const char *at, size_t len)
{
    struct json_reader *r = user;
    return emit(r,
                (struct json_event){ .kind = JSON_NUMBER, .text = { .at = at, .len = len }, .at = last_bytes(r, len) });
}

/* Where nothing was escaped the text is a view of the input, which then says where it stands. */
static int on_text(void *user, const unsigned char *at, size_t len)
{
    struct json_reader *r = user;
    struct json_event e = { .kind = JSON_TEXT, .text = { .at = len ? (const char *)at : "", .len = len } };
    const uintptr_t first = (uintptr_t)r->whole.at, here = (uintptr_t)at;

    if (len > 0 && here >= first && here - first < r->whole.len)
        e.at = bytes_part(r->whole, here - first, len);
    else
        e.at = last_bytes(r, 1);
    return emit(r, e);
}

static int open_frame(struct json_reader *r, enum json_kind kind)
{
    if (!emit(r, (struct json_event){ .kind = kind, .at = last_bytes(r, 1) }))
        return 0;
    if (r->depth == JSON_DEPTH_MAX) {
        r->too_deep = true;
        return 0;
    }
    r->frames[r->depth++] = (struct json_frame){ .array = kind == JSON_ARRAY, .key_whole = true };
    return 1;
}

static int close_frame(struct json_reader *r, enum json_kind kind)
{
    r->depth--;
    return emit(r, (struct json_event){ .kind = kind, .at = last_bytes(r, 1) });
}

static int on_object(void *user)     { return open_frame(user, JSON_OBJECT); }
static int on_array(void *user)      { return open_frame(user, JSON_ARRAY); }
static int on_object_end(void *user) { return close_frame(user, JSON_OBJECT_END); }
static int on_array_end(void *user)  { return close_frame(user, JSON_ARRAY_END); }

static int on_key(void *user, const unsigned char *at, size_t len)
{
    struct json_reader *r = user;
    struct json_frame *frame = &r->frames[r->depth - 1];

    frame->key_whole = len <= JSON_KEY_MAX;
    frame->key_len = (uint8_t)(frame->key_whole ? len : JSON_KEY_MAX);
    if (frame->key_len > 0)
        memcpy(frame->key, at, frame->key_len);
    return 1;
}

enum parse_status json_read(struct bytes whole, json_handler *handler, void *user, uint64_t *ret_origin)
{
    static const yajl_callbacks callbacks = {
        .yajl_null = on_null, .yajl_boolean = on_boolean, .yajl_number = on_number, .yajl_string = on_text,
        .yajl_start_map = on_object, .yajl_map_key = on_key, .yajl_end_map = on_object_end,
        .yajl_start_array = on_array, .yajl_end_array = on_array_end,
    };
    yajl_alloc_funcs memory = { .malloc = yajl_malloc, .realloc = yajl_realloc, .free = yajl_release };
    struct json_reader r = { .handler = handler, .user = user };
    enum parse_status result = PARSE_OK;

    r.whole = bytes_start_with(whole, "\xef\xbb\xbf", 3) ? bytes_part(whole, 3, UINT64_MAX) : whole;
    r.yajl = yajl_alloc(&callbacks, &memory, &r);
    yajl_config(r.yajl, yajl_dont_validate_strings, 1);
    yajl_status status = yajl_parse(r.yajl, r.whole.at, r.whole.len);
    size_t consumed = yajl_get_bytes_consumed(r.yajl);
    if (status == yajl_status_ok) {
        status = yajl_complete_parse(r.yajl);
        result = status == yajl_status_error ? PARSE_TRUNCATED : PARSE_OK;
    } else if (status == yajl_status_error) {
        result = PARSE_INVALID;
    } else if (r.too_deep) {
        result = PARSE_UNSUPPORTED;
    }
    yajl_free(r.yajl);
    if (ret_origin)
        *ret_origin = bytes_part(r.whole, consumed, 0).origin;
    return result;
}

struct text json_event_key(const struct json_event *event)
{
    const struct json_frame *frame = event->depth ? &event->frames[event->depth - 1] : NULL;

    if (!frame || frame->array || !frame->key_whole)
        return TEXT_UNKNOWN;
    return (struct text){ .at = frame->key, .len = frame->key_len };
}

bool json_event_is(const struct json_event *event, size_t from, const char *path)
{
    for (size_t i = from; i < event->depth; i++) {
        const struct json_frame *frame = &event->frames[i];
        size_t n = 0;
        if (frame->array) {
            if (path[0] != '[' || path[1] != ']')
                return false;
            path += 2;
            continue;
        }
        path += i > from && *path == '.';
        while (path[n] != '\0' && path[n] != '.' && path[n] != '[')
            n++;
        if (!frame->key_whole || frame->key_len != n || memcmp(frame->key, path, n) != 0)
            return false;
        path += n;
    }
    return *path == '\0' && event->depth > from;
}
