import type { StatementSpec } from './syntax';
import { argument, definition } from './vocabulary';

/** Statements that structure a file: constants, and several scenarios that share their set-up. */

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
      'From here on the name can be used wherever a number is allowed, and in arithmetic with `+`, `-`, `*` and ' +
      'parentheses. A constant that is defined in the block of a scenario is known until the end of the block.',
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
    doc: 'One of several scenarios in a file: it runs the statements above it that are outside of blocks, then its own.',
    details:
      'Write the common set-up, such as files and slots, once above the scenarios. A block may begin with its own ' +
      '`kernel`, which replaces that of the file.',
    example: 'scenario "a hole across two slots" { }',
    systemCall: '',
    kernelFunction: '',
    manual: null,
  },
] as const satisfies readonly StatementSpec[];
