/* ussd.h - what a +CUSD line says (3GPP TS 27.007 7.15), and its text in whatever form it came.
 *
 * Plain functions; the bytes are foreign.
 */
#ifndef MODEM_USSD_H
#define MODEM_USSD_H

#include "base/buf.h"

/* Does the answer go on in the next line?  Its text may hold line ends and quotes: it is over at the last quote of a line,
 * with or without a <dcs> behind it. */
bool ussd_open(struct span answer);

/* "+CUSD: <m>[,"<text>"[,<dcs>]]", line ends inside allowed.  <m>, or -1 when it is none; text (UTF-8, control bytes become
 * blanks) is appended.  Hex digits are UCS-2 when <dcs> or their look says so, else packed septets, as old Huawei sticks
 * hand them through. */
int ussd_read(struct span answer, struct buf *text);

/* The code as such a stick wants it: septets packed, in hex.  False: no room. */
bool ussd_pack(struct span code, char *hex, size_t size);

#endif
