/** Makes the figure of a schedule: rows for the entries of its trace, and bars for the locks. */
import type { HeldLock, ScheduleCall, ScheduleEntry, ScheduleStep, ScheduleTrace } from '../../outcome';
import type { LockBar, Schedule, ScheduleRow } from './schedule';
import { type TurnRow, turnRows } from './turns';

/** The bars of a task's locks, while its rows are added. */
class Locks {
  readonly bars: { lock: string; mode: 'read' | 'write'; from: number; to: number | null }[] = [];
  held: readonly HeldLock[] = [];

  /** The task holds these locks after a row. */
  after(row: number, held: readonly HeldLock[]): void {
    const open = this.bars.filter(({ to }) => to === null);
    const taken = [...held];
    for (const bar of open) {
      const at = taken.findIndex(({ text, mode }) => text === bar.lock && mode === bar.mode);
      if (at < 0) bar.to = row;
      else taken.splice(at, 1);
    }
    for (const { text, mode } of taken) this.bars.push({ lock: text, mode, from: row, to: null });
    this.held = held;
  }
}

function namesText(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

class Builder {
  readonly rows: ScheduleRow[] = [];
  readonly locks: readonly Locks[];
  private turn: (ScheduleCall | ScheduleStep)[] = [];

  constructor({ tasks }: ScheduleTrace) {
    this.locks = tasks.map(() => new Locks());
  }

  add(entry: ScheduleEntry, next: ScheduleEntry | undefined): void {
    if (this.turn[0] !== undefined && this.turn[0].task !== entry.task) this.endTurn();
    if (entry.kind !== 'stop') {
      this.turn.push(entry);
      return;
    }
    this.endTurn();
    // The scenario suspended the call, and it went on at once.
    const to = next === undefined || next.task === entry.task ? null : next.task;
    if (to === null && next !== undefined && !entry.wrong) return;
    this.rows.push({ ...entry, kind: 'switch', to });
  }

  endTurn(): void {
    const [first] = this.turn;
    if (first === undefined) return;
    const locks = this.locks[first.task];
    const rows: readonly TurnRow[] = turnRows(this.turn, locks?.held ?? []);
    for (const { row, held } of rows) {
      if (held !== null) locks?.after(this.rows.length, held);
      this.rows.push(row);
    }
    this.turn = [];
  }
}

/** @param about The title's facts, and what the order shows. */
export function buildSchedule(trace: ScheduleTrace, about: Pick<Schedule, 'facts' | 'shows'>): Schedule {
  const builder = new Builder(trace);
  for (const [at, entry] of trace.entries.entries()) builder.add(entry, trace.entries[at + 1]);
  builder.endTurn();
  const bars: readonly (readonly LockBar[])[] = builder.locks.map((locks) => locks.bars);
  return {
    title: `schedule of ${namesText(trace.tasks)}`,
    ...about,
    tasks: trace.tasks.map((name, task) => ({ name, locks: bars[task] ?? [] })),
    rows: builder.rows,
  };
}
