#include "reader/items.h"

#include <inttypes.h>
#include <unistd.h>

#include "reader/pool_early.h"

void item_list_init(struct item_list *list)
{
    *list = (struct item_list){ .arena = arena_new(0), .shelf = -1 };
}

void item_list_done(struct item_list *list)
{
    pool_early_end(list);
    for (struct item *i = list->first; i; i = i->next) {
        if (i->descriptor >= 0)
            close(i->descriptor);
        held_rows_done(&i->rows, &list->held);
    }
    held_room_done(&list->held);
    if (list->shelf >= 0)
        close(list->shelf);
    arena_free(list->arena);
    *list = (struct item_list){ .shelf = -1 };
}

struct item *item_add(struct item_list *list, struct item *parent, struct text path)
{
    struct item *item = arena_alloc(list->arena, 1, sizeof *item);

    item->parent = parent;
    item->path = arena_text(list->arena, path);
    item->descriptor = -1;
    item->depth = parent ? parent->depth + 1 : 0;
    item->last_inside = item;
    held_rows_init(&item->rows);
    if (parent) {
        item->inside_number = ++parent->inside_count;
        struct item *before = parent->last_inside;
        item->next = before->next;
        before->next = item;
        /* Whatever holds the parent ends with this item now, too. */
        for (struct item *p = parent; p && p->last_inside == before; p = p->parent)
            p->last_inside = item;
        parent->last_inside = item;
    } else {
        if (list->last)
            list->last->last_inside->next = item;
        else
            list->first = item;
        list->last = item;
    }
    list->count++;
    return item;
}

void item_settle(struct item_list *list, struct item *item, const char *status, struct text note)
{
    item->state = ITEM_DONE;
    item->status = text_of(status);
    item->note = arena_text(list->arena, note);
}

void item_count_row(struct item_list *list, struct item *item, enum fact_kind kind, const void *row)
{
    const struct fact_damage *damage = row;

    if (kind != FACT_DAMAGE) {
        item->row_count++;
        return;
    }
    if (item->damage_count++ == 0)
        item->first_damage = arena_text(list->arena, damage->statement);
    if (fact_known_int(damage->bytes_lost) && damage->bytes_lost > 0)
        item->damage_bytes += (uint64_t)damage->bytes_lost;
}

void item_set_status(struct item_list *list, struct item *item)
{
    struct arena *arena = list->arena;

    if (item->parsed == PARSE_OK && item->damage_count == 0 && !item->crashed && !item->cut) {
        item->status = TEXT("read");
        return;
    }
    item->status = item->parsed == PARSE_OK || item->row_count > 0 ? TEXT("partial") : TEXT("unreadable");
    if (text_known(item->note))
        return;
    if (item->damage_count > 1)
        item->note = arena_printf(arena, "%.*s; and %" PRIu64 " more like this or others", (int)item->first_damage.len,
                                  item->first_damage.at, item->damage_count - 1);
    else if (item->damage_count == 1)
        item->note = item->first_damage;
    else if (item->parsed == PARSE_TRUNCATED)
        item->note = TEXT("the content ends before its format says so");
    else if (item->parsed == PARSE_UNSUPPORTED)
        item->note = TEXT("a variant of the format that this version does not read");
    else
        item->note = TEXT("the content contradicts its format");
}

void item_take_digest(struct item *item, struct bytes digest)
{
    if (digest.len != SHA256_BYTES)
        return;
    item->hashed = true;
    hash_hex(digest.at, digest.len, item->sha256);
}

void item_key(const struct item *item, char into[SHA256_HEX])
{
    uint8_t digest[SHA256_BYTES];

    if (item->hashed && !item->streamed) {
        memcpy(into, item->sha256, SHA256_HEX);
        return;
    }
    struct sha256 *h = sha256_new();
    sha256_add(h, (struct bytes){ .at = (const uint8_t *)item->path.at, .len = item->path.len });
    for (const struct item *i = item; i->parent; i = i->parent)
        sha256_add(h, (struct bytes){ .at = (const uint8_t *)&i->inside_number, .len = sizeof i->inside_number });
    sha256_finish(h, digest);
    sha256_free(h);
    hash_hex(digest, sizeof digest, into);
}
