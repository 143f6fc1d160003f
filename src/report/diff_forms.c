#include "report/diff_forms.h"

#include "base/buffer.h"
#include "report/diff_list.h"
#include "report/words.h"

enum { KEY_TEXT_MAX = 1 << 20 };

struct text diff_label(struct arena *arena, const char *name)
{
    struct text label = arena_text(arena, text_of(name));

    for (char *at = (char *)(uintptr_t)label.at; at && *at; at++)
        if (*at == '_')
            *at = ' ';
    return label;
}

struct text diff_value_text(struct arena *arena, const struct diff_list *list, size_t column,
                            const struct diff_value *v)
{
    switch (list->columns[column].type) {
    case DIFF_TEXT:
        return text_known(v->text) ? v->text : words_plain(WORDS_UNKNOWN);
    case DIFF_BYTES:
        return words_bytes(arena, v->number);
    case DIFF_NUMBER:
        return words_count(arena, v->number);
    }
    return TEXT_UNKNOWN;
}

struct text diff_counts_text(struct arena *arena, const struct diff_counts *counts)
{
    static const struct { enum diff_change change; const char *word; } words[] = {
        { DIFF_NEW, "new" },
        { DIFF_NOT_SEEN, "not seen again" },
        { DIFF_CHANGED, "changed" },
        { DIFF_SAME, "the same" },
    };
    struct text parts[sizeof words / sizeof *words];
    size_t used = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t n = counts->by_change[words[i].change];
        const struct text number = words_count(arena, (int64_t)n);
        if (n)
            parts[used++] = arena_printf(arena, "%.*s %s", (int)number.len, number.at, words[i].word);
    }
    if (used)
        return words_join(arena, parts, used, ", ");
    return counts->compared_count > 1 ? TEXT("none seen in any case") : TEXT("not compared");
}

struct text_list diff_not_compared(struct arena *arena, const struct diff *d, const struct diff_list *list,
                                   const struct diff_counts *counts)
{
    struct text *items = arena_alloc(arena, DIFF_CASES_MAX, sizeof *items);
    size_t used = 0;

    for (size_t k = 0; items && k < d->case_count; k++) {
        const struct text name = d->cases[k].name;
        if (counts->compared[k] == DIFF_NO_EVIDENCE)
            items[used++] = arena_printf(arena, "\"%.*s\" holds %s: nothing can be said about it.", (int)name.len,
                                         name.at, list->what);
        else if (counts->compared[k] == DIFF_NOT_HELD)
            items[used++] = arena_printf(arena, "\"%.*s\" was made by a version of leash that does not keep this.",
                                         (int)name.len, name.at);
    }
    return (struct text_list){ items, used };
}

struct text diff_cell_unseen(const struct diff_counts *counts, size_t nth)
{
    return counts->compared[nth] == DIFF_COMPARED ? TEXT("not seen") : TEXT("no evidence");
}

struct text diff_key_text(struct arena *arena, const struct diff_list *list, const struct diff_item *item)
{
    struct buffer b;

    buffer_init(&b, KEY_TEXT_MAX);
    for (size_t i = 0; list->keys[i]; i++) {
        if (item->keys[i].len == 0)
            continue;
        if (b.len)
            (void)buffer_add_text(&b, TEXT(" / "));
        (void)buffer_add_text(&b, item->keys[i]);
    }
    if (b.len == 0)
        (void)buffer_add_text(&b, list->matrix ? TEXT("all devices") : TEXT("(no name)"));
    const struct text key = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return key;
}
