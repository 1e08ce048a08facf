/** KVM_SET_USER_MEMORY_REGION2: what the VMM passes, and what KVM checks before it changes a memslot. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { freePages } from '../model/contents';
import { ownPages } from '../model/host-memory';
import { memoryOf, putMemory, removeMemory, slotById, slotsTouching } from '../model/state-parts';
import { call, choose, goto, procedure, returns, step } from '../procedure';
import type { Slot } from '../state';
import {
  bytesOf,
  isPageAligned,
  MAX_SLOT_PAGES,
  PAGE_SIZE,
  pageOf,
  U64,
  USER_MEM_SLOTS,
  USER_SPACE_END,
} from '../units';
import { addressSpaces, hasPrivateMemory, hasProtectedState } from '../vm';
import { dropReference, taskWorkStep } from './file-references';
import { type Binding, gmemCheckBinding, gmemEnterBinding, gmemUnbind } from './gmem-bind';
import { mmapLock, slotsLock } from './locks';
import { setMemslot } from './memslot-update';
import { finish, refuse, reject } from './results';

/** struct kvm_userspace_memory_region2, with the descriptor by its name. */
interface Region {
  id: bigint;
  gpa: bigint;
  size: bigint;
  gmem: { readonly name: string; readonly offset: bigint } | null;
  readonly: boolean;
}

interface RegionLocals extends Region {
  binding: Binding | Errno | null;
  result: Errno | null;
}

const slotIdOf = ({ id }: Region) => Number(id);
const pagesOf = ({ size }: Region) => pageOf(size);

/** The slot as the request describes it; `mixed` is set when it is prepared. */
function requestedSlot(region: RegionLocals, gmemOnlySlots: boolean): Slot {
  const binding = typeof region.binding === 'string' ? null : region.binding;
  return {
    id: slotIdOf(region),
    baseGfn: pageOf(region.gpa),
    pages: pagesOf(region),
    readonly: region.readonly,
    invalid: false,
    gmem: binding === null ? null : { file: binding.file, pgoff: binding.pgoff },
    gmemOnly: gmemOnlySlots && binding?.mmap === true,
    mixed: { 2: [], 3: [] },
  };
}

/** Another slot that overlaps the gfns of the request, in the same address space. */
function overlapping(machine: Machine, region: Region): Slot | undefined {
  const start = pageOf(region.gpa);
  const space = region.id >> 16n;
  return slotsTouching(machine.vm, start, start + pagesOf(region)).find(
    ({ id }) => BigInt(id) !== region.id && BigInt(id) >> 16n === space,
  );
}

/** The first invalid number of a request, in the order of KVM's checks (kvm_set_memory_region); null if all are valid. */
function wrongNumbers(machine: Machine, { id, gpa, size, gmem }: Region) {
  const { type } = machine.vm;
  if (!isPageAligned(size)) return 'size-unaligned';
  if (!isPageAligned(gpa)) return 'gpa-unaligned';
  if (size > USER_SPACE_END) return 'slot-too-large';
  if (gmem !== null && !isPageAligned(gmem.offset)) return 'offset-unaligned';
  if (gmem !== null && gmem.offset + size >= U64) return 'range-wraps';
  if (id >> 16n >= BigInt(addressSpaces(type))) return 'slot-id';
  if (gpa + size >= U64) return 'range-wraps';
  return size > bytesOf(MAX_SLOT_PAGES) ? 'slot-too-large' : null;
}

/** Drops the reference that the check of the binding took. */
function dropBinding(machine: Machine, { binding }: RegionLocals): void {
  if (binding !== null && typeof binding !== 'string') dropReference(machine, binding.file);
}

export const setMemoryRegion = procedure<RegionLocals>({
  name: 'kvm_set_memory_region',
  source: 'virt/kvm/kvm_main.c',
  about: 'Checks a request against the existing slots, and determines which change it is.',
  locals: { id: 0n, gpa: 0n, size: 0n, gmem: null, readonly: false, binding: null, result: null },
  steps: [
    step('MR3', `EINVAL if the slot id is not below ${USER_MEM_SLOTS}`, (machine, { id }) =>
      (id & 0xffffn) >= USER_MEM_SLOTS || id >= 1n << 32n ? refuse(machine, 'EINVAL', 'slot-id') : undefined,
    ),
    choose('gmem-slots', {
      'private-vms': [
        step('MR4', 'EINVAL for a guest_memfd on a VM without private memory', (machine, { gmem }) =>
          gmem !== null && !hasPrivateMemory(machine.vm.type)
            ? refuse(machine, 'EINVAL', 'gmem-needs-private-vm')
            : undefined,
        ),
      ],
      'every-vm': [],
    }),
    choose('readonly-gmem', {
      refused: [
        step('MR4r', 'EINVAL for a guest_memfd on a read-only slot', (machine, { gmem, readonly }) =>
          gmem !== null && readonly ? refuse(machine, 'EINVAL', 'readonly-with-gmem') : undefined,
        ),
      ],
      bound: [],
    }),
    choose('readonly-protected', {
      refused: [
        step('MR4p', 'EINVAL for a read-only slot of a VM with protected state', (machine, { readonly }) =>
          readonly && hasProtectedState(machine.vm.type)
            ? refuse(machine, 'EINVAL', 'readonly-protected')
            : undefined,
        ),
      ],
      created: [],
    }),
    step('MR5', 'EINVAL unless size, gpa and offset are aligned and within bounds', (machine, locals) => {
      const reason = wrongNumbers(machine, locals);
      return reason === null ? undefined : refuse(machine, 'EINVAL', reason);
    }),
    step('MR12', 'size 0: EINVAL if there is no such slot, else delete it (MR20)', (machine, locals) => {
      if (locals.size !== 0n) return undefined;
      const known = slotById(machine.vm, slotIdOf(locals)) !== undefined;
      return known ? goto('MR20') : refuse(machine, 'EINVAL', 'unknown-slot');
    }),
    step('MR13', 'if there is no such slot, create it (MR17)', (machine, locals) =>
      slotById(machine.vm, slotIdOf(locals)) === undefined ? goto('MR17') : undefined,
    ),
    step('MR14', 'EINVAL for a request with a guest_memfd: it can only create a slot', (machine, locals) => {
      if (locals.gmem === null) return undefined;
      const bound = slotById(machine.vm, slotIdOf(locals))?.gmem !== null;
      return refuse(machine, 'EINVAL', bound ? 'gmem-slot-immutable' : 'gmem-after-creation');
    }),
    step('MR15', 'EINVAL if size, read-only or guest_memfd would change', (machine, locals) => {
      const slot = slotById(machine.vm, slotIdOf(locals));
      const same = slot?.pages === pagesOf(locals) && slot.readonly === locals.readonly && slot.gmem === null;
      return same ? undefined : refuse(machine, 'EINVAL', 'slot-changed');
    }),
    step('MR16', 'nothing to do if the slot is already at these gfns', (machine, locals) => {
      const id = slotIdOf(locals);
      if (slotById(machine.vm, id)?.baseGfn !== pageOf(locals.gpa)) return undefined;
      machine.emit({ type: 'slot', change: 'unchanged', slot: id });
      return returns();
    }),
    step('MR17', 'EEXIST if another slot contains one of the gfns', (machine, locals) => {
      const other = overlapping(machine, locals);
      return other === undefined ? undefined : refuse(machine, 'EEXIST', 'slot-overlap', other.id);
    }),
    step('MR19', 'check the descriptor and the offset', (_, locals) =>
      locals.gmem === null
        ? undefined
        : call(gmemCheckBinding, { ...locals.gmem, pages: pagesOf(locals) }, 'binding'),
    ),
    step('MR19e', 'if they are wrong, return the errno', (_, { binding }) =>
      typeof binding === 'string' ? returns(binding) : undefined,
    ),
    choose('gmem-bind', {
      early: [
        step('MR19b', 'bind the slot to its file', (_, locals) => {
          const { binding } = locals;
          if (binding === null || typeof binding === 'string') return undefined;
          return call(
            gmemEnterBinding,
            {
              ...binding,
              pages: pagesOf(locals),
              slot: slotIdOf(locals),
              baseGfn: pageOf(locals.gpa),
            },
            'result',
          );
        }),
        step(
          'MR19f',
          'drop the reference to the file; if a page was already bound, return the errno',
          (machine, locals) => {
            dropBinding(machine, locals);
            return locals.result === null ? undefined : returns(locals.result);
          },
        ),
      ],
      late: [],
    }),
    choose('gmem-only-slots', {
      off: [step('MR20', 'carry out the change', (machine, locals) => change(machine, locals, false))],
      on: [
        step(
          'MR20',
          'carry out the change; a file with MMAP makes the slot guest_memfd-only',
          (machine, locals) => change(machine, locals, true),
        ),
      ],
    }),
    choose('gmem-bind', {
      early: [
        step('MR21', 'if that failed, unbind again', (machine, locals) => {
          const { binding, result } = locals;
          if (result === null || binding === null || typeof binding === 'string') return undefined;
          if (slotById(machine.vm, slotIdOf(locals)) !== undefined) return undefined;
          return call(gmemUnbind, { file: binding.file, pgoff: binding.pgoff, pages: pagesOf(locals) });
        }),
      ],
      late: [],
    }),
    choose('gmem-bind', {
      early: [step('MR22', 'return', (_, { result }) => returns(result))],
      late: [
        step('MR22', 'drop the reference to the file; return', (machine, locals) => {
          dropBinding(machine, locals);
          return returns(locals.result);
        }),
      ],
    }),
  ],
});

function change(machine: Machine, locals: RegionLocals, gmemOnlySlots: boolean) {
  const id = slotIdOf(locals);
  if (locals.size === 0n) return call(setMemslot, { change: 'delete', id }, 'result');
  const kind = slotById(machine.vm, id) === undefined ? 'create' : 'move';
  const binding = typeof locals.binding === 'string' ? null : locals.binding;
  const slot = requestedSlot(locals, gmemOnlySlots);
  return call(setMemslot, { change: kind, id, slot, binding }, 'result');
}

interface IoctlLocals extends Region {
  request: 'set' | 'delete' | 'move';
  thp: boolean;
  /** The VMM mapped memory for this call. */
  fresh: boolean;
  result: Errno | null;
}

/** Whether the memory that the VMM mapped for the slot id is now unused. */
function unmaps(
  { vm }: Machine,
  { id, request, fresh, result }: Pick<IoctlLocals, 'id' | 'request' | 'fresh' | 'result'>,
): boolean {
  const unused = request === 'delete' ? result === null : fresh && result !== null;
  const mapped = memoryOf(vm, Number(id)) !== undefined;
  return unused && mapped && slotById(vm, Number(id)) === undefined;
}

export const setUserMemoryRegion = procedure<IoctlLocals>({
  name: 'ioctl(KVM_SET_USER_MEMORY_REGION2)',
  source: 'virt/kvm/kvm_main.c',
  about: 'The VMM creates, updates, moves or deletes a memslot.',
  locals: {
    request: 'set',
    id: 0n,
    gpa: 0n,
    size: 0n,
    gmem: null,
    readonly: false,
    thp: false,
    fresh: false,
    result: null,
  },
  steps: [
    step('UM1', 'the VMM: map memory for a new slot, or look up the existing slot', (machine, locals) => {
      const slot = slotById(machine.vm, slotIdOf(locals));
      if (locals.request === 'move') {
        if (slot === undefined) return reject(machine, 'EINVAL', 'unknown-slot');
        locals.size = bytesOf(slot.pages);
        locals.readonly = slot.readonly;
        // The request has KVM_MEM_GUEST_MEMFD, which KVM refuses before it looks at the descriptor.
        locals.gmem = slot.gmem === null ? null : { name: '', offset: bytesOf(slot.gmem.pgoff) };
      }
      if (locals.request !== 'set' || slot !== undefined || locals.size > USER_SPACE_END) return undefined;
      const pages = pageOf(locals.size + PAGE_SIZE - 1n);
      const id = slotIdOf(locals);
      // Another call for this id is running, and has mapped it.
      if (memoryOf(machine.vm, id) !== undefined) return undefined;
      machine.vm = putMemory(machine.vm, { id, pages, thp: locals.thp, chunks: [], present: [] });
      locals.fresh = true;
      return undefined;
    }),
    step(
      'UM2',
      'take slots_lock; KVM checks the request and carries it out',
      (_, locals) => {
        const { id, gpa, size, gmem, readonly } = locals;
        return call(setMemoryRegion, { id, gpa, size, gmem, readonly }, 'result');
      },
      { takes: slotsLock },
    ),
    step('UM3', 'drop slots_lock', () => undefined, { drops: slotsLock }),
    taskWorkStep('UM3w'),
    step('UM4', 'the VMM: return, unless it has memory that no slot uses', (machine, locals) =>
      unmaps(machine, locals) ? undefined : finish(machine, locals.result),
    ),
    step(
      'UM4u',
      'unmap that memory, with mmap_lock held; return',
      (machine, locals) => {
        const memory = memoryOf(machine.vm, slotIdOf(locals));
        if (memory !== undefined && unmaps(machine, locals)) {
          const pages = ownPages(memory, { start: 0, end: memory.pages });
          machine.state = freePages(machine.state, pages);
          machine.vm = removeMemory(machine.vm, memory.id);
        }
        return finish(machine, locals.result);
      },
      { takes: mmapLock('write', slotIdOf), drops: mmapLock('write', slotIdOf) },
    ),
  ],
});
