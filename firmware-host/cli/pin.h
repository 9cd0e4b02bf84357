/* pin.h - tocsin pin: a PIN from standard input becomes the line that the configuration takes. */
#ifndef CLI_PIN_H
#define CLI_PIN_H

#include "cli/cli.h"

int run_pin(const struct cli_args *args);

#endif
