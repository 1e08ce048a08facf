import { type CompletionItem, CompletionItemKind, InsertTextFormat, type Range } from 'vscode-languageserver';
import {
  type Analysis,
  type ArgumentPart,
  type Expectation,
  expectedAt,
  optionWord,
  type Part,
  partSnippet,
  SIMULATED_KERNELS,
  STATEMENTS,
  type Statement,
  snippetsOf,
  syntaxLine,
  VM_TYPES,
  type WordDoc,
} from '../language';
import type { Scenario } from './documents';
import { keywordMarkdown } from './keyword-markdown';
import { rangeOf } from './positions';

/** Completion: what the parser would take at this place, with the values that make sense there. */

interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  readonly markdown?: string;
  /** Inserted instead of the label where the editor knows snippets. */
  readonly snippet?: string;
}

function statementProposals(): Proposal[] {
  return STATEMENTS.flatMap((spec) =>
    snippetsOf(spec).map(({ label, body }) => ({
      label,
      kind: CompletionItemKind.Keyword,
      detail: syntaxLine(spec),
      markdown: keywordMarkdown(spec),
      snippet: body,
    })),
  );
}

function wordProposals(words: readonly WordDoc[], kind: CompletionItemKind): Proposal[] {
  return words.map(({ word, doc }) => ({ label: word, kind, markdown: doc }));
}

function partProposals(part: Part): Proposal[] {
  switch (part.kind) {
    case 'choice':
      return wordProposals(part.words, CompletionItemKind.EnumMember);
    case 'flag':
      return [{ label: part.word, kind: CompletionItemKind.Property, markdown: part.doc }];
    case 'argument':
      return [
        {
          label: part.label ?? part.example,
          kind: CompletionItemKind.Property,
          detail: part.what,
          snippet: partSnippet(part),
        },
      ];
    case 'group':
      return [
        {
          label: optionWord(part),
          kind: CompletionItemKind.Property,
          detail: part.parts[0]!.what,
          markdown: part.doc,
          snippet: partSnippet(part),
        },
      ];
  }
}

interface Context {
  readonly analysis: Analysis;
  readonly offset: number;
  /** The statement being written. */
  readonly statement: Statement | null;
}

function symbolNames({ analysis, offset }: Context, kind: 'file' | 'slot'): string[] {
  const names = analysis.symbols.symbols
    .filter(({ kind: of, definition }) => of === kind && definition !== null && definition.span.end < offset)
    .map(({ name }) => name);
  return [...new Set(names)];
}

function slotProposals(context: Context, part: ArgumentPart): Proposal[] {
  const ids = symbolNames(context, 'slot');
  const known = ids.map((label) => ({ label, kind: CompletionItemKind.Reference, detail: `slot ${label}` }));
  if (!part.defines) return known;
  const taken = new Set(ids);
  let free = 0;
  while (taken.has(String(free))) free++;
  return [{ label: String(free), kind: CompletionItemKind.Value, detail: 'the next free id' }, ...known];
}

const MOST_VCPUS = 16;

function vcpuProposals({ analysis }: Context): Proposal[] {
  const count = Math.min(analysis.program.setup.vcpus, MOST_VCPUS);
  return Array.from({ length: count }, (_, at) => ({
    label: String(at),
    kind: CompletionItemKind.Reference,
    detail: `vCPU ${at}`,
  }));
}

/** The addresses that the slots above were given. */
function gpaProposals({ analysis, offset }: Context): Proposal[] {
  const found = new Map<string, string>();
  for (const { keyword, numbers, span } of analysis.document.statements) {
    if (span.start >= offset) break;
    if ((keyword === 'slot' || keyword === 'move') && numbers.gpa !== undefined) {
      found.set(numbers.gpa.text, `where slot ${numbers.slot?.text ?? ''} begins`);
    }
  }
  return [...found].map(([label, detail]) => ({ label, kind: CompletionItemKind.Value, detail }));
}

const SIZES: readonly (readonly [string, string])[] = [
  ['4K', 'one page'],
  ['64K', '16 pages'],
  ['2M', '512 pages, a huge page of level 2'],
  ['4M', '1024 pages'],
  ['1G', 'a huge page of level 3'],
];

const OFFSETS: readonly (readonly [string, string])[] = [['0', 'the beginning'], ...SIZES.slice(0, 4)];

function numbers(texts: readonly (readonly [string, string])[]): Proposal[] {
  return texts.map(([label, detail]) => ({ label, kind: CompletionItemKind.Value, detail }));
}

function variantProposals({ statement }: Context): Proposal[] {
  const knob = statement?.knobs.at(-1)?.knob.text;
  const variants = SIMULATED_KERNELS.knobs.find(({ name }) => name === knob)?.variants ?? [];
  return wordProposals(
    variants.map(({ name, doc }) => ({ word: name, doc })),
    CompletionItemKind.EnumMember,
  );
}

function valueProposals(context: Context, part: ArgumentPart): Proposal[] {
  switch (part.role) {
    case 'file':
      if (part.defines) return [];
      return symbolNames(context, 'file').map((label) => ({ label, kind: CompletionItemKind.File }));
    case 'slot':
      return slotProposals(context, part);
    case 'vcpu':
      return vcpuProposals(context);
    case 'gpa':
      return gpaProposals(context);
    case 'size':
      return numbers(SIZES);
    case 'offset':
      return numbers(OFFSETS);
    case 'kernel':
      return SIMULATED_KERNELS.kernels.map(({ name, title }) => ({
        label: name,
        kind: CompletionItemKind.Module,
        detail: title,
      }));
    case 'vm':
      return wordProposals(VM_TYPES, CompletionItemKind.EnumMember);
    case 'knob':
      return SIMULATED_KERNELS.knobs.map(({ name, doc }) => ({
        label: name,
        kind: CompletionItemKind.Property,
        markdown: doc,
      }));
    case 'variant':
      return variantProposals(context);
    case 'count':
      return numbers([
        ['1', 'one vCPU'],
        ['2', 'two vCPUs'],
      ]);
  }
}

function proposalsFor(context: Context, expectation: Expectation): Proposal[] {
  switch (expectation.kind) {
    case 'statement':
      return statementProposals();
    case 'part':
      return partProposals(expectation.part);
    case 'value':
      return valueProposals(context, expectation.part);
  }
}

function item(proposal: Proposal, order: number, range: Range, snippets: boolean): CompletionItem {
  const { label, kind, detail, markdown, snippet } = proposal;
  const inserted = snippet !== undefined && snippets;
  // Without snippets a label with `…` cannot be inserted; its first word is what it begins with.
  const plain = label.split(' ')[0]!;
  return {
    label,
    kind,
    // What the statement goes on with comes before the next statement.
    sortText: String(order).padStart(4, '0'),
    filterText: label.replaceAll(' …', ''),
    insertTextFormat: inserted ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText: inserted ? snippet : plain },
    ...(detail === undefined ? {} : { detail }),
    ...(markdown === undefined ? {} : { documentation: { kind: 'markdown' as const, value: markdown } }),
  };
}

/** Whether nothing but white space stands on the line before an offset. */
function isLineStart(text: string, offset: number): boolean {
  const from = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return text.slice(from, offset).trim() === '';
}

/**
 * What may be written at an offset. A statement may start anywhere; it is offered where people start one, at
 * the beginning of a line, so that the end of a line is not completed by mistake.
 */
export function completionAt(scenario: Scenario, offset: number, snippets: boolean): CompletionItem[] {
  if (scenario.isTooLong) return [];
  const { document } = scenario;
  const { expectations, prefix, statement } = expectedAt(document.getText(), offset);
  const context: Context = { analysis: scenario.analysis(), offset: prefix.start, statement };
  const range = rangeOf(document, prefix);
  const startsLine = isLineStart(document.getText(), prefix.start);
  return expectations
    .filter(({ kind }) => kind !== 'statement' || startsLine)
    .flatMap((expectation) => proposalsFor(context, expectation))
    .map((proposal, order) => item(proposal, order, range, snippets));
}
