import { CompletionItemKind } from 'vscode-languageserver';
import {
  type AllClaims,
  type Candidate,
  CLAIM_KINDS,
  CLAIMS,
  type Claims,
  hex,
  type ClaimPlaceholder as Placeholder,
  printClaims,
  rangeText,
} from '../../language';
import { acceptedClaims, acceptedText, type Checked } from '../../outcome';
import type { Range } from '../../simulator';
import { statementAt } from '../positions';
import { ranAs } from '../rehearsal/rehearsal';
import type { Context } from './context';
import type { Proposal } from './part-proposals';
import { constantProposals, symbolNames } from './proposals';

/** Completion of expectations: the outcome in the background run first, then all words. */

const HAPPENS = 'the outcome here';

/** The statement's outcome in each scenario that runs it. */
function ranHere({ scenario, statement }: Context): readonly Checked[] {
  if (statement === null) return [];
  const written = statementAt(scenario.analysis(), statement.span.start);
  return written === null ? [] : ranAs(scenario.rehearsal(), written);
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
function singleClaims(ran: readonly Checked[], said: Claims): readonly string[] {
  const texts = ran.flatMap(({ actual }) => {
    const accepted = acceptedClaims(null, actual);
    return CLAIM_KINDS.filter((kind) => accepted[kind] !== undefined && said[kind] === undefined).map(
      (kind) => printClaims({ [kind]: accepted[kind] }),
    );
  });
  return [...new Set(texts)];
}

/** Words that start an expectation; effects come before the many possible results of a call. */
function claimWords(): readonly Proposal[] {
  const [results, ...others] = CLAIMS;
  return [...others, results!].flatMap(({ words, forms, doc }) =>
    words.map((word) => ({
      label: word,
      kind: CompletionItemKind.Keyword,
      detail: forms.join(' | '),
      markdown: doc,
    })),
  );
}

/** After a statement: the arrow with the outcome. */
function outcomeProposals(context: Context): readonly Proposal[] {
  const whole = wholeOutcomes(ranHere(context)).map((text) => happening(`=> ${text}`));
  return [
    ...whole,
    { label: '=>', kind: CompletionItemKind.Operator, detail: 'the expectation of the statement' },
  ];
}

function claimProposals(context: Context): readonly Proposal[] {
  const ran = ranHere(context);
  const said = context.statement?.outcome?.claims ?? {};
  const isFirst = CLAIM_KINDS.every((kind) => said[kind] === undefined);
  const whole = isFirst ? wholeOutcomes(ran) : [];
  const single = singleClaims(ran, said);
  const so = new Set([...whole, ...single]);
  return [...[...so].map((text) => happening(text)), ...claimWords().filter(({ label }) => !so.has(label))];
}

/** The page ranges of the outcome for each word. */
const RANGES: Readonly<Record<string, (claims: AllClaims) => readonly Range[]>> = {
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

/** The values of a placeholder in the outcome. */
function happeningValues(what: Placeholder, claim: string, claims: AllClaims): readonly string[] {
  switch (what) {
    case 'ID':
      return [...claims.zapped.flatMap(({ slot }) => slot ?? []), ...claims.skipped].map(String);
    case 'RANGE':
      return (RANGES[claim]?.(claims) ?? []).map(rangeText);
    case 'GFN':
      return claims.guest.flatMap(({ gfn }) => (gfn === null ? [] : [hex(gfn)]));
    case 'GPA':
      return claims.exit !== null && 'gpa' in claims.exit && claims.exit.gpa !== null
        ? [hex(claims.exit.gpa)]
        : [];
    case 'FILE':
      return [...claims.freed, ...claims.allocated].map(({ file }) => file);
    case 'COUNTxLEVEL':
      return claims.rmp.map(({ entries, level }) => `${entries}x${level === 2 ? '2M' : '4K'}`);
    case 'N':
      return claims.rmp.flatMap(({ asid }) => (asid === null ? [] : [String(asid)]));
    case 'BYTES':
      return [hex(claims.left)];
    case 'RESULT':
      return claims.instruction === undefined ? [] : [claims.instruction.result];
    case 'VALUE':
      return typeof claims.read === 'number' ? [hex(claims.read)] : [];
    case 'STEP':
      return claims.result.startsWith('stands at ') ? [claims.result.slice('stands at '.length)] : [];
    case 'LOCK':
      return claims.result.startsWith('waits ') ? [claims.result.slice('waits '.length)] : claims.waited;
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

function placeholderProposals(context: Context, what: Placeholder, claim: string): readonly Proposal[] {
  // Do not complete a number that has been started: a similar number is a different one.
  if (!WORDS.has(what) && /^\d/.test(context.typed)) return [];
  const values = ranHere(context).flatMap(({ actual }) => happeningValues(what, claim, actual));
  const so = [...new Set(values)].map((text) => happening(text));
  const labels = new Set(so.map(({ label }) => label));
  return [...so, ...otherValues(context, what).filter(({ label }) => !labels.has(label))];
}

/** Proposals for the arrow `=>` and for what follows it. */
export function outcomeProposalsFor(
  context: Context,
  candidate: Candidate,
  claim: string | null,
): readonly Proposal[] {
  switch (candidate.kind) {
    case 'arrow':
      return outcomeProposals(context);
    case 'claim':
      return claimProposals(context);
    case 'words':
      return candidate.words.map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
    case 'placeholder':
      return placeholderProposals(context, candidate.what, claim ?? '');
    default:
      return [];
  }
}
