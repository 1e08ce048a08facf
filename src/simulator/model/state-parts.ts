/** Finds and replaces parts of a state. */
import { type Range, valueAt } from '../ranges';
import type { GmemFile, HostMemory, Root, Slot, State, Vcpu, VmState } from '../state';

export function slotById(vm: VmState, id: number): Slot | undefined {
  return vm.slots.find((slot) => slot.id === id);
}

/** The gfns of a slot. */
export function gfnsOf({ baseGfn, pages }: Pick<Slot, 'baseGfn' | 'pages'>): Range {
  return { start: baseGfn, end: baseGfn + pages };
}

/** The slot that contains `gfn`, in the address space of the vCPUs (0; no simulated vCPU enters SMM). */
export function slotAt(vm: VmState, gfn: number): Slot | undefined {
  return vm.slots.find(
    (slot) => addressSpaceOf(slot.id) === 0 && gfn >= slot.baseGfn && gfn < slot.baseGfn + slot.pages,
  );
}

/** The slots that touch `[start, end)` gfns, in gfn order. */
export function slotsTouching(vm: VmState, start: number, end: number): readonly Slot[] {
  return vm.slots
    .filter((slot) => slot.baseGfn < end && slot.baseGfn + slot.pages > start)
    .sort((a, b) => addressSpaceOf(a.id) - addressSpaceOf(b.id) || a.baseGfn - b.baseGfn);
}

/** Address space of a slot id: its upper 16 bits. */
export function addressSpaceOf(id: number): number {
  return Math.floor(id / 65536);
}

export function putSlot(vm: VmState, slot: Slot): VmState {
  const others = vm.slots.filter(({ id }) => id !== slot.id);
  return { ...vm, slots: [...others, slot].sort((a, b) => a.id - b.id) };
}

export function removeSlot(vm: VmState, id: number): VmState {
  return { ...vm, slots: vm.slots.filter((slot) => slot.id !== id) };
}

/** @throws Error if no file has that id: files are never removed, so the id is wrong. */
export function fileById(state: Pick<State, 'files'>, id: number): GmemFile {
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

export function memoryOf(vm: VmState, id: number): HostMemory | undefined {
  return vm.memories.find((memory) => memory.id === id);
}

export function putMemory(vm: VmState, memory: HostMemory): VmState {
  const others = vm.memories.filter(({ id }) => id !== memory.id);
  return { ...vm, memories: [...others, memory].sort((a, b) => a.id - b.id) };
}

export function removeMemory(vm: VmState, id: number): VmState {
  return { ...vm, memories: vm.memories.filter((memory) => memory.id !== id) };
}

export function rootById(vm: VmState, id: number | null): Root | undefined {
  return vm.roots.find((root) => root.id === id);
}

export function putRoot(vm: VmState, root: Root): VmState {
  return { ...vm, roots: vm.roots.map((other) => (other.id === root.id ? root : other)) };
}

/** @throws Error if the VM has no such vCPU; the language checks vCPU numbers. */
export function vcpuOf(vm: VmState, id: number): Vcpu {
  const vcpu = vm.vcpus[id];
  if (vcpu === undefined) throw new Error(`the VM has no vCPU ${id}`);
  return vcpu;
}

export function putVcpu(vm: VmState, id: number, parts: Partial<Vcpu>): VmState {
  return { ...vm, vcpus: vm.vcpus.map((vcpu, at) => (at === id ? { ...vcpu, ...parts } : vcpu)) };
}

export function isPrivate(vm: VmState, gfn: number): boolean {
  return valueAt(vm.privateGfns, gfn) === true;
}
