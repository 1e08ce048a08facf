/* The control of the points of KVM (../points/kvm_points.c). */
#include "race.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CONTROL "/sys/kernel/debug/kvm_points"

static int control = -1;

void points_open(void)
{
	control = open(CONTROL, O_RDWR | O_CLOEXEC);
	if (control < 0)
		die(CONTROL);
}

void points_order(const char *format, ...)
{
	char text[64];
	va_list list;

	va_start(list, format);
	int length = vsnprintf(text, sizeof text, format, list);
	va_end(list);
	if (write(control, text, (size_t)length) != length)
		die(text);
}

void points_peek(int task, struct arrival *arrival)
{
	char text[512];
	ssize_t got = pread(control, text, sizeof text - 1, 0);
	int parked = 0;

	if (got <= 0)
		die(CONTROL);
	text[got] = 0;
	char *line = text;
	for (int i = 0; i < task && line; i++)
		line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
	if (!line || sscanf(line, "%d %lu %11s", &parked, &arrival->points, arrival->label) != 3)
		die("a line of " CONTROL);
	arrival->parked = parked;
}
