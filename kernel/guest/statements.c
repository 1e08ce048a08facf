/* One function for each statement of the scenario language: it performs the statement's system call. */
#define _GNU_SOURCE
#include "guest.h"
#include "kvm-abi.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/falloc.h>
#include <linux/kvm_para.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The host's encoding of slot flags. */
#define SLOT_FILE 1u
#define SLOT_READONLY 2u
#define SLOT_THP 4u

#define MAX_FILES 4096
#define INJECT "/sys/kernel/debug/hwpoison/corrupt-pfn"

/* Descriptors by file number, plus one: the table starts with 0, which means none, that is -1. */
static int files[MAX_FILES];

static int file(uint64_t number)
{
	return number < MAX_FILES ? files[number] - 1 : -1;
}

/*
 * From OWN_GPA on the host ignores events, and slots would overlap the guest's own. Above END_GPA nothing can be
 * mapped, so a range completely above it is passed to the kernel.
 */
static bool hidden(uint64_t gpa, uint64_t size, struct outcome *outcome)
{
	bool touches = gpa < END_GPA && (gpa >= OWN_GPA || size > OWN_GPA - gpa);

	if (touches)
		outcome->skipped = "it reaches 512 GiB, where the guest program keeps its own code";
	return touches;
}

static struct slot *find(const struct vm *vm, uint64_t id)
{
	for (struct slot *slot = vm->slots; slot; slot = slot->next)
		if (slot->id == id)
			return slot;
	return NULL;
}

static void forget(struct vm *vm, struct slot *gone)
{
	struct slot **at = &vm->slots;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	memory_unmap(gone->memory, gone->mapped);
	free(gone);
}

static int set_region(struct vm *vm, const struct slot *slot)
{
	struct abi_region2 region = {
		.slot = slot->id,
		.flags = slot->flags,
		.gpa = slot->gpa,
		.size = slot->size,
		.userspace = (uintptr_t)slot->memory,
	};

	if (slot->flags & ABI_MEM_GUEST_MEMFD) {
		region.file = (uint32_t)file(slot->file);
		region.file_offset = slot->offset;
	}
	return ioctl(vm->fd, ABI_SET_REGION2, &region) == 0 ? 0 : errno;
}

/* gmem FILE SIZE FLAGS */
static void do_gmem(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct abi_create_file create = { .size = arg[1], .flags = arg[2] };

	if (arg[0] >= MAX_FILES) {
		outcome->skipped = "too many files";
		return;
	}
	int fd = ioctl(vm->fd, ABI_CREATE_FILE, &create);
	outcome->error = fd < 0 ? errno : 0;
	files[arg[0]] = fd < 0 ? 0 : fd + 1;
}

/* slot ID GPA SIZE FLAGS FILE OFFSET */
static void do_slot(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct slot *used = find(vm, arg[0]);

	if (arg[0] == OWN_SLOT) {
		outcome->skipped = "the guest program keeps its own code in that slot";
		return;
	}
	if (arg[2] < NEVER_ACCEPTED && hidden(arg[1], arg[2], outcome))
		return;
	struct slot wanted = {
		.id = (uint32_t)arg[0],
		.gpa = arg[1],
		.size = arg[2],
		.flags = (arg[3] & SLOT_FILE ? ABI_MEM_GUEST_MEMFD : 0) |
			 (arg[3] & SLOT_READONLY ? KVM_MEM_READONLY : 0),
		.file = arg[4],
		.offset = arg[5],
	};

	if (used) {
		wanted.memory = used->memory;
		wanted.mapped = used->mapped;
	} else {
		int advice = arg[3] & SLOT_THP ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
		wanted.memory = memory_map(arg[2], advice, &wanted.mapped);
		if (!wanted.memory) {
			outcome->skipped = "no userspace memory of that size";
			return;
		}
	}
	outcome->error = set_region(vm, &wanted);
	if (outcome->error != 0) {
		if (!used)
			memory_unmap(wanted.memory, wanted.mapped);
		return;
	}
	if (used && wanted.size == 0) {
		forget(vm, used);
		return;
	}
	if (!used) {
		used = malloc(sizeof *used);
		if (!used)
			die("malloc");
		wanted.next = vm->slots;
		vm->slots = used;
	} else {
		wanted.next = used->next;
	}
	*used = wanted;
}

/* delete ID */
static void do_delete(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct slot *slot = find(vm, arg[0]);
	struct slot wanted = { .id = (uint32_t)arg[0] };

	if (!slot && arg[0] == OWN_SLOT) {
		outcome->skipped = "the guest program keeps its own code in that slot";
		return;
	}
	outcome->error = set_region(vm, &wanted);
	if (outcome->error == 0 && slot)
		forget(vm, slot);
}

/* move ID GPA */
static void do_move(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct slot *slot = find(vm, arg[0]);

	if (!slot) {
		outcome->skipped = "there is no such slot";
		return;
	}
	if (hidden(arg[1], slot->size, outcome))
		return;
	struct slot wanted = *slot;
	wanted.gpa = arg[1];
	outcome->error = set_region(vm, &wanted);
	if (outcome->error == 0)
		*slot = wanted;
}

/* convert GPA SIZE ATTRIBUTES */
static void do_convert(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct abi_attributes attributes = { .address = arg[0], .size = arg[1], .attributes = arg[2] };

	if (hidden(arg[0], arg[1], outcome))
		return;
	outcome->error = ioctl(vm->fd, ABI_SET_ATTRIBUTES, &attributes) == 0 ? 0 : errno;
}

static bool answer_request(const struct request *request, const struct outcome *outcome)
{
	bool is_private = outcome->flags & KVM_MAP_GPA_RANGE_ENCRYPTED;
	struct abi_attributes attributes = {
		.address = outcome->gpa,
		.size = outcome->size < request->converts ? outcome->size : request->converts,
		.attributes = is_private ? ABI_ATTRIBUTE_PRIVATE : 0,
	};

	if (attributes.size != 0 && ioctl(request->vm->fd, ABI_SET_ATTRIBUTES, &attributes) != 0)
		return false;
	return request->later || attributes.size == outcome->size;
}

/* psc VCPU GPA SIZE PRIVATE CONVERTS LATER */
static void do_psc(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct request request = {
		.gpa = arg[1],
		.pages = arg[2] / PAGE,
		.attributes = arg[3] ? KVM_MAP_GPA_RANGE_ENCRYPTED : KVM_MAP_GPA_RANGE_DECRYPTED,
		.answer = answer_request,
		.vm = vm,
		.converts = arg[4],
		.later = arg[5] != 0,
	};

	if (arg[0] >= vm->vcpus)
		outcome->skipped = "there is no such vCPU";
	else if (arg[2] % PAGE != 0)
		outcome->skipped = "the hypercall counts pages";
	else if (!hidden(arg[1], arg[2], outcome))
		vm_request(vm, (unsigned)arg[0], &request, outcome);
}

/* fault VCPU ACCESS GPA */
static void do_fault(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	if (arg[0] >= vm->vcpus)
		outcome->skipped = "there is no such vCPU";
	else if (arg[2] > END_GPA - sizeof(uint32_t))
		outcome->skipped = "the emulated processor's addresses end at 1 TiB";
	else if (!hidden(arg[2], sizeof(uint32_t), outcome))
		vm_access(vm, (unsigned)arg[0], (enum access)arg[1], arg[2], outcome);
}

/* prefault VCPU GPA SIZE: repeated until nothing is left, it fails, or a call makes no progress */
static void do_prefault(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct abi_pre_fault range = { .gpa = arg[1], .size = arg[2] };

	if (arg[0] >= vm->vcpus) {
		outcome->skipped = "there is no such vCPU";
		return;
	}
	if (hidden(arg[1], arg[2], outcome))
		return;
	outcome->has_left = true;
	do {
		deadline_arm();
		outcome->error = ioctl(vm->vcpu[arg[0]], ABI_PRE_FAULT, &range) == 0 ? 0 : errno;
		deadline_disarm();
	} while (outcome->error == 0 && range.size > 0);
	/* An interrupted call that made progress returns 0: EINTR means that it made none. */
	outcome->timed_out = outcome->error == EINTR;
	outcome->left = range.size;
}

static int fallocate_error(const uint64_t *arg, int mode)
{
	return fallocate(file(arg[0]), mode, (off_t)arg[1], (off_t)arg[2]) == 0 ? 0 : errno;
}

/* allocate FILE OFFSET SIZE */
static void do_allocate(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	(void)vm;
	outcome->error = fallocate_error(arg, FALLOC_FL_KEEP_SIZE);
}

/* punch FILE OFFSET SIZE */
static void do_punch(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	(void)vm;
	outcome->error = fallocate_error(arg, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE);
}

/* truncate FILE SIZE */
static void do_truncate(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	(void)vm;
	outcome->error = ftruncate(file(arg[0]), (off_t)arg[1]) == 0 ? 0 : errno;
}

/* close FILE */
static void do_close(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	(void)vm;
	outcome->error = close(file(arg[0])) == 0 ? 0 : errno;
	if (arg[0] < MAX_FILES)
		files[arg[0]] = 0;
}

/* discard ID OFFSET SIZE */
static void do_discard(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct slot *slot = find(vm, arg[0]);

	if (!slot)
		outcome->skipped = "there is no such slot";
	else
		outcome->error = memory_discard(slot->memory, slot->mapped, arg[1], arg[2]);
}

/* host ID WRITE OFFSET */
static void do_host(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct slot *slot = find(vm, arg[0]);

	if (!slot) {
		outcome->skipped = "there is no such slot";
	} else if (arg[2] >= slot->mapped) {
		/* A plain access would kill the process; a system call on that address reports the error. */
		outcome->error = EFAULT;
	} else {
		volatile uint8_t *byte = slot->memory + arg[2];
		if (arg[1])
			*byte = 1;
		else
			(void)*byte;
	}
}

/* poison FILE OFFSET: memory_failure() of the page, through the hwpoison-inject module's file in debugfs */
static void do_poison(struct vm *vm, const uint64_t *arg, struct outcome *outcome)
{
	struct stat status;
	uint64_t pfn;
	char text[32];

	(void)vm;
	if (fstat(file(arg[0]), &status) != 0) {
		outcome->skipped = "there is no such file";
		return;
	}
	if (!witness_pfn(status.st_dev, status.st_ino, arg[1] / PAGE, &pfn)) {
		outcome->skipped = "the file has no page there";
		return;
	}
	int inject = open(INJECT, O_WRONLY);
	if (inject < 0)
		die(INJECT);
	int length = snprintf(text, sizeof text, "%#" PRIx64, pfn);
	outcome->error = write(inject, text, (size_t)length) == length ? 0 : errno;
	close(inject);
}

static const struct {
	const char *word;
	int args;
	void (*run)(struct vm *vm, const uint64_t *arg, struct outcome *outcome);
} table[] = {
	{ "gmem", 3, do_gmem },         { "slot", 6, do_slot },
	{ "delete", 1, do_delete },     { "move", 2, do_move },
	{ "convert", 3, do_convert },   { "fault", 3, do_fault },
	{ "prefault", 3, do_prefault }, { "allocate", 3, do_allocate },
	{ "punch", 3, do_punch },       { "truncate", 2, do_truncate },
	{ "close", 1, do_close },       { "discard", 3, do_discard },
	{ "host", 3, do_host },         { "poison", 2, do_poison },
	{ "psc", 6, do_psc },           { "launch", 5, do_launch },
	{ "vm", 2, do_vm },             { "switch", 1, do_switch },
};

bool perform(struct vm *vm, const char *word, const uint64_t *arg, int args, struct outcome *outcome)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (strcmp(table[i].word, word) != 0 || table[i].args != args)
			continue;
		table[i].run(vms_current(vm), arg, outcome);
		return true;
	}
	return false;
}
