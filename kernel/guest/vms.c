/* The VMs of a scenario after the first, and the launch of a VM. */
#include "guest.h"
#include "kvm-abi.h"

#include <errno.h>
#include <sys/ioctl.h>

#define MAX_VMS 16

static struct vm others[MAX_VMS];
static unsigned other_count;
/* The VM that the statements work on: NULL for the first. */
static struct vm *current;

struct vm *vms_current(struct vm *first)
{
	return current ? current : first;
}

/* launch COMMAND GPA SIZE TYPE CONTENTS */
void do_launch(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	static uint8_t contents[PAGE] __attribute__((aligned(PAGE)));
	struct abi_launch_update update = {
		.gfn_start = arg[1] / PAGE,
		.len = arg[2],
		.type = (uint8_t)arg[3],
		.uaddr = arg[4] ? (uintptr_t)contents : 0,
	};
	struct abi_sev_command command = { .id = (uint32_t)arg[0], .data = (uintptr_t)&update };

	if (arg[1] % PAGE != 0)
		outcome->skipped = "the command takes a gfn";
	else
		outcome->error = ioctl(vm->fd, KVM_MEMORY_ENCRYPT_OP, &command) == 0 ? 0 : errno;
}

/* vm TYPE VCPUS */
void do_vm(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	(void)vm;
	if (other_count == MAX_VMS) {
		outcome->skipped = "too many VMs";
		return;
	}
	current = &others[other_count++];
	vm_create(current, arg[0], (unsigned)arg[1]);
}

/* switch NUMBER */
void do_switch(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	(void)vm;
	if (arg[0] > other_count)
		outcome->skipped = "there is no such VM";
	else
		current = arg[0] == 0 ? NULL : &others[arg[0] - 1];
}
