/**
 * The parts of a state, each in a column of a row of integers: the number of a part is that of its content. Parts of the
 * tasks are not among them.
 */
import type { GmemFile, State, VmState } from '../simulator';

/** Parts that belong to the host. */
const HOST = [
  'rmp',
  'directMap',
  'contents',
  'freed',
  'descriptors',
  'locks',
  'taskWork',
  'srcu',
  'warned',
  'next',
] as const satisfies readonly (keyof State)[];

const VM = [
  'launched',
  'dead',
  'generation',
  'updating',
  'slots',
  'memories',
  'privateGfns',
  'accepted',
  'roots',
  'mmu',
] as const satisfies readonly (keyof VmState)[];

const FILE = [
  'references',
  'open',
  'leaked',
  'pages',
  'cache',
  'bindings',
] as const satisfies readonly (keyof GmemFile)[];

export type PartName = (typeof HOST)[number] | (typeof VM)[number] | (typeof FILE)[number] | 'vcpu';

export interface Column {
  readonly name: PartName;
  /** Id of the VM or of the file that it belongs to; 0 for the host. */
  readonly owner: number;
  /** Number of the vCPU. */
  readonly vcpu: number;
}

export interface Layout {
  readonly columns: readonly Column[];
  /** A state with VMs and files as they were before the race; their parts are replaced. */
  readonly start: State;
}

export function layoutOf(start: State): Layout {
  const host = HOST.map((name): Column => ({ name, owner: 0, vcpu: 0 }));
  const vms = start.vms.flatMap(({ id, vcpus }) => [
    ...VM.map((name): Column => ({ name, owner: id, vcpu: 0 })),
    ...vcpus.map((_, vcpu): Column => ({ name: 'vcpu', owner: id, vcpu })),
  ]);
  const files = start.files.flatMap(({ id }) => FILE.map((name): Column => ({ name, owner: id, vcpu: 0 })));
  return { columns: [...host, ...vms, ...files], start };
}

/** The column of a part. @throws RangeError if there is none. */
export function columnOf({ columns }: Layout, name: PartName, owner = 0): number {
  const found = columns.findIndex((column) => column.name === name && column.owner === owner);
  if (found < 0) throw new RangeError(`no column is called ${name} of ${owner}`);
  return found;
}

/** All columns with one of these names. */
export function columnsOf({ columns }: Layout, names: readonly PartName[]): readonly number[] {
  return columns.flatMap(({ name }, column) => (names.includes(name) ? [column] : []));
}

/** The parts of a state, in the order of the columns. */
export function partsOf({ columns }: Layout, state: State): readonly unknown[] {
  let at = 0;
  const parts: unknown[] = [];
  for (const name of HOST) parts[at++] = state[name];
  for (const vm of state.vms) {
    for (const name of VM) parts[at++] = vm[name];
    for (const vcpu of vm.vcpus) parts[at++] = vcpu;
  }
  for (const file of state.files) for (const name of FILE) parts[at++] = file[name];
  if (at !== columns.length) throw new Error('a race does not create VMs or files');
  return parts;
}

/** Parts that are numbers or booleans. A step reads them from their VM or file, not by looking into them. */
const SCALARS: ReadonlySet<PartName> = new Set([
  'launched',
  'dead',
  'generation',
  'updating',
  'references',
  'open',
  'leaked',
  'pages',
] satisfies PartName[]);

/**
 * The state that consists of parts, without tasks.
 * @param part The part of a column: asked for when the state is made, but for a scalar each time that it is read.
 */
export function stateOf({ start }: Layout, part: (column: number) => unknown): State {
  let next = 0;
  const withParts = <T extends object>(before: T, names: readonly PartName[]): T => {
    const made = { ...before };
    for (const name of names) {
      const column = next++;
      if (SCALARS.has(name)) {
        Object.defineProperty(made, name, { get: () => part(column), enumerable: true, configurable: true });
      } else Object.assign(made, { [name]: part(column) });
    }
    return made;
  };
  const state = withParts(start, HOST);
  const vms = start.vms.map((vm) =>
    Object.assign(withParts(vm, VM), { vcpus: vm.vcpus.map(() => part(next++)) }),
  );
  const files = start.files.map((file) => withParts(file, FILE));
  return Object.assign(state, { vms, files, tasks: [] });
}
