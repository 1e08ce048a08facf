import { CompletionItemKind } from 'vscode-languageserver';
import {
  type ArgumentPart,
  blockAt,
  type Candidate,
  hex,
  isNumberRole,
  type Occurrence,
  PERMISSIONS,
  printStatement,
  type ScenarioSymbol,
  SIMULATED_KERNELS,
  VM_TYPES,
  vcpusOf,
  vmsAt,
} from '../../language';
import type { Context } from './context';
import { type Proposal, partProposals, statementProposals, wordProposals } from './part-proposals';
import { stepProposals } from './step-proposals';

/** Proposals: the words and values that the parser accepts. */

/** Whether a place is above the offset, and not in the block of another scenario. */
function isAbove({ analysis: { document }, offset }: Context, { span }: Occurrence): boolean {
  if (span.end >= offset) return false;
  const block = blockAt(document, span.end);
  return block === null || block === blockAt(document, offset);
}

/** Whether a definition is visible at the offset. */
function isKnown(context: Context, { definition }: ScenarioSymbol): boolean {
  // The new object has no name yet.
  if (definition?.statement.span.start === context.statement?.span.start) return false;
  return definition !== null && isAbove(context, definition);
}

export function symbolNames(context: Context, kind: ScenarioSymbol['kind']): string[] {
  const { analysis, offset } = context;
  // Slots belong to the current VM, files and constants to the scenario.
  const owner = kind === 'slot' ? vmsAt(analysis.document, offset).vm.number : null;
  const names = analysis.symbols.symbols
    .filter((symbol) => symbol.kind === kind && symbol.vm === owner && isKnown(context, symbol))
    .map(({ name }) => name);
  return [...new Set(names)];
}

/** The last file above the place that no slot above it is bound to. */
function unboundFile(context: Context): string | null {
  const isUnbound = ({ kind, definition, references }: ScenarioSymbol) =>
    kind === 'file' &&
    definition !== null &&
    isAbove(context, definition) &&
    !references.some((place) => place.statement.keyword === 'slot' && isAbove(context, place));
  return context.analysis.symbols.symbols.findLast(isUnbound)?.name ?? null;
}

/** Constants with their values. */
export function constantProposals(context: Context): Proposal[] {
  return symbolNames(context, 'constant').map((label) => {
    const definition = context.analysis.symbols.symbols.find(
      ({ kind, name, definition: place }) => kind === 'constant' && name === label && place !== null,
    )?.definition;
    const value = definition?.statement.numbers.value;
    return {
      label,
      kind: CompletionItemKind.Constant,
      ...(value?.value == null ? {} : { detail: `${value.text} = ${hex(value.value)}` }),
    };
  });
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
  ['1', 'below VMPL 0'],
  ['2', 'below VMPL 1'],
  ['3', 'the lowest'],
];

/** The addresses of the slots above. */
function gpaProposals({ analysis, offset }: Context): Proposal[] {
  const found = new Map<string, string>();
  for (const { keyword, numbers, span } of analysis.document.statements) {
    if (span.start >= offset) break;
    if ((keyword === 'slot' || keyword === 'move') && numbers.gpa !== undefined) {
      found.set(numbers.gpa.text, `start of slot ${numbers.slot?.text ?? ''}`);
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
  if (!isNumberRole(part.role)) return roleProposals(context, part);
  // Do not complete a number that has been started: a similar number is a different one.
  const isBegun = /^\d/.test(context.typed);
  const numbers = context.typed === '' ? roleProposals(context, part) : [];
  return isBegun ? [] : [...numbers, ...constantProposals(context)];
}

/** Typical values of an argument. */
function roleProposals(context: Context, part: ArgumentPart): Proposal[] {
  switch (part.role) {
    case 'file':
      if (part.defines) return [];
      return symbolNames(context, 'file').map((label) => ({ label, kind: CompletionItemKind.File }));
    case 'call':
      if (part.defines) return [];
      return symbolNames(context, 'call').map((label) => ({ label, kind: CompletionItemKind.Event }));
    case 'step':
      return stepProposals(context);
    case 'slot':
      return slotProposals(context, part);
    case 'vcpu':
      return vcpuProposals(context);
    case 'gpa':
      return gpaProposals(context);
    case 'size':
    case 'converts':
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
    case 'at-vmpl':
      return numbers([['0', 'the most privileged; the default'], ...VMPLS]);
    case 'asid':
      return numbers([['1', 'of VM 0']]);
    case 'source':
      return numbers([['0', 'NULL: no contents']]);
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
    case 'task':
      return [];
  }
}

/** The proposals for something that the parser accepts in a statement. */
export function proposalsFor(context: Context, candidate: Candidate): readonly Proposal[] {
  switch (candidate.kind) {
    case 'statement':
      return statementProposals(candidate.inside, unboundFile(context));
    case 'part':
      return partProposals(candidate.part);
    case 'value':
      return valueProposals(context, candidate.part);
    case 'number':
      return constantProposals(context);
    default:
      return [];
  }
}
