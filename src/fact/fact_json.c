#include "fact/fact_json.h"

#include "base/timestamp.h"

static void put_strings(struct json *j, struct text_list list)
{
    if (!list.items) {
        json_null(j);
        return;
    }
    json_array(j);
    for (size_t i = 0; i < list.count; i++)
        json_text(j, list.items[i]);
    json_array_end(j);
}

void fact_json_origin(struct json *j, const struct fact_origin *o)
{
    static const struct json_name offset = JSON_NAME(offset), length = JSON_NAME(length);
    const bool packets = fact_known_int(o->packet_first);

    if (!fact_known_int(o->offset) && !packets && o->steps.count == 0 && o->rows.count == 0) {
        json_null(j);
        return;
    }
    json_object(j);
    if (fact_known_int(o->offset)) {
        json_key_ready(j, &offset, 0);
        json_int(j, o->offset);
    }
    if (fact_known_int(o->length)) {
        json_key_ready(j, &length, 0);
        json_int(j, o->length);
    }
    if (packets) {
        json_key(j, "packets");
        json_array(j);
        json_int(j, o->packet_first);
        json_int(j, fact_known_int(o->packet_last) ? o->packet_last : o->packet_first);
        json_array_end(j);
    }
    if (o->steps.count > 0) {
        json_key(j, "steps");
        put_strings(j, o->steps);
    }
    if (o->rows.count > 0) {
        json_key(j, "rows");
        put_strings(j, o->rows);
    }
    json_object_end(j);
}

struct text fact_id_key(struct text id)
{
    size_t start = 0, end = id.len;

    while (end > 0 && id.at[end - 1] != '-')
        end--;
    if (end < 2)
        return TEXT_UNKNOWN;
    end--;
    for (start = end; start > 0 && id.at[start - 1] != '-'; start--)
        ;
    return start > 0 ? (struct text){ .at = id.at + start, .len = end - start } : TEXT_UNKNOWN;
}

static void put_reference(struct json *j, struct text kind, struct text id, int64_t number)
{
    char text[96];
    const struct text key = fact_id_key(id);

    if (!fact_known_int(number) || !text_known(key) || key.len > 32) {
        json_null(j);
        return;
    }
    char *at = mempcpy(text, kind.at, kind.len);
    *at++ = '-';
    at = mempcpy(at, key.at, key.len);
    *at++ = '-';
    at += text_put_int(at, number);
    json_text(j, (struct text){ .at = text, .len = (size_t)(at - text) });
}

static void put_value(struct json *j, const struct fact_field *field, const void *row)
{
    const void *at = (const char *)row + field->offset;
    const int64_t integer = field->type == FACT_TYPE_TEXT || field->type == FACT_TYPE_LIST ||
                            field->type == FACT_TYPE_JSON || field->type == FACT_TYPE_REAL
                          ? 0 : *(const int64_t *)at;

    if (!fact_known_int(integer)) {
        json_null(j);
        return;
    }
    switch (field->type) {
    case FACT_TYPE_TEXT:
        json_text(j, *(const struct text *)at);
        break;
    case FACT_TYPE_LIST: {
        /* "A list is present, and empty, when nothing was found." */
        const struct text_list list = *(const struct text_list *)at;
        put_strings(j, list.items ? list : (struct text_list){ .items = &(struct text){ 0 }, .count = 0 });
        break;
    }
    case FACT_TYPE_JSON: {
        const struct text json = *(const struct text *)at;
        json_raw(j, text_known(json) ? json : TEXT("[]"));
        break;
    }
    case FACT_TYPE_INT:
        json_int(j, integer);
        break;
    case FACT_TYPE_BOOL:
        json_bool(j, integer != 0);
        break;
    case FACT_TYPE_TIME: {
        char text[TIMESTAMP_TEXT_MAX];
        json_plain(j, timestamp_text(integer, text));
        break;
    }
    case FACT_TYPE_REAL:
        json_real(j, *(const double *)at);
        break;
    case FACT_TYPE_REF:
        put_reference(j, text_of(field->name), ((const struct fact_head *)row)->id, integer);
        break;
    }
}

/* Half of the fields of most rows are unknown: name and null are written in one go. */
static void put_field(struct json *j, const struct fact_field *field, size_t skip, const void *row)
{
    const void *at = (const char *)row + field->offset;
    const bool is_text = field->type == FACT_TYPE_TEXT,
               is_integer = field->type == FACT_TYPE_INT || field->type == FACT_TYPE_BOOL ||
                            field->type == FACT_TYPE_TIME || field->type == FACT_TYPE_REF;

    if ((is_text && !text_known(*(const struct text *)at)) || (is_integer && !fact_known_int(*(const int64_t *)at))) {
        json_key_null(j, &field->json, skip);
        return;
    }
    json_key_ready(j, &field->json, skip);
    put_value(j, field, row);
}

static bool field_known(const struct fact_field *field, const void *row)
{
    const void *at = (const char *)row + field->offset;

    switch (field->type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        return text_known(*(const struct text *)at);
    case FACT_TYPE_LIST:
        return ((const struct text_list *)at)->items != NULL;
    case FACT_TYPE_REAL:
        return fact_known_real(*(const double *)at);
    case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        return fact_known_int(*(const int64_t *)at);
    }
    return false;
}

/* Writes the fields [first, end) that share a group: an array "name[]" or an object.  The
 * group is null when its first field (array) or all fields (object) are unknown. */
static void put_group(struct json *j, const struct fact_field *first, const struct fact_field *end, const void *row)
{
    struct text name = text_of(first->group);
    const bool array = text_ends_with(name, TEXT("[]"));
    bool known = false;

    if (array)
        name.len -= 2;
    json_key_text(j, name);
    for (const struct fact_field *f = first; f < (array ? first + 1 : end); f++)
        known |= field_known(f, row);
    if (!known) {
        json_null(j);
        return;
    }
    if (array)
        json_array(j);
    else
        json_object(j);
    for (const struct fact_field *f = first; f < end; f++) {
        if (array)
            put_value(j, f, row);
        else /* tls_sni in group "tls" is "sni" there */
            put_field(j, f, strncmp(f->name, name.at, name.len) == 0 && f->name[name.len] == '_' ? name.len + 1 : 0,
                      row);
    }
    if (array)
        json_array_end(j);
    else
        json_object_end(j);
}

void fact_json_row(struct json *j, enum fact_json_form form, enum fact_kind kind, const void *row)
{
    const struct fact_table *table = &fact_tables[kind];
    const struct fact_head *head = row;
    const struct fact_field *end = table->fields + table->field_count;

    static const struct json_name fact = JSON_NAME(fact), id = JSON_NAME(id), evidence = JSON_NAME(evidence),
                                  origin = JSON_NAME(origin);

    json_object(j);
    if (form == FACT_JSON_FACTS) {
        json_key_ready(j, &fact, 0);
        json_plain(j, text_of(table->name));
    }
    json_key_ready(j, &id, 0);
    json_text(j, head->id);
    json_key_ready(j, &evidence, 0);
    json_text(j, head->evidence);
    json_key_ready(j, &origin, 0);
    fact_json_origin(j, &head->origin);
    for (const struct fact_field *f = table->fields; f < end;) {
        const struct fact_field *next = f + 1;
        if (f->group[0] == '-' || f->group[0] == '\0') {
            if (f->group[0] == '\0' || form == FACT_JSON_FACTS)
                put_field(j, f, 0, row);
        } else {
            while (next < end && strcmp(next->group, f->group) == 0)
                next++;
            put_group(j, f, next, row);
        }
        f = next;
    }
    json_object_end(j);
}

/* Reading back.  Only what the writer above writes is understood. */

static void skip_blanks(struct cursor *c)
{
    while (c->rest.len > 0 && (c->rest.at[0] == ' ' || c->rest.at[0] == '\n'))
        cursor_skip(c, 1);
}

static bool take_char(struct cursor *c, char want)
{
    skip_blanks(c);
    if (c->rest.len == 0 || c->rest.at[0] != (uint8_t)want)
        return false;
    cursor_skip(c, 1);
    return true;
}

static size_t put_utf8(uint32_t code, char *to)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | code >> 12);
    to[1] = (char)(0x80 | (code >> 6 & 0x3f));
    to[2] = (char)(0x80 | (code & 0x3f));
    return 3;
}

static bool take_escape(struct cursor *c, char *to, size_t *len)
{
    static const char letters[] = "nrt\"\\/bf", meaning[] = "\n\r\t\"\\/\b\f";
    const char kind = (char)cursor_u8(c);

    if (kind == 'u') {
        uint32_t code = 0;
        for (int i = 0; i < 4; i++) {
            const uint8_t d = cursor_u8(c), lower = d | 0x20;
            if (d >= '0' && d <= '9')
                code = code << 4 | (uint32_t)(d - '0');
            else if (lower >= 'a' && lower <= 'f')
                code = code << 4 | (uint32_t)(lower - 'a' + 10);
            else
                return false;
        }
        *len += put_utf8(code, to + *len);
        return true;
    }
    const char *found = kind ? strchr(letters, kind) : NULL;
    if (!found)
        return false;
    to[(*len)++] = meaning[found - letters];
    return true;
}

static bool take_string(struct cursor *c, struct arena *arena, struct text *ret)
{
    size_t len = 0, end = 0;

    if (!take_char(c, '"'))
        return false;
    while (end < c->rest.len && c->rest.at[end] != '"')
        end += c->rest.at[end] == '\\' ? 2 : 1;
    char *to = arena_alloc(arena, end + 4, 1); /* an escape never grows: \u0800 is 6 bytes, UTF-8 of it 3 */
    if (!to)
        return false;
    while (c->rest.len > 0 && c->rest.at[0] != '"') {
        const uint8_t b = cursor_u8(c);
        if (b != '\\')
            to[len++] = (char)b;
        else if (!take_escape(c, to, &len))
            return false;
    }
    *ret = (struct text){ .at = to, .len = len };
    return take_char(c, '"');
}

static bool take_strings(struct cursor *c, struct arena *arena, struct text_list *ret)
{
    size_t count = 0, room = 4;
    struct text *items = arena_alloc(arena, room, sizeof *items);

    if (!items || !take_char(c, '['))
        return false;
    if (!take_char(c, ']')) {
        do {
            if (count == room) {
                struct text *more = arena_alloc(arena, room *= 2, sizeof *more);
                if (!more)
                    return false;
                memcpy(more, items, count * sizeof *items);
                items = more;
            }
            if (!take_string(c, arena, &items[count++]))
                return false;
        } while (take_char(c, ','));
        if (!take_char(c, ']'))
            return false;
    }
    *ret = (struct text_list){ .items = items, .count = count };
    return true;
}

static bool take_integer(struct cursor *c, int64_t *ret)
{
    size_t len = 0;

    skip_blanks(c);
    while (len < c->rest.len && (c->rest.at[len] == '-' || (c->rest.at[len] >= '0' && c->rest.at[len] <= '9')))
        len++;
    return text_to_int(text_of_bytes(cursor_take(c, len)), INT64_MIN, INT64_MAX, ret);
}

bool fact_json_read_list(struct text json, struct arena *arena, struct text_list *ret)
{
    struct cursor c = cursor_over((struct bytes){ .at = (const uint8_t *)json.at, .len = json.len });

    return take_strings(&c, arena, ret);
}

bool fact_json_read_origin(struct text json, struct arena *arena, struct fact_origin *ret)
{
    struct cursor c = cursor_over((struct bytes){ .at = (const uint8_t *)json.at, .len = json.len });
    struct fact_origin o = FACT_ORIGIN_UNKNOWN;
    struct text key;
    bool ok;

    if (!text_known(json)) {
        *ret = o;
        return true;
    }
    if (!take_char(&c, '{'))
        return false;
    do {
        if (!take_string(&c, arena, &key) || !take_char(&c, ':'))
            return false;
        if (text_equal(key, TEXT("offset")))
            ok = take_integer(&c, &o.offset);
        else if (text_equal(key, TEXT("length")))
            ok = take_integer(&c, &o.length);
        else if (text_equal(key, TEXT("packets")))
            ok = take_char(&c, '[') && take_integer(&c, &o.packet_first) && take_char(&c, ',') &&
                 take_integer(&c, &o.packet_last) && take_char(&c, ']');
        else if (text_equal(key, TEXT("steps")))
            ok = take_strings(&c, arena, &o.steps);
        else if (text_equal(key, TEXT("rows")))
            ok = take_strings(&c, arena, &o.rows);
        else
            ok = false;
        if (!ok)
            return false;
    } while (take_char(&c, ','));
    if (!take_char(&c, '}'))
        return false;
    *ret = o;
    return true;
}
