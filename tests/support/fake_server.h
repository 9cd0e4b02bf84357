/* fake_server.h - a process that serves the control protocol with canned answers: the daemon without a gateway.
 *
 * Commands: "echo" gives back member text and the peer; "slow" does so 300 ms later; "never" nothing; "die" ends
 * the process unanswered; "tell" sends text to followers; "page" and the rest as a tiny gateway would.
 * Each request id of a page is one line in the file "requests".
 */
#ifndef TESTS_SUPPORT_FAKE_SERVER_H
#define TESTS_SUPPORT_FAKE_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

struct fake_server {
	pid_t pid;
	char directory[64];
	char socket[96];
	bool dies_on_page; /* set before fake_start */
	bool not_durable;
};

void fake_directory(struct fake_server *fake); /* makes an own one, sets both paths */
void fake_start(struct fake_server *fake);     /* returns when it listens */
void fake_stop(struct fake_server *fake);      /* kills it; may be started again */
void fake_remove(struct fake_server *fake);    /* the directory too */
int fake_connect(const struct fake_server *fake);

/* Sends text; gives back what comes until a newline or the end, at most 5 s; "" for nothing. */
const char *fake_ask(int fd, const char *text);

#endif
