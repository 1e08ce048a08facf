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
 * b (blocked), g (goes round), s (goes round again after a signal) or l (livelock, ended by signals).
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
#include <unistd.h>

#define FLAG_NAMED 1u
#define FLAG_YIELDS 2u

static int statement_count;

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
	struct arrival arrival;

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
	/* It has got the lock that it waited for, and what follows up to the next point is done. */
	points_peek(call->task->number, &arrival);
	if (call->ending == BLOCKED && arrival.parked)
		statements[call->statement].early = true;
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
			resume_waiting(&calls[call], expected);
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
