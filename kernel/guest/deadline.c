/* A signal interrupts a system call that KVM retries for ever, so that it fails with EINTR. */
#include "guest.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

static void on_alarm(int signal)
{
	(void)signal;
}

/* The alarm repeats: the first one may arrive while the process is between two system calls. */
static void set(long seconds, long repeat_microseconds)
{
	struct itimerval timer = {
		.it_value = { .tv_sec = seconds },
		.it_interval = { .tv_usec = repeat_microseconds },
	};
	setitimer(ITIMER_REAL, &timer, NULL);
}

static bool disabled;

/* For threads: the timer belongs to the process, and its signal goes to any of them. */
void deadline_disable(void)
{
	disabled = true;
}

void deadline_arm(void)
{
	struct sigaction action;

	if (disabled)
		return;

	/* Without SA_RESTART, so that the call ends. */
	memset(&action, 0, sizeof action);
	action.sa_handler = on_alarm;
	sigaction(SIGALRM, &action, NULL);
	set(LIVELOCK_SECONDS, 200000);
}

void deadline_disarm(void)
{
	if (!disabled)
		set(0, 0);
}
