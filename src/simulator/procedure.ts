/**
 * Kernel operations as data: a procedure is a list of labelled atomic steps. The debugger shows the texts of the steps as
 * a listing and the locals as variables. The effects of the steps are the only implementation of the operation.
 */

import type { Knob } from './knobs';
import type { Lock, LockKind } from './lock';
import type { Machine } from './machine';
import type { Choices } from './profiles';

/** What follows a step. */
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
  /** The lock of that kind. */
  readonly lock: (machine: Machine, locals: L) => Lock;
}

/** The lock that a task waits for, and the tasks that hold it. */
export interface Wait {
  readonly lock: Lock;
  /** Ids of these tasks. */
  readonly holders: readonly number[];
}

export interface StepOptions<L> {
  readonly takes?: LockUse<L>;
  readonly drops?: LockUse<L>;
  /** The step cannot run while this returns a lock to wait for. */
  readonly blocked?: (machine: Machine, locals: L) => Wait | null;
  /** The step runs in userspace: a signal that is pending is delivered before it. */
  readonly userspace?: true;
}

export interface Step<L> extends StepOptions<L> {
  readonly label: string;
  /** What the step does, in one line. */
  readonly text: string;
  /** Changes `machine` and its own copy of `locals`, and returns what follows; undefined means the next step. */
  readonly run: (machine: Machine, locals: L) => Control | undefined;
}

/** Steps that depend on a knob of the profile. */
export interface Choice<L> {
  readonly knob: Knob;
  readonly variants: Readonly<Record<string, readonly Step<L>[]>>;
}

export interface ProcedureSpec<L extends object> {
  /** Kernel function; for an outermost procedure, the system call. */
  readonly name: string;
  /** File of the kernel, relative to its source tree. */
  readonly source: string;
  /** What it does, in one sentence or two. */
  readonly about: string;
  /** Parameters and locals with their initial values. */
  readonly locals: L;
  readonly steps: readonly (Step<L> | Choice<L>)[];
}

/** A procedure in the table, where callers find it by name. */
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

/** Calls `target` with the given parameters; the local named `into` gets its return value. */
export function call<L extends object>(
  target: ProcedureSpec<L>,
  parameters: Partial<L>,
  into: string | null = null,
): Control & { do: 'call' } {
  return { do: 'call', procedure: target.name, locals: { ...target.locals, ...parameters }, into };
}

/** Calls `target` for the VM `vmId` instead of the caller's. */
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
 * The kernel kills the task in the middle of its call. On a real host its locks stay held and the machine is unusable;
 * here they are dropped, so that the scenario can continue.
 */
export function dies(): Control {
  return { do: 'die' };
}

/** A procedure of one kernel, with a variant for every choice. */
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
