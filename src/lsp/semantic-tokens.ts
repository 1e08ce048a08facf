import {
  SemanticTokenModifiers,
  type SemanticTokens,
  type SemanticTokensDelta,
  type SemanticTokensEdit,
  type SemanticTokensLegend,
  SemanticTokenTypes,
} from 'vscode-languageserver';
import {
  type ClassifiedToken,
  classifyTokens,
  indexLines,
  positionAt,
  type Span,
  type TokenClass,
} from '../language';
import type { ScenarioDocument } from './documents';

/** Semantic tokens, with the standard types that every editor has colours for. */

/** The token type of each class of the language; package.json maps them to the scopes of the grammar. */
const TYPES: Readonly<Record<TokenClass, SemanticTokenTypes>> = {
  keyword: SemanticTokenTypes.keyword,
  label: SemanticTokenTypes.parameter,
  number: SemanticTokenTypes.number,
  operator: SemanticTokenTypes.operator,
  title: SemanticTokenTypes.string,
  file: SemanticTokenTypes.type,
  slot: SemanticTokenTypes.struct,
  constant: SemanticTokenTypes.variable,
  call: SemanticTokenTypes.event,
  step: SemanticTokenTypes.enumMember,
  choice: SemanticTokenTypes.enumMember,
  flag: SemanticTokenTypes.modifier,
  kernel: SemanticTokenTypes.namespace,
  vm: SemanticTokenTypes.class,
  knob: SemanticTokenTypes.property,
  variant: SemanticTokenTypes.enumMember,
  expectation: SemanticTokenTypes.function,
};

export const LEGEND: SemanticTokensLegend = {
  tokenTypes: [...new Set(Object.values(TYPES))],
  tokenModifiers: [
    SemanticTokenModifiers.declaration,
    SemanticTokenModifiers.readonly,
    // A name without a definition: editors strike it through or fade it.
    SemanticTokenModifiers.deprecated,
  ],
};

function modifiersOf({ class: kind, defines, unknown }: ClassifiedToken): number {
  return (defines ? 1 : 0) | (kind === 'constant' ? 2 : 0) | (unknown ? 4 : 0);
}

/** Tokens in the encoding of the protocol: five numbers each, positions relative to the previous token. */
function encoded(text: string, tokens: readonly ClassifiedToken[]): number[] {
  const lines = indexLines(text);
  const data: number[] = [];
  let before = { line: 0, character: 0 };
  for (const token of tokens) {
    const { start, end } = token.span;
    const at = positionAt(lines, start);
    const line = at.line - before.line;
    const character = line === 0 ? at.character - before.character : at.character;
    data.push(
      line,
      character,
      end - start,
      LEGEND.tokenTypes.indexOf(TYPES[token.class]),
      modifiersOf(token),
    );
    before = at;
  }
  return data;
}

function dataOf({ analysis }: ScenarioDocument, within?: Span): number[] {
  return encoded(analysis().document.text, classifyTokens(analysis(), within));
}

/** The single edit that turns the first list into the second; empty if they are equal. */
function editsBetween(before: readonly number[], after: readonly number[]): SemanticTokensEdit[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  if (head === before.length && head === after.length) return [];
  const data = after.slice(head, after.length - tail);
  return [{ start: head, deleteCount: before.length - head - tail, data }];
}

export interface TokenServer {
  readonly full: (scenario: ScenarioDocument) => SemanticTokens;
  /** The changes since the result with that id; all tokens if it is no longer known. */
  readonly delta: (scenario: ScenarioDocument, previousId: unknown) => SemanticTokens | SemanticTokensDelta;
  readonly within: (scenario: ScenarioDocument, span: Span) => SemanticTokens;
  readonly forget: (uri: string) => void;
}

/** Remembers the last result for each document, to send only the changes next time. */
export function createTokenServer(): TokenServer {
  const answers = new Map<string, { id: string; data: number[] }>();
  let last = 0;
  const remember = (uri: string, data: number[]): string => {
    const id = String(++last);
    answers.set(uri, { id, data });
    return id;
  };
  const full: TokenServer['full'] = (scenario) => {
    const data = dataOf(scenario);
    return { resultId: remember(scenario.document.uri, data), data };
  };
  return {
    full,
    delta: (scenario, previousId) => {
      const { uri } = scenario.document;
      const before = answers.get(uri);
      if (before === undefined || before.id !== previousId) return full(scenario);
      const data = dataOf(scenario);
      return { resultId: remember(uri, data), edits: editsBetween(before.data, data) };
    },
    within: (scenario, span) => ({ data: dataOf(scenario, span) }),
    forget: (uri) => void answers.delete(uri),
  };
}
