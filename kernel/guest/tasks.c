/* Threads that perform calls. Each vCPU has its own: KVM waits for a grace period of RCU when a vCPU changes its thread. */
#define _GNU_SOURCE
#include "race.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* CPU 0 is the controller's. A thread that spins occupies its CPU, so threads are spread over the others. */
#define FIRST_CPU 1

static struct task tasks[TASKS];
static int cpus;

static void *loop(void *argument)
{
	struct task *task = argument;

	__atomic_store_n(&task->tid, gettid(), __ATOMIC_RELEASE);
	for (;;) {
		while (sem_wait(&task->wake) != 0)
			;
		__atomic_store_n(&task->begun, true, __ATOMIC_RELEASE);
		if (task->word[0] == '\0')
			vm_warm(task->vm, (unsigned)task->number);
		else if (!perform(task->vm, task->word, task->arg, task->args, &task->outcome))
			die(task->word);
		__atomic_store_n(&task->done, true, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* Runs every vCPU once, so that its thread, its root and the pages of its own code are known. */
void tasks_start(struct vm *vm)
{
	cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	for (int i = 0; i < TASKS; i++) {
		struct task *task = &tasks[i];

		task->number = i;
		task->vm = vm;
		sem_init(&task->wake, 0, 0);
		if (pthread_create(&task->thread, NULL, loop, task) != 0)
			die("pthread_create");
		while (!__atomic_load_n(&task->tid, __ATOMIC_ACQUIRE))
			usleep(50);
		points_order("task %d %d", i, task->tid);
		if ((unsigned)i >= vm->vcpus)
			continue;
		task_perform(task);
		while (!task_has_returned(task))
			usleep(50);
		task->busy = false;
	}
}

/* A thread that is free: the vCPU's own, if possible, for what needs one. */
struct task *task_for(const char *word, uint64_t vcpu, unsigned vcpus)
{
	bool needs = strcmp(word, "fault") == 0 || strcmp(word, "prefault") == 0 || strcmp(word, "psc") == 0;

	if (needs && vcpu < vcpus && !tasks[vcpu].busy)
		return &tasks[vcpu];
	for (unsigned i = vcpus; i < TASKS; i++)
		if (!tasks[i].busy)
			return &tasks[i];
	return NULL;
}

/* R, S, D: what /proc says; ? if it says nothing. */
char task_state(const struct task *task)
{
	char path[64], text[256];

	snprintf(path, sizeof path, "/proc/self/task/%d/stat", task->tid);
	int stat = open(path, O_RDONLY);
	ssize_t got = stat < 0 ? 0 : read(stat, text, sizeof text - 1);
	if (stat >= 0)
		close(stat);
	if (got <= 0)
		return '?';
	text[got] = 0;
	const char *name_end = strrchr(text, ')');
	return name_end ? name_end[2] : '?';
}

/* The CPU with the fewest threads that run, and of these the one with the fewest threads. */
static int quietest(const struct task *wanted)
{
	int best = FIRST_CPU, least = 1 << 30;

	for (int cpu = FIRST_CPU; cpu < cpus; cpu++) {
		int load = 0;
		for (int i = 0; i < TASKS; i++)
			if (&tasks[i] != wanted && tasks[i].busy && tasks[i].cpu == cpu)
				load += task_state(&tasks[i]) == 'R' ? 100 : 1;
		if (load < least) {
			least = load;
			best = cpu;
		}
	}
	return best;
}

void task_perform(struct task *task)
{
	cpu_set_t one;

	task->busy = true;
	task->cpu = quietest(task);
	CPU_ZERO(&one);
	CPU_SET(task->cpu, &one);
	sched_setaffinity(task->tid, sizeof one, &one);
	memset(&task->outcome, 0, sizeof task->outcome);
	task->begun = task->done = false;
	sem_post(&task->wake);
}

bool task_has_returned(const struct task *task)
{
	return __atomic_load_n(&task->done, __ATOMIC_ACQUIRE);
}

void task_interrupt(const struct task *task)
{
	pthread_kill(task->thread, SIGALRM);
}
