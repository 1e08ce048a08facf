/* The trace of the kernel: what a page fault and a changed entry of the page tables print. */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TRACEFS "/sys/kernel/tracing/"

void tracefs_write(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof path, TRACEFS "%s", name);
	int fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

/* Reads of the descriptor do not wait for events. */
int tracefs_open(const char *buffer_kb)
{
	tracefs_write("buffer_size_kb", buffer_kb);
	tracefs_write("events/kvmmmu/kvm_tdp_mmu_spte_changed/enable", "1");
	tracefs_write("events/kvm/kvm_page_fault/enable", "1");
	int trace = open(TRACEFS "trace_pipe", O_RDONLY | O_NONBLOCK);
	if (trace < 0)
		die(TRACEFS "trace_pipe");
	return trace;
}

/* Reads the whole trace, and passes on each line without its end. A line may be split over two reads. */
void tracefs_read(int trace, void (*take)(const char *line))
{
	static char text[1 << 16];
	size_t have = 0;

	for (;;) {
		ssize_t got = read(trace, text + have, sizeof text - 1 - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
		text[have] = 0;
		char *line = text, *end;
		while ((end = strchr(line, '\n'))) {
			*end = 0;
			take(line);
			line = end + 1;
		}
		have -= (size_t)(line - text);
		memmove(text, line, have);
	}
}
