/* The kernel's own reports: tracepoints, read from tracefs, and a debugfs counter. */
#define _GNU_SOURCE
#include "guest.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define SPTE_PRESENT 1ull
#define COUNTER "/sys/kernel/debug/kvm/remote_tlb_flush_requests"

struct event {
	uint64_t gfn, old, new;
	unsigned level;
};

struct fault {
	uint64_t gpa, code;
};

/* A page that was added to a page cache or removed from it. */
struct cached {
	dev_t device;
	ino_t inode;
	uint64_t page, pages, pfn;
	bool added;
};

static int trace = -1;
static struct event *events;
static struct fault *faults;
static struct cached *cached;
static size_t cached_count, cached_room;
static size_t event_count, event_room, fault_count, fault_room, lost;
static uint64_t flushes_before;

void witness_open(void)
{
	tracefs_write("events/filemap/mm_filemap_add_to_page_cache/enable", "1");
	tracefs_write("events/filemap/mm_filemap_delete_from_page_cache/enable", "1");
	/* Room for the changes of one statement; a prefault of 1 GiB in 4 KiB pages makes 262,144 of them. */
	trace = tracefs_open("32768");
}

static uint64_t flushes(void)
{
	char text[32] = "";
	/* Opened again each time: the file returns its value only once. */
	int counter = open(COUNTER, O_RDONLY);

	if (counter < 0 || read(counter, text, sizeof text - 1) <= 0)
		die(COUNTER);
	close(counter);
	return strtoull(text, NULL, 10);
}

static void *room(void *array, size_t count, size_t *have, size_t each)
{
	if (count < *have)
		return array;
	*have = *have ? *have * 2 : 256;
	array = realloc(array, *have * each);
	if (!array)
		die("realloc");
	return array;
}

/* `dev MAJOR:MINOR ino INODE pfn=PFN ofs=BYTES order=ORDER` */
static bool take_cached(const char *line)
{
	const char *at = strstr(line, "_page_cache: dev ");
	struct cached page;
	unsigned major, minor, order;
	uint64_t inode, offset;

	if (!at)
		return false;
	if (sscanf(at, "_page_cache: dev %u:%u ino %" SCNx64 " pfn=%" SCNx64 " ofs=%" SCNu64 " order=%u", &major,
		   &minor, &inode, &page.pfn, &offset, &order) != 6)
		die("a line of the trace");
	page.device = makedev(major, minor);
	page.inode = inode;
	page.page = offset / PAGE;
	page.pages = 1ull << order;
	page.added = strstr(line, "mm_filemap_add_to_page_cache") != NULL;
	cached = room(cached, cached_count, &cached_room, sizeof page);
	cached[cached_count++] = page;
	return true;
}

bool witness_pfn(dev_t device, ino_t inode, uint64_t page, uint64_t *pfn)
{
	for (size_t i = cached_count; i-- > 0;) {
		const struct cached *last = &cached[i];
		if (last->device != device || last->inode != inode || page - last->page >= last->pages)
			continue;
		*pfn = last->pfn + (page - last->page);
		return last->added;
	}
	return false;
}

static void take_line(const char *line)
{
	struct event event;
	struct fault fault;
	const char *at;

	if ((at = strstr(line, "kvm_tdp_mmu_spte_changed: ")) &&
	    sscanf(at, "%*s as id %*d gfn %" SCNx64 " level %u old_spte %" SCNx64 " new_spte %" SCNx64,
		   &event.gfn, &event.level, &event.old, &event.new) == 4) {
		/* Torn-down tables report all 512 entries; a change between two non-present values carries no information. */
		if (!((event.old | event.new) & SPTE_PRESENT))
			return;
		events = room(events, event_count, &event_room, sizeof event);
		events[event_count++] = event;
	} else if ((at = strstr(line, "kvm_page_fault: ")) && (at = strstr(at, " address ")) &&
		   sscanf(at, " address %" SCNx64 " error_code %" SCNx64, &fault.gpa, &fault.code) == 2) {
		faults = room(faults, fault_count, &fault_room, sizeof fault);
		faults[fault_count++] = fault;
	} else if (take_cached(line)) {
		return;
	} else if (strstr(line, "LOST")) {
		lost++;
	}
}

void witness_forget(void)
{
	tracefs_read(trace, take_line);
	event_count = fault_count = lost = 0;
}

void witness_before(void)
{
	witness_forget();
	flushes_before = flushes();
}

void witness_print(void)
{
	uint64_t change = flushes() - flushes_before;

	tracefs_read(trace, take_line);
	print(",\"faults\":[");
	for (size_t i = 0; i < fault_count; i++)
		print("%s[\"0x%" PRIx64 "\",\"0x%" PRIx64 "\"]", i ? "," : "", faults[i].gpa, faults[i].code);
	print("],\"sptes\":[");
	for (size_t i = 0; i < event_count; i++)
		print("%s[\"0x%" PRIx64 "\",%u,\"0x%" PRIx64 "\",\"0x%" PRIx64 "\"]", i ? "," : "", events[i].gfn,
		      events[i].level, events[i].old, events[i].new);
	print("],\"flushes\":%" PRIu64 ",\"lost\":%zu", change, lost);
}
