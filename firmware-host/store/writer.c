#include "store/writer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define GROUP_MAX 64 /* batches in one transaction */
#define IDLE_S    2  /* after the last commit: time for a checkpoint */

struct job { /* a batch on its way in, then its result on the way out */
	struct job *next;
	struct writer_result result;
};

struct queue {
	struct job *first;
	struct job *last;
};

struct writer {
	struct store *store;
	pthread_t thread;
	pthread_mutex_t lock; /* over what stands below */
	pthread_cond_t work;
	struct queue in;
	struct queue out;
	bool stop;
	bool stepped; /* since writer_ask */
	int fd;
};

static void queue_put(struct queue *queue, struct job *job)
{
	job->next = NULL;
	if (queue->last == NULL)
		queue->first = job;
	else
		queue->last->next = job;
	queue->last = job;
}

static struct job *queue_take(struct queue *queue)
{
	struct job *job = queue->first;

	if (job == NULL)
		return NULL;
	queue->first = job->next;
	if (queue->first == NULL)
		queue->last = NULL;
	return job;
}

static void queue_free(struct queue *queue)
{
	for (struct job *job = queue_take(queue); job != NULL; job = queue_take(queue)) {
		batch_free(&job->result.batch);
		free(job);
	}
}

/* All in one transaction; when that fails, each by itself, so that one bad batch takes no other with it. */
static void commit_group(struct store *store, struct job *const *jobs, size_t count)
{
	const struct batch *batches[GROUP_MAX];
	struct err err = { 0 };

	for (size_t i = 0; i < count; i++)
		batches[i] = &jobs[i]->result.batch;
	if (count > 1 && store_commit_all(store, batches, count, &err) == 0) {
		for (size_t i = 0; i < count; i++)
			jobs[i]->result.committed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		jobs[i]->result.committed =
			store_commit(store, batches[i], &jobs[i]->result.err) == 0;
}

/* Waits for work.  False: told to stop and nothing is left.  Sets *idle instead when nothing came for a while. */
static bool await(struct writer *writer, bool dirty, bool *idle)
{
	struct timespec until;
	int rc = 0;

	*idle = false;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += IDLE_S;
	writer->stepped = true;
	while (writer->in.first == NULL && !writer->stop && rc != ETIMEDOUT) {
		if (dirty)
			rc = pthread_cond_timedwait(&writer->work, &writer->lock, &until);
		else
			pthread_cond_wait(&writer->work, &writer->lock);
		writer->stepped = true;
	}
	*idle = writer->in.first == NULL && !writer->stop;
	return writer->in.first != NULL || !writer->stop;
}

static size_t take_group(struct writer *writer, struct job **jobs)
{
	size_t count = 0;

	while (count < GROUP_MAX && writer->in.first != NULL)
		jobs[count++] = queue_take(&writer->in);
	return count;
}

static void report(struct writer *writer, struct job *const *jobs, size_t count)
{
	const uint64_t one = 1;
	ssize_t n;

	for (size_t i = 0; i < count; i++)
		queue_put(&writer->out, jobs[i]);
	do
		n = write(writer->fd, &one, sizeof(one));
	while (n < 0 && errno == EINTR);
}

static void *run(void *arg)
{
	struct writer *writer = arg;
	struct job *jobs[GROUP_MAX];
	bool dirty = false;
	bool idle;

	pthread_mutex_lock(&writer->lock);
	while (await(writer, dirty, &idle)) {
		size_t count = take_group(writer, jobs);

		pthread_mutex_unlock(&writer->lock);
		if (idle)
			store_checkpoint(writer->store);
		else
			commit_group(writer->store, jobs, count);
		dirty = !idle;
		pthread_mutex_lock(&writer->lock);
		if (count > 0)
			report(writer, jobs, count);
	}
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

/* The thread takes no signals: they are the loop's. */
static int start(struct writer *writer, struct err *err)
{
	sigset_t all;
	sigset_t old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&writer->thread, NULL, run, writer);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc == 0 ? 0 : err_set(err, ERR_SYSTEM, "database thread: %s", strerror(rc));
}

int writer_new(struct writer **out, struct store *store, struct err *err)
{
	struct writer *writer = calloc(1, sizeof(*writer));
	pthread_condattr_t attr;

	if (writer == NULL)
		return err_nomem(err);
	writer->store = store;
	writer->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (writer->fd < 0) {
		free(writer);
		return err_set(err, ERR_SYSTEM, "eventfd: %s", strerror(errno));
	}
	pthread_mutex_init(&writer->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->work, &attr);
	pthread_condattr_destroy(&attr);
	if (start(writer, err) != 0) {
		close(writer->fd);
		free(writer);
		return -1;
	}
	*out = writer;
	return 0;
}

void writer_free(struct writer *writer)
{
	if (writer == NULL)
		return;
	pthread_mutex_lock(&writer->lock);
	writer->stop = true;
	pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	queue_free(&writer->out);
	pthread_cond_destroy(&writer->work);
	pthread_mutex_destroy(&writer->lock);
	close(writer->fd);
	store_close(writer->store);
	free(writer);
}

int writer_fd(const struct writer *writer)
{
	return writer->fd;
}

int writer_put(struct writer *writer, struct batch *batch, struct err *err)
{
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		return err_nomem(err);
	job->result.batch = *batch;
	*batch = (struct batch){ 0 };
	pthread_mutex_lock(&writer->lock);
	queue_put(&writer->in, job);
	pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->lock);
	return 0;
}

void writer_ask(struct writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	writer->stepped = false;
	pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->lock);
}

bool writer_stepped(struct writer *writer)
{
	bool stepped;

	pthread_mutex_lock(&writer->lock);
	stepped = writer->stepped;
	pthread_mutex_unlock(&writer->lock);
	return stepped;
}

bool writer_take(struct writer *writer, struct writer_result *result)
{
	struct job *job;
	uint64_t told;

	pthread_mutex_lock(&writer->lock);
	job = queue_take(&writer->out);
	/* Nothing left: not readable until the next report, which needs this lock. */
	if (writer->out.first == NULL && read(writer->fd, &told, sizeof(told)) < 0)
		told = 0; /* was already quiet */
	pthread_mutex_unlock(&writer->lock);
	if (job == NULL)
		return false;
	*result = job->result;
	free(job);
	return true;
}
