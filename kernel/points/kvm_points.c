// SPDX-License-Identifier: GPL-2.0
/*
 * Parks threads at the points of kvm_points.h, or delays them there. A file in debugfs controls it, one command in each
 * write; reading it returns a line for each task: whether it is parked, the number of points it has reached, and the last.
 *
 *   on 0|1               switches all points on or off
 *   log 0|1              whether arrivals go to the trace; flushes always do
 *   task I PID           the thread is task I from now on; its earlier orders are forgotten
 *   park I K LABEL N     order K (0 or 1): park at the N-th arrival at LABEL from now on; label * is any point, - is none
 *   go I                 the parked task continues
 *   delay I SEED MAX     at random points, spin up to MAX times
 *   yield I 0|1          whether its zaps drop mmu_lock between two leaves
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/kvm_points.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define TASKS 8
#define ORDERS 2
#define LABEL 12
/* The guest's own code and page tables: what happens there is no part of the scenario. */
#define OWN_GFN (1ull << 27)
/* A task that nobody releases continues, so that the machine can end. */
#define LONGEST_PARK_MS 30000
/* A task that loops must not flood the trace. */
#define MOST_LOGGED 1000

struct order {
	char label[LABEL];
	int arrivals;
};

static struct task {
	pid_t pid;
	struct order order[ORDERS];
	char at[LABEL];
	bool parked, go, yields;
	bool own;	/* the last fault of its vCPU was one of the guest's own */
	unsigned long points, longest;
	u64 random;
} tasks[TASKS];

int kvm_points_on;
static int logs;

static struct task *registered(void)
{
	for (int i = 0; i < TASKS; i++)
		if (tasks[i].pid == current->pid)
			return &tasks[i];
	return NULL;
}

/* Counts the arrival; whether the task has to park now. */
static bool is_due(struct order *order, const char *label)
{
	if (order->label[0] == '\0')
		return false;
	if (order->label[0] != '*' && strcmp(order->label, label) != 0)
		return false;
	if (--order->arrivals > 0)
		return false;
	order->label[0] = '\0';
	return true;
}

static void park(struct task *task, bool may_sleep)
{
	ktime_t end = ktime_add_ms(ktime_get(), LONGEST_PARK_MS);

	WRITE_ONCE(task->go, false);
	smp_store_release(&task->parked, true);
	while (!READ_ONCE(task->go) && ktime_before(ktime_get(), end)) {
		if (may_sleep)
			usleep_range(50, 100);
		else
			cpu_relax();
	}
	smp_store_release(&task->parked, false);
}

static void delay(struct task *task)
{
	task->random ^= task->random << 13;
	task->random ^= task->random >> 7;
	task->random ^= task->random << 17;
	if ((task->random & 7) >= 3)
		return;
	for (u64 n = (task->random >> 8) % task->longest; n > 0; n--)
		cpu_relax();
}

/* The rounds of a vCPU that only fault in the guest's own pages do not count. */
static bool is_own(struct task *task, const char *label, u64 gfn)
{
	if (strcmp(label, "NP4") == 0)
		task->own = gfn >= OWN_GFN;
	return gfn >= OWN_GFN || (task->own && (strcmp(label, "VR4") == 0 || strcmp(label, "VR2") == 0));
}

void kvm_point_reached(const char *label, u64 gfn, bool may_sleep)
{
	struct task *task = registered();
	bool due = false;

	if (!task || is_own(task, label, gfn))
		return;
	strscpy(task->at, label, sizeof task->at);
	WRITE_ONCE(task->points, task->points + 1);
	if (logs && task->points < MOST_LOGGED)
		trace_printk("kvm_point: %s %llx\n", label, gfn);
	if (task->longest)
		delay(task);
	for (int i = 0; i < ORDERS; i++)
		due |= is_due(&task->order[i], label);
	if (due)
		park(task, may_sleep);
}

void kvm_point_flush(void)
{
	if (kvm_points_on && registered())
		trace_printk("kvm_point: FLUSH 0\n");
}

bool kvm_point_yields(void)
{
	struct task *task = kvm_points_on ? registered() : NULL;

	return task && task->yields;
}

static int obey(const char *text)
{
	char label[LABEL];
	int i, k, n;
	unsigned long seed, longest;

	if (sscanf(text, "on %d", &n) == 1) {
		WRITE_ONCE(kvm_points_on, n);
		return 0;
	}
	if (sscanf(text, "log %d", &n) == 1) {
		logs = n;
		return 0;
	}
	if (sscanf(text, "%*s %d", &i) != 1 || i < 0 || i >= TASKS)
		return -EINVAL;
	if (sscanf(text, "task %*d %d", &n) == 1) {
		memset(&tasks[i], 0, sizeof tasks[i]);
		WRITE_ONCE(tasks[i].pid, n);
	} else if (sscanf(text, "park %*d %d %11s %d", &k, label, &n) == 3 && k >= 0 && k < ORDERS) {
		struct order *order = &tasks[i].order[k];

		order->label[0] = '\0';
		order->arrivals = n;
		tasks[i].points = 0;
		tasks[i].own = false;
		if (label[0] != '-')
			strscpy(order->label, label, sizeof order->label);
	} else if (strncmp(text, "go ", 3) == 0) {
		WRITE_ONCE(tasks[i].go, true);
	} else if (sscanf(text, "delay %*d %lu %lu", &seed, &longest) == 2) {
		tasks[i].random = seed * 0x9e3779b97f4a7c15ull + 1;
		tasks[i].longest = longest;
	} else if (sscanf(text, "yield %*d %d", &n) == 1) {
		tasks[i].yields = n;
	} else {
		return -EINVAL;
	}
	return 0;
}

static ssize_t points_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	char text[64];
	int error;

	if (size >= sizeof text || copy_from_user(text, from, size))
		return -EINVAL;
	text[size] = '\0';
	error = obey(text);
	return error ? error : (ssize_t)size;
}

static int points_show(struct seq_file *out, void *unused)
{
	for (int i = 0; i < TASKS; i++)
		seq_printf(out, "%d %lu %s\n", smp_load_acquire(&tasks[i].parked), READ_ONCE(tasks[i].points),
			   tasks[i].at[0] ? tasks[i].at : "-");
	return 0;
}

static int points_open(struct inode *inode, struct file *file)
{
	return single_open(file, points_show, NULL);
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = points_open,
	.read = seq_read,
	.write = points_write,
	.llseek = seq_lseek,
	.release = single_release,
};

void kvm_points_init(void)
{
	debugfs_create_file("kvm_points", 0600, NULL, NULL, &operations);
}
