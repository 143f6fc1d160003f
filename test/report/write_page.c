/* Writes a fixture as files, for looking at them and for the browser test:
 *   write-page FIXTURE CASE.gpkg PAGE.html [SUMMARY.txt [LANGUAGE]] */
#include <stdio.h>
#include <string.h>

#include "report/fixture.h"
#include "report/html.h"
#include "report/text.h"
#include "report/words.h"

int main(int argc, char **argv)
{
    int which = 0;

    while (argc >= 4 && which < FIXTURE_COUNT && strcmp(argv[1], fixture_names[which]) != 0)
        which++;
    if (argc < 4 || which == FIXTURE_COUNT || (argc > 5 && !words_use_language(text_of(argv[5])))) {
        fputs("usage: write-page FIXTURE CASE PAGE [SUMMARY [LANGUAGE]]\n", stderr);
        return 2;
    }
    struct fact_case *c = fixture_case(argv[2], (enum fixture)which);
    FILE *page = fopen(argv[3], "wb");
    FILE *summary = argc > 4 ? fopen(argv[4], "wb") : stdout;
    const struct text_style style = { .report_path = text_of(argv[3]), .case_path = text_of(argv[2]) };
    if (!page || !summary) {
        perror("write-page");
        return 1;
    }
    int error = report_html_write(c, page);
    if (fclose(page) || error)
        fprintf(stderr, "page: %d %s\n", error, case_error(c));
    if (!error)
        error = report_text_write(c, summary, &style);
    case_free(c);
    return error != 0;
}
