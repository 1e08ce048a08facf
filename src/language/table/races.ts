import type { StatementSpec } from './syntax';
import { argument, UNTIL } from './vocabulary';

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
