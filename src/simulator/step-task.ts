/** Runs single steps of tasks. */
import { kernelOf } from './kernel';
import { elementAt, lastOf } from './known';
import { type Lock, lockName, sameLock } from './lock';
import { Machine, type TracedEvent } from './machine';
import type { Listing, LockUse, Step, Wait } from './procedure';
import type { Frame, LockHolder, State, Task } from './state';

export interface StepResult {
  readonly state: State;
  /** The step that ran. */
  readonly at: { readonly procedure: string; readonly label: string };
  readonly events: readonly TracedEvent[];
  /** What the task waits for, if it could not run; the state is then unchanged. */
  readonly blocked: Wait | null;
}

/** The other tasks whose holds keep a task from taking a lock. */
function holdersOf({ locks }: State, task: Task, lock: Lock, mode: LockHolder['mode']): readonly number[] {
  return locks
    .filter((held) => held.task !== task.id && sameLock(held.lock, lock))
    .filter((held) => mode === 'write' || held.mode === 'write')
    .map((held) => held.task);
}

/** vcpu->mutex: a call of a vCPU waits until its earlier calls have returned (virt/kvm/kvm_main.c, kvm_vcpu_ioctl). */
function busyVcpu({ tasks }: State, { id, vcpu, vmId, stack }: Task): Wait | null {
  if (tasks.length === 1 || vcpu === null || stack.length > 1 || stack[0].step > 0) return null;
  const holders = tasks
    .filter((other) => other.vcpu === vcpu && other.vmId === vmId && other.id < id)
    .map((other) => other.id);
  return holders.length === 0 ? null : { lock: { kind: 'vcpu', vm: vmId, vcpu }, holders };
}

function waitsFor(step: Step<object>, machine: Machine, locals: object): Wait | null {
  const busy = busyVcpu(machine.state, machine.task);
  if (busy !== null) return busy;
  if (step.takes !== undefined) {
    const lock = step.takes.lock(machine, locals);
    const holders = holdersOf(machine.state, machine.task, lock, step.takes.mode);
    if (holders.length > 0) return { lock, holders };
  }
  return step.blocked?.(machine, locals) ?? null;
}

function take(machine: Machine, { lock, mode }: LockUse<object>, locals: object): void {
  const { state, task } = machine;
  const taken = lock(machine, locals);
  const epoch = taken.kind === 'srcu' ? state.srcu.epoch : 0;
  const holder = { lock: taken, mode, task: task.id, epoch };
  machine.set({ locks: [...state.locks, holder] });
}

function drop(machine: Machine, use: LockUse<object>, locals: object): void {
  const { locks } = machine.state;
  const lock = use.lock(machine, locals);
  const at = locks.findLastIndex((held) => held.task === machine.task.id && sameLock(held.lock, lock));
  // The step that takes it may be left out.
  if (at < 0 && machine.kernel.isMutilated) return;
  if (at < 0) throw new Error(`${lockName(lock)} is dropped but not held`);
  machine.set({ locks: locks.toSpliced(at, 1) });
}

function withTask(state: State, task: Task): State {
  const alone = state.tasks.length === 1;
  const tasks = alone ? [task] : state.tasks.map((other) => (other.id === task.id ? task : other));
  return { ...state, tasks };
}

function withoutTask(state: State, id: number): State {
  return { ...state, tasks: state.tasks.filter((task) => task.id !== id) };
}

/** Ends the task in the middle of its call. References that it holds to files are never dropped. */
function kill(state: State, { id }: Task): State {
  const others = ({ task }: { readonly task: number }) => task !== id;
  return {
    ...withoutTask(state, id),
    locks: state.locks.filter(others),
    taskWork: state.taskWork.filter(others),
  };
}

/** Returns `value` to the caller of the innermost frame, or ends the task. */
function popFrame(state: State, task: Task, value: unknown): State {
  const callee = lastOf(task.stack);
  const caller = task.stack[task.stack.length - 2];
  if (caller === undefined) return withoutTask(state, task.id);
  const locals = callee.into === null ? caller.locals : { ...caller.locals, [callee.into]: value };
  return withTask(state, { ...task, stack: [...task.stack.slice(0, -2), { ...caller, locals }] });
}

/** The task of that id. @throws Error if there is none. */
export function taskOf({ tasks }: State, id: number): Task {
  const task = tasks.find((candidate) => candidate.id === id);
  if (task === undefined) throw new Error(`there is no task ${id}`);
  return task;
}

/** The step that a frame runs next. */
function stepOf({ steps }: Listing, { step }: Frame): Step<object> {
  return elementAt(steps, step);
}

/** The step that a task runs next. */
export function nextStep({ setup }: State, { stack }: Task) {
  const frame = lastOf(stack);
  const { label } = stepOf(kernelOf(setup).procedure(frame.procedure), frame);
  return { procedure: frame.procedure, label };
}

/** What a task waits for before its next step; null if it can run. */
export function waitOf(state: State, id: number): Wait | null {
  const task = taskOf(state, id);
  const frame = lastOf(task.stack);
  const kernel = kernelOf(state.setup);
  const step = stepOf(kernel.procedure(frame.procedure), frame);
  const at = { procedure: frame.procedure, label: step.label };
  return waitsFor(step, new Machine(state, task, kernel, frame.vmId, at), frame.locals);
}

/** The locals that a step works on: a copy of those of its frame. */
function copyOfLocals({ locals }: Frame): Record<string, unknown> {
  return { ...locals };
}

/**
 * Runs the next step of a task. Atomic: either the whole effect, or, if the task has to wait, none.
 * @param localsOf Makes the locals that the step works on; the explorer observes them.
 * @throws Error if there is no such task.
 */
export function stepTask(before: State, taskId = 0, localsOf = copyOfLocals): StepResult {
  const found = taskOf(before, taskId);
  const kernel = kernelOf(before.setup);
  const frame = lastOf(found.stack);
  const listing = kernel.procedure(frame.procedure);
  const step = stepOf(listing, frame);
  const task = step.userspace && found.signal ? { ...found, signal: false } : found;
  const locals = localsOf(frame);
  const at = { procedure: frame.procedure, label: step.label };
  const machine = new Machine(before, task, kernel, frame.vmId, at);

  const blocked = waitsFor(step, machine, locals);
  if (blocked !== null) return { state: before, at, events: [], blocked };
  if (step.takes !== undefined) take(machine, step.takes, locals);
  const control = step.run(machine, locals) ?? { do: 'next' };
  if (step.drops !== undefined) drop(machine, step.drops, locals);

  const outer = task.stack.slice(0, -1);
  const advance = (to: number): Frame => ({ ...frame, step: to, locals });
  const state = machine.state;
  switch (control.do) {
    case 'return':
      return { state: popFrame(state, task, control.value), at, events: machine.events, blocked: null };
    case 'die':
      return { state: kill(state, task), at, events: machine.events, blocked: null };
    case 'call': {
      const callee: Frame = {
        procedure: control.procedure,
        step: 0,
        locals: control.locals as Frame['locals'],
        into: control.into,
        vmId: control.vmId ?? frame.vmId,
      };
      const caller = { ...task, stack: [...outer, advance(frame.step + 1), callee] } as const;
      return { state: withTask(state, caller), at, events: machine.events, blocked: null };
    }
    default: {
      const to = control.do === 'goto' ? listing.labels.get(control.label) : frame.step + 1;
      if (to === undefined || to >= listing.steps.length) {
        throw new Error(`${frame.procedure} leads nowhere after ${step.label}`);
      }
      const going = { ...task, stack: [...outer, advance(to)] } as const;
      return { state: withTask(state, going), at, events: machine.events, blocked: null };
    }
  }
}
