import type { Hover } from 'vscode-languageserver';
import {
  extentOf,
  isComputed,
  type KnobInfo,
  type NumberNode,
  occurrenceAt,
  permissionsMask,
  SIMULATED_KERNELS,
  type Statement,
  stepsOf,
  VM_TYPES,
} from '../../language';
import { markdownCode } from '../../outcome';
import { bytesOf } from '../../simulator';
import { numberText } from '../arithmetic';
import { reached, refusalOf, runOf, statesAround, within } from '../background-run/background-run';
import type { ScenarioDocument } from '../documents';
import { rangeOf } from '../positions';
import { PATIENCE } from '../races/patience';
import { raceFacts, verdictLines } from '../races/race-hover';
import { expectationFacts, gfnIn, headerFacts, verdictOf } from './expectation-facts';
import { addressFacts, fileFacts, slotFacts } from './facts';
import { keywordMarkdown } from './keyword-markdown';
import { asidFacts, vmplFacts } from './rmp-facts';
import { begunCallFacts, callFacts, type StatementRun, statementFacts } from './statement-facts';
import { type Target, targetAt } from './target';

/** Hovers: explanations of words, and the arithmetic of addresses, slots and files. */

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

/** The description and procedure of a step. */
function stepLines({ backgroundRun }: ScenarioDocument, { statement, node }: NameTarget): string[] {
  const step = stepsOf(runOf(backgroundRun(), statement).program.setup)?.get(node.text);
  return step === undefined ? [] : [`**${step.label}** of \`${step.procedure}\``, step.text];
}

/** Where a named call is suspended after its statement, and where it resumes. */
function namedCallLines(
  { analysis, document }: ScenarioDocument,
  { node }: NameTarget,
  moment: StatementRun | null,
): string[] {
  const uses = occurrenceAt(analysis().symbols, node.span.start)?.symbol.references ?? [];
  const lines = uses
    .filter(({ statement }) => statement.keyword === 'continue')
    .map(({ span }) => document.positionAt(span.start).line + 1);
  const where = `line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}`;
  return [
    ...(moment?.after ? begunCallFacts(node.text, moment.after.state) : []),
    lines.length === 0
      ? `never resumed: add ${markdownCode(`continue ${node.text}`)}`
      : `resumed in ${where}`,
  ];
}

function nameLines(scenario: ScenarioDocument, target: NameTarget, moment: StatementRun | null): string[] {
  const { part, node } = target;
  switch (part.role) {
    case 'file': {
      if (moment === null) return [];
      const { state } = part.defines ? (moment.after ?? moment.before) : moment.before;
      return fileFacts(node.text, state);
    }
    case 'call':
      if (part.defines) return namedCallLines(scenario, target, moment);
      return moment === null ? [] : callFacts(node.text, moment.before.state);
    case 'step':
      return stepLines(scenario, target);
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

/** The value of a number; for an expression, with the expression. */
function workedOut(node: NumberNode, value: bigint): string {
  const worth = numberText(value);
  return isComputed(node) ? `${markdownCode(node.text)} = ${worth}` : worth;
}

/** The value of a number; for the end of a range, also the length of the range. */
function valueLines(statement: Statement, node: NumberNode): string[] {
  const { value, endsRange } = node;
  if (value === null) return [];
  const start = endsRange ? extentOf(statement)?.start.value : undefined;
  if (start == null) return [workedOut(node, value)];
  return [`ends at ${numberText(start + value)}`, `size ${numberText(value)}`];
}

function numberLines({ statement, part, node }: NumberTarget, moment: StatementRun | null): string[] {
  const { value } = node;
  if (value === null) return [];
  const own = valueLines(statement, node);
  if (moment === null) return own;
  const { before } = moment;
  switch (part.role) {
    case 'slot':
      return part.defines ? statementFacts(statement, moment) : slotFacts(value, before);
    case 'vcpu':
      return [`vCPU ${value} of ${before.vm.vcpus.length}`];
    case 'count':
    case 'source':
      return [];
    case 'vmpl':
    case 'at-vmpl':
      return vmplFacts(value, statement, before);
    case 'vm-number':
      return statementFacts(statement, moment);
    case 'asid':
      return asidFacts(value, before.state);
    case 'gpa':
      // For the start of a range of guest memory, describe the address before the range.
      if (statement.numbers.size === undefined || statement.numbers.slot !== undefined) break;
      return [...own, ...addressFacts(value, before), ...statementFacts(statement, moment)];
    default:
      break;
  }
  return [...own, ...statementFacts(statement, moment)];
}

/** A constant: its value, and its expression if it has one. */
function constantLines({ place }: Extract<Target, { kind: 'constant' }>): string[] {
  const { name, definition } = place.symbol;
  const value = definition?.statement.numbers.value;
  if (value?.value == null) return [];
  return [`**constant ${markdownCode(name)}**`, workedOut(value, value.value)];
}

function expectedNameLines(
  { place: { symbol } }: Extract<Target, { kind: 'expected-name' }>,
  { before }: StatementRun,
): string[] {
  return symbol.kind === 'slot'
    ? slotFacts(BigInt(symbol.name), before)
    : fileFacts(symbol.name, before.state);
}

/** The location of the first page of an expected range. */
function expectedNumberLines(
  { item }: Extract<Target, { kind: 'expected-number' }>,
  { before }: StatementRun,
): string[] {
  const gfn = gfnIn(item.expectations);
  return gfn === null ? [] : addressFacts(bytesOf(gfn), before);
}

function linesOf(scenario: ScenarioDocument, target: Target, moment: StatementRun | null): string[] {
  const { statement } = target;
  switch (target.kind) {
    case 'keyword': {
      const facts =
        statement.keyword === 'race'
          ? raceFacts(scenario, statement.keywordSpan)
          : moment === null
            ? []
            : statementFacts(statement, moment);
      return [
        ...facts,
        ...(facts.length === 0 ? [] : ['---']),
        keywordMarkdown(statement.spec, kernelOf(scenario, statement)),
      ];
    }
    case 'header':
      return [...headerFacts(scenario, statement), '---', keywordMarkdown(statement.spec)];
    case 'word':
      return [target.doc.doc, ...verdictLines(scenario.explorations().races, target.span)];
    case 'name':
      return nameLines(scenario, target, moment);
    case 'number':
      return numberLines(target, moment);
    case 'constant':
      return constantLines(target);
    case 'expectation':
      return expectationFacts(scenario, statement, target.item);
    case 'expected-name':
      return moment === null ? [] : expectedNameLines(target, moment);
    case 'expected-number':
      return [
        ...(moment === null ? [] : expectedNumberLines(target, moment)),
        ...verdictOf(scenario, statement, target.item),
      ];
  }
}

function kernelOf({ backgroundRun }: ScenarioDocument, statement: Statement): string {
  return runOf(backgroundRun(), statement).program.setup.kernel;
}

export async function hoverAt(scenario: ScenarioDocument, offset: number): Promise<Hover | null> {
  const target = targetAt(scenario.analysis(), offset);
  if (target === null) return null;
  const backgroundRun = scenario.backgroundRun();
  await reached(backgroundRun, target.statement);
  await within(scenario.explorations().finished, PATIENCE);
  const { before, after } = statesAround(backgroundRun, target.statement);
  // If the budget of the background run ended above the statement, the machine there is unknown.
  const refusal = refusalOf(backgroundRun, target.statement);
  const lines = linesOf(scenario, target, before === null ? null : { before, after, refusal });
  if (lines.length === 0) return null;
  const value = lines.join('\n\n');
  return { contents: { kind: 'markdown', value }, range: rangeOf(scenario.document, target.span) };
}
