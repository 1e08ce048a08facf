import type { Hover } from 'vscode-languageserver';
import { type Keyword, type KnobInfo, permissionsMask, SIMULATED_KERNELS, VM_TYPES } from '../language';
import { numberText } from './arithmetic';
import type { Scenario } from './documents';
import { addressFacts, fileFacts, slotFacts } from './facts';
import { keywordMarkdown } from './keyword-markdown';
import { rangeOf } from './positions';
import { refusalOf, statesAround } from './rehearsal';
import { asidFacts } from './rmp-facts';
import { type Moment, statementFacts } from './statement-facts';
import { type Target, targetAt } from './target';

/** Hovers: words explained, and the arithmetic of addresses, slots and files done. */

type NameTarget = Extract<Target, { kind: 'name' }>;
type NumberTarget = Extract<Target, { kind: 'number' }>;

function knobCalled(name: string | undefined): KnobInfo | undefined {
  return SIMULATED_KERNELS.knobs.find((knob) => knob.name === name);
}

function knobLines(name: string): string[] {
  const knob = knobCalled(name);
  if (knob === undefined) return [];
  return [knob.doc, knob.variants.map((variant) => `- \`${variant.name}\`: ${variant.doc}`).join('\n')];
}

function variantLines({ statement, node }: NameTarget): string[] {
  const knob = knobCalled(statement.knobs.find(({ variant }) => variant === node)?.knob.text);
  return (knob?.variants ?? []).filter(({ name }) => name === node.text).map(({ doc }) => doc);
}

const RIGHTS = ['read', 'write', 'execute in user mode', 'execute in supervisor mode'];

function permissionLines(text: string): string[] {
  const mask = permissionsMask(text);
  if (mask === null) return [];
  const rights = RIGHTS.filter((_right, bit) => (mask & (1 << bit)) !== 0);
  return [rights.length === 0 ? 'no access' : rights.join(' · ')];
}

function nameLines(target: NameTarget, moment: Moment | null): string[] {
  const { part, node } = target;
  switch (part.role) {
    case 'file': {
      if (moment === null) return [];
      return fileFacts(node.text, part.defines ? (moment.after ?? moment.before) : moment.before);
    }
    case 'kernel':
      return SIMULATED_KERNELS.kernels.filter(({ name }) => name === node.text).map(({ title }) => title);
    case 'vm':
      return VM_TYPES.filter(({ word }) => word === node.text).map(({ doc }) => doc);
    case 'knob':
      return knobLines(node.text);
    case 'permissions':
      return permissionLines(node.text);
    default:
      return variantLines(target);
  }
}

const HAS_GUEST_RANGE: ReadonlySet<Keyword> = new Set(['convert', 'prefault', 'psc', 'launch-update']);

function numberLines({ statement, part, node }: NumberTarget, moment: Moment | null): string[] {
  const { value } = node;
  if (value === null) return [];
  const own = [numberText(value)];
  if (moment === null) return own;
  const { before } = moment;
  switch (part.role) {
    case 'slot':
      return part.defines ? statementFacts(statement, moment) : slotFacts(value, before);
    case 'vcpu':
      return [`vCPU ${value} of ${before.vcpus.length}`];
    case 'count':
    case 'vmpl':
    case 'at-vmpl':
    case 'source':
      return [];
    case 'vm-number':
      return statementFacts(statement, moment);
    case 'asid':
      return asidFacts(value, before);
    case 'gpa':
      // A range begins here: where that is comes before what the range is.
      if (!HAS_GUEST_RANGE.has(statement.keyword)) break;
      return [...own, ...addressFacts(value, before), ...statementFacts(statement, moment)];
    default:
      break;
  }
  return [...own, ...statementFacts(statement, moment)];
}

function linesOf(target: Target, moment: Moment | null): string[] {
  switch (target.kind) {
    case 'keyword': {
      const facts = moment === null ? [] : statementFacts(target.statement, moment);
      return [...facts, ...(facts.length === 0 ? [] : ['---']), keywordMarkdown(target.statement.spec)];
    }
    case 'word':
      return [target.doc.doc];
    case 'name':
      return nameLines(target, moment);
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
  // Where the budget ended above the statement, nothing is known of the machine there.
  const refusal = refusalOf(rehearsal, target.statement);
  const lines = linesOf(target, before === null ? null : { before, after, refusal });
  if (lines.length === 0) return null;
  const value = lines.join('\n\n');
  return { contents: { kind: 'markdown', value }, range: rangeOf(scenario.document, target.span) };
}
