/*
 * Runs the scenarios of a file in which calls are suspended, each in a process of its own. The host has run each scenario
 * on the simulator, so it knows how every statement should end: that saves time, but decides nothing.
 *
 *   race NUMBER VMTYPE VCPUS
 *   start CALL FLAGS LABEL EXPECTED WORD NUMBER…
 *   continue CALL FLAGS LABEL EXPECTED
 *   resume CALL FLAGS LABEL EXPECTED
 *   end
 *
 * `resume` is no statement: after the statement before it, a call without a name that waited continues by itself.
 * CALL numbers the calls. LABEL is the point at which the call is suspended, or `-`. EXPECTED is r (returns), p (parked),
 * b (blocked), g (goes round) or l (livelock).
 */
#define _GNU_SOURCE
#include "race.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_STATEMENTS 512
#define FLAG_NAMED 1u
#define FLAG_YIELDS 2u
/* Arrivals at points after which a call is said to go round. */
#define ROUNDS 4000u
#define ROUNDS_EXPECTED 150u
#define POINTS_OF_A_PAGE 64
/* Milliseconds without progress after which a call is said to be blocked. */
#define SLEEPS 400
#define SPINS 2000
#define SLEEPS_EXPECTED 4
#define SPINS_EXPECTED 40
#define LET_OTHERS_IN 30
/* Milliseconds within which a call that can go on does so. */
#define WAKES 3000

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

static struct call calls[MAX_STATEMENTS];
static struct statement statements[MAX_STATEMENTS];
static int call_count, statement_count;

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct events *owner(pid_t tid)
{
	for (int i = 0; i < call_count; i++)
		if (calls[i].task && calls[i].task->tid == tid)
			return &statements[calls[i].statement].events;
	return NULL;
}

/* Notices the end of a call: its thread is free for another. */
static bool has_returned(struct call *call)
{
	if (call->over)
		return true;
	if (!task_has_returned(call->task))
		return false;
	trace_read(owner);
	statements[call->statement].outcome = call->task->outcome;
	statements[call->statement].returned = true;
	call->over = true;
	call->ending = RETURNED;
	call->task->busy = false;
	call->task = NULL;
	return true;
}

static void order(const struct call *call, int which, const char *label, int arrivals)
{
	points_order("park %d %d %s %d", call->task->number, which, label, arrivals);
}

static void release(const struct call *call)
{
	points_order("go %d", call->task->number);
}

/* Until it has left its point, or has reached another. */
static void release_and_wait(const struct call *call)
{
	struct arrival before, after;

	points_peek(call->task->number, &before);
	release(call);
	for (long end = now_ms() + WAKES; now_ms() < end; usleep(50)) {
		points_peek(call->task->number, &after);
		if (!after.parked || after.points != before.points)
			return;
	}
}

static const char *loop_label(const struct call *call)
{
	return strcmp(call->task->word, "prefault") == 0 ? "PF4s" : "VR4";
}

static enum ending wait_for(struct call *call, char expected, bool lets_others_in);

/* A prefault reaches the points of a fault for each page. */
static unsigned long more_points(const struct call *call)
{
	return call->task && strcmp(call->task->word, "prefault") == 0 ? call->task->arg[2] / PAGE * POINTS_OF_A_PAGE : 0;
}

/* Another call that waited for a lock has it now, and is held at its next point: it continues, because this one needs it. */
static bool let_another_in(const struct call *call)
{
	for (int i = 0; i < call_count; i++) {
		struct call *other = &calls[i];
		struct arrival arrival;

		if (other == call || other->over || !other->task || other->ending != BLOCKED)
			continue;
		points_peek(other->task->number, &arrival);
		if (!arrival.parked)
			continue;
		statements[other->statement].early = true;
		release_and_wait(other);
		other->ending = wait_for(other, 'r', false);
		return true;
	}
	return false;
}

/* How a call that runs ends its turn. */
static enum ending wait_for(struct call *call, char expected, bool lets_others_in)
{
	unsigned long last = 0;
	long since = now_ms();
	int asleep = 0;
	struct arrival arrival;
	bool interrupted = false;
	unsigned long longest = expected == 'g' || expected == 'l' ? ROUNDS_EXPECTED : ROUNDS + more_points(call);

	for (;;) {
		if (has_returned(call))
			return RETURNED;
		struct task *task = call->task;
		points_peek(task->number, &arrival);
		snprintf(call->label, sizeof call->label, "%s", arrival.label);
		if (arrival.parked)
			return strcmp(call->until, arrival.label) == 0 ? PARKED : ROUND;
		long still = now_ms() - since;
		if (arrival.points != last) {
			last = arrival.points;
			since = now_ms();
			asleep = 0;
			if (last > longest) {
				if (expected != 'l') {
					order(call, 1, loop_label(call), 1);
					expected = 'r';
				} else if (!interrupted) {
					task_interrupt(task);
					interrupted = true;
				}
			}
		} else if (!__atomic_load_n(&task->begun, __ATOMIC_ACQUIRE)) {
			/* Other threads spin on all CPUs. */
			if (still > WAKES)
				return BLOCKED;
		} else {
			char state = task_state(task);
			bool is_expected = expected == 'b';

			asleep = state == 'S' || state == 'D' ? asleep + 1 : 0;
			if (lets_others_in && still > LET_OTHERS_IN && let_another_in(call)) {
				since = now_ms();
				continue;
			}
			if (asleep > 3 && still > (is_expected ? SLEEPS_EXPECTED : SLEEPS))
				return BLOCKED;
			if (state == 'R' && still > (is_expected ? SPINS_EXPECTED : SPINS))
				return BLOCKED;
		}
		usleep(still < 5 ? 100 : 1000);
	}
}

/* A call has ended its turn: what waits for a lock is held at the first point after it has got the lock. */
static void settle(struct call *call, char expected)
{
	call->ending = wait_for(call, expected, true);
	if (call->ending == BLOCKED)
		order(call, 1, "*", 1);
}

static void resume(struct call *call, char expected)
{
	struct arrival arrival;

	points_peek(call->task->number, &arrival);
	if (call->ending == BLOCKED && !arrival.parked)
		order(call, 1, "-", 0);
	if (expected == 'g' && strcmp(loop_label(call), "VR4") == 0)
		order(call, 1, "VR4", 2);
	if (arrival.parked)
		release_and_wait(call);
	settle(call, expected);
}

/* A call without a name that waited continues by itself: it is held at the first point after its lock, or of its loop. */
static void run_resume(int number, char expected)
{
	struct call *call = &calls[number];
	struct arrival arrival = { 0 };

	for (long end = now_ms() + WAKES; !has_returned(call); usleep(100)) {
		points_peek(call->task->number, &arrival);
		if (arrival.parked || now_ms() > end)
			break;
	}
	if (call->over || (!arrival.parked && expected != 'b'))
		return;
	call->until[0] = '\0';
	resume(call, expected);
}

/* The kernel has given a lock to a call that the simulator lets wait. */
static void resume_others(void)
{
	for (int i = 0; i < call_count; i++) {
		struct call *call = &calls[i];
		struct arrival arrival;

		if (call->over || call->named || call->ending != BLOCKED || has_returned(call))
			continue;
		points_peek(call->task->number, &arrival);
		if (!arrival.parked)
			continue;
		call->until[0] = '\0';
		resume(call, 'r');
	}
}

static void close_statement(struct call *call)
{
	struct statement *statement = &statements[call->statement];

	trace_read(owner);
	statement->ending = call->ending;
	snprintf(statement->label, sizeof statement->label, "%s", call->label);
	statement->closed = true;
}

static void begin(struct call *call, unsigned flags, const char *label, char expected)
{
	bool has_label = strcmp(label, "-") != 0;

	snprintf(call->until, sizeof call->until, "%s", has_label ? label : "");
	order(call, 0, label, 1);
	points_order("yield %d %d", call->task->number, flags & FLAG_YIELDS ? 1 : 0);
	if (expected == 'g' && strcmp(loop_label(call), "VR4") == 0)
		order(call, 1, "VR4", 3);
}

static void run_start(struct vm *vm, int number, unsigned flags, const char *label, char expected, char *words)
{
	struct call *call = &calls[number];
	struct statement *statement = &statements[statement_count];
	char word[16] = "", *save;
	uint64_t arg[MAX_ARGS] = { 0 };
	int args = 0;

	char *part = strtok_r(words, " \n", &save);
	if (part)
		snprintf(word, sizeof word, "%s", part);
	while (args < MAX_ARGS && (part = strtok_r(NULL, " \n", &save)))
		arg[args++] = strtoull(part, NULL, 0);
	struct task *task = task_for(word, arg[0], vm->vcpus);
	if (!task)
		die("more calls at the same time than threads");
	*call = (struct call){ .task = task, .named = flags & FLAG_NAMED, .statement = statement_count };
	statement->call = number;
	if (number >= call_count)
		call_count = number + 1;
	statement_count++;
	snprintf(task->word, sizeof task->word, "%s", word);
	memcpy(task->arg, arg, sizeof arg);
	task->args = args;
	trace_read(owner);
	order(call, 1, "-", 0);
	begin(call, flags, label, expected);
	task_perform(task);
	settle(call, expected);
}

static void run_continue(int number, unsigned flags, const char *label, char expected)
{
	struct call *call = &calls[number];
	struct statement *statement = &statements[statement_count];

	statement->call = number;
	if (!call->over)
		has_returned(call);
	if (call->over) {
		statement_count++;
		statement->closed = true;
		statement->ending = RETURNED;
		return;
	}
	close_statement(call);
	call->statement = statement_count++;
	begin(call, flags, label, expected);
	resume(call, expected);
}

static const char *ending_name(const struct statement *statement)
{
	switch (statement->ending) {
	case PARKED:
		return "suspended";
	case BLOCKED:
		return "blocked";
	case ROUND:
		return "retries";
	default:
		return "returned";
	}
}

static void print_statement(unsigned scenario, int index)
{
	struct statement *statement = &statements[index];

	print("{\"scenario\":%u,\"statement\":%d", scenario, index);
	if (statement->returned)
		print_result(&statement->outcome);
	else
		print(",\"result\":\"%s\",\"at\":\"%s\"", ending_name(statement), statement->label);
	if (statement->early)
		print(",\"early\":true");
	print(",\"events\":[");
	for (size_t at = 0; at < statement->events.used; at += 500)
		print("%.500s", statement->events.text + at);
	print("]}\n");
}

/* Ends what is suspended, so that the process can exit. */
static void finish_calls(void)
{
	for (long end = now_ms() + 4000; now_ms() < end;) {
		bool waits = false;
		for (int i = 0; i < call_count; i++) {
			struct call *call = &calls[i];
			if (!call->task || call->over || task_has_returned(call->task))
				continue;
			waits = true;
			order(call, 0, "-", 0);
			order(call, 1, "-", 0);
			release(call);
			task_interrupt(call->task);
		}
		if (!waits)
			return;
		usleep(20000);
	}
}

static void on_signal(int signal)
{
	(void)signal;
}

static void run_race(FILE *from, unsigned number, uint64_t type, unsigned vcpus)
{
	static char line[512];
	struct sigaction action = { .sa_handler = on_signal };
	struct vm vm;

	sigaction(SIGALRM, &action, NULL);
	vm_create(&vm, type, vcpus);
	points_order("on 0");
	tasks_start(&vm);
	trace_forget();
	points_order("on 1");
	while (fgets(line, sizeof line, from) && strncmp(line, "end", 3) != 0) {
		char label[LABEL], expected;
		int call, used = 0;
		unsigned flags;

		if (sscanf(line, "%*s %d %u %11s %c%n", &call, &flags, label, &expected, &used) != 4 ||
		    call >= MAX_STATEMENTS || statement_count >= MAX_STATEMENTS)
			die(line);
		if (strncmp(line, "resume ", 7) == 0) {
			run_resume(call, expected);
			continue;
		}
		resume_others();
		if (strncmp(line, "start ", 6) == 0)
			run_start(&vm, call, flags, label, expected, line + used);
		else
			run_continue(call, flags, label, expected);
		trace_read(owner);
	}
	resume_others();
	for (int i = 0; i < call_count; i++)
		if (!calls[i].over && calls[i].task && !has_returned(&calls[i]))
			close_statement(&calls[i]);
	trace_read(owner);
	for (int i = 0; i < statement_count; i++)
		print_statement(number, i);
	print("{\"scenario\":%u,\"end\":true}\n", number);
	print_flush();
	finish_calls();
	points_order("on 0");
	_exit(0);
}

/* Static keys that a VM switches stay as they are while another VM exists: code is never patched while others run it. */
static void keep_a_vm(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);

	if (vm < 0 || ioctl(vm, KVM_CREATE_VCPU, 0) < 0)
		die("a VM of its own");
}

/* Whether the child ended in time. A call that hangs in the kernel keeps it alive. */
static bool reap(pid_t child)
{
	for (long end = now_ms() + 60000; now_ms() < end; usleep(500)) {
		int status;
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status);
	}
	return false;
}

int races_main(const char *path)
{
	char line[512];
	unsigned number, vcpus;
	uint64_t type;

	trace_open();
	points_open();
	deadline_disable();
	keep_a_vm();
	FILE *from = fopen(path, "r");
	if (!from)
		die(path);
	while (fgets(line, sizeof line, from)) {
		if (sscanf(line, "race %u %" SCNu64 " %u", &number, &type, &vcpus) != 3)
			continue;
		long at = ftell(from);
		pid_t child = fork();
		if (child < 0)
			die("fork");
		if (child == 0) {
			FILE *own = fopen(path, "r");
			if (!own || fseek(own, at, SEEK_SET) != 0)
				die(path);
			run_race(own, number, type, vcpus);
		}
		if (!reap(child)) {
			print("{\"hung\":%u}\n", number);
			break;
		}
	}
	print("{\"bye\":true}\n");
	print_flush();
	sync();
	reboot(RB_AUTOBOOT);
	return 0;
}
