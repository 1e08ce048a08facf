import { describe, expect, test } from 'vitest';
import {
  type ArgumentPart,
  argumentsIn,
  callOf,
  type Part,
  parse,
  STATEMENTS,
  type StatementSpec,
} from '../../../src/language';

/** Two values of an argument. */
function values({ role }: ArgumentPart): readonly [string, string] {
  switch (role) {
    case 'file':
      return ['A', 'B'];
    case 'permissions':
      return ['r', 'rw'];
    case 'vm':
      return ['sev-snp', 'tdx'];
    default:
      return ['1', '2'];
  }
}

function argumentTexts(part: ArgumentPart): readonly [string, string] {
  const [one, other] = values(part);
  return part.label === null ? [one, other] : [`${part.label} ${one}`, `${part.label} ${other}`];
}

/** What can be varied in a part, each with spellings that make different calls. */
function variationsOf(part: Part): readonly (readonly string[])[] {
  switch (part.kind) {
    case 'flag':
      return [['', part.word]];
    case 'choice':
    case 'one-of':
      return [part.words.map(({ word }) => word)];
    case 'argument':
    case 'either':
      return argumentsIn(part).map(argumentTexts);
    case 'group':
      return part.parts.map((varied) =>
        [0, 1].map((at) =>
          part.parts.map((one) => argumentTexts(one)[one === varied && at === 1 ? 1 : 0]).join(' '),
        ),
      );
  }
}

/** The call that the text makes; null if a part requires another one, which the checks of a scenario report. */
function callText(text: string): string | null {
  const [statement] = parse(text).statements;
  try {
    const call = callOf(statement!);
    return JSON.stringify(call, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  } catch {
    return null;
  }
}

/** Texts to put around the varied part: each spelling of the other required parts, with and without the other options. */
function framesFor({ required, options }: StatementSpec, varied: Part): readonly ReadonlyMap<Part, string>[] {
  const spellings = required.map(
    (part) => [part, part === varied ? [''] : variationsOf(part).flat()] as const,
  );
  const frames = spellings.reduce<readonly ReadonlyMap<Part, string>[]>(
    (maps, [part, texts]) => maps.flatMap((map) => texts.map((text) => new Map(map).set(part, text))),
    [new Map()],
  );
  const others = options.filter((part) => part !== varied);
  const given = others.map((part) => [part, variationsOf(part).flat().at(-1)!] as const);
  return frames.flatMap((frame) => [frame, new Map([...frame, ...given])]);
}

function callsWith(spec: StatementSpec, part: Part, spellings: readonly string[]): readonly Set<string>[] {
  const parts = [...spec.required, ...spec.options];
  return framesFor(spec, part).map((frame) => {
    const texts = spellings.map((text) => parts.map((one) => (one === part ? text : (frame.get(one) ?? ''))));
    const calls = texts.map((words) => callText([spec.keyword, ...words].join(' ')));
    return new Set(calls.filter((call) => call !== null));
  });
}

const CASES = STATEMENTS.filter(({ example }) => callText(example) !== 'null').flatMap((spec) =>
  [...spec.required, ...spec.options].flatMap((part) =>
    variationsOf(part).map((spellings) => [spec.keyword, spellings, spec, part] as const),
  ),
);

describe('no part of a statement is ignored', () => {
  test.each(CASES)('%s: %j', (_, spellings, spec, part) => {
    const most = Math.max(...callsWith(spec, part, spellings).map(({ size }) => size));
    expect(most).toBe(spellings.length);
  });
});
