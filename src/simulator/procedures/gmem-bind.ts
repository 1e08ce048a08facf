/** Binds a memslot to a range of a guest_memfd, and unbinds it. */
import type { Errno } from '../errno';
import type { Refusal } from '../events';
import type { Machine } from '../machine';
import { fileById, fileByName, putFile } from '../model/state-parts';
import { type Control, choose, procedure, returns, step } from '../procedure';
import { put, remove, touching } from '../ranges';
import type { Slot } from '../state';
import { asSigned, bytesOf, isPageAligned, pageOf } from '../units';
import { dropReference, takeReference } from './file-references';
import { invalidateLock } from './locks';
import { refuse } from './results';

/** The file and the page offset to which a new slot is bound. */
export interface Binding {
  readonly file: number;
  readonly pgoff: number;
  readonly mmap: boolean;
}

interface CheckLocals {
  name: string;
  offset: bigint;
  pages: number;
  file: number;
}

/** Refuses the binding, and drops the reference to the file. */
function refuseBinding(machine: Machine, { file }: CheckLocals, reason: Refusal): Control {
  dropReference(machine, file);
  return refuse(machine, 'EINVAL', reason);
}

/**
 * kvm_gmem_bind's checks; kvm_gmem_prepare_memory_region in newer kernels. Returns a Binding, with a reference to the file
 * that the caller has to drop, or an errno.
 */
export const gmemCheckBinding = procedure<CheckLocals>({
  name: 'kvm_gmem_prepare_memory_region',
  source: 'virt/kvm/guest_memfd.c',
  about:
    'Checks that a slot may be bound to the file at this offset (on 6.12 the first half of kvm_gmem_bind).',
  locals: { name: '', offset: 0n, pages: 0, file: 0 },
  steps: [
    step('BP1', 'EBADF for a bad descriptor; otherwise take a reference to the file', (machine, locals) => {
      const file = fileByName(machine.state, locals.name);
      if (file === null) return refuse(machine, 'EBADF', 'bad-descriptor');
      locals.file = file.id;
      takeReference(machine, file.id);
      return undefined;
    }),
    step('BP1v', 'EINVAL for the file of another VM', (machine, locals) =>
      fileById(machine.state, locals.file).vmId === machine.vmId
        ? undefined
        : refuseBinding(machine, locals, 'foreign-file'),
    ),
    choose('bind-reference', {
      dropped: [],
      leaked: [
        step(
          'BP1r',
          'EINVAL if the offset, as loff_t, is negative; the reference to the file leaks',
          (machine, { file: id, offset }) => {
            if (asSigned(offset) >= 0n) return undefined;
            machine.state = putFile(machine.state, { ...fileById(machine.state, id), leaked: true });
            return refuse(machine, 'EINVAL', 'offset-negative');
          },
        ),
      ],
    }),
    choose('huge-binding', {
      'mapped-4k': [],
      'mapped-2m': [],
      refused: [
        step(
          'BP1h',
          'EINVAL for a file with 2M folios, unless offset and size are multiples of 2M',
          (machine, locals) => {
            const { huge } = fileById(machine.state, locals.file);
            const fits = locals.offset % bytesOf(512) === 0n && locals.pages % 512 === 0;
            return huge && !fits ? refuseBinding(machine, locals, 'binding-not-huge') : undefined;
          },
        ),
      ],
    }),
    step(
      'BP2',
      'EINVAL if offset is not page aligned, or offset + size is beyond the file',
      (machine, locals) => {
        const { pages } = fileById(machine.state, locals.file);
        if (!isPageAligned(locals.offset)) return refuseBinding(machine, locals, 'offset-unaligned');
        const outside = locals.offset + bytesOf(locals.pages) > bytesOf(pages);
        return outside ? refuseBinding(machine, locals, 'binding-outside-file') : undefined;
      },
    ),
    step('BP3', 'the slot refers to the file, at page offset >> 12', (machine, { file, offset }) => {
      const { mmap } = fileById(machine.state, file);
      return returns({ file, pgoff: pageOf(offset), mmap } satisfies Binding);
    }),
  ],
});

interface EnterLocals {
  file: number;
  pgoff: number;
  pages: number;
  slot: number;
  baseGfn: number;
  result: Errno | null;
}

/** Binds the pages, or refuses with `errno` if one of them is bound to another slot. */
function enter(machine: Machine, locals: EnterLocals, errno: Errno): undefined {
  const { pgoff, pages, slot: id, baseGfn } = locals;
  const file = fileById(machine.state, locals.file);
  const taken = touching(file.bindings, pgoff, pgoff + pages)[0];
  if (taken === undefined) {
    machine.state = putFile(machine.state, {
      ...file,
      bindings: put(file.bindings, pgoff, pgoff + pages, { id, baseGfn, pages, pgoff }),
    });
  } else {
    refuse(machine, errno, 'binding-overlap', taken.value.id);
    locals.result = errno;
  }
  return undefined;
}

/** Binds the pages of a slot; a file page can be bound to one slot only. */
export const gmemEnterBinding = procedure<EnterLocals>({
  name: 'kvm_gmem_bind',
  source: 'virt/kvm/guest_memfd.c',
  about:
    'Binds a slot to pages of its file, unless one of them is already bound (on 7.3: kvm_gmem_commit_memory_region).',
  locals: { file: 0, pgoff: 0, pages: 0, slot: 0, baseGfn: 0, result: null },
  steps: [
    step('BC1', 'take the invalidate lock', () => undefined, { takes: invalidateLock('write') }),
    choose('gmem-bind', {
      early: [
        step('BC2', 'EINVAL if a page is already bound; otherwise bind them all', (machine, locals) =>
          enter(machine, locals, 'EINVAL'),
        ),
      ],
      late: [
        step('BC2', 'EEXIST if a page is already bound; otherwise bind them all', (machine, locals) =>
          enter(machine, locals, 'EEXIST'),
        ),
      ],
    }),
    step('BC3', 'drop the invalidate lock', (_, { result }) => returns(result), {
      drops: invalidateLock('write'),
    }),
  ],
});

interface UnbindLocals {
  file: number | null;
  pgoff: number;
  pages: number;
  /** It holds a reference to the file. */
  held: boolean;
}

export const gmemUnbind = procedure<UnbindLocals>({
  name: 'kvm_gmem_unbind',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Removes the binding of a slot from its file. The pages and their contents stay in the file.',
  locals: { file: null, pgoff: 0, pages: 0, held: false },
  steps: [
    choose('gmem-bind', {
      early: [
        step(
          'U1',
          'return if the file was released; take a reference to it, unless the last one is gone',
          (machine, locals) => {
            if (locals.file === null) return returns();
            locals.held = takeReference(machine, locals.file);
            return undefined;
          },
        ),
      ],
      late: [
        step('U1', 'return if the file was released', (_, { file }) =>
          file === null ? returns() : undefined,
        ),
      ],
    }),
    step(
      'U2',
      'under the invalidate lock, clear the range of the bindings; drop the reference, if one was taken',
      (machine, { file: id, pgoff, pages, held }) => {
        const file = fileById(machine.state, id ?? 0);
        machine.state = putFile(machine.state, {
          ...file,
          bindings: remove(file.bindings, pgoff, pgoff + pages),
        });
        if (held) dropReference(machine, file.id);
        return returns();
      },
      {
        takes: invalidateLock('write'),
        drops: invalidateLock('write'),
      },
    ),
  ],
});

/** Parameters to unbind `slot`. */
export function unbinding({ gmem, pages }: Slot): { file: number | null; pgoff: number; pages: number } {
  return { file: gmem?.file ?? null, pgoff: gmem?.pgoff ?? 0, pages };
}
