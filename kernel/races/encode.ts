/** Encodes a scenario whose calls are suspended, for guest/race.c. */
import type { CompiledStatement, Program } from '../../src/language';
import { elementAt } from '../../src/simulator';
import { isRealKernel } from '../catalogue';
import { encodedStatements, isInterleaved, type Unencodable, vmTypeOf } from '../encode';
import { hasPoint, POINT_LABELS } from '../points/table';
import { type Ending, turnsOf } from './endings';

const NAMED = 1;
const YIELDS = 2;

/**
 * Steps between two leaves of a zap, and between a zap and its flush: the simulator drops mmu_lock between two leaves, with a
 * flush, and the kernel does so only if it is made to.
 */
const YIELDING: ReadonlySet<string> = new Set(['UZ2', 'UZ3', 'I4f', 'I5', 'T8n', 'T8f', 'N5', 'D3c']);

/** Calls that begin while another call of their vCPU is suspended. */
function sharingVcpu(program: Program): readonly Unencodable[] {
  const { statements } = program;
  const calls = callNumbers(statements);
  const running = new Map<number, number>();
  return turnsOf(program).flatMap(({ statement: at, resumes, ending }) => {
    const statement = elementAt(statements, at);
    const vcpu = 'vcpu' in statement.call ? statement.call.vcpu : null;
    if (vcpu === null) return [];
    const call = elementAt(calls, at);
    const begins = !resumes && !statement.course.continues;
    const shares = begins && running.has(vcpu);
    if (ending !== 'r' && ending !== 'l') running.set(vcpu, running.get(vcpu) ?? call);
    else if (running.get(vcpu) === call) running.delete(vcpu);
    return shares
      ? [{ statement, why: `vCPU ${vcpu} runs another call: its thread makes one at a time` }]
      : [];
  });
}

/** The statements whose order cannot be forced, and why. */
export function unforcedStatements(program: Program): readonly Unencodable[] {
  const { kernel } = program.setup;
  const has = (label: string) => (isRealKernel(kernel) ? hasPoint(label, kernel) : POINT_LABELS.has(label));
  const unplaced = program.statements.flatMap((statement): readonly Unencodable[] => {
    const { until } = statement.course;
    if (until === null || has(until)) return [];
    return [{ statement, why: `\`until ${until}\`: this label has no place in the kernel's source` }];
  });
  const repeating = program.race?.tasks.find(({ repeats }) => repeats);
  const endless = repeating === undefined ? undefined : program.statements[repeating.start];
  return [
    ...unplaced,
    ...(endless === undefined
      ? []
      : [{ statement: endless, why: 'a task that repeats never ends, so there is no end to compare' }]),
    ...(isInterleaved(program) ? sharingVcpu(program) : []),
  ];
}

/** For each statement, the number of its call. */
function callNumbers(statements: readonly CompiledStatement[]): readonly number[] {
  let count = 0;
  const byTitle = new Map<string, number>();
  return statements.map(({ course: { title, continues } }) => {
    if (!continues) byTitle.set(title, count++);
    return byTitle.get(title) ?? 0;
  });
}

function lineOf({ course }: CompiledStatement, call: number, ending: Ending, words: string): string {
  const { named, until, continues } = course;
  const flags = (named ? NAMED : 0) | (until !== null && YIELDING.has(until) ? YIELDS : 0);
  const head = `${continues ? 'continue' : 'start'} ${call} ${flags} ${until ?? '-'} ${ending}`;
  return continues ? head : `${head} ${words}`;
}

/**
 * `number` is repeated in everything that the guest program prints about the scenario.
 * @throws Error if a statement cannot be encoded, or its label has no point.
 */
export function encodeRace(number: number, program: Program): string {
  const [unforced] = unforcedStatements(program);
  if (unforced !== undefined) throw new Error(`line ${unforced.statement.line}: ${unforced.why}`);
  const { setup, statements } = program;
  const numbers = callNumbers(statements);
  const words = encodedStatements(statements);
  const lines = turnsOf(program).map(({ statement: at, resumes, ending }) => {
    const call = numbers[at] ?? 0;
    if (resumes) return `resume ${call} 0 - ${ending}`;
    return lineOf(elementAt(statements, at), call, ending, words[at] ?? '');
  });
  return [`race ${number} ${vmTypeOf(setup)} ${setup.vcpus}`, ...lines, 'end', ''].join('\n');
}
