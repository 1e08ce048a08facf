/**
 * Numbers that grow without bound, named by what later steps can find out about them. The current generation of memslots
 * is 0. An older one never becomes current again: only a running call that remembers one can tell it from another older
 * one. Epochs of SRCU count the grace periods that running calls wait for. Ids of roots count the roots that exist.
 */
import {
  type Numbering,
  renumberedFrame,
  renumberedLocks,
  renumberedRoots,
  renumberedVcpu,
  type State,
  type Task,
  type Vcpu,
  type VmState,
} from '../simulator';
import { type Column, columnOf, columnsOf } from './columns';
import { contentOf } from './interned';
import type { Parts } from './parts';
import type { Progress } from './tasks';

type Stack = Task['stack'] | null;

/** What a running call remembers. */
interface Remembered {
  /** By VM. */
  readonly generations: ReadonlyMap<number, ReadonlySet<number>>;
  /** The grace periods that it waits for. */
  readonly epochs: ReadonlySet<number>;
}

function rememberedBy(stack: Stack): Remembered {
  const generations = new Map<number, Set<number>>();
  const epochs = new Set<number>();
  const note: Numbering = {
    generation: (generation, vm) => {
      generations.set(vm, (generations.get(vm) ?? new Set()).add(generation));
      return generation;
    },
    epoch: (epoch) => {
      epochs.add(epoch);
      return epoch;
    },
    root: (id) => id,
  };
  for (const frame of stack ?? []) renumberedFrame(frame, note);
  return { generations, epochs };
}

function textOf({ generations, epochs }: Remembered): string {
  return contentOf([[...generations].map(([vm, own]) => [vm, [...own]]), [...epochs]]);
}

/** A part of the state with new numbers. An MMIO cache of an older generation is as good as none. */
function renumbered({ name, owner }: Column, part: unknown, to: Numbering): unknown {
  switch (name) {
    case 'generation':
      return to.generation(part as number, owner);
    case 'srcu':
      return { epoch: to.epoch((part as State['srcu']).epoch) };
    case 'locks':
      return renumberedLocks(part as State['locks'], to);
    case 'roots':
      return renumberedRoots(part as VmState['roots'], owner, to);
    case 'vcpu': {
      const vcpu = renumberedVcpu(part as Vcpu, owner, to);
      return vcpu.mmioCache?.generation === 0 ? vcpu : { ...vcpu, mmioCache: null };
    }
    case 'next':
      return { ...(part as State['next']), root: to.root((part as State['next']).root) };
    default:
      return part;
  }
}

function renumberedStack(stack: Stack, to: Numbering): Stack {
  return stack === null ? null : (stack.map((frame) => renumberedFrame(frame, to)) as unknown as Stack);
}

export class Counters {
  /** Columns of the state with such numbers. */
  private readonly columns: readonly number[];
  private readonly roots: readonly number[];
  private readonly generations: readonly number[];
  private readonly srcu: number;
  private readonly next: number;
  private readonly remembered = new WeakMap<object, Remembered>();

  constructor(private readonly parts: Parts) {
    const { layout } = parts;
    this.columns = columnsOf(layout, ['generation', 'srcu', 'locks', 'roots', 'vcpu', 'next']);
    this.roots = columnsOf(layout, ['roots']);
    this.generations = columnsOf(layout, ['generation']);
    this.srcu = columnOf(layout, 'srcu');
    this.next = columnOf(layout, 'next');
  }

  /** Whether a step can change the names of numbers: one of them became current, or another one is gone. */
  namesChange(
    before: { readonly row: Int32Array; readonly progress: Progress },
    after: { readonly row: Int32Array; readonly progress: Progress },
  ): boolean {
    const differ = (column: number) => before.row[column] !== after.row[column];
    if (differ(this.srcu) || this.generations.some(differ)) return true;
    if (this.roots.some((column) => this.idsIn(before.row, column) !== this.idsIn(after.row, column)))
      return true;
    return textOf(this.ofTask(before.progress)) !== textOf(this.ofTask(after.progress));
  }

  /** Gives the numbers of a row their names. */
  settle(row: Int32Array): void {
    const { parts } = this;
    const { key, numbering } = this.numbering(row);
    for (const column of this.columns) {
      const own = parts.layout.columns[column] as Column;
      row[column] = parts.changed(column, row[column] as number, key, (part) =>
        renumbered(own, part, numbering),
      );
    }
    for (const task of parts.race.tasks.keys()) {
      const column = parts.taskColumn(task);
      row[column] = parts.changed(column, row[column] as number, key, (stack) =>
        renumberedStack(stack as Stack, numbering),
      );
    }
  }

  private numbering(row: Int32Array): { readonly key: string; readonly numbering: Numbering } {
    const { parts } = this;
    const tasks = [...parts.race.tasks.keys()].map((task) => this.ofTask(parts.task(row, task).progress));
    const epochs = [...new Set(tasks.flatMap((task) => [...task.epochs]))];
    const roots = this.roots
      .flatMap((column) =>
        (parts.value(column, row[column] as number) as VmState['roots']).map(({ id }) => id),
      )
      .toSorted((a, b) => a - b);
    const { root: next } = parts.value(this.next, row[this.next] as number) as State['next'];
    const vms = this.generations.map((column) => {
      const { owner } = parts.layout.columns[column] as Column;
      const current = parts.value(column, row[column] as number) as number;
      const known = new Set(tasks.flatMap(({ generations }) => [...(generations.get(owner) ?? [])]));
      const older = [...known].filter((generation) => generation !== current).toSorted((a, b) => b - a);
      return { owner, current, older };
    });
    const numbering: Numbering = {
      generation: (generation, owner) => {
        const vm = vms.find((one) => one.owner === owner);
        if (vm === undefined || generation === vm.current) return 0;
        const age = vm.older.indexOf(generation);
        return -1 - (age < 0 ? vm.older.length : age);
      },
      epoch: (epoch) => epochs.filter((other) => other <= epoch).length,
      root: (id) => (id === next ? roots.length : roots.indexOf(id)),
    };
    return { key: `numbers ${contentOf([epochs.toSorted((a, b) => a - b), roots, next, vms])}`, numbering };
  }

  private ofTask({ stack }: Progress): Remembered {
    if (stack === null) return { generations: new Map(), epochs: new Set() };
    const known = this.remembered.get(stack);
    if (known !== undefined) return known;
    const found = rememberedBy(stack);
    this.remembered.set(stack, found);
    return found;
  }

  private idsIn(row: Int32Array, column: number): string {
    const roots = this.parts.value(column, row[column] as number) as VmState['roots'];
    return roots.map(({ id }) => id).join();
  }
}
