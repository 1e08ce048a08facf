/*
 * Process 1 of the emulated machine: disables background activity, runs each scenario of /scenarios in a separate
 * process, and powers the machine off. A line of /scenarios is a word and numbers:
 *
 *   scenario NUMBER VMTYPE VCPUS
 *   fault 0 1 0x80000000
 *   end
 */
#define _GNU_SOURCE
#include "guest.h"
#include "race.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCENARIOS "/scenarios"
#define RACES "/races"

struct line {
	char word[16];
	uint64_t arg[MAX_ARGS];
	int args;
};

static void mount_or_die(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) != 0 && errno != EBUSY)
		die(where);
}

/* Written if the file exists; a kernel without transparent huge pages does not have it. */
static void set_if_there(const char *path, const char *value)
{
	FILE *setting = fopen(path, "w");

	if (!setting)
		return;
	fputs(value, setting);
	fclose(setting);
}

/*
 * khugepaged and kcompactd move pages at arbitrary times, which zaps their mappings in the middle of any statement.
 * khugepaged sleeps for seven weeks; but it scans once whenever a process is the first to ask for huge pages, so it
 * must not find anything worth collapsing either. That setting would have the shrinker split huge pages that are mostly
 * zero, so that is disabled too.
 */
static void park_daemons(void)
{
	set_if_there("/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs", "4294967295");
	set_if_there("/sys/kernel/mm/transparent_hugepage/khugepaged/alloc_sleep_millisecs", "4294967295");
	set_if_there("/sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none", "0");
	set_if_there("/sys/kernel/mm/transparent_hugepage/shrink_underused", "0");
	set_if_there("/proc/sys/vm/compaction_proactiveness", "0");
}

/* Events of one processor are ordered whatever the clocks of the processors are. */
static void stay_on_one_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof one, &one) != 0)
		die("sched_setaffinity");
}

static bool read_line(FILE *from, struct line *line)
{
	char text[512];

	if (!fgets(text, sizeof text, from))
		return false;
	memset(line, 0, sizeof *line);
	char *save, *part = strtok_r(text, " \n", &save);
	if (!part)
		return true;
	snprintf(line->word, sizeof line->word, "%s", part);
	while (line->args < MAX_ARGS && (part = strtok_r(NULL, " \n", &save)))
		line->arg[line->args++] = strtoull(part, NULL, 0);
	return true;
}

void print_result(const struct outcome *outcome)
{
	if (outcome->skipped) {
		print(",\"skipped\":\"%s\"", outcome->skipped);
		return;
	}
	const char *name = outcome->error ? strerrorname_np(outcome->error) : "ok";
	print(",\"result\":\"%s\"", outcome->timed_out ? "livelock" : name ? name : "unknown");
	if (outcome->left_guest)
		print(",\"exit\":{\"reason\":%" PRIu32 ",\"flags\":\"0x%" PRIx64 "\",\"gpa\":\"0x%" PRIx64
		      "\",\"size\":\"0x%" PRIx64 "\",\"write\":%s}",
		      outcome->reason, outcome->flags, outcome->gpa, outcome->size,
		      outcome->is_write ? "true" : "false");
	if (outcome->has_answer)
		print(",\"answer\":\"0x%" PRIx64 "\"", outcome->answer);
	if (outcome->has_left)
		print(",\"left\":\"0x%" PRIx64 "\"", outcome->left);
}

static void print_outcome(unsigned scenario, unsigned statement, const struct outcome *outcome)
{
	print("{\"scenario\":%u,\"statement\":%u", scenario, statement);
	print_result(outcome);
	if (!outcome->skipped)
		witness_print();
	print("}\n");
}

/* Runs in a separate process: when it exits, the kernel tears down the VM and everything else. */
static void run_scenario(FILE *from, const struct line *head)
{
	struct vm vm;
	struct line line;
	unsigned statement = 0;

	vm_create(&vm, head->arg[1], (unsigned)head->arg[2]);
	while (read_line(from, &line) && strcmp(line.word, "end") != 0) {
		struct outcome outcome = { 0 };
		witness_before();
		if (!perform(&vm, line.word, line.arg, line.args, &outcome)) {
			errno = EINVAL;
			die(line.word);
		}
		print_outcome((unsigned)head->arg[0], statement++, &outcome);
		print_flush();
	}
	print("{\"scenario\":%u,\"end\":true}\n", (unsigned)head->arg[0]);
	print_flush();
	_exit(0);
}

static void skip_scenario(FILE *from)
{
	struct line line;

	while (read_line(from, &line) && strcmp(line.word, "end") != 0)
		;
}

int main(void)
{
	struct line line;

	output_open();
	mount_or_die("proc", "/proc");
	mount_or_die("sysfs", "/sys");
	mount_or_die("devtmpfs", "/dev");
	mount_or_die("debugfs", "/sys/kernel/debug");
	mount_or_die("tracefs", "/sys/kernel/tracing");
	park_daemons();
	stay_on_one_cpu();
	if (access(RACES, F_OK) == 0)
		return races_main(RACES);
	witness_open();

	FILE *from = fopen(SCENARIOS, "r");
	if (!from)
		die(SCENARIOS);
	while (read_line(from, &line)) {
		if (strcmp(line.word, "scenario") != 0)
			continue;
		/* The child opens the file itself, so that it does not move the parent's file position. */
		long at = ftell(from);
		pid_t child = fork();
		if (child < 0)
			die("fork");
		if (child == 0) {
			FILE *own = fopen(SCENARIOS, "r");
			if (!own || fseek(own, at, SEEK_SET) != 0)
				die(SCENARIOS);
			run_scenario(own, &line);
		}
		int status;
		if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
			errno = EINTR;
			die("the process of a scenario was killed");
		}
		witness_forget();
		skip_scenario(from);
	}
	print("{\"bye\":true}\n");
	print_flush();
	sync();
	reboot(RB_AUTOBOOT);
	return 0;
}
