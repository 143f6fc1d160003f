#include "phase/phase.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/timestamp.h"
#include "fact/fact.h"
#include "phase/scene.h"

/* The phases that evidence tells, in the order of the table in phase.h. */
enum told_phase { TOLD_FLIGHT, TOLD_ACTIVATION, TOLD_UPDATE, TOLD_SYNC, TOLD_LAUNCH, TOLD_IDLE, TOLD_COUNT };

static const struct { const char *name, *basis; } told[TOLD_COUNT] = {
    [TOLD_FLIGHT] = { "flight", "flight_log" },  [TOLD_ACTIVATION] = { "activation", "traffic" },
    [TOLD_UPDATE] = { "update", "traffic" },     [TOLD_SYNC] = { "sync", "traffic" },
    [TOLD_LAUNCH] = { "launch", "traffic" },     [TOLD_IDLE] = { "idle", "remainder" },
};

struct tally { int64_t flows, from, to; };

struct marking {
    const struct phase_run *run;
    struct scene scene;
    struct tally named[PHASE_RANGES_MAX], told[TOLD_COUNT];
    int64_t went_on[PHASE_RANGES_MAX];     /* flows that did not begin in the range, and reach into it */
};

static bool is_activation(const struct scene_device *d, const struct phase_flow *f)
{
    if (f->classes & CLASS_ACTIVATION)
        return true;
    for (size_t i = 0; d && i < d->activation_count; i++)
        if (d->activations[i].from <= f->first_utc_ns && f->first_utc_ns <= d->activations[i].to)
            return true;
    return false;
}

static bool is_upload(const struct phase_flow *f)
{
    return ((f->classes & CLASS_UPLOAD) && f->sends_more) || f->sends_much;
}

/* TOLD_COUNT: unknown. */
static enum told_phase tell(const struct scene *s, const struct phase_flow *f)
{
    const int64_t first = f->first_utc_ns;

    if (scene_in_flight(s, first, f->last_utc_ns))
        return TOLD_FLIGHT;
    const struct scene_device *d = scene_device(s, f);
    if (is_activation(d, f))
        return TOLD_ACTIVATION;
    if (((f->classes & CLASS_UPDATE) && f->brings_update) || f->fetches_software)
        return TOLD_UPDATE;
    const int64_t landing = scene_landing(s, first);
    if (fact_known_int(landing) && first <= after_s(landing, PHASE_SYNC_S) && is_upload(f))
        return TOLD_SYNC;
    const int64_t launch = d ? scene_launch(s, d) : FACT_UNKNOWN_INT;
    if (fact_known_int(launch) && launch <= first && first < after_s(launch, PHASE_LAUNCH_S))
        return TOLD_LAUNCH;
    return s->flight_count > 0 && !s->flights_untimed ? TOLD_IDLE : TOLD_COUNT;
}

/* The number of the range, or run->range_count. */
static size_t range_of(struct marking *m, const struct phase_flow *f)
{
    const struct phase_run *run = m->run;
    size_t found = run->range_count;

    for (size_t i = 0; i < run->range_count && found == run->range_count; i++)
        if (run->ranges[i].from_utc_ns <= f->first_utc_ns && f->first_utc_ns < run->ranges[i].to_utc_ns)
            found = i;
    for (size_t i = 0; i < run->range_count; i++)
        if (i != found && f->first_utc_ns < run->ranges[i].from_utc_ns && f->last_utc_ns >= run->ranges[i].from_utc_ns)
            m->went_on[i]++;
    return found;
}

static void count(struct tally *t, const struct phase_flow *f)
{
    if (t->flows++ == 0) {
        t->from = f->first_utc_ns;
        t->to = f->last_utc_ns;
    }
    if (f->first_utc_ns < t->from)
        t->from = f->first_utc_ns;
    if (f->last_utc_ns > t->to)
        t->to = f->last_utc_ns;
}

/* Unknown, or a name that stays. */
static struct text phase_of(struct marking *m, const struct phase_flow *f)
{
    const size_t range = range_of(m, f);

    if (range < m->run->range_count) {
        count(&m->named[range], f);
        return m->run->ranges[range].name;
    }
    const enum told_phase phase = tell(&m->scene, f);
    if (phase == TOLD_COUNT)
        return TEXT_UNKNOWN;
    count(&m->told[phase], f);
    return text_of(told[phase].name);
}

/* Flows come from the readers without a phase, and most of them have none in the end: those are not written again. */
static int mark_flows(struct marking *m, sqlite3 *db)
{
    sqlite3_stmt *update = NULL;
    int code = sqlite3_prepare_v2(db, "UPDATE flow SET phase = ? WHERE fid = ?", -1, &update, NULL);

    for (size_t i = 0; i < m->scene.flow_count && code == SQLITE_OK; i++) {
        const struct phase_flow *f = &m->scene.flows[i];
        const struct text phase = phase_of(m, f);
        if (!text_known(phase))
            continue;
        sqlite3_bind_text64(update, 1, phase.at, phase.len, SQLITE_STATIC, SQLITE_UTF8);
        sqlite3_bind_int64(update, 2, f->fid);
        sqlite3_step(update);
        code = sqlite3_reset(update);
    }
    sqlite3_finalize(update);
    return code == SQLITE_OK ? 0 : -EIO;
}

static void note(const struct marking *m, struct text sentence)
{
    if (m->run->note)
        m->run->note(m->run->user, sentence);
}

static void write_notes(const struct marking *m, struct arena *arena)
{
    const struct scene *s = &m->scene;

    for (size_t i = 0; i < m->run->range_count; i++) {
        const struct text name = m->run->ranges[i].name;
        if (m->named[i].flows == 0)
            note(m, arena_printf(arena,
                                 "No connection began within the phase \"%.*s\" that --phase names: its times may be "
                                 "wrong, or nothing was sent.",
                                 (int)name.len, name.at));
        if (m->went_on[i])
            note(m, arena_printf(arena, "%lld connection%s begun before the phase \"%.*s\" went on in it: how much "
                                        "was sent in it is not counted there.", (long long)m->went_on[i],
                                 m->went_on[i] == 1 ? "" : "s", (int)name.len, name.at));
    }
    if (s->hosts.refused || s->devices.refused || s->downloads.refused || s->captures.refused ||
        s->flight_count == PHASE_KEYS_MAX)
        note(m, TEXT("There are more devices, destinations or flights than phases are told from: some connections have "
                     "no phase, or a more general one."));
}

static void write_entry(struct json *j, struct text name, const char *basis, int64_t from, int64_t to, int64_t flows)
{
    char text[TIMESTAMP_TEXT_MAX];

    json_object(j);
    json_member_text(j, "phase", name);
    json_member_text(j, "basis", text_of(basis));
    json_member_text(j, "from", timestamp_text(from, text));
    json_member_text(j, "to", timestamp_text(to, text));
    json_member_int(j, "flows", flows);
    json_object_end(j);
}

static int write_summary(const struct marking *m, struct arena *arena, struct text *ret)
{
    char *at = NULL;
    size_t len = 0;
    struct json j;
    FILE *out = open_memstream(&at, &len);

    if (!out)
        return -ENOMEM;
    json_init(&j, out, false);
    json_array(&j);
    for (size_t i = 0; i < m->run->range_count; i++) {
        const struct phase_range *r = &m->run->ranges[i];
        write_entry(&j, r->name, "option", r->from_utc_ns, r->to_utc_ns, m->named[i].flows);
    }
    for (size_t i = 0; i < TOLD_COUNT; i++)
        if (m->told[i].flows)
            write_entry(&j, text_of(told[i].name), told[i].basis, m->told[i].from, m->told[i].to, m->told[i].flows);
    json_array_end(&j);
    const int failed = fclose(out);
    *ret = failed ? TEXT_UNKNOWN : arena_text(arena, (struct text){ at, len });
    free(at);
    return failed ? -ENOMEM : 0;
}

int phase_mark(struct sqlite3 *db, const struct phase_run *run, struct arena *arena, struct text *ret_summary)
{
    struct marking m = { .run = run };

    scene_init(&m.scene);
    int error = scene_read(&m.scene, db);
    if (!error)
        error = mark_flows(&m, db);
    if (!error)
        write_notes(&m, arena);
    if (!error)
        error = write_summary(&m, arena, ret_summary);
    scene_done(&m.scene);
    return error;
}
