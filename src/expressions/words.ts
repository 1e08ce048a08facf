/** Words that can be written without quotes: `result == EINVAL`, `to == private`. */
import { STATEMENTS, VM_TYPES } from '../language';
import { ERRNOS } from '../simulator';
import { flag, nothing, type Value, word } from './value';

const PLAIN: readonly string[] = [
  'private',
  'shared',
  'both',
  'read',
  'write',
  'exec',
  'direct',
  'mirror',
  'guest_memfd',
  'userspace',
  'ok',
  'livelock',
  'mmio',
  'enter',
  ...ERRNOS,
  'RETRY',
  'EMULATE',
  'FIXED',
  'SPURIOUS',
  ...STATEMENTS.map(({ keyword }) => keyword),
  ...VM_TYPES.map((type) => type.word),
];

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...PLAIN.map((text) => [text, word(text)] as const),
  ['true', flag(true)],
  ['false', flag(false)],
  ['none', nothing()],
]);

export function wordValue(text: string): Value | undefined {
  return WORDS.get(text);
}
