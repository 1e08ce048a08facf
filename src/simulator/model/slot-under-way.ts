/** A slot that is in the bindings of a file, and not among the active memslots: a call on it is on its way. */
import type { Frame, Slot, State, VmState } from '../state';
import { pageOf } from '../units';
import { slotById } from './state-parts';

/** Where a slot is, and what it shows of its file. */
export interface BoundSlot {
  readonly slot: Pick<Slot, 'id' | 'baseGfn' | 'pages'>;
  readonly pgoff: number;
}

function shapeIn({ procedure, locals }: Frame, id: number): BoundSlot | null {
  if (Number(locals.id) !== id) return null;
  if (procedure === 'kvm_set_memslot') {
    // A deletion has the slot as it was.
    const slot = (locals.old ?? locals.slot) as Slot | null;
    return slot?.gmem ? { slot, pgoff: slot.gmem.pgoff } : null;
  }
  const binding = locals.binding as { readonly pgoff: number } | string | null;
  if (procedure !== 'kvm_set_memory_region' || binding === null || typeof binding === 'string') return null;
  const { gpa, size } = locals as { readonly gpa: bigint; readonly size: bigint };
  return { slot: { id, baseGfn: pageOf(gpa), pages: pageOf(size) }, pgoff: binding.pgoff };
}

/** The bound slot of that id; in the kernel, a binding is a pointer to it, whether it is published or not. */
export function boundSlot({ tasks }: State, vm: VmState, id: number): BoundSlot | null {
  const slot = slotById(vm, id);
  if (slot?.gmem) return { slot, pgoff: slot.gmem.pgoff };
  for (const { stack } of tasks) {
    for (const frame of stack.toReversed()) {
      const found = shapeIn(frame, id);
      if (found !== null) return found;
    }
  }
  return null;
}
