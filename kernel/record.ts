/** Runs scenarios on a real kernel. */
import { buildKernel } from './build';
import type { RealKernel } from './catalogue';
import { encodeScenario } from './encode';
import { buildInitramfs } from './initramfs';
import { bootMachine } from './qemu';
import { type NamedProgram, type RecordedStatement, Recorder, type RecordListener } from './recorder';
import { demand, TO_RUN } from './requirements';

export type { NamedProgram, RecordedStatement, RecordListener };

export interface RecordOptions extends RecordListener {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs scenarios on a real kernel, one after the other in one boot, each in a separate VM. Builds the kernel first if
 * need be. The kernel and the knobs of a scenario are ignored.
 * @returns For each scenario, a record for each statement in order. A statement that cannot be performed (for example,
 * one that moves a missing slot) has none; `onSkipped` gets the reason.
 * @throws Error if this machine lacks something (it says what to install), a program has errors, or the machine ends
 * early (with the statement and the end of the console).
 */
export async function runOnKernel(
  kernel: RealKernel,
  scenarios: readonly NamedProgram[],
  options: RecordOptions = {},
): Promise<readonly (readonly RecordedStatement[])[]> {
  const { signal, onProgress } = options;
  for (const { name, program } of scenarios) {
    const [error] = program.errors;
    if (error !== undefined) throw new Error(`${name} has an error and cannot be run: ${error.message}`);
  }
  await demand(TO_RUN, 'Running scenarios on a real kernel');
  const image = await buildKernel(kernel, options);
  const encoded = scenarios.map(({ program }, number) => encodeScenario(number, program)).join('');
  const initramfs = await buildInitramfs(encoded, signal);

  onProgress?.(`${kernel}: booting`);
  const recorder = new Recorder(scenarios, {
    onProgress: (text) => onProgress?.(`${kernel}: ${text}`),
    onSkipped: options.onSkipped,
  });
  await bootMachine({ image, initramfs, signal, onLine: (line) => recorder.takeLine(line) }).catch(
    (error) => {
      if (signal?.aborted) throw error;
      throw new Error(`${kernel} failed at ${recorder.place()}: ${error.message}`);
    },
  );
  return recorder.finish();
}
