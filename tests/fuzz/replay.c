/* replay_<target> FILE...: what the fuzzer does with each file, without libFuzzer, so that every compiler can build it and every
 * crash ever found stays found. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		uint8_t *bytes = malloc(1 << 20);
		size_t size;

		if (file == NULL || bytes == NULL) {
			perror(argv[i]);
			return 1;
		}
		size = fread(bytes, 1, 1 << 20, file);
		fclose(file);
		bytes = realloc(bytes, size + (size == 0)); /* what is read behind the end shows */
		if (bytes == NULL) {
			perror(argv[i]);
			return 1;
		}
		printf("%s\n", argv[i]);
		fflush(stdout);
		LLVMFuzzerTestOneInput(bytes, size);
		free(bytes);
	}
	return 0;
}
