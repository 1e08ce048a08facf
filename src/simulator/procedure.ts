/**
 * Kernel operations as data: a procedure is a list of labelled atomic steps. The text of the steps is the
 * listing that the debugger shows, the locals are its variables, and the effects are all there is of the
 * operation: nothing else computes what a kernel does.
 */

import type { Knob } from './knobs';
import type { Lock, LockKind } from './lock';
import type { Machine } from './machine';
import type { Choices } from './profiles';

/** Where a step leads. */
export type Control =
  | { readonly do: 'next' }
  | { readonly do: 'goto'; readonly label: string }
  | {
      readonly do: 'call';
      readonly procedure: string;
      readonly locals: object;
      readonly into: string | null;
      /** The VM that the callee works on; absent: the caller's. */
      readonly vmId?: number;
    }
  | { readonly do: 'return'; readonly value: unknown }
  | { readonly do: 'die' };

/** A lock that a step takes or drops. */
export interface LockUse<L> {
  readonly kind: LockKind;
  readonly mode: 'read' | 'write';
  /** Which one of that kind. */
  readonly lock: (machine: Machine, locals: L) => Lock;
}

/** What a task waits for, and the tasks that have it. */
export interface Wait {
  readonly lock: Lock;
  /** Their ids. */
  readonly holders: readonly number[];
}

export interface StepOptions<L> {
  readonly takes?: LockUse<L>;
  readonly drops?: LockUse<L>;
  /** The step cannot run while this gives something to wait for. */
  readonly blocked?: (machine: Machine, locals: L) => Wait | null;
}

export interface Step<L> extends StepOptions<L> {
  readonly label: string;
  /** What the step does, in a line. */
  readonly text: string;
  /** Changes `machine` and `locals` (a copy of its own), and says where to go; nothing means on. */
  readonly run: (machine: Machine, locals: L) => Control | undefined;
}

/** Steps that depend on a knob of the profile. */
export interface Choice<L> {
  readonly knob: Knob;
  readonly variants: Readonly<Record<string, readonly Step<L>[]>>;
}

export interface ProcedureSpec<L extends object> {
  /** Kernel function, or the system call where it is the outermost. */
  readonly name: string;
  /** Kernel file, relative to the tree. */
  readonly source: string;
  /** What it is for, in a sentence. */
  readonly about: string;
  /** Parameters and locals with their initial values. */
  readonly locals: L;
  readonly steps: readonly (Step<L> | Choice<L>)[];
}

/** A procedure as it is kept in a table: callers go by its name. */
export type AnyProcedure = ProcedureSpec<object>;

export function procedure<L extends object>(spec: ProcedureSpec<L>): ProcedureSpec<L> {
  return spec;
}

export function step<L>(
  label: string,
  text: string,
  run: (machine: Machine, locals: L) => Control | undefined,
  options: StepOptions<NoInfer<L>> = {},
): Step<L> {
  return { label, text, run, ...options };
}

export function choose<L, K extends Knob>(
  knob: K,
  variants: { readonly [V in Choices[K]]: readonly Step<L>[] },
): Choice<L> {
  return { knob, variants };
}

export function goto(label: string): Control {
  return { do: 'goto', label };
}

/** Calls `target` with the given parameters; its return value goes to the local named `into`. */
export function call<L extends object>(
  target: ProcedureSpec<L>,
  parameters: Partial<L>,
  into: string | null = null,
): Control & { do: 'call' } {
  return { do: 'call', procedure: target.name, locals: { ...target.locals, ...parameters }, into };
}

/** Calls `target` for another VM than the caller's. */
export function callFor<L extends object>(
  vmId: number,
  target: ProcedureSpec<L>,
  parameters: Partial<L>,
  into: string | null = null,
): Control & { do: 'call' } {
  return { ...call(target, parameters, into), vmId };
}

export function returns(value: unknown = null): Control {
  return { do: 'return', value };
}

/**
 * The kernel kills the task where it is, and with it the call. On a real host its locks stay held and the machine is no
 * good any more; here they are dropped, so that the scenario can go on.
 */
export function dies(): Control {
  return { do: 'die' };
}

/** A procedure as one kernel runs it: every choice made. */
export interface Listing {
  readonly name: string;
  readonly source: string;
  readonly about: string;
  readonly steps: readonly Step<object>[];
  readonly labels: ReadonlyMap<string, number>;
}

export function listingOf(spec: AnyProcedure, choices: Choices): Listing {
  const steps = spec.steps.flatMap((entry) =>
    'knob' in entry ? (entry.variants[choices[entry.knob]] ?? []) : [entry],
  );
  const labels = new Map(steps.map((entry, index) => [entry.label, index]));
  if (labels.size !== steps.length) throw new Error(`${spec.name} has a label twice`);
  return { name: spec.name, source: spec.source, about: spec.about, steps, labels };
}
