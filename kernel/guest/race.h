/*
 * Scenarios whose calls are suspended at points of KVM (../points). A statement starts a call in a thread of its own, or
 * continues one, and the program waits until the call has returned, is parked, is blocked, or goes round in a loop.
 */
#ifndef RACE_H
#define RACE_H

#include "guest.h"

#include <pthread.h>
#include <semaphore.h>

#define TASKS 8                 /* as in kvm_points.c */
#define LABEL 12
#define MAX_ARGS 8

/* What kvm_points.c says of a task. */
struct arrival {
	bool parked;
	unsigned long points;   /* since the last order */
	char label[LABEL];      /* of the last point */
};

/* A thread that performs calls, one at a time. */
struct task {
	pthread_t thread;
	pid_t tid;
	int number, cpu;
	sem_t wake;
	bool busy;              /* a call has been started and its end has not been noticed */
	bool begun, done;       /* written by the thread */
	struct vm *vm;
	char word[16];
	uint64_t arg[MAX_ARGS];
	int args;
	struct outcome outcome;
};

/* What the kernel reported while a statement's call ran. */
struct events {
	char *text;             /* a line for each, as race.c prints them */
	size_t used, room;
};

#define MAX_STATEMENTS 512

enum ending { RETURNED, PARKED, BLOCKED, ROUND };

struct call {
	struct task *task;
	bool named, over;
	enum ending ending;
	int statement;          /* the statement that ran it last */
	char label[LABEL];      /* where it is parked, or the last point that it reached */
	char until[LABEL];
};

struct statement {
	int call;
	bool closed;            /* a later statement runs the call, or it has returned */
	bool returned, early;
	enum ending ending;
	char label[LABEL];
	struct outcome outcome;
	struct events events;
};

/* points.c */
void points_open(void);
void points_order(const char *format, ...) __attribute__((format(printf, 1, 2)));
void points_peek(int task, struct arrival *arrival);

/* tasks.c */
void tasks_start(struct vm *vm);
struct task *task_for(const char *word, uint64_t vcpu, unsigned vcpus);
void task_perform(struct task *task);
bool task_has_returned(const struct task *task);
char task_state(const struct task *task);
void task_interrupt(const struct task *task);

/* trace.c */
void trace_open(void);
void trace_forget(void);
void trace_read(struct events *(*owner)(pid_t tid));

/* turns.c */
extern struct call calls[MAX_STATEMENTS];
extern struct statement statements[MAX_STATEMENTS];
extern int call_count;
long now_ms(void);
struct events *owner(pid_t tid);
bool has_returned(struct call *call);
void order(const struct call *call, int which, const char *label, int arrivals);
void release(const struct call *call);
const char *loop_label(const struct call *call);
void settle(struct call *call, char expected);
void resume(struct call *call, char expected);
void resume_waiting(struct call *call, char expected);
void resume_others(void);

/* race.c */
int races_main(const char *path);

#endif
