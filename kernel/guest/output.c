/* Output: port 0xe9, which QEMU (-debugcon) copies byte by byte; it needs no driver and never blocks. */
#include "guest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sys/io.h>
#include <sys/reboot.h>
#include <unistd.h>

#define PORT 0xe9

static char buffer[1 << 16];
static size_t used;

void output_open(void)
{
	if (ioperm(PORT, 1, 1) != 0)
		perror("ioperm");
}

void print_flush(void)
{
	outsb(PORT, buffer, used);
	used = 0;
}

void print(const char *format, ...)
{
	va_list list;

	if (sizeof buffer - used < 1024)
		print_flush();
	va_start(list, format);
	int length = vsnprintf(buffer + used, sizeof buffer - used, format, list);
	va_end(list);
	if (length > 0)
		used += (size_t)length < sizeof buffer - used ? (size_t)length : sizeof buffer - used - 1;
}

/* Reports an error of the machine itself and ends it. In a scenario's process, ends the scenario. */
void die(const char *what)
{
	print("{\"fatal\":\"%s: %s\"}\n", what, strerror(errno));
	print_flush();
	if (getpid() == 1)
		reboot(RB_AUTOBOOT);
	_exit(1);
}
