/**
 * The examples of the reference, with their outcomes. Most need a set-up, which is hidden from readers, in the form
 * that `gmemscope doc check` understands.
 */
import { analyze } from '../../src/language';
import { annotationsByLine, observedOutcome, runScenario } from '../../src/outcome';

const SETUPS: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'two-slots',
    text: `vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000 size 1M gmem A offset 2M
convert gpa 0x80100000 size 1M private
convert gpa 0x90000000 size 1M private
prefault vcpu 0 gpa 0x801fe000 size 8K
prefault vcpu 0 gpa 0x90000000 size 16K
fault vcpu 0 write gpa 0x80001000`,
  },
  {
    name: 'a-file',
    text: `vm sw-protected
gmem A size 4M`,
  },
  {
    name: 'another-slot',
    text: `vm default
slot 0 gpa 0x40000000 size 2M
fault vcpu 0 write gpa 0x40001000`,
  },
  {
    name: 'a-launch',
    text: `vm sev-snp
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private`,
  },
  {
    name: 'a-guest',
    text: `vm sev-snp
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
launch-finish`,
  },
  {
    name: 'an-assigned-page',
    text: `vm sev-snp
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
launch-update gpa 0x80000000 size 4K
launch-finish`,
  },
  {
    name: 'an-assigned-2m',
    text: `kernel linux-6.12
vm sev-snp
gmem A size 4M huge
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
launch-finish
pvalidate vcpu 0 gpa 0x80000000 size 2M validate`,
  },
  {
    name: 'a-suspended-fault',
    text: `vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
fault vcpu 0 read gpa 0x80000000 until FA9g as early`,
  },
  {
    name: 'a-tdx-guest',
    text: `vm tdx
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private`,
  },
];

interface Ran {
  /** The outcome of each statement, by its line in the text, from 0. */
  readonly lines: ReadonlyMap<number, readonly string[]>;
  /** Whether the call or the instruction fails, or the guest gets an exception. */
  readonly fails: boolean;
  /** Whether the call is refused. A call that does its work can fail, too: `poison` returns EBUSY. */
  readonly isRefused: boolean;
}

/** The outcome of the last statement; null if the text is not a scenario, or the statement makes no call. */
function run(text: string): Ran | null {
  const { document, diagnostics, programs } = analyze(text);
  const last = document.statements.at(-1)!;
  const calls = programs[0].statements.at(-1)?.statement === last;
  if (diagnostics.length > 0 || !calls) return null;
  const executed = [...runScenario(programs[0])].at(-1)!;
  const lines = annotationsByLine(text, analyze(text));
  const { result, instruction, guest, exit } = observedOutcome(executed.events, executed);
  const cannotRun = exit?.reason === 'fail-entry' || exit?.reason === 'internal-error';
  const refused = (instruction?.result ?? 'SUCCESS') !== 'SUCCESS' || guest.length > 0;
  const fails = result !== 'ok' || refused || cannotRun;
  return { lines, fails, isRefused: executed.events.some(({ type }) => type === 'refused') };
}

function fence(lines: readonly string[]): string {
  return ['```gmem', ...lines, '```'].join('\n');
}

/** The set-ups, which are visible only in the source of the page. */
export const SETUP_SECTIONS = SETUPS.map(({ name, text }) => `<!-- gmem: setup ${name}\n${text}\n-->`).join(
  '\n\n',
);

/** An example after the first set-up with which it succeeds; if there is none, with which it is not refused or runs. */
export function exampleSection(example: string): string {
  const tried = [...SETUPS, { name: null, text: '' }].flatMap(({ name, text }) => {
    const ran = run(text === '' ? example : `${text}\n${example}`);
    return ran === null ? [] : [{ name, ...ran }];
  });
  const chosen = tried.find(({ fails }) => !fails) ?? tried.find(({ isRefused }) => !isRefused) ?? tried[0];
  if (chosen === undefined) return `<!-- gmem: fragment -->\n${fence([example])}`;
  const setUp = SETUPS.find(({ name }) => name === chosen.name)?.text.split('\n').length ?? 0;
  const block = fence(
    example.split('\n').flatMap((line, at) => [line, ...(chosen.lines.get(setUp + at) ?? [])]),
  );
  return chosen.name === null ? block : `<!-- gmem: after ${chosen.name} -->\n${block}`;
}
