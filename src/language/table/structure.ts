import type { StatementSpec } from './syntax';
import { argument, definition } from './vocabulary';

/** What gives a file its structure: constants, and several scenarios with the set-up that they share. */

export const STRUCTURE_STATEMENTS = [
  {
    keyword: 'let',
    required: [
      definition(argument('constant', null, "the constant's name", 'base')),
      argument('value', '=', 'its value', '0x80000000'),
    ],
    options: [],
    doc: 'Gives a number a name.',
    details:
      'From here on the name stands in the place of numbers, and in arithmetic with `+`, `-`, `*` and ' +
      'parentheses. In the block of a scenario it is known up to the end of the block.',
    example: 'let base = 0x80000000',
    systemCall: '',
    kernelFunction: '',
    manual: null,
  },
  {
    keyword: 'scenario',
    required: [definition(argument('title', null, "the scenario's title", '"a hole across two slots"'))],
    options: [],
    block: true,
    doc: 'One of several scenarios in a file: the statements above it outside of blocks, then those in its own.',
    details:
      'What is common to all, such as files and slots, stands above them once. A block may begin with a ' +
      '`kernel` of its own, which takes the place of that of the file.',
    example: 'scenario "a hole across two slots" { }',
    systemCall: '',
    kernelFunction: '',
    manual: null,
  },
] as const satisfies readonly StatementSpec[];
