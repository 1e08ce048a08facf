/** Measures medians with tinybench and prints them as a table. */
import { Bench } from 'tinybench';

export interface Row {
  readonly name: string;
  /** Median seconds of one run of the task. */
  readonly seconds: number;
  /** The 90th percentile, in seconds. */
  readonly p90: number;
  /** Work of one run: 1,000 statements, 4,000 steps; null if the run itself is the unit. */
  readonly amount: { readonly count: number; readonly unit: string } | null;
  /** Milliseconds; null without a target. */
  readonly target: number | null;
}

export interface Task {
  readonly name: string;
  readonly run: () => unknown;
  readonly amount?: { readonly count: number; readonly unit: string };
  /** Milliseconds that it should stay below: delays that users do not notice. */
  readonly target?: number;
}

/** Milliseconds to measure each task for, after a warm-up. */
const TIME = Number(process.env.BENCH_TIME ?? 1000);

export async function measure(tasks: readonly Task[]): Promise<readonly Row[]> {
  // A few runs are enough for slow rows; fast ones run until the time is up.
  const bench = new Bench({
    time: TIME,
    iterations: 8,
    warmupTime: TIME / 4,
    warmupIterations: 2,
    retainSamples: true,
  });
  for (const { name, run } of tasks) bench.add(name, async () => void (await run()));
  await bench.run();
  return tasks.map(({ name, amount, target }, at) => {
    const result = bench.tasks[at]?.result;
    if (result?.state !== 'completed') throw new Error(`${name} failed: ${JSON.stringify(result)}`);
    const { p50, samples } = result.latency;
    const p90 = samples?.[Math.floor(samples.length * 0.9)] ?? p50;
    return { name, seconds: p50 / 1000, p90: p90 / 1000, amount: amount ?? null, target: target ?? null };
  });
}

function timeText(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`;
  return `${(seconds * 1e6).toFixed(1)} µs`;
}

export function printTable(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, seconds, amount } of rows) {
    const rate =
      amount === null ? '' : `${Math.round(amount.count / seconds).toLocaleString('en')} ${amount.unit}/s`;
    console.log(`  ${name.padEnd(width)}  ${timeText(seconds).padStart(11)}  ${rate.padStart(26)}`.trimEnd());
  }
}

/** Median and p90, for delays while typing. */
export function printWaits(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, seconds, p90, target } of rows) {
    const median = timeText(seconds).padStart(11);
    const aim = target === null ? '' : `  under ${target} ms${seconds * 1e3 < target ? '' : ': MISSED'}`;
    console.log(`  ${name.padEnd(width)}  median ${median}  p90 ${timeText(p90).padStart(11)}${aim}`);
  }
}

/** A quantity and its upper target; null if it has none. */
export interface Quantity {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number | null;
}

export function printTargets(title: string, quantities: readonly Quantity[]): void {
  console.log(`\n${title}`);
  const width = Math.max(...quantities.map(({ name }) => name.length));
  for (const { name, value, unit, target } of quantities) {
    const aim = target === null ? '' : `under ${target} ${unit}${value < target ? '' : ': MISSED'}`;
    console.log(`  ${name.padEnd(width)}  ${`${value.toFixed(1)} ${unit}`.padStart(11)}  ${aim}`.trimEnd());
  }
}

/** Compares the last row with the first: two sizes that should cost the same. */
export function printRatio(rows: readonly Row[]): void {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return;
  console.log(`  ${last.name} / ${first.name}: ${(last.seconds / first.seconds).toFixed(2)}`);
}
