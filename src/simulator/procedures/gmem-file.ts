/** System calls on a guest_memfd itself: create, fallocate, ftruncate, close. */
import type { Errno } from '../errno';
import type { Refusal } from '../events';
import type { Machine } from '../machine';
import { fileById, fileByName, putFile } from '../model/state-parts';
import { type Control, call, callFor, choose, goto, procedure, returns, step } from '../procedure';
import { asSigned, isPageAligned, MAX_FILE_OFFSET, pageOf } from '../units';
import { hasPrivateMemory } from '../vm';
import { dropped, dropReference, finalFput, takeReference, taskWorkStep } from './file-references';
import { type FileRange, gmemAllocate } from './gmem-allocate';
import { gmemInvalidateBegin, gmemInvalidateEnd } from './gmem-invalidate';
import { truncateInodePages } from './gmem-truncate';
import { invalidateLock } from './locks';
import { finish, refuse, reject } from './results';

export const gmemCreate = procedure<{
  name: string;
  size: bigint;
  mmap: boolean;
  initShared: boolean;
  huge: boolean;
}>({
  name: 'kvm_gmem_create',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Creates a guest_memfd: an empty file whose pages a guest can access only through a memslot.',
  locals: { name: '', size: 0n, mmap: false, initShared: false, huge: false },
  steps: [
    choose('gmem-flags', {
      none: [
        step('CR1', 'EINVAL if a flag is given', (machine, { mmap, initShared }) =>
          mmap || initShared ? refuse(machine, 'EINVAL', 'gmem-flags') : undefined,
        ),
      ],
      mmap: [
        step(
          'CR1',
          'EINVAL for flags other than MMAP, and INIT_SHARED on a VM without private memory',
          (machine, { initShared }) =>
            initShared && hasPrivateMemory(machine.vm.type)
              ? refuse(machine, 'EINVAL', 'gmem-flags')
              : undefined,
        ),
      ],
    }),
    step(
      'CR2',
      'EINVAL unless size, as a signed number, is positive and page aligned',
      (machine, { size }) =>
        asSigned(size) <= 0n || !isPageAligned(size) ? refuse(machine, 'EINVAL', 'gmem-size') : undefined,
    ),
    step(
      'CR3',
      'create the inode and its file, with no pages and no bindings; return a descriptor',
      (machine, locals) => {
        const { state } = machine;
        const id = state.next.file;
        machine.state = putFile(
          {
            ...state,
            descriptors: { ...state.descriptors, [locals.name]: id },
            next: { ...state.next, file: id + 1 },
          },
          {
            id,
            name: locals.name,
            pages: pageOf(locals.size),
            mmap: locals.mmap,
            initShared: locals.initShared,
            huge: locals.huge,
            vmId: machine.vmId,
            references: 1,
            open: true,
            leaked: false,
            cache: [],
            bindings: [],
          },
        );
        return returns();
      },
    ),
  ],
});

export const createGuestMemfd = procedure<{
  name: string;
  size: bigint;
  mmap: boolean;
  initShared: boolean;
  huge: boolean;
  result: Errno | null;
}>({
  name: 'ioctl(KVM_CREATE_GUEST_MEMFD)',
  source: 'virt/kvm/kvm_main.c',
  about: 'The VMM creates a guest_memfd.',
  locals: { name: '', size: 0n, mmap: false, initShared: false, huge: false, result: null },
  steps: [
    step('CG1', 'forget an earlier descriptor of that name; create the file', (machine, locals) => {
      machine.set({ descriptors: { ...machine.state.descriptors, [locals.name]: null } });
      const { name, size, mmap, initShared, huge } = locals;
      return call(gmemCreate, { name, size, mmap, initShared, huge }, 'result');
    }),
    step('CG2', 'return the descriptor, or the errno', (machine, { result }) => finish(machine, result)),
  ],
});

export const gmemPunchHole = procedure<FileRange>({
  name: 'kvm_gmem_punch_hole',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Zaps file pages [start, end) in every slot, then frees them.',
  locals: { file: 0, start: 0, end: 0 },
  steps: [
    step('PH1', 'take the invalidate lock: it excludes bind, unbind and fallocate', () => undefined, {
      takes: invalidateLock('write'),
    }),
    step('PH2', 'zap the pages in every slot bound to them', (_, { file, start, end }) =>
      call(gmemInvalidateBegin, { file, start, end, frees: true }),
    ),
    choose('punch-truncate', {
      exact: [
        step('PH3', 'remove and free the pages', (_, { file, start, end }) =>
          call(truncateInodePages, { file, start, end }),
        ),
      ],
      'byte-beyond': [
        step(
          'PH3',
          'remove and free the pages; the last byte is passed as offset + size, one byte too far',
          (_, { file, start, end }) => call(truncateInodePages, { file, start, end, beyond: true }),
        ),
      ],
      none: [],
    }),
    step('PH4', 'let faults map the range again', (_, { file, start, end }) =>
      call(gmemInvalidateEnd, { file, start, end }),
    ),
    step('PH5', 'drop the invalidate lock; return 0, even if there were no pages', () => returns(), {
      drops: invalidateLock('write'),
    }),
  ],
});

interface FallocateLocals {
  name: string;
  mode: 'punch' | 'allocate';
  offset: bigint;
  size: bigint;
  file: number;
  result: Errno | null;
}

/** Fails with the reference to the file held. */
function stop(machine: Machine, locals: FallocateLocals, errno: Errno, reason: Refusal): Control {
  refuse(machine, errno, reason);
  locals.result = errno;
  return goto('FL4r');
}

export const fallocate = procedure<FallocateLocals>({
  name: 'fallocate(2)',
  source: 'fs/open.c',
  about: 'The VMM allocates pages of a guest_memfd, or punches a hole in it.',
  locals: {
    name: '',
    mode: 'punch',
    offset: 0n,
    size: 0n,
    file: 0,
    result: null,
  },
  steps: [
    step('FL1', 'EBADF for a bad descriptor; otherwise take a reference to the file', (machine, locals) => {
      const file = fileByName(machine.state, locals.name);
      if (file === null) return reject(machine, 'EBADF', 'bad-descriptor');
      locals.file = file.id;
      takeReference(machine, file.id);
      return undefined;
    }),
    step(
      'FL2',
      'EINVAL if offset is negative or size is not positive; EFBIG if their sum exceeds the largest file offset',
      (machine, locals) => {
        const { offset, size } = locals;
        if (size === 0n) return stop(machine, locals, 'EINVAL', 'size-zero');
        if (asSigned(size) < 0n || asSigned(offset) < 0n)
          return stop(machine, locals, 'EINVAL', 'offset-negative');
        return offset + size > MAX_FILE_OFFSET ? stop(machine, locals, 'EFBIG', 'range-wraps') : undefined;
      },
    ),
    step('FL3', 'EINVAL unless offset and size are page aligned', (machine, locals) => {
      if (!isPageAligned(locals.offset)) return stop(machine, locals, 'EINVAL', 'offset-unaligned');
      return isPageAligned(locals.size) ? undefined : stop(machine, locals, 'EINVAL', 'size-unaligned');
    }),
    step('FL4', 'call guest_memfd, for the VM of the file', (machine, locals) => {
      const { file, mode, offset, size } = locals;
      const { vmId } = fileById(machine.state, file);
      const range = { file, start: pageOf(offset), end: pageOf(offset + size) };
      return mode === 'punch'
        ? callFor(vmId, gmemPunchHole, range, 'result')
        : callFor(vmId, gmemAllocate, range, 'result');
    }),
    step('FL4r', 'drop the reference', (machine, { file }) => {
      dropReference(machine, file);
      return undefined;
    }),
    taskWorkStep('FL4w'),
    step('FL5', 'return', (machine, { result }) => finish(machine, result)),
  ],
});

export const truncate = procedure<{ name: string; size: bigint }>({
  name: 'ftruncate(2)',
  source: 'fs/open.c',
  about: 'The VMM tries to change the size of a guest_memfd, which is fixed.',
  locals: { name: '', size: 0n },
  steps: [
    step(
      'TR1',
      'EINVAL for a negative size; EBADF for a bad descriptor; else EINVAL: the size is fixed',
      (machine, locals) =>
        asSigned(locals.size) >= 0n && fileByName(machine.state, locals.name) === null
          ? reject(machine, 'EBADF', 'bad-descriptor')
          : reject(machine, 'EINVAL', 'truncate-unsupported'),
    ),
  ],
});

export const close = procedure<{ name: string; file: number }>({
  name: 'close(2)',
  source: 'fs/open.c',
  about: 'The VMM closes its descriptor of a guest_memfd.',
  locals: { name: '', file: 0 },
  steps: [
    step('CL1', 'EBADF for a bad descriptor; otherwise free its number', (machine, locals) => {
      const file = fileByName(machine.state, locals.name);
      if (file === null) return reject(machine, 'EBADF', 'bad-descriptor');
      locals.file = file.id;
      machine.set({ descriptors: { ...machine.state.descriptors, [locals.name]: null } });
      return undefined;
    }),
    step(
      'CL1r',
      'drop its reference; if it was the last, release the file now, otherwise leave that to the holder of the last',
      (machine, { file }) => (dropped(machine, file) ? call(finalFput, { file }) : undefined),
    ),
    step('CL5', 'return', (machine) => finish(machine, null)),
  ],
});
