/** The release of a guest_memfd, after its last reference was dropped. */
import { fileById, putFile, putSlot, slotById } from '../model/state-parts';
import { call, procedure, returns, step } from '../procedure';
import { gmemInvalidateBegin, gmemInvalidateEnd } from './gmem-invalidate';
import { invalidateLock, slotsLock } from './locks';

/** End of a range that contains every file page: ~0UL as a page number. */
export const FILE_END = 2 ** 52;

export const gmemRelease = procedure<{ file: number }>({
  name: 'kvm_gmem_release',
  source: 'virt/kvm/guest_memfd.c',
  about: 'The last reference to a guest_memfd was dropped: its slots stay, without a file.',
  locals: { file: 0 },
  steps: [
    step('R1', 'take slots_lock: no memslot is created or deleted', () => undefined, {
      takes: slotsLock,
    }),
    step('R2', 'take the invalidate lock', () => undefined, { takes: invalidateLock('write') }),
    step('R3', 'clear the file pointer of every bound slot', (machine, { file }) => {
      for (const { value } of fileById(machine.state, file).bindings) {
        const slot = slotById(machine.vm, value.id);
        if (slot?.gmem) machine.vm = putSlot(machine.vm, { ...slot, gmem: { ...slot.gmem, file: null } });
      }
      return undefined;
    }),
    step('R4', 'zap every bound slot', (_, { file }) =>
      call(gmemInvalidateBegin, { file, start: 0, end: FILE_END, frees: true }),
    ),
    step('R4e', 'end the invalidation', (_, { file }) =>
      call(gmemInvalidateEnd, { file, start: 0, end: FILE_END }),
    ),
    step(
      'R5',
      'remove the file, with its bindings, from the list of the inode; drop the invalidate lock',
      (machine, { file: id }) => {
        const file = fileById(machine.state, id);
        machine.state = putFile(machine.state, { ...file, open: false, bindings: [] });
        return undefined;
      },
      { drops: invalidateLock('write') },
    ),
    step('R6', 'drop slots_lock; free the file', () => returns(), { drops: slotsLock }),
  ],
});
