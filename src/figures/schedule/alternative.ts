/** A schedule in sentences, for screen readers. */
import type { LockBar, Schedule, ScheduleRow } from './schedule';

export function barText({ lock, mode }: LockBar, task: string): string {
  return `${task} holds ${lock}${mode === 'read' ? ' for reading' : ''}`;
}

function rowSentence(row: ScheduleRow, name: string): string {
  switch (row.kind) {
    case 'call':
      return `${name} calls ${row.text}`;
    case 'step': {
      const did = [...row.own, ...row.changes.map(({ text }) => text)].join(', ');
      return `${name} ${row.label}${did === '' ? '' : `: ${did}`}`;
    }
    case 'fold':
      return `${name}: ${row.text}`;
    case 'switch':
      return row.text.startsWith('before') ? `${name} stops ${row.text}` : `${name}: ${row.text}`;
  }
}

export function scheduleAlternative({ facts, shows, tasks, rows }: Schedule): string {
  const sentences = rows.map((row) => rowSentence(row, tasks[row.task]?.name ?? ''));
  return [facts.join(', '), ...shows, ...sentences].map((text) => text.replace(/\.?$/, '.')).join(' ');
}
