/*
 * The program that runs as init inside the emulated machine. It reads scenarios from the initramfs, performs each
 * statement with the system call the scenario language names, and prints the kernel's reports about it. It does not
 * interpret them: access letters, reasons and names are added by the host.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A slot of the running scenario and its userspace memory. */
struct slot {
	uint32_t id;
	uint32_t flags;         /* KVM_MEM_* as last accepted */
	uint64_t gpa;           /* bytes */
	uint64_t size;          /* bytes, as the scenario gave it */
	uint8_t *memory;        /* starts on a 2 MiB boundary */
	uint64_t mapped;        /* bytes of userspace memory: size rounded up to a page */
	uint64_t file;          /* number of the guest_memfd, when KVM_MEM_GUEST_MEMFD is set */
	uint64_t offset;        /* bytes into that file */
	struct slot *next;
};

/* The numbers are those of the host's encoding. */
enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

struct vm {
	int kvm, fd;
	unsigned vcpus;
	int *vcpu;
	struct kvm_run **run;   /* the page shared with KVM, one for each vCPU */
	struct slot *slots;
};

/* The outcome of one statement, before the trace is read. */
struct outcome {
	const char *skipped;    /* why the statement was not performed, or NULL */
	int error;              /* errno of the system call, 0 for success */
	bool timed_out;         /* interrupted after LIVELOCK_SECONDS */
	bool left_guest;        /* KVM_RUN returned for another reason than a halt */
	uint32_t reason;        /* KVM_EXIT_* */
	uint64_t flags, gpa, size;
	unsigned is_write;
	bool has_answer;
	uint64_t answer;        /* RAX after a hypercall */
	bool has_left;
	uint64_t left;          /* bytes KVM_PRE_FAULT_MEMORY has not done */
};

/* A guest's request to convert memory, and how the VMM answers it. */
struct request {
	uint64_t gpa, pages, attributes;        /* as KVM_HC_MAP_GPA_RANGE has them */
	/* Converts memory, and returns whether the answer is success. */
	bool (*answer)(const struct request *request, const struct outcome *outcome);
	struct vm *vm;
	uint64_t converts;      /* bytes that the VMM converts at most */
	bool later;             /* it answers success although it did not convert everything */
};

/* A system call that has not returned after this many seconds never will. */
#define LIVELOCK_SECONDS 5

#define PAGE 4096ull
#define TWO_MIB (2ull << 20)
/* The guest's own code and page tables start here; the host ignores events from here on. */
#define OWN_GPA (512ull << 30)
#define OWN_SLOT 32763          /* the last id that userspace may use */
#define OWN_END (5 * PAGE)      /* bytes from there */
/* Guest physical addresses end here: the emulated processor has 40 address bits. */
#define END_GPA (1ull << 40)
/* KVM rejects a slot of this many bytes (2^31 pages), whatever its memory. */
#define NEVER_ACCEPTED (1ull << 43)

/* output.c: the debug port of QEMU, one byte at a time */
void output_open(void);
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_flush(void);
void die(const char *what) __attribute__((noreturn));

/* tracefs.c */
void tracefs_write(const char *name, const char *text);
int tracefs_open(const char *buffer_kb);
void tracefs_read(int trace, void (*take)(const char *line));

/* witness.c: the tracepoints and the counters of the kernel */
void witness_open(void);
void witness_forget(void);
void witness_before(void);
void witness_print(void);
bool witness_pfn(dev_t device, ino_t inode, uint64_t page, uint64_t *pfn);

/* memory.c: userspace memory of slots */
uint8_t *memory_map(uint64_t size, int advice, uint64_t *mapped);
void memory_unmap(uint8_t *memory, uint64_t mapped);
int memory_discard(uint8_t *memory, uint64_t mapped, uint64_t offset, uint64_t size);

/* vm.c */
void vm_create(struct vm *vm, uint64_t type, unsigned vcpus);
void vm_access(struct vm *vm, unsigned vcpu, enum access access, uint64_t gpa, struct outcome *outcome);
void vm_warm(struct vm *vm, unsigned vcpu);
void vm_request(struct vm *vm, unsigned vcpu, const struct request *request, struct outcome *outcome);

/* vms.c */
struct vm *vms_current(struct vm *first);
void do_launch(struct vm *vm, const uint64_t *arg, struct outcome *outcome);
void do_vm(struct vm *vm, const uint64_t *arg, struct outcome *outcome);
void do_switch(struct vm *vm, const uint64_t *arg, struct outcome *outcome);

/* deadline.c */
void deadline_arm(void);
void deadline_disarm(void);
void deadline_disable(void);

/* init.c */
void print_result(const struct outcome *outcome);

/* statements.c */
bool perform(struct vm *vm, const char *word, const uint64_t *arg, int args, struct outcome *outcome);

#endif
