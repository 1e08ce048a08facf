/* The trace of all CPUs, in one order: each event belongs to the thread that it names. */
#include "race.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPTE_PRESENT 1ull

static int trace = -1;
/* Where the events of a thread belong; NULL for a thread whose events do not count. */
static struct events *(*owner_of)(pid_t tid);

void trace_open(void)
{
	tracefs_write("trace_clock", "counter");
	trace = tracefs_open("4096");
}

static void add(struct events *events, const char *text)
{
	size_t length = strlen(text);

	if (events->used + length + 1 > events->room) {
		events->room = 2 * events->room + length + 4096;
		events->text = realloc(events->text, events->room);
		if (!events->text)
			die("realloc");
	}
	memcpy(events->text + events->used, text, length + 1);
	events->used += length;
}

/* `COMM-TID  [CPU] FLAGS COUNT: EVENT: …` */
static pid_t thread_of(const char *line)
{
	const char *at = strstr(line, " [");

	while (at && at > line && at[-1] != '-')
		at--;
	return at ? atoi(at) : 0;
}

/* Each event becomes an element of a JSON array. */
static void take_line(const char *line)
{
	struct events *events = owner_of(thread_of(line));
	uint64_t gfn, old, new, gpa, code;
	unsigned level;
	char text[128], label[LABEL];
	const char *at;

	if (!events)
		return;
	const char *comma = events->used > 0 ? "," : "";
	if ((at = strstr(line, "kvm_tdp_mmu_spte_changed: ")) &&
	    sscanf(at, "%*s as id %*d gfn %" SCNx64 " level %u old_spte %" SCNx64 " new_spte %" SCNx64, &gfn, &level,
		   &old, &new) == 4) {
		if (!((old | new) & SPTE_PRESENT))
			return;
		snprintf(text, sizeof text, "%s[\"s\",\"0x%" PRIx64 "\",%u,\"0x%" PRIx64 "\",\"0x%" PRIx64 "\"]", comma,
			 gfn, level, old, new);
	} else if ((at = strstr(line, "kvm_page_fault: ")) && (at = strstr(at, " address ")) &&
		   sscanf(at, " address %" SCNx64 " error_code %" SCNx64, &gpa, &code) == 2) {
		snprintf(text, sizeof text, "%s[\"f\",\"0x%" PRIx64 "\",\"0x%" PRIx64 "\"]", comma, gpa, code);
	} else if ((at = strstr(line, "kvm_point: ")) && sscanf(at, "kvm_point: %11s", label) == 1) {
		snprintf(text, sizeof text, "%s[\"p\",\"%s\"]", comma, label);
	} else {
		return;
	}
	add(events, text);
}

void trace_read(struct events *(*owner)(pid_t tid))
{
	owner_of = owner;
	tracefs_read(trace, take_line);
}

static struct events *nobody(pid_t tid)
{
	(void)tid;
	return NULL;
}

void trace_forget(void)
{
	trace_read(nobody);
}
