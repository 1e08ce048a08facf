import type { Hover } from 'vscode-languageserver';
import { SIMULATED_KERNELS, VM_TYPES } from '../language';
import type { State } from '../simulator/state';
import { numberText } from './arithmetic';
import type { Scenario } from './documents';
import { addressFacts, fileFacts, fileRangeFacts, guestRangeFacts, memoryFacts, slotFacts } from './facts';
import { keywordMarkdown } from './keyword-markdown';
import { rangeOf } from './positions';
import { statesAround } from './rehearsal';
import { type Target, targetAt } from './target';

/** Hovers: words explained, and the arithmetic of addresses, slots and files done. */

/** The machine around the statement: `slot` and `gmem` are described as they leave it, others as they find it. */
interface Moment {
  readonly before: State;
  readonly after: State | null;
}

function nameLines({ part, node }: Extract<Target, { kind: 'name' }>, state: State): string[] {
  switch (part.role) {
    case 'file':
      return fileFacts(node.text, state);
    case 'kernel': {
      const kernel = SIMULATED_KERNELS.kernels.find(({ name }) => name === node.text);
      return kernel === undefined ? [] : [kernel.title];
    }
    case 'vm':
      return VM_TYPES.filter(({ word }) => word === node.text).map(({ doc }) => doc);
    case 'knob': {
      const knob = SIMULATED_KERNELS.knobs.find(({ name }) => name === node.text);
      if (knob === undefined) return [];
      return [knob.doc, knob.variants.map(({ name, doc }) => `- \`${name}\`: ${doc}`).join('\n')];
    }
    default: {
      const variants = SIMULATED_KERNELS.knobs.flatMap(({ variants }) => variants);
      return variants.filter(({ name }) => name === node.text).map(({ doc }) => doc);
    }
  }
}

function variantLines(target: Extract<Target, { kind: 'name' }>): string[] {
  const node = target.statement.knobs.find(({ variant }) => variant === target.node);
  const knob = SIMULATED_KERNELS.knobs.find(({ name }) => name === node?.knob.text);
  const variant = knob?.variants.find(({ name }) => name === target.node.text);
  return variant === undefined ? [] : [variant.doc];
}

function numberLines(target: Extract<Target, { kind: 'number' }>, { before, after }: Moment): string[] {
  const { statement, part, node } = target;
  if (node.value === null) return [];
  const own = [numberText(node.value)];
  const { keyword } = statement;
  switch (part.role) {
    case 'slot':
      return slotFacts(node.value, after !== null && part.defines ? after : before);
    case 'vcpu':
      return [`vCPU ${node.value} of ${before.vcpus.length}`];
    case 'count':
      return [];
    default:
      break;
  }
  if (keyword === 'slot') {
    const id = statement.numbers.slot?.value;
    return id === null || id === undefined ? own : [...own, ...slotFacts(id, after ?? before)];
  }
  if (keyword === 'punch' || keyword === 'allocate') return [...own, ...fileRangeFacts(statement, before)];
  if (keyword === 'discard' || keyword === 'host') return [...own, ...memoryFacts(statement, before)];
  if (keyword === 'convert' || keyword === 'prefault') {
    const address = part.role === 'gpa' ? addressFacts(node.value, before) : [];
    return [...own, ...address, ...guestRangeFacts(statement, before)];
  }
  return part.role === 'gpa' ? [...own, ...addressFacts(node.value, before)] : own;
}

function linesOf(target: Target, moment: Moment): string[] {
  switch (target.kind) {
    case 'keyword':
      return [keywordMarkdown(target.statement.spec)];
    case 'word':
      return [target.doc.doc];
    case 'name': {
      if (target.part.role === 'variant') return variantLines(target);
      const state = target.part.defines ? (moment.after ?? moment.before) : moment.before;
      return nameLines(target, state);
    }
    case 'number':
      return numberLines(target, moment);
  }
}

export async function hoverAt(scenario: Scenario, offset: number): Promise<Hover | null> {
  const target = targetAt(scenario.analysis(), offset);
  if (target === null) return null;
  const rehearsal = scenario.rehearsal();
  await rehearsal.finished;
  const { before, after } = statesAround(rehearsal, target.statement);
  // Where the budget ended above the statement, the machine there is not known.
  if (before === null && target.kind === 'number') return null;
  const moment = { before: before ?? rehearsal.states[0]!, after };
  const lines = linesOf(target, moment);
  if (lines.length === 0) return null;
  const value = lines.join('\n\n');
  return { contents: { kind: 'markdown', value }, range: rangeOf(scenario.document, target.span) };
}
