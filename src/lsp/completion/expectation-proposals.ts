import { CompletionItemKind } from 'vscode-languageserver';
import {
  type Candidate,
  EXPECTATION_KINDS,
  EXPECTATIONS,
  type Expectations,
  hex,
  type ObservedOutcome,
  type ExpectationPlaceholder as Placeholder,
  printExpectations,
  QUANTIFIERS,
  type RootGfnsExpectation,
  rangeText,
  TASK_WORDS,
  VIOLATIONS,
} from '../../language';
import { acceptedExpectations, acceptedText, type Checked } from '../../outcome';
import { ranAs } from '../background-run/background-run';
import { statementAt } from '../positions';
import type { Context } from './context';
import { type Proposal, wordProposals } from './part-proposals';
import { constantProposals, symbolNames } from './proposals';

/** Completion of expectations: the outcome in the background run first, then all words. */

const HAPPENS = 'the outcome here';

/** Where the statement is, seen from a race: the background run knows its outcome in one order only. */
type Race = Extract<Candidate, { kind: 'arrow' }>['race'];

/** The statement's outcome in each scenario that runs it. */
function ranHere({ scenario, statement }: Context): readonly Checked[] {
  if (statement === null) return [];
  const written = statementAt(scenario.analysis(), statement.span.start);
  return written === null ? [] : ranAs(scenario.backgroundRun(), written);
}

function happening(text: string, detail = HAPPENS): Proposal {
  return { label: text, kind: CompletionItemKind.Value, detail, text };
}

/** The whole outcome as one expectation, for each distinct outcome in the scenarios. */
function wholeOutcomes(ran: readonly Checked[]): readonly string[] {
  return [
    ...new Set(ran.map((one) => acceptedText({ ...one, statement: { ...one.statement, expected: null } }))),
  ];
}

/** Single items of the outcome, of kinds that the expectation does not contain yet. */
function singleExpectations(ran: readonly Checked[], said: Expectations): readonly string[] {
  const texts = ran.flatMap(({ actual }) => {
    const accepted = acceptedExpectations(null, actual);
    return EXPECTATION_KINDS.filter((kind) => accepted[kind] !== undefined && said[kind] === undefined).map(
      (kind) => printExpectations({ [kind]: accepted[kind] }),
    );
  });
  return [...new Set(texts)];
}

/** Words that start an expectation; effects come before the many possible results of a call. */
function expectationWords(inRace: boolean): readonly Proposal[] {
  return [...EXPECTATIONS.slice(1), ...EXPECTATIONS.slice(0, 1)].flatMap(({ words, forms, doc }) =>
    words
      .filter((word) => !inRace || TASK_WORDS.has(word))
      .map((word) => ({
        label: word,
        kind: CompletionItemKind.Keyword,
        detail: forms.join(' | '),
        markdown: doc,
      })),
  );
}

/** After a statement: the arrow with the outcome. */
function outcomeProposals(context: Context, race: Race): readonly Proposal[] {
  const whole = wholeOutcomes(race === null ? ranHere(context) : []).map((text) => happening(`=> ${text}`));
  return [
    ...whole,
    { label: '=>', kind: CompletionItemKind.Operator, detail: 'the expectation of the statement' },
  ];
}

function expectationProposals(context: Context, race: Race): readonly Proposal[] {
  const ran = race === null ? ranHere(context) : [];
  const said = context.statement?.expectation?.expectations ?? {};
  const isFirst = EXPECTATION_KINDS.every((kind) => said[kind] === undefined);
  const whole = isFirst ? wholeOutcomes(ran) : [];
  const single = singleExpectations(ran, said);
  const so = new Set([...whole, ...single]);
  return [
    ...[...so].map((text) => happening(text)),
    ...expectationWords(race === 'in').filter(({ label }) => !so.has(label)),
  ];
}

/** The page ranges of the outcome for each word; on TDX, those of page tables have their root. */
const RANGES: Readonly<Record<string, (expectations: ObservedOutcome) => readonly RootGfnsExpectation[]>> = {
  zapped: ({ zapped }) => zapped.flatMap(({ leaves }) => leaves),
  mapped: ({ mapped }) => mapped,
  rewrote: ({ rewrote }) => rewrote,
  MMIO: ({ mmio }) => mmio,
  STALE: ({ stale }) => stale,
  freed: ({ freed }) => freed.flatMap(({ pages }) => pages),
  allocated: ({ allocated }) => allocated.flatMap(({ pages }) => pages),
  private: ({ attributes }) => attributes.filter(({ to }) => to === 'private'),
  shared: ({ attributes }) => attributes.filter(({ to }) => to === 'shared'),
};

const ROOTS: readonly string[] = ['mirror', 'direct'];

/** The root that is written before the gfns at the cursor. */
const ROOT_BEFORE = /\b(mirror|direct)\s+(?:(?:4K|2M|1G)\s+)?(?:gfn|gpa)\s+\S*$/;

function rootBefore({ scenario, offset }: Context): string | undefined {
  return ROOT_BEFORE.exec(scenario.document.getText().slice(Math.max(0, offset - 64), offset))?.[1];
}

/** Whether a VM has two kinds of roots, which expectations can name. */
function hasTwoRoots({ analysis }: Context): boolean {
  return analysis.programs.some(
    ({ setup, statements }) =>
      setup.vm === 'tdx' || statements.some(({ call }) => call.kind === 'vm' && call.type === 'tdx'),
  );
}

/** The values of a placeholder in the outcome. */
function happeningValues(
  what: Placeholder,
  expectation: string,
  expectations: ObservedOutcome,
  within: string | undefined,
): readonly string[] {
  switch (what) {
    case 'ID':
      return [...expectations.zapped.flatMap(({ slot }) => slot ?? []), ...expectations.skipped].map(String);
    case 'RANGE':
      return (RANGES[expectation]?.(expectations) ?? [])
        .filter(({ root }) => within === undefined || root === undefined || root === within)
        .map(rangeText);
    case 'GFN':
      return expectations.guest.flatMap(({ gfn }) => (gfn === null ? [] : [hex(gfn)]));
    case 'GPA':
      return expectations.exit !== null && 'gpa' in expectations.exit && expectations.exit.gpa !== null
        ? [hex(expectations.exit.gpa)]
        : [];
    case 'FILE':
      return [...expectations.freed, ...expectations.allocated].map(({ file }) => file);
    case 'COUNTxLEVEL':
      return expectations.rmp.map(({ entries, level }) => `${entries}x${level === 2 ? '2M' : '4K'}`);
    case 'N':
      return expectations.rmp.flatMap(({ asid }) => (asid === null ? [] : [String(asid)]));
    case 'BYTES':
      return [hex(expectations.left)];
    case 'RESULT':
      return expectations.instruction === undefined ? [] : [expectations.instruction.result];
    case 'VALUE':
      return typeof expectations.read === 'number' ? [hex(expectations.read)] : [];
    case 'STEP':
      return expectations.result.startsWith('suspended at ')
        ? [expectations.result.slice('suspended at '.length)]
        : [];
    case 'LOCK':
      return expectations.result.startsWith('blocked on ')
        ? [expectations.result.slice('blocked on '.length)]
        : expectations.waited;
  }
}

/** Other values of a placeholder, not from the outcome. */
function otherValues(context: Context, what: Placeholder): readonly Proposal[] {
  switch (what) {
    case 'ID':
      return symbolNames(context, 'slot').map((label) => ({ label, kind: CompletionItemKind.Reference }));
    case 'FILE':
      return symbolNames(context, 'file').map((label) => ({ label, kind: CompletionItemKind.File }));
    case 'RANGE':
    case 'GFN':
    case 'GPA':
      return constantProposals(context);
    default:
      return [];
  }
}

/** Placeholders for words; the others are for numbers. */
const WORDS: ReadonlySet<Placeholder> = new Set(['FILE', 'RESULT', 'STEP', 'LOCK']);

function placeholderProposals(context: Context, what: Placeholder, expectation: string): readonly Proposal[] {
  // Do not complete a number that has been started: a similar number is a different one.
  if (!WORDS.has(what) && /^\d/.test(context.typed)) return [];
  const within = rootBefore(context);
  const values = ranHere(context).flatMap(({ actual }) => happeningValues(what, expectation, actual, within));
  const so = [...new Set(values)].map((text) => happening(text));
  const labels = new Set(so.map(({ label }) => label));
  return [...so, ...otherValues(context, what).filter(({ label }) => !labels.has(label))];
}

/** Proposals for the arrow `=>` and for what follows it. */
export function outcomeProposalsFor(
  context: Context,
  candidate: Candidate,
  expectation: string | null,
): readonly Proposal[] {
  switch (candidate.kind) {
    case 'arrow':
      return outcomeProposals(context, candidate.race);
    case 'expectation':
      return expectationProposals(context, candidate.race);
    case 'quantifier':
      return wordProposals(QUANTIFIERS, CompletionItemKind.Keyword);
    case 'race-arrow':
      return [{ label: '=>', kind: CompletionItemKind.Operator, detail: 'the expectation of the race' }];
    case 'race-expectation':
      return candidate.quantified
        ? wordProposals(VIOLATIONS, CompletionItemKind.EnumMember)
        : // Whether something goes wrong in every order is not computed.
          wordProposals(
            QUANTIFIERS.filter(({ word }) => word !== 'always'),
            CompletionItemKind.Keyword,
          );
    case 'words':
      return candidate.words
        .filter((label) => !ROOTS.includes(label) || hasTwoRoots(context))
        .map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
    case 'placeholder':
      return placeholderProposals(context, candidate.what, expectation ?? '');
    default:
      return [];
  }
}
