/* unit.h - cmocka, and two checks that say where they failed. */
#ifndef TESTS_SUPPORT_UNIT_H
#define TESTS_SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define CHECK(cond) assert_true(cond)

/* In a table of rows: names the row that failed. */
#define CHECK_ROW(cond, row)                                           \
	do {                                                           \
		bool check_good_ = (cond);                             \
		if (!check_good_)                                      \
			print_error("row \"%s\": %s\n", (row), #cond); \
		assert_true(check_good_);                              \
	} while (0)

#endif
