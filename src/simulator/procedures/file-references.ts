/**
 * References to guest_memfd files. Slots hold none: a slot keeps a pointer to its file, which the release of the file
 * clears. Whoever drops the last reference releases the file: close() at once, any other call as task work of its thread.
 */
import type { Machine } from '../machine';
import { fileById, putFile } from '../model/state-parts';
import { call, callFor, goto, procedure, returns, type Step, step } from '../procedure';
import { FILE_END, gmemRelease } from './gmem-release';
import { truncateInodePages } from './gmem-truncate';

/** get_file_active(): takes a reference, unless the last one is gone. Returns whether it did. */
export function takeReference(machine: Machine, id: number): boolean {
  const file = fileById(machine.state, id);
  if (file.references === 0) return false;
  machine.state = putFile(machine.state, { ...file, references: file.references + 1 });
  return true;
}

/** Drops a reference, and returns whether it was the last. */
export function dropped(machine: Machine, id: number): boolean {
  const file = fileById(machine.state, id);
  machine.state = putFile(machine.state, { ...file, references: file.references - 1 });
  return file.references === 1;
}

/** fput(): drops a reference. The thread that drops the last one releases the file later (runTaskWork). */
export function dropReference(machine: Machine, file: number): void {
  if (!dropped(machine, file)) return;
  machine.set({ taskWork: [...machine.state.taskWork, { task: machine.task.id, file }] });
}

export const finalFput = procedure<{ file: number }>({
  name: '__fput',
  source: 'fs/file_table.c',
  about: 'The last reference to a guest_memfd is gone: releases it and frees its pages.',
  locals: { file: 0 },
  steps: [
    step('CL2', 'release the file', (machine, { file }) =>
      callFor(fileById(machine.state, file).vmId, gmemRelease, { file }),
    ),
    step('CL3', 'evict the inode: all its pages are freed', (machine, { file }) =>
      callFor(fileById(machine.state, file).vmId, truncateInodePages, { file, start: 0, end: FILE_END }),
    ),
    step('CL4', 'return', () => returns()),
  ],
});

/** Whether the call has dropped the last reference to a file that it has not released. */
export function hasTaskWork({ state, task }: Machine): boolean {
  return state.taskWork.some((work) => work.task === task.id);
}

export const runTaskWork = procedure<{ file: number }>({
  name: 'task_work_run',
  source: 'kernel/task_work.c',
  about:
    'Before it returns to userspace or enters the guest, a thread releases files whose last reference it dropped.',
  locals: { file: 0 },
  steps: [
    step('TW1', 'take the next file; if there is none, return', (machine, locals) => {
      const { taskWork } = machine.state;
      const at = taskWork.findIndex(({ task }) => task === machine.task.id);
      const next = taskWork[at];
      if (next === undefined) return returns();
      locals.file = next.file;
      machine.set({ taskWork: taskWork.toSpliced(at, 1) });
      return undefined;
    }),
    step('TW2', 'release it', (_, { file }) => call(finalFput, { file })),
    step('TW3', 'continue with the next file (TW1)', () => goto('TW1')),
  ],
});

/** A step in which the thread of an ioctl or of fallocate() does its task work, as it returns to userspace. */
export function taskWorkStep<L>(label: string): Step<L> {
  return step(
    label,
    'if the call dropped the last reference to a file, release the file (task work)',
    (machine) => (hasTaskWork(machine) ? call(runTaskWork, {}) : undefined),
  );
}
