/* replay_<target> FILE...: what the fuzzer does with each file, without libFuzzer, so that every compiler can build it and every
 * crash ever found stays found. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_MAXIMUM (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	static uint8_t room[SIZE_MAXIMUM];
	FILE *file = fopen(path, "rb");
	uint8_t *bytes;
	size_t size;

	if (file == NULL)
		return -1;
	size = fread(room, 1, sizeof room, file);
	fclose(file);
	bytes = malloc(size + (size == 0)); /* no larger: what is read behind the end shows */
	if (bytes == NULL)
		return -1;
	memcpy(bytes, room, size);
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) < 0) {
			perror(argv[i]);
			return 1;
		}
	return 0;
}
