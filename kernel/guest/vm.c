/*
 * The virtual machine. Its vCPUs run one instruction at a time in long mode, with an identity map of 1 GiB pages. Code
 * and page tables are in a separate slot far above all scenarios.
 */
#include "guest.h"
#include "kvm-abi.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm_para.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Layout of that slot, in pages: the top table, one table for each 512 GiB, the code, data. */
#define OWN_TABLES 1
#define OWN_CODE 3
#define OWN_DATA 4
#define GIB (1ull << 30)

/* Accessed and dirty are set from the start, so the processor never writes to the tables. */
#define ENTRY_TABLE 0x63ull     /* present, writable, accessed, dirty */
#define ENTRY_PAGE 0xe3ull      /* the same, and 1 GiB large */

/* mov eax,[rbx]; hlt — mov [rbx],eax; hlt — and — vmmcall; hlt */
static const uint8_t code_read[] = { 0x8b, 0x03, 0xf4 };
static const uint8_t code_write[] = { 0x89, 0x03, 0xf4 };
static const uint8_t code_hypercall[] = { 0x0f, 0x01, 0xd9, 0xf4 };
#define CODE_READ 0
#define CODE_WRITE 16
#define CODE_HYPERCALL 32

#define CR0_PE 1ull
#define CR0_ET (1ull << 4)
#define CR0_NE (1ull << 5)
#define CR0_PG (1ull << 31)
#define CR4_PAE (1ull << 5)
#define EFER_LME (1ull << 8)
#define EFER_LMA (1ull << 10)

static void fill_own_memory(uint8_t *memory)
{
	uint64_t *top = (uint64_t *)memory;

	for (unsigned i = 0; i < END_GPA / (512 * GIB); i++) {
		uint64_t *table = (uint64_t *)(memory + (OWN_TABLES + i) * PAGE);
		top[i] = (OWN_GPA + (OWN_TABLES + i) * PAGE) | ENTRY_TABLE;
		for (unsigned j = 0; j < 512; j++)
			table[j] = (512 * i + j) * GIB | ENTRY_PAGE;
	}
	/* The page is there from the start: copying the zero page when the guest writes would flush TLBs. */
	memory[OWN_DATA * PAGE] = 1;
	memcpy(memory + OWN_CODE * PAGE + CODE_READ, code_read, sizeof code_read);
	memcpy(memory + OWN_CODE * PAGE + CODE_WRITE, code_write, sizeof code_write);
	memcpy(memory + OWN_CODE * PAGE + CODE_HYPERCALL, code_hypercall, sizeof code_hypercall);
}

static void add_own_slot(int fd)
{
	struct kvm_userspace_memory_region region = {
		.slot = OWN_SLOT,
		.guest_phys_addr = OWN_GPA,
		.memory_size = OWN_END,
	};
	uint64_t mapped;
	uint8_t *memory = memory_map(OWN_END, MADV_NOHUGEPAGE, &mapped);

	if (!memory)
		die("memory of the own slot");
	fill_own_memory(memory);
	region.userspace_addr = (uintptr_t)memory;
	if (ioctl(fd, KVM_SET_USER_MEMORY_REGION, &region) != 0)
		die("KVM_SET_USER_MEMORY_REGION");
}

/* Enables all features of the host, for its guest physical address width. */
static void set_cpuid(int kvm, int vcpu)
{
	enum { ENTRIES = 256 };
	struct kvm_cpuid2 *cpuid = calloc(1, sizeof *cpuid + ENTRIES * sizeof cpuid->entries[0]);

	if (!cpuid)
		die("calloc");
	cpuid->nent = ENTRIES;
	if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, cpuid) != 0)
		die("KVM_GET_SUPPORTED_CPUID");
	if (ioctl(vcpu, KVM_SET_CPUID2, cpuid) != 0)
		die("KVM_SET_CPUID2");
	free(cpuid);
}

static void enter_long_mode(int vcpu)
{
	struct kvm_sregs sregs;
	struct kvm_segment code = {
		.limit = 0xffffffff, .selector = 8, .type = 11, .present = 1, .s = 1, .l = 1, .g = 1,
	};
	struct kvm_segment data = {
		.limit = 0xffffffff, .selector = 16, .type = 3, .present = 1, .s = 1, .db = 1, .g = 1,
	};

	if (ioctl(vcpu, KVM_GET_SREGS, &sregs) != 0)
		die("KVM_GET_SREGS");
	sregs.cs = code;
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = data;
	sregs.cr0 = CR0_PE | CR0_ET | CR0_NE | CR0_PG;
	sregs.cr3 = OWN_GPA;
	sregs.cr4 = CR4_PAE;
	sregs.efer = EFER_LME | EFER_LMA;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs) != 0)
		die("KVM_SET_SREGS");
}

/* KVM asks userspace to convert memory, instead of refusing the hypercall. */
static void exit_on_hypercalls(int fd)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_EXIT_HYPERCALL, .args = { 1 << KVM_HC_MAP_GPA_RANGE } };

	if (ioctl(fd, KVM_ENABLE_CAP, &cap) != 0)
		die("KVM_CAP_EXIT_HYPERCALL");
}

void vm_create(struct vm *vm, uint64_t type, unsigned vcpus)
{
	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		die("/dev/kvm");
	int size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, type);
	if (vm->fd < 0)
		die("KVM_CREATE_VM");
	add_own_slot(vm->fd);
	exit_on_hypercalls(vm->fd);
	vm->slots = NULL;
	vm->vcpus = vcpus;
	vm->vcpu = calloc(vcpus, sizeof *vm->vcpu);
	vm->run = calloc(vcpus, sizeof *vm->run);
	if (!vm->vcpu || !vm->run)
		die("calloc");
	for (unsigned i = 0; i < vcpus; i++) {
		vm->vcpu[i] = ioctl(vm->fd, KVM_CREATE_VCPU, i);
		if (vm->vcpu[i] < 0)
			die("KVM_CREATE_VCPU");
		vm->run[i] = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu[i], 0);
		if (vm->run[i] == MAP_FAILED)
			die("mmap of a vCPU");
		set_cpuid(vm->kvm, vm->vcpu[i]);
		enter_long_mode(vm->vcpu[i]);
	}
}

/* Makes KVM_RUN return after one instruction, or not. */
static void single_step(int vcpu, bool enable)
{
	struct kvm_guest_debug debug = {
		.control = enable ? KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP : 0,
	};

	if (ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug) != 0)
		die("KVM_SET_GUEST_DEBUG");
}

/* Lets KVM complete the instruction that exited to userspace, without running another. */
static void complete(struct kvm_run *run, int vcpu)
{
	memset(run->mmio.data, 0, sizeof run->mmio.data);
	run->immediate_exit = 1;
	/* An access that spans two pages exits once for each. */
	while (ioctl(vcpu, KVM_RUN, 0) == 0 && run->exit_reason == KVM_EXIT_MMIO)
		memset(run->mmio.data, 0, sizeof run->mmio.data);
	run->immediate_exit = 0;
}

/*
 * Memory of a scenario holds nothing but the bytes 0 and 1. They encode `add` of a register to the byte or word that RAX or
 * RCX points to, so an instruction fetched from there touches no other memory of the scenario.
 */
void vm_access(struct vm *vm, unsigned index, enum access access, uint64_t gpa, struct outcome *outcome)
{
	static const uint64_t code[] = { [ACCESS_READ] = CODE_READ, [ACCESS_WRITE] = CODE_WRITE };
	bool is_fetch = access == ACCESS_EXEC;
	int vcpu = vm->vcpu[index];
	struct kvm_run *run = vm->run[index];
	struct kvm_regs regs = {
		.rip = is_fetch ? gpa : OWN_GPA + OWN_CODE * PAGE + code[access],
		.rax = is_fetch ? OWN_GPA + OWN_DATA * PAGE : 0,
		.rcx = OWN_GPA + OWN_DATA * PAGE,
		.rbx = gpa,
		.rflags = 2,
	};

	if (ioctl(vcpu, KVM_SET_REGS, &regs) != 0)
		die("KVM_SET_REGS");
	if (is_fetch)
		single_step(vcpu, true);
	run->exit_reason = KVM_EXIT_UNKNOWN;
	deadline_arm();
	int error = ioctl(vcpu, KVM_RUN, 0) == 0 ? 0 : errno;
	deadline_disarm();
	if (is_fetch)
		single_step(vcpu, false);

	outcome->error = error;
	outcome->timed_out = error == EINTR;
	if (error == EINTR || run->exit_reason == KVM_EXIT_HLT || run->exit_reason == KVM_EXIT_DEBUG)
		return;
	/* With an error, KVM fills in the shared page only for a memory fault. */
	outcome->left_guest = error == 0 || run->exit_reason == ABI_EXIT_MEMORY_FAULT;
	outcome->reason = run->exit_reason;
	if (run->exit_reason == KVM_EXIT_MMIO) {
		outcome->gpa = run->mmio.phys_addr;
		outcome->is_write = run->mmio.is_write;
		complete(run, vcpu);
	} else if (run->exit_reason == ABI_EXIT_MEMORY_FAULT) {
		/* The union of struct kvm_run starts where `hw` does. */
		struct abi_memory_fault fault;
		memcpy(&fault, &run->hw, sizeof fault);
		outcome->flags = fault.flags;
		outcome->gpa = fault.gpa;
		outcome->size = fault.size;
	}
}

/* Runs a vCPU up to a halt, so that it has a root; and maps all of its own pages, so that it faults on none of them later. */
void vm_warm(struct vm *vm, unsigned index)
{
	struct kvm_regs regs = {
		.rip = OWN_GPA + OWN_CODE * PAGE + CODE_READ + sizeof code_read - 1,
		.rflags = 2,
	};

	if (ioctl(vm->vcpu[index], KVM_SET_REGS, &regs) != 0 || ioctl(vm->vcpu[index], KVM_RUN, 0) != 0)
		die("the first run of a vCPU");
	for (struct abi_pre_fault own = { .gpa = OWN_GPA, .size = OWN_END }; own.size > 0;)
		if (ioctl(vm->vcpu[index], ABI_PRE_FAULT, &own) != 0)
			die("the first prefault of a vCPU");
}

void vm_request(struct vm *vm, unsigned index, const struct request *request, struct outcome *outcome)
{
	int vcpu = vm->vcpu[index];
	struct kvm_run *run = vm->run[index];
	struct kvm_regs regs = {
		.rip = OWN_GPA + OWN_CODE * PAGE + CODE_HYPERCALL,
		.rax = KVM_HC_MAP_GPA_RANGE,
		.rbx = request->gpa,
		.rcx = request->pages,
		.rdx = request->attributes,
		.rflags = 2,
	};

	if (ioctl(vcpu, KVM_SET_REGS, &regs) != 0)
		die("KVM_SET_REGS");
	run->exit_reason = KVM_EXIT_UNKNOWN;
	outcome->error = ioctl(vcpu, KVM_RUN, 0) == 0 ? 0 : errno;
	if (outcome->error == 0 && run->exit_reason == KVM_EXIT_HYPERCALL) {
		outcome->left_guest = true;
		outcome->reason = run->exit_reason;
		outcome->gpa = run->hypercall.args[0];
		outcome->size = run->hypercall.args[1] * PAGE;
		outcome->flags = run->hypercall.args[2];
		run->hypercall.ret = request->answer(request, outcome) ? 0 : (uint64_t)-EINVAL;
		outcome->error = ioctl(vcpu, KVM_RUN, 0) == 0 ? 0 : errno;
	}
	if (ioctl(vcpu, KVM_GET_REGS, &regs) != 0)
		die("KVM_GET_REGS");
	outcome->has_answer = true;
	outcome->answer = regs.rax;
}
