import type { StatementSpec } from './syntax';
import { AS, argument, UNTIL } from './vocabulary';

/** Calls that run against each other. */

export const RACE_STATEMENTS = [
  {
    keyword: 'continue',
    required: [argument('call', null, 'the name of a call', 'early')],
    options: [UNTIL],
    doc: 'Resumes a suspended call until it returns or reaches another step.',
    details:
      'Its expectation covers what the call does from here on. A call is suspended at the step that its `until` ' +
      'names, or because it is blocked: it can continue once the other call has released what it waits for.',
    example: 'continue early',
    systemCall: '',
    kernelFunction: '',
    manual: null,
  },
] as const satisfies readonly StatementSpec[];

/** Statements whose calls cannot suspend: they run no procedure, or change the VM that the scenario is at. */
const AT_ONCE: ReadonlySet<string> = new Set(['kernel', 'vm', 'switch']);

/** Adds `until` and `as` to the statements whose calls can suspend. */
export function withStops<K extends string>(specs: readonly StatementSpec<K>[]): readonly StatementSpec<K>[] {
  return specs.map((spec) => (AT_ONCE.has(spec.keyword) ? spec : { ...spec, common: [UNTIL, AS] }));
}
