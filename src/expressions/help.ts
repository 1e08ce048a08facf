/** What there is to type, as text for a console. */
import { FUNCTIONS } from './functions';
import { NAMES } from './names';

function row(name: string, doc: string): string {
  return `  ${name.padEnd(22)} ${doc}`;
}

export function helpText(): string {
  return [
    'Names (a local of the frame, and a file of the scenario, go before them):',
    ...NAMES.map(({ name, doc }) => row(name, doc)),
    'From `result` to `events` they are of the statement that is on its way, or else of the last one.',
    'Functions; an address is in bytes, or a gfn:',
    ...FUNCTIONS.map(({ name, parameters, optional = 0, doc }) => {
      const least = parameters.length - optional;
      const shown = parameters.map((parameter, at) => (at < least ? parameter : `[${parameter}]`));
      return row(`${name}(${shown.join(', ')})`, doc);
    }),
    'Operators: + - * / % & | << >> == != < <= > >= && || ! and brackets, in 64 bits without a sign.',
    'Behind a dot stands a part: slot(0).gfns, A.pages[0], slot(0).zapped, zapped.count, slot(0).gfns.has(gfn(0x80001000)).',
  ].join('\n');
}
