/* national_tables.h - the tables of 3GPP TS 23.038 Annex A as they stand there.
 *
 * For national.c only; 0 is an empty place.
 */
#ifndef MODEM_NATIONAL_TABLES_H
#define MODEM_NATIONAL_TABLES_H

#include <stdint.h>

#include "modem/national.h"

extern const uint16_t national_locking[NATIONALS][128]; /* A.3; none for Spanish */
extern const uint16_t national_single[NATIONALS][128];  /* A.2 */

#endif
