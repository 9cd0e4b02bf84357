/* print_keys - the configuration's keys with their defaults and meanings, one a line, parted by tabs: the
 * demonstration shows them beside its own values. */
#include <stdio.h>

#include "config/config.h"

int main(void)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++)
		printf("%s\t%s\t%s\n", keys[i].path, keys[i].initial == NULL ? "" : keys[i].initial,
		       keys[i].help);
	return 0;
}
