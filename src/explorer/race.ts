/** A race: calls of several tasks that run at the same time. */
import { type Call, elementAt, type State, type Task } from '../simulator';

export interface RaceTask {
  readonly name: string;
  /** Its calls, in the order in which it makes them; at least one. */
  readonly calls: readonly RaceCall[];
  /** It makes its calls again and again, any number of times. */
  readonly repeats: boolean;
}

export interface RaceCall {
  readonly call: Call;
  /** Names the call in witnesses. */
  readonly title: string;
}

export interface Race {
  /** The state in which the tasks begin: no call is running. */
  readonly start: State;
  /** The VM on which the calls work. */
  readonly vmId: number;
  readonly tasks: readonly RaceTask[];
}

/** @throws RangeError if there is no such task. */
export function taskAt({ tasks }: Race, task: number): RaceTask {
  return elementAt(tasks, task);
}

/** @throws RangeError if there is no such call. */
export function callAt(race: Race, task: number, call: number): RaceCall {
  return elementAt(taskAt(race, task).calls, call);
}

/** The task of the simulator for a running call. Other calls may run in the middle of it. */
export function runningTask(race: Race, task: number, call: number, stack: Task['stack']): Task {
  const { title } = callAt(race, task, call);
  const { vmId } = race;
  const vcpu = vcpuOf(race, task, call);
  return { id: task, title, vcpu, vmId, suspended: null, stack, signal: false, pagewise: true };
}

/** The vCPU of a call; null if it has none, or if there is no such call. */
export function vcpuOf({ tasks }: Race, task: number, call: number): number | null {
  const request = tasks[task]?.calls[call]?.call;
  return request !== undefined && 'vcpu' in request ? request.vcpu : null;
}

/** The vCPUs that calls of several tasks need: such calls wait for each other. */
export function sharedVcpus(race: Race): ReadonlySet<number> {
  const tasksOf = new Map<number, Set<number>>();
  for (const [task, { calls }] of race.tasks.entries()) {
    for (const call of calls.keys()) {
      const vcpu = vcpuOf(race, task, call);
      if (vcpu !== null) tasksOf.set(vcpu, (tasksOf.get(vcpu) ?? new Set()).add(task));
    }
  }
  return new Set([...tasksOf].flatMap(([vcpu, tasks]) => (tasks.size > 1 ? [vcpu] : [])));
}
