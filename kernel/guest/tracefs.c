/* The trace of the kernel: what a page fault and a changed entry of the page tables print. */
#include "guest.h"

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
