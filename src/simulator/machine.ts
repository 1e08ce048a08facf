/**
 * What a step works on: the state, which it may replace part by part, and the list to which it adds its events. A
 * machine lives for one step; what remains is the next state.
 */
import type { Event } from './events';
import { putVm, vmOf } from './model/vms';
import type { Choices } from './profiles';
import type { State, Task, VmState } from './state';

/** An event, with the procedure and the label of the step that emitted it. */
export type TracedEvent = Event & { readonly procedure: string; readonly label: string };

/** What steps depend on besides the state. */
export interface Configuration {
  readonly choices: Choices;
  /** First gfn that the host's CPU cannot address (kvm_mmu_max_gfn() + 1). */
  readonly gfnLimit: number;
  /** Steps or locks are left out: see `Setup`. */
  readonly isMutilated: boolean;
}

export class Machine {
  readonly events: TracedEvent[] = [];

  constructor(
    public state: State,
    readonly task: Task,
    readonly kernel: Configuration,
    /** The VM that the step works on. */
    readonly vmId: number,
    private readonly at: { readonly procedure: string; readonly label: string },
  ) {}

  get vm(): VmState {
    return vmOf(this.state, this.vmId);
  }

  set vm(vm: VmState) {
    this.state = putVm(this.state, vm);
  }

  emit(event: Event): void {
    this.events.push({ ...event, ...this.at });
  }

  /** Replaces some parts of the state. */
  set(parts: Partial<State>): void {
    this.state = { ...this.state, ...parts };
  }

  /** Replaces some parts of the VM. */
  setVm(parts: Partial<VmState>): void {
    this.vm = { ...this.vm, ...parts };
  }
}
