#include "reader/pool_inside.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "reader/pool_sums.h"

static int take_row(void *user, enum fact_kind kind, void *row)
{
    struct pool *p = user;
    struct item *item = p->head;

    item_count_row(p->items, item, kind, row);
    return p->listener->row(p->listener->user, item, kind, row);
}

static void head_result(struct pool *p, int error)
{
    if (error == -EBADMSG) {
        p->head->note = TEXT("the reader sent rows that make no sense; what came before them is kept");
        p->head->parsed = PARSE_INVALID;
    } else if (error) {
        p->error = error;
    }
}

static void drain_head(struct pool *p)
{
    head_result(p, held_rows_drain(&p->head->rows, &p->items->held, p->arena, take_row, p));
}

/* Hands out what the head holds, and moves it over items that are done or whose pass comes
 * later.  What is found inside an item comes right behind it, so an item that is done can be left. */
void pool_advance_head(struct pool *p)
{
    while (p->head && !p->error) {
        struct item *item = p->head;
        const bool later = item->state == ITEM_WAITING && pass_of(item) > p->pass;
        if (item->sum_later && !later)
            return;
        drain_head(p);
        if (item->state != ITEM_DONE && !later)
            return;
        p->head = item->next;
    }
}

void pool_item_over(struct item *item, enum parse_status parsed)
{
    item->state = ITEM_DONE;
    item->read_by_reader = true;
    item->parsed = parsed;
    if (item->descriptor >= 0)
        close(item->descriptor);
    item->descriptor = -1;
}

static void identified(struct pool *p, struct item *item, struct cursor c)
{
    const uint32_t index = cursor_u32le(&c);

    item->format = index < p->options->worker.format_count ? &p->options->worker.formats[index] : NULL;
    const char *advice = item->format ? format_advice(item->format) : NULL;
    item_take_digest(item, c.rest);
    if (item->sum_only)
        item_settle(p->items, item, "read", TEXT_UNKNOWN);
    else if (item->bytes == 0)
        item_settle(p->items, item, "unreadable", TEXT("empty: there is nothing in it"));
    else if (!item->format)
        item_settle(p->items, item, "unreadable", TEXT("not a format that leash knows"));
    else if (!item->format->read)
        item_settle(p->items, item, "unreadable", arena_printf(p->items->arena,
                    "known by its content (%s), but this version does not read that format%s%s", item->format->kind,
                    advice ? ": " : "", advice ? advice : ""));
    else
        item->state = ITEM_WAITING;
    if (item->bytes > 0 && p->options->worker.rules && !item->sum_only)
        item->state = ITEM_WAITING; /* rules are held against all content; what its status says stays */
}

void pool_take_message(struct pool *p, struct reader *reader)
{
    struct cursor c = cursor_over((struct bytes){ .at = p->packet.body, .len = p->packet.len });
    struct item *item = reader->item;

    if (p->packet.descriptor >= 0) /* readers send none */
        close(p->packet.descriptor);
    if (p->packet.type == CHANNEL_HELLO) {
        reader->greeted = true;
        p->still_born = 0;
        p->listener->sandbox_features &= cursor_u32le(&c);
        return;
    }
    if (item && reader->summing && p->packet.type == CHANNEL_IDENTIFIED) {
        cursor_skip(&c, 4); /* its format was asked for before */
        pool_sum_ends(item, c.rest);
        reader->summing = false;
        reader->item = NULL;
        if (reader->early)
            pool_retire(reader);
        return;
    }
    if (item && reader->summing && p->packet.type == CHANNEL_PROGRESS)
        return; /* that of the one who reads it is shown */
    if (!item || reader->summing) {
        reader->ended_by = "the reader spoke without having been asked";
        kill(reader->pid, SIGKILL);
        return;
    }
    switch (p->packet.type) {
    case CHANNEL_IDENTIFIED:
        if (item->state != ITEM_IDENTIFYING)
            break;
        identified(p, item, c);
        if (reader->reads_on && item->state == ITEM_WAITING && pass_of(item) <= p->pass)
            item->state = ITEM_READING;
        else
            reader->item = NULL;
        break;
    case CHANNEL_FACTS:
        if (item == p->head && !item->sum_later && !p->error) {
            head_result(p, held_rows_pass(&item->rows, &p->items->held, c.rest, p->options->spool_directory, p->arena, take_row,
                                          p));
        } else {
            const int error = held_rows_add(&item->rows, &p->items->held, c.rest, p->options->spool_directory);
            if (error)
                p->error = error;
        }
        break;
    case CHANNEL_PROGRESS:
        if (p->listener->progress && item->state == ITEM_READING) {
            const uint64_t done = cursor_u64le(&c);
            p->listener->progress(p->listener->user, p->bytes_done + (done < item->bytes ? done : item->bytes),
                                  p->bytes_total, item);
        }
        break;
    case CHANNEL_MEMBER_PART: {
        const uint64_t offset = cursor_u64le(&c), bytes = cursor_u64le(&c);
        pool_add_part(p, reader, offset, bytes, text_of_bytes(c.rest));
        break;
    }
    case CHANNEL_MEMBER_OPEN: {
        const uint64_t bytes = cursor_u64le(&c);
        pool_open_member(p, reader, bytes, text_of_bytes(c.rest));
        break;
    }
    case CHANNEL_MEMBER_CLOSE:
        pool_close_member(p, reader);
        break;
    case CHANNEL_DONE: {
        const uint8_t status = cursor_u8(&c);
        pool_item_over(item, status <= PARSE_UNSUPPORTED ? (enum parse_status)status : PARSE_INVALID);
        reader->item = NULL;
        p->bytes_done += item->bytes;
        break;
    }
    case CHANNEL_IDENTIFY: case CHANNEL_READ: case CHANNEL_IDENTIFY_READ: case CHANNEL_STREAM: case CHANNEL_BYTES:
    case CHANNEL_SPOOL: case CHANNEL_HELLO:
        break;
    }
}
