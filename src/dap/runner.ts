/** Runs slices and handles messages between them, so that a long run can be paused or ended. */
import { later } from './macrotask';
import type { Slice } from './stepping/slices';
import type { Stop } from './stops';

export interface RunnerEvents {
  readonly begun: () => void;
  /** After each slice. */
  readonly progressed: () => void;
  /** The run is over, stopped or cancelled. */
  readonly ended: () => void;
  readonly stopped: (stop: Stop) => void;
}

function attempt(slice: Slice): Stop | null {
  try {
    return slice();
  } catch (error) {
    return { kind: 'failure', message: error instanceof Error ? error.message : String(error) };
  }
}

export class Runner {
  /** The current run; a slice that finds another one here is outdated. */
  private running: object | null = null;

  constructor(private readonly events: RunnerEvents) {}

  /** Starts a run; the first slice runs at once. */
  start(slice: Slice): void {
    const run = {};
    this.running = run;
    this.events.begun();
    const goOn = (): void => {
      if (this.running !== run) return;
      const stop = attempt(slice);
      this.events.progressed();
      if (stop === null) {
        later(goOn);
        return;
      }
      this.cancel();
      this.events.stopped(stop);
    };
    goOn();
  }

  /** Stops the run. */
  cancel(): void {
    if (this.running === null) return;
    this.running = null;
    this.events.ended();
  }
}
