import type { StatementSpec } from './syntax';
import { argument, UNTIL } from './vocabulary';

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
