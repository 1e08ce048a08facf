import type { StatementSpec } from './syntax';
import { AS, argument, UNTIL } from './vocabulary';

/** Calls that run against each other. */

export const RACE_STATEMENTS = [
  {
    keyword: 'continue',
    required: [argument('call', null, 'the name of a call', 'early')],
    options: [UNTIL],
    doc: 'Resumes a suspended call: until it returns, or to another step.',
    details:
      'Its expectation covers what the call does from here on. A call is suspended where its own `until` says, ' +
      'and before a step that needs what another one holds: then it can go on once that has gone on.',
    example: 'continue early',
    systemCall: '',
    kernelFunction: '',
    manual: null,
  },
] as const satisfies readonly StatementSpec[];

/** Statements whose calls cannot suspend: they make no call that takes time, or bring the scenario to another VM. */
const AT_ONCE: ReadonlySet<string> = new Set(['kernel', 'vm', 'switch']);

/** The statements with the words that make their calls suspend. */
export function withStops<K extends string>(specs: readonly StatementSpec<K>[]): readonly StatementSpec<K>[] {
  return specs.map((spec) => (AT_ONCE.has(spec.keyword) ? spec : { ...spec, common: [UNTIL, AS] }));
}
