/** One debug step, from the request until the editor has everything it asks for after a stop. */
import { DebugSession } from '../../src/dap/session';
import { Client } from './debug-client';
import { longScenario as longText } from './language';
import { measure, printRatio, printTable, printWaits } from './measure';
import { benchStepCpu } from './step-cpu';

/** A slot whose pages are mapped in a few ranges, and then a statement to step into and out of. */
function scenario(slotSize: string, unit: bigint): string {
  return `kernel linux-7.3 with phys-bits bits-48
vm sw-protected
gmem A size ${slotSize}
slot 0 gpa 0 size ${slotSize} gmem A offset 0
convert gpa 0 size ${slotSize} private
prefault vcpu 0 gpa 0 size ${slotSize}
punch A offset ${unit} size ${unit}
punch A offset ${unit * 3n} size ${unit}
`;
}

/** A session stopped before its last statement, or after the given number of them. */
async function stoppedSession(text: string, after?: number): Promise<Client> {
  const client = new Client(new DebugSession({ readFile: async () => text }));
  await client.launch();
  const steps = after ?? text.trim().split('\n').length - 3;
  for (let at = 0; at < steps; at++) await client.move('next');
  return client;
}

/** Steps into the kernel, reads everything that the editor shows there, and steps back. */
async function roundTrip(client: Client): Promise<void> {
  await client.move('stepIn');
  const { stackFrames } = await client.request('stackTrace', { threadId: 1 });
  const frames = stackFrames as readonly { id: number }[];
  const { scopes } = await client.request('scopes', { frameId: frames[0]?.id });
  for (const { variablesReference } of scopes as readonly { variablesReference: number }[]) {
    await client.request('variables', { variablesReference });
  }
  await client.move('stepBack');
}

/** Milliseconds from F5 to the first stop, and for a step with everything shown after it. */
const START_TARGET = 200;
const STEP_TARGET = 50;

/** Statements of a long run. */
const STATEMENTS = 2000;

/** Alternating holes and faults over a few pages. */
function longScenario(): string {
  const lines = ['vm sw-protected', 'gmem A size 4M', 'slot 0 gpa 0x80000000 size 4M gmem A offset 0'];
  lines.push('convert gpa 0x80000000 size 4M private');
  for (let at = lines.length; at <= STATEMENTS; at++) {
    const page = at % 64;
    const gpa = `0x${(0x80000000 + page * 4096).toString(16)}`;
    lines.push(at % 2 === 0 ? `punch A offset ${page * 4}K size 8K` : `fault vcpu 0 read gpa ${gpa}`);
  }
  return `${lines.join('\n')}\n`;
}

const NEVER_TRUE = {
  breakpoints: [{ name: 'kvm_gmem_punch_hole', condition: 'start > 0x1000 && slots.count > 1' }],
};
const NEVER_HIT = {
  breakpoints: [{ dataId: 'gfn 0x80300 zapped' }, { dataId: 'A pages 0x300..0x400 freed' }],
};

/** From the start to the end and back again: each statement is run twice and inspected twice. */
async function longRun(client: Client): Promise<void> {
  await client.request('setBreakpoints', {
    source: { path: '/bench.gmem' },
    breakpoints: [{ line: STATEMENTS + 1 }],
  });
  await client.move('continue');
  await client.move('reverseContinue');
}

async function benchLongRuns(): Promise<void> {
  const rules = [
    ['no breakpoints', []],
    ['a condition that is never true', [['setFunctionBreakpoints', NEVER_TRUE]]],
    ['data breakpoints that are never hit', [['setDataBreakpoints', NEVER_HIT]]],
  ] as const;
  const tasks = [];
  for (const [name, requests] of rules) {
    const client = await stoppedSession(longScenario(), 0);
    for (const [command, args] of requests) await client.request(command, args);
    const amount = { count: 2 * STATEMENTS, unit: 'statements' };
    tasks.push({ name, run: () => longRun(client), amount });
  }
  const rows = await measure(tasks);
  printTable(`Debugger: ${STATEMENTS.toLocaleString('en')} statements forward and back, with`, rows);
  printRatio(rows);
}

/** From F5 to the stop before the first statement, for scenarios of the given lengths. */
async function benchStarts(): Promise<void> {
  const tasks = [100, 1_000, 10_000].map((lines) => {
    const text = longText(lines);
    return {
      name: `${lines.toLocaleString('en')} lines`,
      run: () => stoppedSession(text, 0),
      target: START_TARGET,
    };
  });
  const rows = await measure(tasks);
  printWaits('Debugger: from F5 to the first stop', rows);
  printRatio(rows);
}

export async function benchDebugger(): Promise<void> {
  await benchStarts();
  const sizes = [
    ['4 MiB slot', scenario('4M', 4096n)],
    ['4 TiB slot', scenario('4T', 4096n * 1024n * 1024n)],
  ] as const;
  const tasks = [];
  for (const [name, text] of sizes) {
    const client = await stoppedSession(text);
    tasks.push({ name, run: () => roundTrip(client), target: STEP_TARGET });
  }
  const rows = await measure(tasks);
  printWaits('Debugger: step in, stack, all variables, step back', rows);
  printRatio(rows);
  await benchLongRuns();
  await benchStepCpu(longScenario());
}
