#include "scrub/result.h"

#include "base/json.h"

const char *scrub_result_name(enum scrub_result result)
{
    static const char *const names[] = { "removed_and_checked", "not_shown", "failed" };

    return names[result];
}

void scrub_report_edit(struct scrub_report *report, const struct fact_edit *edit, struct arena *arena)
{
    const bool left = text_equal(edit->action, TEXT("left"));
    const uint64_t bytes = edit->head.origin.length > 0 ? (uint64_t)edit->head.origin.length : 0;

    if (text_equal(edit->action, TEXT("bound"))) {
        report->bound = arena_text(arena, edit->what);
        return;
    }
    report->left_count += left;
    /* Edits of one kind come in rows: the newest change is nearly always the one. */
    for (size_t i = report->change_count; i-- > 0; ) {
        struct scrub_change *c = &report->changes[i];
        if (c->left != left || !text_equal(c->what, edit->what) || !text_equal(c->kind, edit->kind))
            continue;
        c->count++;
        c->bytes += bytes;
        return;
    }
    if (report->change_count == SCRUB_CHANGES_MAX) {
        report->changes_not_listed++;
        return;
    }
    report->changes[report->change_count++] = (struct scrub_change){
        .kind = arena_text(arena, edit->kind), .what = arena_text(arena,
                                                                  edit->what), .left = left, .count = 1, .bytes = bytes,
        .first_offset = edit->head.origin.offset > 0 ? (uint64_t)edit->head.origin.offset : 0,
    };
}

void scrub_report_damage(struct scrub_report *report, struct text statement, struct arena *arena)
{
    report->last_damage = arena_text(arena, statement);
    if (report->damage_count < SCRUB_DAMAGE_MAX)
        report->damage[report->damage_count] = report->last_damage;
    report->damage_count++;
}

static void write_kinds(struct json *j, const char *name, const struct scrub_request *request, bool dropped)
{
    json_key(j, name);
    json_array(j);
    for (int kind = 0; kind < SCRUB_CHOICES; kind++)
        if ((request->drop >> kind & 1) == dropped)
            json_text(j, text_of(scrub_kind_name((enum scrub_kind)kind)));
    json_array_end(j);
}

static void write_changes(struct json *j, const char *name, const struct scrub_report *report, bool left)
{
    json_key(j, name);
    json_array(j);
    for (size_t i = 0; i < report->change_count; i++) {
        const struct scrub_change *c = &report->changes[i];
        if (c->left != left)
            continue;
        json_object(j);
        json_member_text(j, "kind", c->kind);
        json_member_text(j, "what", c->what);
        json_member_int(j, "count", (int64_t)c->count);
        json_member_int(j, "bytes", (int64_t)c->bytes);
        json_member_int(j, "first_offset", (int64_t)c->first_offset);
        json_object_end(j);
    }
    json_array_end(j);
}

static void write_file(struct json *j, const char *name, const char *sha256, uint64_t bytes, struct text file_name)
{
    json_key(j, name);
    json_object(j);
    if (text_known(file_name))
        json_member_text(j, "name", file_name);
    json_member_text(j, "sha256", (struct text){ sha256, 64 });
    json_member_int(j, "bytes", (int64_t)bytes);
    json_object_end(j);
}

static void write_check(struct json *j, const struct scrub_report *report)
{
    json_key(j, "checked");
    json_object(j);
    json_member_int(j, "values_searched", (int64_t)report->values);
    json_member_int(j, "points_searched", (int64_t)report->points);
    json_member_int(j, "values_too_short_to_search", (int64_t)report->values_too_short);
    json_member_int(j, "bytes_searched", (int64_t)report->copy_bytes);
    json_member_int(j, "bytes_not_decoded", (int64_t)report->bytes_not_decoded);
    json_object_end(j);
}

int scrub_sidecar_write(FILE *out, const struct scrub_report *report, const struct scrub_request *request)
{
    struct json j;

    json_init(&j, out, true);
    json_object(&j);
    json_member_text(&j, "schema", TEXT("leash.scrub/1"));
    json_member_text(&j, "tool", TEXT("leash " LEASH_VERSION));
    json_member_bool(&j, "altered", true);
    json_member_text(&j, "statement",
                     TEXT("This is an altered copy made for sharing. It is no evidence; the original is."));
    json_member_text(&j, "result", text_of(scrub_result_name(report->result)));
    json_member_text(&j, "reason", report->reason);
    json_member_text(&j, "format", report->format);
    write_file(&j, "original", report->original_sha256, report->original_bytes, TEXT_UNKNOWN);
    write_file(&j, "copy", report->copy_sha256, report->copy_bytes, report->copy_name);
    json_member_bool(&j, "renamed", report->renamed);
    write_kinds(&j, "dropped", request, true);
    write_kinds(&j, "kept", request, false);
    json_member_bool(&j, "positions_moved", request->shift);
    json_member_bool(&j, "unknown_stripped", request->drop >> SCRUB_UNKNOWN & 1);
    write_changes(&j, "removed", report, false);
    json_member_int(&j, "removed_not_listed", (int64_t)report->changes_not_listed);
    write_changes(&j, "left", report, true);
    json_key(&j, "damage");
    json_array(&j);
    for (size_t i = 0; i < report->damage_count && i < SCRUB_DAMAGE_MAX; i++)
        json_text(&j, report->damage[i]);
    json_array_end(&j);
    json_member_int(&j, "damage_count", (int64_t)report->damage_count);
    write_check(&j, report);
    json_member_text(&j, "reminder", TEXT("What a picture or a video shows, and the shape of a track, can still tell the place and the people."));
    json_object_end(&j);
    fputc('\n', out);
    return ferror(out) ? -1 : 0;
}
