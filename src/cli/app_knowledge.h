#ifndef LEASH_CLI_APP_KNOWLEDGE_H
#define LEASH_CLI_APP_KNOWLEDGE_H

#include "app/component_table.h"
#include "destination/table.h"

/* data/components.csv and data/signers.csv, for the readers of apps.  Called before any reader is started.  What is
 * missing or broken is noted, and the rest is used.  Free with component_table_free. */
struct component_table *app_knowledge_load(const char *data_dir, const struct note_taker *notes);

#endif
