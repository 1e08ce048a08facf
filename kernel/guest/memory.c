/*
 * Userspace memory of slots. Each piece gets addresses that were never used before, so that no two mappings merge and
 * no page table of an earlier slot is reused: whether a huge page fits then depends on the scenario alone.
 */
#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <sys/mman.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static uint64_t next_address = 1ull << 40;
static const uint64_t end_address = 120ull << 40;

uint8_t *memory_map(uint64_t size, int advice, uint64_t *mapped)
{
	uint64_t length = size < NEVER_ACCEPTED ? (size + PAGE - 1) & ~(PAGE - 1) : TWO_MIB;

	if (length == 0)
		length = PAGE;
	if (length + 2 * TWO_MIB > end_address - next_address)
		return NULL;
	uint8_t *memory = mmap((void *)next_address, length, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	next_address += ((length + TWO_MIB - 1) & ~(TWO_MIB - 1)) + TWO_MIB;
	madvise(memory, length, advice);
	*mapped = length;
	return memory;
}

void memory_unmap(uint8_t *memory, uint64_t mapped)
{
	munmap(memory, mapped);
}

/*
 * MADV_DONTNEED. Nothing is mapped around a slot's memory, so a range beyond it returns ENOMEM; the range is cut one
 * page after the end, so that it does not reach the next slot or the program itself.
 */
int memory_discard(uint8_t *memory, uint64_t mapped, uint64_t offset, uint64_t size)
{
	uint64_t start = offset < mapped ? offset : mapped + offset % PAGE;
	uint64_t room = mapped + PAGE - start;
	/* A range that wraps around is rejected as a whole, so it is passed unchanged. */
	bool wraps = (uintptr_t)memory + start + size + PAGE < size;

	if (!wraps && size > room)
		size = room;
	return madvise(memory + start, size, MADV_DONTNEED) == 0 ? 0 : errno;
}
