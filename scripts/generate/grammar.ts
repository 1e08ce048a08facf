import {
  argumentLabels,
  argumentsIn,
  argumentsOf,
  EXPECTATION_WORDS,
  isNumberRole,
  type Part,
  partsOf,
  QUANTIFIERS,
  type Role,
  STATEMENTS,
  VIOLATIONS,
} from '../../src/language';

/**
 * syntaxes/gmem.tmLanguage.json: the TextMate grammar. A rule matches within one line, so a statement broken over lines
 * keeps its colours word by word.
 */

interface Match {
  readonly match: string;
  readonly name?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}

/** From one match to the next on the line, with its own rules in between. */
interface Stretch {
  readonly begin: string;
  readonly end: string;
  readonly beginCaptures: NonNullable<Match['captures']>;
  readonly patterns: readonly Match[];
}

type Rule = Match | Stretch;

const WORD = '[A-Za-z_][A-Za-z0-9_.-]*';
/** Not next to a letter, digit, `-` or `.`: `init-shared` is one word. */
const BEFORE = '(?<![\\w.-])';
const AFTER = '(?![\\w.-])';

const SCOPES = {
  keyword: 'keyword.control.gmem',
  label: 'variable.parameter.label.gmem',
  choice: 'constant.language.gmem',
  flag: 'storage.modifier.gmem',
  definition: 'entity.name.type.file.gmem',
  constant: 'variable.other.constant.gmem',
  operator: 'keyword.operator.gmem',
  expectation: 'support.function.expectation.gmem',
  task: 'entity.name.function.task.gmem',
  quantifier: 'keyword.other.quantifier.gmem',
} as const;

/** The syntax of names, by role; numbers are coloured everywhere. */
const NAME_SCOPES: Readonly<Partial<Record<Role, string>>> = {
  file: 'variable.other.file.gmem',
  kernel: 'support.constant.kernel.gmem',
  vm: 'support.constant.vm.gmem',
  knob: 'support.constant.knob.gmem',
  variant: 'constant.language.variant.gmem',
  permissions: 'constant.language.permissions.gmem',
  call: 'entity.name.function.call.gmem',
  step: 'constant.language.step.gmem',
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

function capture(...names: string[]): NonNullable<Match['captures']> {
  return Object.fromEntries(names.map((name, at) => [`${at + 1}`, { name }]));
}

/** All parts of all statements, without duplicates. */
const PARTS: readonly Part[] = [...new Set(STATEMENTS.flatMap(partsOf))];

const isWord = (label: string) => /^\w/.test(label);

const LABELS: readonly string[] = STATEMENTS.flatMap(argumentsOf).flatMap(argumentLabels).filter(isWord);

const NUMBER_LABELS: readonly string[] = STATEMENTS.flatMap(argumentsOf)
  .filter(({ role }) => isNumberRole(role))
  .flatMap(argumentLabels)
  .filter(isWord);

/** `gmem A` at the start of a line gives A its name, `let base` a constant. */
function definitions(): Rule[] {
  const definedBy = (role: Role) =>
    STATEMENTS.filter(
      ({ required: [first] }) => first?.kind === 'argument' && first.defines && first.role === role,
    ).map(({ keyword }) => keyword);
  const rule = (role: Role, scope: string): Rule => ({
    match: `^\\s*${oneOf(definedBy(role))}\\s+(${WORD})`,
    captures: capture(SCOPES.keyword, scope),
  });
  return [rule('file', SCOPES.definition), rule('constant', SCOPES.constant), rule('task', SCOPES.task)];
}

/** Constants in place of numbers: after a label, and in arithmetic. */
function constants(): Rule[] {
  const name = '([A-Za-z_][A-Za-z0-9_]*)';
  return [
    { match: `${whole(NUMBER_LABELS)}\\s+${name}${AFTER}`, captures: capture(SCOPES.label, SCOPES.constant) },
    { match: `([-+*(]|\\.\\.)\\s*${name}${AFTER}`, captures: capture(SCOPES.operator, SCOPES.constant) },
  ];
}

const NUMBERS: readonly Match[] = [
  // The end of a range follows two dots.
  {
    match: `(?<![\\w-])(?<![^.]\\.)0x[0-9A-Fa-f](?:_*[0-9A-Fa-f])*[KMGT]?(?![\\w])`,
    name: 'constant.numeric.hex.gmem',
  },
  { match: `(?<![\\w])[0-9](?:_*[0-9])*[KMGT]?(?![\\w])`, name: 'constant.numeric.decimal.gmem' },
  { match: `${BEFORE}[0-9]+[x×](?:4K|2M)${AFTER}`, name: 'constant.numeric.entries.gmem' },
];

const OPERATORS: Match = { match: '\\.\\.|[-+*=(),{}]', name: SCOPES.operator };

/** The expectation of a statement, up to the end of the line or a comment. */
function expectations(): Rule {
  return {
    begin: '=>',
    end: '(?=#|$)',
    beginCaptures: { 0: { name: SCOPES.operator } },
    patterns: [
      { match: whole(QUANTIFIERS.map(({ word }) => word)), name: SCOPES.quantifier },
      {
        match: whole([...EXPECTATION_WORDS, ...VIOLATIONS.map(({ word }) => word)]),
        name: SCOPES.expectation,
      },
      ...NUMBERS,
      { match: `${BEFORE}[A-Z][A-Z_]+${AFTER}`, name: 'constant.language.result.gmem' },
      { match: `${BEFORE}${WORD}${AFTER}`, name: 'variable.other.gmem' },
      OPERATORS,
    ],
  };
}

/** A keyword and the name after it: `punch A`, `kernel linux-7.3`. */
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

/** A choice and the name after it: `write A`, but not `write slot 0`. */
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

/** A label with the name after it, and a second name: `gmem A`, `with retry-check off`. */
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

const COMMENT: Match = { match: '#.*$', name: 'comment.line.number-sign.gmem' };
const TITLE: Match = { match: '"[^"]*"?', name: 'string.quoted.double.gmem' };

export function grammarFile(): string {
  const grammar = {
    name: 'gmem',
    scopeName: 'source.gmem',
    patterns: [
      COMMENT,
      TITLE,
      expectations(),
      ...definitions(),
      ...namesBehindKeywords(),
      ...namesBehindLabels(),
      ...namesBehindChoices(),
      ...words().slice(0, 2),
      ...constants(),
      ...words().slice(2),
      ...NUMBERS,
      OPERATORS,
    ],
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}
