/* The turns of calls: a call that has been started or continued runs until it returns, is parked, is blocked or loops. */
#define _GNU_SOURCE
#include "race.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Arrivals at points after which a call is said to go round. */
#define ROUNDS 4000u
#define ROUNDS_EXPECTED 150u
#define POINTS_OF_A_PAGE 64
/* Milliseconds without progress after which a call is said to be blocked. */
#define SLEEPS 400
#define SPINS 2000
#define SLEEPS_EXPECTED 4
#define SPINS_EXPECTED 40
/* The same, after which another call that has the lock continues. */
#define SLEEPS_LET_IN 30
#define SPINS_LET_IN 300
/* Milliseconds after which a turn is over, whatever the call does. */
#define LONGEST 25000
/* Milliseconds within which a call that can go on does so. */
#define WAKES 3000
/* Milliseconds after a signal: a grace period that waited for the interrupted call ends meanwhile. */
#define GRACE_PERIOD 300

struct call calls[MAX_STATEMENTS];
struct statement statements[MAX_STATEMENTS];
int call_count;

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct events *owner(pid_t tid)
{
	for (int i = 0; i < call_count; i++)
		if (calls[i].task && calls[i].task->tid == tid)
			return &statements[calls[i].statement].events;
	return NULL;
}

/* Notices the end of a call: its thread is free for another. */
bool has_returned(struct call *call)
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

void order(const struct call *call, int which, const char *label, int arrivals)
{
	points_order("park %d %d %s %d", call->task->number, which, label, arrivals);
}

void release(const struct call *call)
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

const char *loop_label(const struct call *call)
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
	long begun = now_ms(), since = begun;
	int asleep = 0;
	struct arrival arrival;
	unsigned long longest = strchr("gsl", expected) ? ROUNDS_EXPECTED : ROUNDS + more_points(call);

	for (;;) {
		if (has_returned(call))
			return RETURNED;
		if (now_ms() - begun > LONGEST)
			return BLOCKED;
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
				if (expected != 'l' && expected != 's') {
					order(call, 1, loop_label(call), 1);
					expected = 'r';
				} else {
					/* A call that mapped something returns 0, and the task makes another one. */
					task_interrupt(task);
					longest = last + ROUNDS_EXPECTED;
					if (expected == 's')
						expected = 'g';
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
			bool waits = asleep > 3 ? still > SLEEPS_LET_IN : state == 'R' && still > SPINS_LET_IN;
			if (lets_others_in && waits && let_another_in(call)) {
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
void settle(struct call *call, char expected)
{
	call->ending = wait_for(call, expected, true);
	if (expected == 's')
		usleep(GRACE_PERIOD * 1000);
	if (call->ending == BLOCKED)
		order(call, 1, "*", 1);
}

void resume(struct call *call, char expected)
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
void resume_waiting(struct call *call, char expected)
{
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
void resume_others(void)
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
