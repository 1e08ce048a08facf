import { type ClaimNode, type Claims, printClaims, type Span, type Statement } from '../language';
import { differenceOf, isListKind, type Unmet } from '../outcome';

/** What is wrong with a claim: where, and in a sentence that says what differs and leaves out what does not. */

/** Characters of claims that a message lists; what is longer is cut between two items. */
const MOST = 160;

/** A text cut behind one of its commas, with how many items are left out. */
export function shortened(text: string, most = MOST): string {
  if (text.length <= most) return text;
  const cut = text.lastIndexOf(', ', most);
  if (cut < 0) return `${text.slice(0, most)}…`;
  const left = text.slice(cut + 2).split(', ').length;
  return `${text.slice(0, cut)}, … ${left} more`;
}

function listed(claims: Claims, kind: Unmet['kind']): string | null {
  const list = claims[kind];
  return Array.isArray(list) && list.length === 0 ? null : `\`${shortened(printClaims(claims))}\``;
}

/** What an outcome claims without saying it. */
function impliedText({ kind, actual }: Unmet): string {
  return kind === 'result'
    ? `the call ends with \`${actual}\`, which is not claimed: without an errno it has to succeed`
    : `the vCPU leaves for userspace, \`${actual}\`, which is not claimed: without \`exit\` it has to stay`;
}

export function unmetText(unmet: Unmet): string {
  const { kind, missing, extra, expected, actual, implied } = unmet;
  if (implied) return impliedText(unmet);
  if (!isListKind(kind)) {
    return actual === ''
      ? `\`${expected}\` is claimed, and nothing of the kind happens`
      : `\`${expected}\` is claimed; what happens is \`${actual}\``;
  }
  const [less, more] = [listed(missing, kind), listed(extra, kind)];
  if (less === null) return `${more} happens as well, and is not claimed`;
  if (more === null) return `${less} is claimed, and does not happen`;
  return `${less} is claimed, and does not happen; what does, and is not claimed, is ${more}`;
}

/** Whether the item is of what is claimed and does not happen. */
function isMissed({ kind, claims }: ClaimNode, missing: Claims): boolean {
  const difference = differenceOf(kind, claims[kind], missing[kind]);
  return difference === null || printClaims(difference.missing) !== printClaims(claims);
}

/** The items of an outcome in which a claim is wrong; the whole outcome where none says it. */
export function unmetSpan({ outcome, span }: Statement, { kind, missing }: Unmet): Span {
  const items = (outcome?.items ?? []).filter((item) => item.kind === kind);
  const missed = items.filter((item) => isMissed(item, missing));
  const [first] = missed.length > 0 ? missed : items;
  const last = (missed.length > 0 ? missed : items).at(-1);
  if (first === undefined || last === undefined) return outcome?.span ?? span;
  return { start: first.span.start, end: last.span.end };
}
