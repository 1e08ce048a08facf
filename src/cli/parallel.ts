/** Work on many files on all processors, with the results in the order of the files. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** What a worker is started with. The jobs and results of a task are plain data. */
interface Assignment {
  readonly task: string;
  readonly jobs: readonly unknown[];
  /** Int32: index of the next job that nobody has begun. */
  readonly next: SharedArrayBuffer;
}

/** What a worker answers for each job. */
type Answer = { readonly at: number } & ({ readonly result: unknown } | { readonly error: string });

/** Bytes below which the files are done before a worker has started. */
const SMALL = 48 * 1024;

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** How many workers help with files: none with a few small ones, nor when the program is not bundled. */
function helpersFor(files: readonly string[]): number {
  const isBundled = !import.meta.url.endsWith('.ts');
  const total = files.length < 2 || !isBundled ? 0 : files.reduce((sum, file) => sum + sizeOf(file), 0);
  return total < SMALL ? 0 : Math.min(availableParallelism(), files.length) - 1;
}

/** The index of a job for whoever asks; one that is not below the number of jobs when there is none left. */
function taker(next: SharedArrayBuffer): () => number {
  const counter = new Int32Array(next);
  return () => Atomics.add(counter, 0, 1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Lets messages of workers come in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Does each job, and takes the results in the order of the jobs. This thread works too.
 * @param task Its name in the table that serve() gets.
 * @param script What the workers run; it calls serve().
 * @throws Error if a job fails, or a worker.
 */
export async function inOrder<Job, Result>(
  { task, script, helpers }: { readonly task: string; readonly script: URL; readonly helpers: number },
  jobs: readonly Job[],
  run: (job: Job) => Result | Promise<Result>,
  take: (result: Result) => void,
): Promise<void> {
  const next = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const results = new Map<number, Result>();
  let taken = 0;
  let failure: Error | null = null;
  let isOver = false;
  let changed = () => {};
  const takeReady = () => {
    for (let result = results.get(taken); results.has(taken); result = results.get(taken)) {
      results.delete(taken++);
      take(result as Result);
    }
    changed();
  };
  const fail = (error: unknown) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    changed();
  };
  const workers: Worker[] = [];
  for (let at = 0; at < helpers; at++) {
    const assignment: Assignment = { task, jobs, next };
    const worker = new Worker(script, { workerData: { assignment } });
    worker.on('message', (answer: Answer) => {
      if ('error' in answer) return fail(new Error(answer.error));
      results.set(answer.at, answer.result as Result);
      takeReady();
    });
    worker.on('error', fail);
    worker.on('exit', (code) => {
      if (code !== 0 && !isOver) fail(`a worker ended with code ${code}`);
    });
    workers.push(worker);
  }
  try {
    const nextJob = taker(next);
    for (let at = nextJob(); at < jobs.length && failure === null; at = nextJob()) {
      results.set(at, await run(jobs[at] as Job));
      takeReady();
      if (workers.length > 0) await nextTurn();
    }
    while (taken < jobs.length && failure === null) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  } finally {
    isOver = true;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  if (failure !== null) throw failure;
}

/** As inOrder(), by workers of this program if the files are large enough. */
export function onAllProcessors<Job, Result>(
  task: string,
  files: readonly string[],
  jobs: readonly Job[],
  run: (job: Job) => Promise<Result>,
  take: (result: Result) => void,
): Promise<void> {
  const script = new URL(import.meta.url);
  return inOrder({ task, script, helpers: helpersFor(files) }, jobs, run, take);
}

/** Jobs below which searches are done before a worker has started. */
const FEW_SEARCHES = 6;

/** As inOrder(), for jobs that take long however small their files are. */
export function searchOnAllProcessors<Job, Result>(
  task: string,
  jobs: readonly Job[],
  run: (job: Job) => Promise<Result>,
  take: (result: Result) => void,
): Promise<void> {
  const isBundled = !import.meta.url.endsWith('.ts');
  const helpers = isBundled && jobs.length >= FEW_SEARCHES ? availableParallelism() - 1 : 0;
  return inOrder({ task, script: new URL(import.meta.url), helpers }, jobs, run, take);
}

/** A task by its name, for jobs that come from inOrder(). */
export type Tasks = Readonly<Record<string, (job: never) => unknown>>;

/** In a worker: does jobs until there is none left. */
export async function serve(tasks: Tasks): Promise<void> {
  const { task, jobs, next }: Assignment = workerData.assignment;
  const run = tasks[task] as (job: unknown) => unknown;
  const nextJob = taker(next);
  for (let at = nextJob(); at < jobs.length; at = nextJob()) {
    let answer: Answer;
    try {
      answer = { at, result: await run(jobs[at]) };
    } catch (error) {
      answer = { at, error: messageOf(error) };
    }
    parentPort?.postMessage(answer);
  }
}
