#ifndef LEASH_PROTOCOL_USER_AGENT_H
#define LEASH_PROTOCOL_USER_AGENT_H

#include "fact/fact.h"

/* What a user agent says about the device that it runs on.  Apps on Android and iOS send the system and mostly the
 * model, in the form that browsers have: "(Linux; Android 12; MODEL Build/...)", "(iPhone; iOS 15.1; ...)". */

/* Fills in role, vendor, model and firmware as far as they are told; texts are views into `agent` or in `arena`.
 * False when it tells of no device. */
bool user_agent_device(struct text agent, struct arena *arena, struct fact_device *ret);

#endif
