/** The help text of the debug console. */
import { FUNCTIONS } from './functions';
import { NAMES } from './names';

function row(name: string, doc: string): string {
  return `  ${name.padEnd(22)} ${doc}`;
}

export function helpText(): string {
  return [
    'Names (locals of the frame and files of the scenario take precedence):',
    ...NAMES.map(({ name, doc }) => row(name, doc)),
    '`result` to `events` describe the current statement if it has begun, otherwise the last one.',
    'Functions (an address is a number of bytes or a gfn):',
    ...FUNCTIONS.map(({ name, parameters, optional = 0, doc }) => {
      const least = parameters.length - optional;
      const shown = parameters.map((parameter, at) => (at < least ? parameter : `[${parameter}]`));
      return row(`${name}(${shown.join(', ')})`, doc);
    }),
    'Operators: + - * / % & | << >> == != < <= > >= && || ! and parentheses, on unsigned 64-bit numbers.',
    'Members follow a dot: slot(0).gfns, A.pages[0], slot(0).zapped, zapped.count, slot(0).gfns.has(gfn(0x80001000)).',
  ].join('\n');
}
