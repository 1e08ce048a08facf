// SPDX-License-Identifier: MIT
/*
 * KVM_PRE_FAULT_MEMORY and the deletion of another memslot wait for each other (Linux 7.3.4).
 *
 *	gcc -O2 -Wall -pthread -o pre-fault-hang pre-fault-hang.c && ./pre-fault-hang
 *
 * One thread prefaults slot 0 of a default VM, the other one creates and deletes slot 1, until neither has made progress for
 * five seconds, or for a minute. A signal then ends the prefault. Exit status: 1 if the two calls hung, 0 if not, 2 if KVM
 * cannot be used. Needs read and write access to /dev/kvm and two CPUs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kvm.h>

/* For headers from before Linux 6.11. */
struct pre_fault_memory {
	__u64 gpa, size, flags, padding[5];
};
#define PRE_FAULT_MEMORY _IOWR(KVMIO, 0xd5, struct pre_fault_memory)

enum { SECONDS = 60, STUCK_SECONDS = 5 };

static const __u64 page = 0x1000;
static const __u64 prefaulted_gpa = 0x10000000;
static const __u64 other_gpa = 0x20000000;
static const __u64 slot_size = 0x200000;

static int vm, vcpu;
static atomic_ulong prefaults, deletions;
static atomic_bool finished;

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(2);
}

static void *memory(void)
{
	void *address = mmap(NULL, slot_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	need(address != MAP_FAILED, "mmap");
	madvise(address, slot_size, MADV_NOHUGEPAGE);
	memset(address, 1, slot_size);
	return address;
}

/* A size of 0 deletes the slot. */
static void set_slot(__u32 slot, __u64 gpa, __u64 size, void *address)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (unsigned long)address,
	};

	need(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) == 0, "KVM_SET_USER_MEMORY_REGION");
}

static int prefault(__u64 size)
{
	struct pre_fault_memory range = { .gpa = prefaulted_gpa, .size = size };

	return ioctl(vcpu, PRE_FAULT_MEMORY, &range);
}

static void *prefault_again_and_again(void *unused)
{
	while (!finished) {
		prefault(64 * page);
		prefaults++;
	}
	return unused;
}

static void *delete_again_and_again(void *address)
{
	while (!finished) {
		set_slot(1, other_gpa, slot_size, address);
		set_slot(1, other_gpa, 0, address);
		deletions++;
	}
	return NULL;
}

static void ignore(int signal)
{
	(void)signal;
}

int main(void)
{
	const struct sigaction action = { .sa_handler = ignore };
	pthread_t prefaulting, deleting;
	unsigned long seen[2] = { 0, 0 };
	int kvm, stuck = 0;

	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	need(kvm >= 0, "/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	need(vm >= 0, "KVM_CREATE_VM");
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	need(vcpu >= 0, "KVM_CREATE_VCPU");
	set_slot(0, prefaulted_gpa, slot_size, memory());
	need(prefault(page) == 0, "KVM_PRE_FAULT_MEMORY");

	/* Without SA_RESTART, so that the signal ends the prefault. */
	sigaction(SIGUSR1, &action, NULL);
	need(pthread_create(&prefaulting, NULL, prefault_again_and_again, NULL) == 0, "pthread_create");
	need(pthread_create(&deleting, NULL, delete_again_and_again, memory()) == 0, "pthread_create");

	for (int second = 0; second < SECONDS && stuck < STUCK_SECONDS; second++) {
		const unsigned long now[2] = { prefaults, deletions };

		stuck = memcmp(seen, now, sizeof seen) == 0 ? stuck + 1 : 0;
		memcpy(seen, now, sizeof seen);
		sleep(1);
	}
	printf("%lu prefaults, %lu deletions: %s\n", seen[0], seen[1],
	       stuck < STUCK_SECONDS ? "no hang" : "neither call returns");
	finished = true;
	pthread_kill(prefaulting, SIGUSR1);
	pthread_join(prefaulting, NULL);
	pthread_join(deleting, NULL);
	if (stuck >= STUCK_SECONDS)
		printf("after a signal to the prefault, both have returned\n");
	return stuck >= STUCK_SECONDS;
}
