/** Finding and replacing the parts of a state. */
import { valueAt } from '../ranges';
import type { GmemFile, HostMemory, Root, Slot, State, Vcpu } from '../state';

export function slotById(state: State, id: number): Slot | undefined {
  return state.slots.find((slot) => slot.id === id);
}

/** The slot that contains `gfn` in the address space vCPUs run in (0; nothing here enters SMM). */
export function slotAt(state: State, gfn: number): Slot | undefined {
  return state.slots.find(
    (slot) => addressSpaceOf(slot.id) === 0 && gfn >= slot.baseGfn && gfn < slot.baseGfn + slot.pages,
  );
}

/** The slots that touch `[start, end)` gfns, in gfn order. */
export function slotsTouching(state: State, start: number, end: number): readonly Slot[] {
  return state.slots
    .filter((slot) => slot.baseGfn < end && slot.baseGfn + slot.pages > start)
    .sort((a, b) => addressSpaceOf(a.id) - addressSpaceOf(b.id) || a.baseGfn - b.baseGfn);
}

/** Address space of a slot id: its upper 16 bits. */
export function addressSpaceOf(id: number): number {
  return Math.floor(id / 65536);
}

export function putSlot(state: State, slot: Slot): State {
  const others = state.slots.filter(({ id }) => id !== slot.id);
  return { ...state, slots: [...others, slot].sort((a, b) => a.id - b.id) };
}

export function removeSlot(state: State, id: number): State {
  return { ...state, slots: state.slots.filter((slot) => slot.id !== id) };
}

/** @throws Error where no file has that id: a procedure kept the id of a file that never was. */
export function fileById(state: State, id: number): GmemFile {
  const file = state.files[id];
  if (file === undefined) throw new Error(`there is no file ${id}`);
  return file;
}

export function putFile(state: State, file: GmemFile): State {
  const files = [...state.files];
  files[file.id] = file;
  return { ...state, files };
}

/** The file that a descriptor of the scenario refers to; null for a bad descriptor. */
export function fileByName(state: State, name: string): GmemFile | null {
  const id = Object.hasOwn(state.descriptors, name) ? state.descriptors[name] : null;
  return id === null || id === undefined ? null : fileById(state, id);
}

export function memoryOf(state: State, id: number): HostMemory | undefined {
  return state.memories.find((memory) => memory.id === id);
}

export function putMemory(state: State, memory: HostMemory): State {
  const others = state.memories.filter(({ id }) => id !== memory.id);
  return { ...state, memories: [...others, memory].sort((a, b) => a.id - b.id) };
}

export function removeMemory(state: State, id: number): State {
  return { ...state, memories: state.memories.filter((memory) => memory.id !== id) };
}

export function rootById(state: State, id: number | null): Root | undefined {
  return state.roots.find((root) => root.id === id);
}

export function putRoot(state: State, root: Root): State {
  return { ...state, roots: state.roots.map((other) => (other.id === root.id ? root : other)) };
}

/** @throws Error where the VM has no such vCPU; the language checks vCPU numbers. */
export function vcpuOf(state: State, id: number): Vcpu {
  const vcpu = state.vcpus[id];
  if (vcpu === undefined) throw new Error(`the VM has no vCPU ${id}`);
  return vcpu;
}

export function putVcpu(state: State, id: number, parts: Partial<Vcpu>): State {
  return { ...state, vcpus: state.vcpus.map((vcpu, at) => (at === id ? { ...vcpu, ...parts } : vcpu)) };
}

export function isPrivate(state: State, gfn: number): boolean {
  return valueAt(state.privateGfns, gfn) === true;
}
