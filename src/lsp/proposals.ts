import { CompletionItemKind } from 'vscode-languageserver';
import {
  type Analysis,
  type ArgumentPart,
  type Expectation,
  groupLabel,
  isNumberRole,
  type Part,
  PERMISSIONS,
  partSnippet,
  printStatement,
  SIMULATED_KERNELS,
  STATEMENTS,
  type Statement,
  snippetsOf,
  syntaxLine,
  VM_TYPES,
  vcpusOf,
  vmsAt,
  type WordDoc,
} from '../language';
import { keywordMarkdown } from './keyword-markdown';

/** What can be offered in a place: the words and values that the parser would take there. */

export interface Proposal {
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
      ];
    case 'group':
      return [
        {
          label: groupLabel(part),
          kind: CompletionItemKind.Property,
          detail: part.parts[0]!.what,
          markdown: part.doc,
          snippet: partSnippet(part),
        },
      ];
  }
}

export interface Context {
  readonly analysis: Analysis;
  readonly offset: number;
  /** The statement being written. */
  readonly statement: Statement | null;
  /** What is there of the word already. */
  readonly typed: string;
}

function symbolNames({ analysis, offset }: Context, kind: 'file' | 'slot'): string[] {
  // Slots are of the VM at hand, files of the scenario.
  const owner = kind === 'slot' ? vmsAt(analysis.document, offset).vm.number : null;
  const names = analysis.symbols.symbols
    .filter(({ kind: of, vm }) => of === kind && vm === owner)
    .filter(({ definition }) => definition !== null && definition.span.end < offset)
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

function vcpuProposals({ analysis, offset }: Context): Proposal[] {
  const vcpus = vcpusOf(vmsAt(analysis.document, offset).vm) ?? 1n;
  const count = vcpus < MOST_VCPUS ? Number(vcpus) : MOST_VCPUS;
  return Array.from({ length: count }, (_, at) => ({
    label: String(at),
    kind: CompletionItemKind.Reference,
    detail: `vCPU ${at}`,
  }));
}

function vmProposals({ analysis, offset }: Context): Proposal[] {
  return vmsAt(analysis.document, offset).made.map(({ number, statement }) => ({
    label: String(number),
    kind: CompletionItemKind.Reference,
    detail: statement === null ? 'the VM' : printStatement(statement),
  }));
}

const VMPLS: readonly (readonly [string, string])[] = [
  ['1', 'below the VMPL that executes the instruction'],
  ['2', 'below VMPL 1'],
  ['3', 'the lowest'],
];

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
  // A number that has been begun is best left alone: what looks like it is another one.
  if (isNumberRole(part.role) && context.typed !== '') return [];
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
    case 'vm-number':
      return vmProposals(context);
    case 'vmpl':
      return numbers(VMPLS);
    case 'asid':
      return numbers([['1', 'of VM 0']]);
    case 'permissions':
      return PERMISSIONS.map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
    case 'count':
      return numbers([
        ['1', 'one vCPU'],
        ['2', 'two vCPUs'],
      ]);
    case 'value':
    case 'constant':
    case 'title':
      return [];
  }
}

/** What the editor may offer for something that the parser would take. */
export function proposalsFor(context: Context, expectation: Expectation): Proposal[] {
  switch (expectation.kind) {
    case 'statement':
      return statementProposals();
    case 'part':
      return partProposals(expectation.part);
    case 'value':
      return valueProposals(context, expectation.part);
    case 'words':
      return wordProposals(
        expectation.words.map((word) => ({ word, doc: '' })),
        CompletionItemKind.EnumMember,
      );
    case 'outcome':
    case 'claim':
    case 'claimed':
      return [];
  }
}
