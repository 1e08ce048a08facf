/** The schema of a schedule as data. */
import { type LaneWord, MEANINGS } from '../../../src/figures/lane-words';
import type {
  CallRow,
  FoldRow,
  LockBar,
  Schedule,
  ScheduleRow,
  ScheduleTask,
  StateChange,
  StepName,
  StepRow,
  SwitchRow,
} from '../../../src/figures/schedule/schedule';
import { always, count, either, flag, list, named, object, orNull, type Schema, text, words } from './schema';

const task = always('Index of the task.', count);
const procedure = always('The kernel function.', text);
const label = always('', text);
const wrong = always('Whether no kernel should do this.', flag);

const bar = object<LockBar>({
  lock: always('', text),
  mode: always('', words<LockBar['mode']>({ read: 'For reading.', write: 'For writing, or alone.' })),
  from: always('The row in which the task takes it, from 0.', count),
  to: always('The row in which the task drops it; null if it never does.', orNull(count)),
});

const change = object<StateChange>({
  text: always('', text),
  word: always('Its word in figures of a state; null if there is none.', orNull(words<LaneWord>(MEANINGS))),
});

const ROWS: readonly Schema<never>[] = [
  object<CallRow>({
    kind: always('A task makes a call.', words({ call: '' })),
    task,
    text: always('The statement as written.', text),
  }),
  object<StepRow>({
    kind: always('A step.', words({ step: '' })),
    ...{ task, procedure, label },
    own: always('What it did in its own task, in phrases.', list(text)),
    changes: always('What it changed for all tasks.', list(change)),
    wrong,
  }),
  object<FoldRow>({
    kind: always('Consecutive steps of a call.', words({ fold: '' })),
    task,
    steps: always('', list(object<StepName>({ procedure, label }))),
    text: always('', text),
  }),
  object<SwitchRow>({
    kind: always('A call stops before it has returned.', words({ switch: '' })),
    task,
    to: always('The task that runs next; null if none does.', orNull(count)),
    text: always('Before which step, or what it waits for.', text),
    wrong,
  }),
] as unknown as readonly Schema<never>[];

export const schedule: Schema<Schedule> = named(
  'schedule-figure',
  object<Schedule>({
    title: always('', text),
    facts: always('', list(text)),
    shows: always('What the order shows; empty without a race.', list(text)),
    tasks: always(
      '',
      list(
        object<ScheduleTask>({
          name: always('', text),
          locks: always('In the order in which the task takes them.', list(bar)),
        }),
      ),
    ),
    rows: always('From top to bottom.', list(either<ScheduleRow>(...ROWS))),
  }),
);
