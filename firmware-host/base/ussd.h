/* ussd.h - which USSD codes may ever leave: questions about an account, nothing that changes one (3GPP TS 22.030, 6.5).
 *
 * In base/ because the configuration's checker and the dial guard ask the same.
 */
#ifndef BASE_USSD_H
#define BASE_USSD_H

#include "base/span.h"

#define USSD_CODE_MAX 24 /* with its NUL */

/* ^\*[0-9*]+#$ with one star in front, and no code of call forwarding, barring, waiting, presentation, or of a PIN. */
bool ussd_code_ok(struct span code);

#endif
