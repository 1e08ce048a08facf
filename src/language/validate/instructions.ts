import { PERMISSIONS, permissionsMask } from '../compile/permissions';
import { quote } from '../diagnostics/diagnostics';
import { reportError } from '../diagnostics/report';
import { nearest } from '../diagnostics/suggest';
import type { Pieces } from '../pieces';
import type { Keyword } from '../table/statements';
import type { Statement } from '../tree/tree';
import type { Context } from './context';

/** Checks the form of the arguments of instructions on the RMP. The simulator finds out what the CPU returns. */
export function* checkInstructions(context: Context): Pieces<void> {
  for (const statement of context.document.statements) {
    yield;
    if (TAKES_A_PAGE.has(statement.keyword)) checkPageSize(context, statement);
    checkFields(context, statement);
    checkPermissions(context, statement);
    if (statement.keyword === 'rmpupdate') checkOwner(context, statement);
    if (statement.keyword === 'host') checkHostAccess(context, statement);
  }
}

/** Instructions whose page size is one bit. */
const TAKES_A_PAGE: ReadonlySet<Keyword> = new Set(['pvalidate', 'rmpadjust', 'rmpupdate', 'accept']);
const PAGE_SIZES: readonly bigint[] = [4n << 10n, 2n << 20n];

function checkPageSize(context: Context, statement: Statement): void {
  const {
    keyword,
    numbers: { size },
  } = statement;
  if (size === undefined || size.value === null || PAGE_SIZES.includes(size.value)) return;
  const message = `the page size of \`${keyword}\` must be \`4K\` or \`2M\`, not ${quote(size.text)}`;
  reportError(context.report, statement, 'G117', size.span, message);
}

/** Sizes of fields: VMPLs that a CPU has, the VMPL in RDX of RMPADJUST, and the ASID in the entry for RMPUPDATE. */
const FIELDS = [
  { name: 'at-vmpl', bits: 2n, what: 'the VMPL of a vCPU, which is 0 to 3' },
  { name: 'vmpl', bits: 8n, what: 'a VMPL' },
  { name: 'asid', bits: 32n, what: 'an ASID' },
] as const;

function checkFields(context: Context, statement: Statement): void {
  for (const { name, bits, what } of FIELDS) {
    const node = statement.numbers[name];
    if (node === undefined || node.value === null || node.value < 1n << bits) continue;
    const message = `${quote(node.text)} does not fit in the ${bits} bits of ${what}`;
    reportError(context.report, statement, 'G119', node.span, message);
  }
}

function checkPermissions(context: Context, statement: Statement): void {
  const { permissions } = statement.names;
  if (permissions === undefined || permissionsMask(permissions.text) !== null) return;
  const sorted = [...'rwus'].filter((letter) => permissions.text.includes(letter)).join('');
  const isShuffled = [...permissions.text].sort().join('') === [...sorted].sort().join('');
  const meant = isShuffled ? sorted : nearest(permissions.text, PERMISSIONS.slice(0, 1));
  const hint = meant === null ? '' : `: did you mean \`${meant}\`?`;
  const message = `permissions must be letters of \`rwus\` in this order, or \`none\`, not ${quote(permissions.text)}${hint}`;
  const data = meant === null ? {} : { data: { replacement: meant } };
  reportError(context.report, statement, 'G118', permissions.span, message, data);
}

function checkOwner(context: Context, statement: Statement): void {
  const { span, numbers, choices, flags } = statement;
  if (choices.to?.text === 'private' && numbers.gpa === undefined) {
    const message = '`private` requires the owner of the page: `gpa … asid …`';
    reportError(context.report, statement, 'G120', choices.to.span, message);
  }
  if (choices.to?.text !== 'shared') return;
  const extra = numbers.gpa?.span ?? flags.immutable;
  if (extra === undefined) return;
  const message =
    '`shared` returns the page to the hypervisor, and does not allow `gpa`, `asid` or `immutable`';
  reportError(context.report, statement, 'G120', { start: extra.start, end: span.end }, message);
}

function checkHostAccess(context: Context, statement: Statement): void {
  const {
    choices: { access },
    names: { file },
  } = statement;
  if (file === undefined || access?.text !== 'read') return;
  const message = 'the RMP does not check reads by the host: only `host write` is allowed with a file';
  reportError(context.report, statement, 'G121', access.span, message);
}
