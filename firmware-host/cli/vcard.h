/* vcard.h - tocsin vcard: the gateway as a contact. */
#ifndef CLI_VCARD_H
#define CLI_VCARD_H

#include "cli/cli.h"

int run_vcard(const struct cli_args *args);

#endif
