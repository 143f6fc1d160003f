#include "app/protobuf_xml.h"

#include "base/protobuf.h"

/* Numbers of the fields, by message. */
enum { NODE_ELEMENT = 1, NODE_TEXT = 2 };
enum { ELEMENT_NAME = 3, ELEMENT_ATTRIBUTE = 4, ELEMENT_CHILD = 5 };
enum { ATTRIBUTE_NAME = 2, ATTRIBUTE_VALUE = 3, ATTRIBUTE_RESOURCE_ID = 5, ATTRIBUTE_COMPILED_ITEM = 6 };
enum { ITEM_REFERENCE = 1, ITEM_STRING = 2, ITEM_RAW_STRING = 3, ITEM_STYLED_STRING = 4, ITEM_FILE = 5,
       ITEM_PRIMITIVE = 7 };
enum { REFERENCE_ID = 2, STRING_VALUE = 1 };
enum { PRIMITIVE_FLOAT = 3, PRIMITIVE_DECIMAL = 6, PRIMITIVE_HEX = 7, PRIMITIVE_BOOLEAN = 8 };
enum { TABLE_PACKAGE = 2, PACKAGE_ID = 1, PACKAGE_TYPE = 3, TYPE_ID = 1, TYPE_ENTRY = 3, ENTRY_ID = 1,
       ENTRY_CONFIG_VALUE = 6,
       ID_ID = 1, CONFIG_VALUE_CONFIG = 1, CONFIG_VALUE_VALUE = 2, VALUE_ITEM = 4 };

static bool find(struct bytes message, uint32_t number, struct bytes *ret)
{
    struct protobuf_field f;

    if (!protobuf_find(message, number, PROTOBUF_LEN, &f))
        return false;
    *ret = f.body;
    return true;
}

static struct text find_text(struct bytes message, uint32_t number)
{
    struct bytes b;

    return find(message, number, &b) ? text_of_bytes(b) : TEXT_UNKNOWN;
}

/* Zero is left out on the wire. */
static uint32_t find_number(struct bytes message, uint32_t number)
{
    struct protobuf_field f;

    return protobuf_find(message, number, PROTOBUF_VARINT, &f) ? (uint32_t)f.value : 0;
}

static bool primitive(struct bytes message, struct resource_value *ret)
{
    static const struct { uint32_t number; enum protobuf_wire wire; uint8_t type; } forms[] = {
        { PRIMITIVE_DECIMAL, PROTOBUF_VARINT, VALUE_DECIMAL }, { PRIMITIVE_HEX, PROTOBUF_VARINT, VALUE_HEX },
        { PRIMITIVE_BOOLEAN, PROTOBUF_VARINT, VALUE_BOOLEAN }, { PRIMITIVE_FLOAT, PROTOBUF_I32, VALUE_FLOAT },
    };
    struct protobuf_field f;

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!protobuf_find(message, forms[i].number, forms[i].wire, &f))
            continue;
        *ret = (struct resource_value){ .type = forms[i].type, .data = (uint32_t)f.value };
        return true;
    }
    return false;
}

bool protobuf_item(struct bytes item, struct resource_value *ret)
{
    static const uint32_t texts[] = { ITEM_STRING, ITEM_RAW_STRING, ITEM_STYLED_STRING, ITEM_FILE }; /* in each, field 1 is the text */
    struct bytes inner;

    if (find(item, ITEM_REFERENCE, &inner)) {
        *ret = (struct resource_value){ .type = VALUE_REFERENCE, .data = find_number(inner, REFERENCE_ID) };
        return true;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!find(item, texts[i], &inner))
            continue;
        const struct text value = find_text(inner, STRING_VALUE);
        *ret = (struct resource_value){ .type = VALUE_STRING, .text = text_known(value) ? value : TEXT("") };
        return true;
    }
    return find(item, ITEM_PRIMITIVE, &inner) && primitive(inner, ret);
}

bool protobuf_xml_recognise(struct bytes whole)
{
    struct bytes element, name;

    return find(whole, NODE_ELEMENT, &element) && find(element, ELEMENT_NAME, &name) && name.len > 0;
}

void protobuf_xml_open(struct axml *x, struct bytes whole, struct arena *arena)
{
    *x = (struct axml){ .arena = arena, .protobuf = true };
    x->c = cursor_over(whole);
}

static void read_attribute(struct axml *x, struct bytes message)
{
    struct axml_attribute *a = &x->attributes[x->attribute_count];
    struct resource_value value;
    struct bytes item;

    *a = (struct axml_attribute){
        .resource_id = find_number(message, ATTRIBUTE_RESOURCE_ID), .name = find_text(message, ATTRIBUTE_NAME), .type =
            VALUE_STRING,
        .text = find_text(message, ATTRIBUTE_VALUE),
    };
    if (find(message, ATTRIBUTE_COMPILED_ITEM, &item) && protobuf_item(item, &value)) {
        a->type = value.type;
        a->data = value.data;
        if (value.type == VALUE_STRING || value.type == VALUE_REFERENCE)
            a->text = value.text;
    }
    x->broken |= !protobuf_is_message(message);
    x->attribute_count++;
}

/* Name and attributes now, children as they are asked for. */
static bool start_element(struct axml *x, struct bytes element)
{
    struct cursor c = cursor_over(element);
    struct protobuf_field f;

    if (x->depth == AXML_DEPTH_MAX)
        return false;
    x->element = TEXT_UNKNOWN;
    x->attribute_count = 0;
    while (protobuf_next(&c, &f)) {
        if (f.wire == PROTOBUF_LEN && f.number == ELEMENT_NAME)
            x->element = text_of_bytes(f.body);
        else if (f.wire == PROTOBUF_LEN && f.number == ELEMENT_ATTRIBUTE && x->attribute_count < AXML_ATTRIBUTES_MAX)
            read_attribute(x, f.body);
    }
    x->broken |= c.failed;
    x->open[x->depth++] = element;
    x->begun = true;
    return true;
}

/* The next child of the innermost open element, or its end. */
static enum axml_event next_child(struct axml *x)
{
    struct bytes *rest = &x->open[x->depth - 1];
    struct cursor c = cursor_over(*rest);
    struct protobuf_field f;
    struct bytes element;

    while (protobuf_next(&c, &f)) {
        if (f.wire != PROTOBUF_LEN || f.number != ELEMENT_CHILD)
            continue;
        *rest = c.rest;
        x->broken |= !protobuf_is_message(f.body);
        if (find(f.body, NODE_ELEMENT, &element)) {
            if (start_element(x, element))
                return AXML_START;
            x->broken = true;
            return AXML_DONE;
        }
        x->characters = find_text(f.body, NODE_TEXT);
        if (text_known(x->characters))
            return AXML_TEXT;
    }
    x->depth--;
    return AXML_END;
}

enum axml_event protobuf_xml_next(struct axml *x)
{
    struct bytes root;

    if (x->begun)
        return x->depth > 0 ? next_child(x) : AXML_DONE;
    if (find(x->c.rest, NODE_ELEMENT, &root) && start_element(x, root)) {
        x->broken |= !protobuf_is_message(x->c.rest);
        return AXML_START;
    }
    x->broken = true;
    return AXML_DONE;
}

/* What looking into a field may cost: it may be gone through to its end. */
static uint64_t looks_of(const struct protobuf_field *f)
{
    return 1 + (f->wire == PROTOBUF_LEN ? f->body.len / 16 : 0);
}

/* Of one entry: false when it has no single value. */
static bool entry_value(struct bytes entry, uint64_t *steps, struct resource_value *ret)
{
    struct cursor c = cursor_over(entry);
    struct protobuf_field f;
    bool found = false;

    while (protobuf_next(&c, &f)) {
        struct bytes configuration = { 0 }, value, item;
        struct resource_value there;
        *steps += looks_of(&f);
        if (f.wire != PROTOBUF_LEN || f.number != ENTRY_CONFIG_VALUE || !find(f.body, CONFIG_VALUE_VALUE, &value) ||
            !find(value, VALUE_ITEM, &item) || !protobuf_item(item, &there))
            continue;
        const bool plain = !find(f.body, CONFIG_VALUE_CONFIG, &configuration) || configuration.len == 0;
        if (!found || plain)
            *ret = there;
        if (plain)
            return true;
        found = true;
    }
    return found;
}

/* The next message `number` in `c` whose member `id_field` holds that id. */
static bool next_with_id(struct cursor *c, uint32_t number, uint32_t id_field, uint32_t id, uint64_t *steps,
                         struct bytes *ret)
{
    struct protobuf_field f;
    struct bytes holder;

    while (*steps < RESOURCE_LOOKS_MAX && protobuf_next(c, &f)) {
        *steps += looks_of(&f);
        if (f.wire != PROTOBUF_LEN || f.number != number)
            continue;
        if ((find(f.body, id_field, &holder) ? find_number(holder, ID_ID) : 0) == id) {
            *ret = f.body;
            return true;
        }
    }
    return false;
}

bool protobuf_resource_find(struct bytes table, uint32_t id, uint64_t *steps, struct resource_value *ret)
{
    struct cursor packages = cursor_over(table);
    struct bytes package, type, entry;

    while (next_with_id(&packages, TABLE_PACKAGE, PACKAGE_ID, id >> 24, steps, &package)) {
        struct cursor types = cursor_over(package);
        while (next_with_id(&types, PACKAGE_TYPE, TYPE_ID, id >> 16 & 0xff, steps, &type)) {
            struct cursor entries = cursor_over(type);
            while (next_with_id(&entries, TYPE_ENTRY, ENTRY_ID, id & 0xffff, steps, &entry))
                if (entry_value(entry, steps, ret))
                    return true;
        }
    }
    return false;
}
