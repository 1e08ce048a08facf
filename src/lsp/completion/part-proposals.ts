import { CompletionItemKind } from 'vscode-languageserver';
import {
  type ArgumentPart,
  type Candidate,
  groupLabel,
  type Keyword,
  type Part,
  pageLabel,
  pagesSnippet,
  partSnippet,
  STATEMENTS,
  type StatementSpec,
  snippetsOf,
  syntaxLine,
  type WordDoc,
} from '../../language';
import { keywordMarkdown } from '../hover/keyword-markdown';

/** Words that can be offered: statements, labels, choices and flags. */

export interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  /** Shown beside the label in the list, if the editor supports it. */
  readonly description?: string;
  readonly markdown?: string;
  /** Inserted instead of the label if the editor supports snippets. */
  readonly snippet?: string;
  /** Selected when the list opens, regardless of the editor's ranking. */
  readonly preferred?: boolean;
  /** Inserted literally, if it differs from the label. */
  readonly text?: string;
}

type Inside = Extract<Candidate, { kind: 'statement' }>['inside'];

/** Keywords that cannot begin a statement in a task: set-up, blocks and `continue`. */
const NOT_IN_TASKS: ReadonlySet<Keyword> = new Set<Keyword>([
  ...(['kernel', 'vm', 'switch', 'gmem', 'let', 'continue', 'scenario', 'race', 'task'] as const),
]);

function isPossible({ keyword }: StatementSpec<Keyword>, inside: Inside): boolean {
  if (inside === 'task') return !NOT_IN_TASKS.has(keyword);
  return (inside === 'race') === (keyword === 'task');
}

/**
 * @param inside The innermost block.
 * @param unbound A file that no slot is bound to; null if there is none.
 */
export function statementProposals(inside: Inside, unbound: string | null): Proposal[] {
  return STATEMENTS.filter((spec) => isPossible(spec, inside)).flatMap((spec) => {
    const proposals = snippetsOf(spec).map(({ label, body }) => ({
      label,
      kind: CompletionItemKind.Keyword,
      detail: syntaxLine(spec),
      markdown: keywordMarkdown(spec),
      snippet: body,
    }));
    return spec.keyword === 'slot' && unbound !== null ? bindingFirst(proposals, unbound) : proposals;
  });
}

/** The form of `slot` that binds the file comes before the plain one, and is chosen by Tab or Enter. */
function bindingFirst(proposals: readonly Proposal[], file: string): Proposal[] {
  const binds = ({ label }: Proposal) => label.endsWith(' gmem');
  return proposals
    .map((one) =>
      binds(one) && one.snippet !== undefined
        ? { ...one, preferred: true, snippet: one.snippet.replace(/(?<=\bgmem \$\{\d+:)\w+/, file) }
        : one,
    )
    .sort((a, b) => Number(binds(b)) - Number(binds(a)));
}

export function wordProposals(words: readonly WordDoc[], kind: CompletionItemKind): Proposal[] {
  return words.map(({ word, doc }) => ({ label: word, kind, markdown: doc }));
}

/** The label of an argument counted in pages. */
function pageProposals(part: ArgumentPart, more: Partial<Proposal>): Proposal[] {
  const label = pageLabel(part);
  if (label === null) return [];
  const detail = `${part.what}, in pages`;
  return [{ label, kind: CompletionItemKind.Property, detail, snippet: pagesSnippet(part), ...more }];
}

export function partProposals(part: Part): Proposal[] {
  switch (part.kind) {
    case 'choice':
    case 'one-of':
      return wordProposals(part.words, CompletionItemKind.EnumMember);
    case 'flag':
      return [{ label: part.word, kind: CompletionItemKind.Property, markdown: part.doc }];
    case 'either':
      return partProposals(part.labelled);
    case 'argument':
      return [
        {
          label: part.label ?? part.example,
          kind: CompletionItemKind.Property,
          detail: part.what,
          snippet: partSnippet(part),
        },
        ...pageProposals(part, {}),
      ];
    case 'group':
      return [
        {
          label: groupLabel(part),
          kind: CompletionItemKind.Property,
          detail: part.parts[0].what,
          markdown: part.doc,
          snippet: partSnippet(part),
        },
      ];
  }
}
