/**
 * Comparing and hashing states by content. Parts that two states share are the same objects, so equality
 * looks only at what differs, and each part is hashed once for all states that have it.
 */
import type { Frame, State } from './state';

const hashes = new WeakMap<object, number>();

/** One round of a 32-bit mix (multiply and rotate, as in MurmurHash3). */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function hashString(text: string): number {
  let hash = text.length;
  for (let at = 0; at < text.length; at++) hash = mix(hash, text.charCodeAt(at));
  return hash;
}

const words = new Map<string, number>();

/** Hash of a name, remembered: names of keys, kinds and procedures are few. */
function hashWord(text: string): number {
  const known = words.get(text);
  if (known !== undefined) return known;
  const hash = hashString(text);
  if (words.size < 4096) words.set(text, hash);
  return hash;
}

function hashNumber(value: number): number {
  return mix(value | 0, Math.floor(value / 2 ** 32) | 0);
}

function hashValue(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return hashNumber(value);
    case 'string':
      return hashWord(value);
    case 'boolean':
      return value ? 0x51ed270b : 0x2545f491;
    case 'bigint':
      return mix(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
    case 'object':
      return value === null ? 0x1b56c4e9 : hashObject(value);
    default:
      return 0;
  }
}

/** Hash of an object's content, without remembering it. */
function hashContent(value: object): number {
  if (Array.isArray(value)) {
    let hash = mix(0x9e3779b9, value.length);
    for (const item of value) hash = mix(hash, hashValue(item));
    return hash;
  }
  // A sum over the keys does not depend on the order in which they were set.
  let sum = 0;
  for (const key in value) {
    sum = (sum + mix(hashWord(key), hashValue((value as Record<string, unknown>)[key]))) | 0;
  }
  return mix(0x9e3779b9, sum);
}

function hashObject(value: object): number {
  const known = hashes.get(value);
  if (known !== undefined) return known;
  const hash = hashContent(value);
  hashes.set(value, hash);
  return hash;
}

/** Everything but the tasks; that none is missing is the compiler's to check. */
const PARTS = Object.keys({
  setup: 0,
  vms: 0,
  rmp: 0,
  directMap: 0,
  contents: 0,
  freed: 0,
  descriptors: 0,
  files: 0,
  locks: 0,
  srcuEpoch: 0,
  warned: 0,
  next: 0,
} satisfies Record<Exclude<keyof State, 'tasks'>, 0>) as readonly Exclude<keyof State, 'tasks'>[];

/** The state that was hashed last, and the hash of its parts: most steps change nothing but the tasks. */
let last: { readonly state: State; readonly hash: number } | null = null;

function sameParts(a: State, b: State): boolean {
  for (const part of PARTS) if (a[part] !== b[part]) return false;
  return true;
}

function hashParts(state: State): number {
  if (last !== null && sameParts(last.state, state)) return last.hash;
  let hash = 0;
  for (const part of PARTS) hash = mix(hash, hashValue(state[part]));
  last = { state, hash };
  return hash;
}

/** Hash of the innermost frame: its locals are new at every step, so they are not remembered either. */
function hashFrame({ procedure, step, locals, into, vmId }: Frame): number {
  const hash = mix(mix(mix(hashWord(procedure), step), into === null ? 0 : hashWord(into)), vmId);
  return mix(hash, hashContent(locals));
}

/** A 32-bit hash of everything in the state: equal states have equal hashes. */
export function hashState(state: State): number {
  let hash = hashParts(state);
  for (const { id, stack, signal } of state.tasks) {
    hash = mix(mix(hash, id), signal ? 1 : stack.length);
    stack.forEach((frame, at) => {
      hash = mix(hash, at === stack.length - 1 ? hashFrame(frame) : hashObject(frame));
    });
  }
  return hash >>> 0;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => same(left[key], right[key]));
}

/** Whether two states are equal in every part. */
export function sameState(a: State, b: State): boolean {
  // Programs differ at almost every step, so they are what tells two states apart soonest.
  return same(a.tasks, b.tasks) && same(a, b);
}
