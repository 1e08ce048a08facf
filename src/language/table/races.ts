import type { StatementSpec } from './syntax';
import { argument, definition, flag, UNTIL } from './vocabulary';

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
  {
    keyword: 'race',
    required: [],
    options: [],
    block: true,
    doc: 'Calls that may run at the same time: two to eight tasks, which run in every order of their steps.',
    details:
      'Statements above it are the set-up. Statements behind it run once in each state in which the tasks can end. ' +
      'Behind its `}`, an expectation says what may go wrong, for instance `=> never STALE, sometimes WARN`; whatever ' +
      'it does not list must never happen.',
    example: 'race { }',
    systemCall: '',
    kernelFunction: '',
    manual: null,
  },
  {
    keyword: 'task',
    required: [definition(argument('task', null, "the task's name", 'vcpu0'))],
    options: [flag('repeats', 'The task makes its calls again and again, any number of times.')],
    block: true,
    doc: 'A task of a race: a thread of the VMM or a vCPU, which makes its calls one after the other.',
    details:
      'An expectation of one of its calls is about what the task itself sees: how the call ends, how many bytes it left ' +
      'undone, exits, retries, what it read, exceptions of the guest and results of instructions. `always`, `never` or ' +
      '`sometimes` before an expectation says in which orders it must hold; without a quantifier, it must always hold.',
    example: 'task vcpu0 repeats { }',
    systemCall: '',
    kernelFunction: '',
    manual: null,
  },
] as const satisfies readonly StatementSpec[];
