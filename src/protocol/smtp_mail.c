#include "protocol/smtp_mail.h"

#include "protocol/text_head.h"

static void command_said(struct smtp_mail *m, struct text line)
{
    const struct text command = text_word(&line);
    int64_t bytes;

    if (text_equal_ignoring_case(command, TEXT("DATA")) && text_trimmed(line).len == 0) {
        m->data = true;
        m->granted = m->refused = false;
        m->lines = 0;
    } else if (text_equal_ignoring_case(command, TEXT("BDAT")) && text_to_int(text_word(&line), 0, INT64_MAX, &bytes)) {
        m->chunk_left = (uint64_t)bytes;
    }
}

bool smtp_mail_line(struct smtp_mail *m, struct text line)
{
    if (!m->data || m->refused) {
        m->data = false;
        command_said(m, line);
        return false;
    }
    m->lines++;
    m->data = !text_equal(line, TEXT("."));
    return true;
}

void smtp_mail_answer(struct smtp_mail *m, struct text line)
{
    if (!m->data || m->lines > 0 || line.len == 0)
        return;
    if (text_starts_with(line, TEXT("354"))) {
        m->granted = true;
        m->refused = false;
    } else if (!m->granted && (line.at[0] == '4' || line.at[0] == '5')) {
        m->refused = true;
    }
}

void smtp_mail_gap(struct smtp_mail *m, uint64_t missing)
{
    m->data = false;
    m->chunk_left -= missing < m->chunk_left ? missing : m->chunk_left;
}
