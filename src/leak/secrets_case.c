#include "fact/case.h"
#include "leak/secrets.h"

int secrets_from_case(struct fact_case *c, struct secrets *s)
{
    return secrets_from_database(case_db(c), s);
}
