import { quote } from '../diagnostics/diagnostics';
import { CONTINUATION_WORDS, isReserved } from './statements';
import type { Role } from './syntax';

/** Names that scenarios give. */

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What scenarios give names to. */
const NAMED: Readonly<Partial<Record<Role, string>>> = {
  file: 'a file',
  constant: 'a constant',
  call: 'a call',
  task: 'a task',
};

/** Why a text cannot be a name in this role; null if it can, or if scenarios do not choose names in this role. */
export function nameProblem(text: string, role: Role): string | null {
  const what = NAMED[role];
  if (what === undefined) return null;
  const taken = isReserved(text) || (role === 'constant' && CONTINUATION_WORDS.has(text));
  if (taken) return `\`${text}\` is a reserved word and cannot name ${what}`;
  if (NAME.test(text)) return null;
  const form = 'letters, digits and `_`, and does not start with a digit';
  return `${quote(text)} cannot name ${what}: a name consists of ${form}`;
}
