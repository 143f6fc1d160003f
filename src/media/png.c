#include "media/png.h"

#include "media/exif.h"
#include "media/photo_packed.h"
#include "media/photo_xmp.h"
#include "media/photoshop.h"
#include "media/png_walk.h"

enum { UNPACKED_MAX = 32 << 20, KEYWORD_MAX = 79, UNKNOWN_KINDS_MAX = 16 };

struct unknown_kind {
    uint32_t type, count;
    uint64_t offset, length;
};

struct reader {
    struct photo photo;
    uint64_t unpacked_left;
    struct unknown_kind unknown[UNKNOWN_KINDS_MAX];
    size_t unknown_count;
};

static void read_exif(struct reader *x, struct bytes body)
{
    if (bytes_start_with(body, "Exif\0", 5)) /* some writers keep JPEG's head */
        body = bytes_part(body, 6, UINT64_MAX);
    if (exif_read(&x->photo, body, "PNG EXIF", NULL) != PARSE_OK)
        reading_damage(x->photo.r, body.origin, (int64_t)body.len, FACT_UNKNOWN_INT,
                       "the EXIF chunk has no readable TIFF header");
}

/* What ImageMagick and others put into texts "Raw profile type NAME": a line break, the name, the length in
 * decimal, then hexadecimal digits with line breaks. */
static struct bytes profile_bytes(struct reader *x, struct bytes text)
{
    struct cursor c = cursor_over(text);
    int64_t length;

    while (c.rest.len > 0 && c.rest.at[0] <= ' ')
        cursor_skip(&c, 1);
    for (int line = 0; line < 2; line++) {
        const uint8_t *end = c.rest.len ? memchr(c.rest.at, '\n', c.rest.len) : NULL;
        struct text t = text_of_bytes(cursor_take(&c, end ? (size_t)(end - c.rest.at) : c.rest.len));
        while (line == 1 && t.len > 0 && t.at[0] == ' ') {
            t.at++;
            t.len--;
        }
        if (line == 1 && !text_to_int(t, 1, INT32_MAX, &length))
            return (struct bytes){ 0 };
        cursor_skip(&c, end != NULL);
    }
    uint8_t *to = arena_alloc(x->photo.r->arena, c.rest.len / 2 + 1, 1);
    size_t digits = 0;
    for (size_t i = 0; to && i < c.rest.len && digits / 2 < (uint64_t)length; i++) {
        const uint8_t d = c.rest.at[i];
        const int value = d >= '0' && d <= '9' ? d - '0' : d >= 'a' && d <= 'f' ? d - 'a' + 10 :
            d >= 'A' && d <= 'F' ? d - 'A' + 10 : -1;
        if (value >= 0) {
            to[digits / 2] = (uint8_t)(to[digits / 2] << 4 | value);
            digits++;
        }
    }
    return (struct bytes){ .at = to, .len = to ? digits / 2 : 0, .origin = text.origin };
}

static void read_profile(struct reader *x, struct text name, struct bytes text)
{
    struct bytes block = profile_bytes(x, text);

    if (block.len == 0) {
        photo_unread(&x->photo, text.origin, text.len, "a raw profile in a text");
    } else if (text_equal(name, TEXT("exif")) || text_equal(name, TEXT("APP1"))) {
        if (bytes_start_with(block, "http://ns.adobe.com/xap/1.0/", 29))
            photo_read_xmp(&x->photo, pieces_one(bytes_part(block, 29, UINT64_MAX)), "PNG raw profile");
        else
            read_exif(x, block);
    } else if (text_equal(name, TEXT("xmp"))) {
        photo_read_xmp(&x->photo, pieces_one(block), "PNG raw profile");
    } else if (text_equal(name, TEXT("iptc")) || text_equal(name, TEXT("8bim"))) {
        photoshop_read(&x->photo, bytes_start_with(block, "Photoshop 3.0", 14) ? bytes_part(block, 14, UINT64_MAX) :
                       block, "PNG raw profile");
    } else if (!text_equal(name, TEXT("icc")) && !text_equal(name, TEXT("icm"))) {
        photo_unread(&x->photo, text.origin, text.len, "a raw profile in a text");
    }
}

/* "2019-09-02", and a time of the day behind it: whatever its keyword, it names nobody. */
static bool is_date(struct text t)
{
    static const char form[] = "dddd-dd-dd", rest[] = "0123456789:+-. TZ";

    for (size_t i = 0; i < t.len; i++) {
        const bool digit = t.at[i] >= '0' && t.at[i] <= '9';
        if (i >= sizeof form - 1 ? !memchr(rest, t.at[i], sizeof rest - 1) : form[i] == 'd' ? !digit : t.at[i] != '-' &&
            t.at[i] != ':')
            return false;
    }
    return t.len >= sizeof form - 1;
}

/* Keywords of section 11.3.3.2 and of programs.  NULL: names nothing. */
static void read_text(struct reader *x, struct text keyword, struct bytes text)
{
    static const struct { const char *keyword, *kind; } kinds[] = {
        { "Author", "name" }, { "Artist", "name" }, { "Copyright", "name" }, { "Title", "comment" },
        { "Description", "comment" }, { "Comment", "comment" }, { "Disclaimer", "comment" }, { "Warning", "comment" },
        { "Source", "comment" }, { "Software", NULL }, { "date:create", NULL }, { "date:modify", NULL },
        { "date:timestamp", NULL },
    };
    struct photo *p = &x->photo;

    if (text_starts_with(keyword, TEXT("Raw profile type "))) {
        const struct text name = { keyword.at + 17, keyword.len - 17 };
        struct photo_packed packed;
        const struct bytes *inside = p->packed;
        if (!inside)
            photo_packed_begin(&packed, p, text);
        read_profile(x, name, text);
        if (!inside)
            photo_packed_end(&packed);
        return;
    }
    if (text_equal(keyword, TEXT("XML:com.adobe.xmp"))) {
        photo_read_xmp(p, pieces_one(text), "PNG XMP");
        return;
    }
    if (text_equal(keyword, TEXT("Creation Time"))) {
        (void)photo_parse_clock(text_of_bytes(text), &p->xmp_clock);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text_equal_ignoring_case(keyword, text_of(kinds[i].keyword))) {
            if (kinds[i].kind)
                photo_name(p, kinds[i].kind, text, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR,
                           photo_where(p, text, "PNG text", NULL, keyword));
            return;
        }
    if (is_date(text_of_bytes(text)))
        return;
    /* Any word may be a keyword; what stands behind it was written for people. */
    photo_name(p, "comment", text, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR,
               photo_where(p, text, "PNG text", NULL, keyword));
}

static bool take_keyword(struct cursor *c, struct text *ret)
{
    const uint8_t *nul = c->rest.len ? memchr(c->rest.at, 0, c->rest.len) : NULL;
    const size_t n = nul ? (size_t)(nul - c->rest.at) : 0;

    if (!nul)
        return false;
    *ret = text_of_bytes(cursor_take(c, n));
    cursor_skip(c, 1);
    return true;
}

static void read_packed_text(struct reader *x, struct text keyword, struct bytes body, struct bytes packed)
{
    struct photo_packed u;

    photo_packed_begin(&u, &x->photo, body);
    const struct bytes text = photo_inflate(&x->photo, packed, "a packed text", &x->unpacked_left);
    if (text.len > 0)
        read_text(x, keyword, text);
    photo_packed_end(&u);
}

static void read_texts(struct reader *x, const struct png_chunk *chunk)
{
    struct cursor c = cursor_over(chunk->body);
    const bool international = chunk->type == PNG_TYPE('i', 'T', 'X', 't');
    bool packed = chunk->type == PNG_TYPE('z', 'T', 'X', 't');
    uint8_t method = 0;
    struct text keyword, ignored;
    bool right = take_keyword(&c, &keyword) && keyword.len <= KEYWORD_MAX;

    if (right && packed)
        method = cursor_u8(&c);
    if (right && international) {
        packed = cursor_u8(&c) == 1;
        method = cursor_u8(&c);
        right = take_keyword(&c, &ignored) && take_keyword(&c, &ignored); /* language, translated keyword */
    }
    if (!right || c.failed || (packed && method != 0))
        photo_unread(&x->photo, chunk->body.origin, chunk->body.len, "a text chunk without its head");
    else if (packed)
        read_packed_text(x, keyword, chunk->body, c.rest);
    else
        read_text(x, keyword, c.rest);
}

static void read_exif_chunk(struct reader *x, const struct png_chunk *chunk)
{
    read_exif(x, chunk->body);
}

/* No reader: known, and names nothing (sections 11.2 and 11.3; PNG extensions 1.6; APNG; Apple's). */
static const struct {
    char type[5];
    void (*read)(struct reader *x, const struct png_chunk *chunk);
} kinds[] = {
    { "eXIf", read_exif_chunk }, { "iTXt", read_texts }, { "tEXt", read_texts }, { "zTXt", read_texts },
    { "IHDR", NULL }, { "PLTE", NULL }, { "IDAT", NULL }, { "IEND", NULL }, { "tRNS", NULL }, { "cHRM", NULL },
    { "gAMA", NULL }, { "iCCP", NULL }, { "sBIT", NULL }, { "sRGB", NULL }, { "cICP", NULL }, { "mDCV", NULL },
    { "cLLI", NULL }, { "bKGD", NULL }, { "hIST", NULL }, { "pHYs", NULL }, { "sPLT", NULL }, { "tIME", NULL },
    { "acTL", NULL }, { "fcTL", NULL }, { "fdAT", NULL }, { "oFFs", NULL }, { "pCAL", NULL }, { "sCAL", NULL },
    { "gIFg", NULL }, { "sTER", NULL }, { "iDOT", NULL }, { "vpAg", NULL }, { "orNT", NULL },
};

static void add_unknown(struct reader *x, const struct png_chunk *chunk)
{
    size_t i = 0;

    while (i < x->unknown_count && x->unknown[i].type != chunk->type)
        i++;
    if (i == UNKNOWN_KINDS_MAX)
        i--; /* the last one stands for the rest */
    struct unknown_kind *u = &x->unknown[i];
    if (i == x->unknown_count) {
        *u = (struct unknown_kind){ .type = chunk->type, .offset = chunk->body.origin };
        x->unknown_count++;
    }
    u->count++;
    u->length += chunk->body.len;
}

static void read_chunk(struct reader *x, const struct png_chunk *chunk)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *t = kinds[i].type;
        if (PNG_TYPE(t[0], t[1], t[2], t[3]) != chunk->type)
            continue;
        if (kinds[i].read && chunk->missing == 0 && !png_chunk_sound(chunk))
            reading_damage(x->photo.r, chunk->body.origin, 0, 0, "the check sum of chunk %s is wrong; it was read", t);
        if (kinds[i].read)
            kinds[i].read(x, chunk);
        return;
    }
    if (chunk->body.len > 0)
        add_unknown(x, chunk);
}

static void say_damage(struct reading *r, const struct png_chunk *chunk)
{
    if (chunk->type_wrong)
        reading_damage(r, chunk->whole.origin, (int64_t)chunk->whole.len, FACT_UNKNOWN_INT,
                       "no chunk begins here: the rest of the file, %zu bytes, was not read", chunk->whole.len);
    if (chunk->missing > 0)
        reading_damage(r, chunk->whole.origin, (int64_t)chunk->missing, FACT_UNKNOWN_INT,
                       "a chunk is cut off: %llu bytes are missing", (unsigned long long)chunk->missing);
}

static void say_rest(struct reader *x, const struct png_walk *w, struct bytes whole)
{
    for (size_t i = 0; i < x->unknown_count; i++) {
        const struct unknown_kind *u = &x->unknown[i];
        const char name[] = { (char)(u->type >> 24), (char)(u->type >> 16), (char)(u->type >> 8), (char)u->type, 0 };
        photo_unread(&x->photo, u->offset, u->length, "%u chunk%s of unknown kind, %s", u->count,
                     u->count > 1 ? "s" : "", name);
    }
    if (!w->ended)
        reading_damage(x->photo.r, whole.origin + whole.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the picture has no end: the file was cut off");
    else if (w->rest.len > 0)
        photo_unread(&x->photo, w->rest.origin, w->rest.len, "data behind the end of the picture");
}

bool png_recognise(struct bytes whole)
{
    struct png_walk w;

    return png_walk_init(&w, whole) == PARSE_OK;
}

enum parse_status png_read(struct reading *r, struct bytes whole)
{
    struct reader *x = arena_alloc(r->arena, 1, sizeof *x);
    struct png_chunk chunk;
    struct png_walk w;

    if (!x || png_walk_init(&w, whole) != PARSE_OK)
        return PARSE_INVALID;
    photo_init(&x->photo, r, "png", whole.len);
    x->unpacked_left = UNPACKED_MAX;
    while (png_walk_next(&w, &chunk)) {
        say_damage(r, &chunk);
        if (!chunk.type_wrong)
            read_chunk(x, &chunk);
    }
    say_rest(x, &w, whole);
    photo_put(&x->photo);
    if (r->passed)
        r->passed(r, whole.len);
    return w.ended ? PARSE_OK : PARSE_TRUNCATED;
}
