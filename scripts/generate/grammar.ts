import { argumentsIn, argumentsOf, type Part, type Role, STATEMENTS } from '../../src/language';

/**
 * syntaxes/gmem.tmLanguage.json: the colours. A rule is a match on one line, so a statement broken over
 * lines keeps its colours word by word.
 */

interface Rule {
  readonly match: string;
  readonly name?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}

const WORD = '[A-Za-z_][A-Za-z0-9_.-]*';
/** No letter, digit, `-` or `.` here: `init-shared` is one word. */
const BEFORE = '(?<![\\w.-])';
const AFTER = '(?![\\w.-])';

const SCOPES = {
  keyword: 'keyword.control.gmem',
  label: 'variable.parameter.label.gmem',
  choice: 'constant.language.gmem',
  flag: 'storage.modifier.gmem',
  definition: 'entity.name.type.file.gmem',
} as const;

/** What the names of each role look like; numbers are coloured wherever they stand. */
const NAME_SCOPES: Readonly<Partial<Record<Role, string>>> = {
  file: 'variable.other.file.gmem',
  kernel: 'support.constant.kernel.gmem',
  vm: 'support.constant.vm.gmem',
  knob: 'support.constant.knob.gmem',
  variant: 'constant.language.variant.gmem',
  permissions: 'constant.language.permissions.gmem',
};

function alternatives(words: Iterable<string>): string {
  const sorted = [...new Set(words)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return sorted.map((word) => word.replaceAll(/[.]/g, '\\.')).join('|');
}

function oneOf(words: Iterable<string>): string {
  return `(${alternatives(words)})`;
}

function whole(words: Iterable<string>): string {
  return `${BEFORE}${oneOf(words)}${AFTER}`;
}

function capture(...names: string[]): NonNullable<Rule['captures']> {
  return Object.fromEntries(names.map((name, at) => [`${at + 1}`, { name }]));
}

/** Every part of some statement. */
const PARTS: readonly Part[] = STATEMENTS.flatMap(({ required, options }) => [...required, ...options]);

const LABELS: readonly string[] = STATEMENTS.flatMap(argumentsOf).flatMap(({ label }) =>
  label === null ? [] : [label],
);

/** `gmem A` at the start of a line gives A its name. */
function definitions(): Rule[] {
  const keywords = STATEMENTS.filter(({ required: [first] }) => first?.kind === 'argument' && first.defines)
    .filter(({ required: [first] }) => first?.kind === 'argument' && first.role === 'file')
    .map(({ keyword }) => keyword);
  const match = `^\\s*${oneOf(keywords)}\\s+(${WORD})`;
  return [{ match, captures: capture(SCOPES.keyword, SCOPES.definition) }];
}

/** A keyword with the name behind it: `punch A`, `kernel linux-7.3`. */
function namesBehindKeywords(): Rule[] {
  return Object.entries(NAME_SCOPES).flatMap(([role, scope]) => {
    const keywords = STATEMENTS.filter(({ required: [first] }) => {
      return first?.kind === 'argument' && first.role === role && first.label === null && !first.defines;
    }).map(({ keyword }) => keyword);
    if (keywords.length === 0) return [];
    const match = `${BEFORE}${oneOf(keywords)}\\s+(${WORD})`;
    return [{ match, captures: capture(SCOPES.keyword, scope) }];
  });
}

/** A word of a choice with the name behind it: `write A`, but not `write slot 0`. */
function namesBehindChoices(): Rule[] {
  return STATEMENTS.flatMap(({ required }) =>
    required.flatMap((part, at): Rule[] => {
      const before = required[at - 1];
      const scope = part.kind === 'either' ? NAME_SCOPES[part.bare.role] : undefined;
      if (part.kind !== 'either' || before?.kind !== 'choice' || scope === undefined) return [];
      const words = whole(before.words.map(({ word }) => word));
      const match = `${words}\\s+(?!(?:${alternatives(LABELS)})${AFTER})(${WORD})`;
      return [{ match, captures: capture(SCOPES.choice, scope) }];
    }),
  );
}

/** A label with the name behind it, and the name behind that: `gmem A`, `with retry-check off`. */
function namesBehindLabels(): Rule[] {
  return PARTS.flatMap((part): Rule[] => {
    const parts = part.kind === 'either' ? [] : argumentsIn(part);
    const label = parts[0]?.label ?? null;
    const names = parts.map(({ role }) => NAME_SCOPES[role]).filter((scope) => scope !== undefined);
    if (label === null || names.length === 0) return [];
    const optional = names.slice(1).map(() => `(?:\\s+(${WORD}))?`);
    const match = `${whole([label])}\\s+(${WORD})${optional.join('')}`;
    return [{ match, captures: capture(SCOPES.label, ...names) }];
  });
}

function words(): Rule[] {
  const choices = PARTS.flatMap((part) =>
    part.kind === 'choice' || part.kind === 'one-of' ? part.words.map(({ word }) => word) : [],
  );
  const flags = PARTS.flatMap((part) => (part.kind === 'flag' ? [part.word] : []));
  const keywords = STATEMENTS.map(({ keyword }) => keyword);
  const only = keywords.filter((keyword) => !LABELS.includes(keyword));
  return [
    { match: `^\\s*${oneOf(keywords)}${AFTER}`, captures: capture(SCOPES.keyword) },
    { match: whole(only), name: SCOPES.keyword },
    { match: whole(LABELS), name: SCOPES.label },
    { match: whole(choices), name: SCOPES.choice },
    { match: whole(flags), name: SCOPES.flag },
  ];
}

const LITERALS: readonly Rule[] = [
  { match: '#.*$', name: 'comment.line.number-sign.gmem' },
  { match: '=>[^#]*', name: 'string.unquoted.outcome.gmem' },
  { match: `${BEFORE}0x[0-9A-Fa-f](?:_*[0-9A-Fa-f])*[KMGT]?${AFTER}`, name: 'constant.numeric.hex.gmem' },
  { match: `${BEFORE}[0-9](?:_*[0-9])*[KMGT]?${AFTER}`, name: 'constant.numeric.decimal.gmem' },
];

export function grammarFile(): string {
  const grammar = {
    name: 'gmem',
    scopeName: 'source.gmem',
    patterns: [
      ...LITERALS.slice(0, 2),
      ...definitions(),
      ...namesBehindKeywords(),
      ...namesBehindLabels(),
      ...namesBehindChoices(),
      ...words(),
      ...LITERALS.slice(2),
    ],
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}
