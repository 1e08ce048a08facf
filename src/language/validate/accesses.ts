import type { VmType } from '../../simulator';
import { quote } from '../diagnostics/diagnostics';
import { reportError } from '../diagnostics/report';
import type { Pieces } from '../pieces';
import type { Keyword } from '../table/statements';
import type { NumberNode, Statement } from '../tree/tree';
import { placeStatements, type ScenarioVm, vcpusOf, vmTypeOf } from '../tree/vms';
import type { Context } from './context';

/** Checks vCPUs and the addresses that they access. */

const PAGE_SIZE = 4096n;
/** Bytes that `fault` reads or writes; also the size of a value. */
const ACCESS_SIZE = 4n;

export function* checkAccesses(context: Context): Pieces<void> {
  for (const { statement, vm } of placeStatements(context.document)) {
    yield;
    checkVcpu(context, statement, vm);
    checkSharedBit(context, statement, vm);
    checkVmpl(context, statement, vm);
    checkValue(context, statement);
    checkAddress(context, statement);
    if (statement.keyword !== 'fault') continue;
    checkEncryption(context, statement, vm);
    checkFetch(context, statement, vm);
  }
}

function checkVcpu(context: Context, statement: Statement, vm: ScenarioVm): void {
  const { vcpu } = statement.numbers;
  const vcpus = vcpusOf(vm);
  // If the number of vCPUs is invalid, that has its own diagnostic.
  if (vcpu === undefined || vcpu.value === null || vcpus === null || vcpus === 0n || vcpu.value < vcpus)
    return;
  const there = vcpus === 1n ? 'it has one vCPU, number 0' : `its vCPUs are 0 to ${vcpus - 1n}`;
  const related = vm.statement === null ? [] : [{ span: vm.statement.span, message: 'the VM' }];
  reportError(
    context.report,
    statement,
    'G111',
    vcpu.span,
    `the VM has no vCPU ${quote(vcpu.text)}: ${there}`,
    {
      related,
    },
  );
}

/** The address of an access of four bytes; undefined if the statement makes no such access. */
function accessedAt({ keyword, numbers }: Statement): NumberNode | undefined {
  if (keyword === 'fault') return numbers.gpa;
  // The host accesses a single byte, unless it writes a value.
  return keyword === 'host' && numbers.value !== undefined ? numbers.offset : undefined;
}

function checkAddress(context: Context, statement: Statement): void {
  const at = accessedAt(statement);
  if (at === undefined || at.value === null || (at.value % PAGE_SIZE) + ACCESS_SIZE <= PAGE_SIZE) return;
  const message = `the four bytes at ${quote(at.text)} cross a page boundary: an access must lie within one page`;
  reportError(context.report, statement, 'G114', at.span, message);
}

function checkValue(context: Context, statement: Statement): void {
  const {
    keyword,
    numbers: { value },
    choices: { access },
  } = statement;
  if (value === undefined || (keyword !== 'fault' && keyword !== 'host')) return;
  if (access !== undefined && access.text !== 'write') {
    const hint =
      access.text === 'read' ? ': to check what is read, expect it, for instance `=> read 0x1234`' : '';
    const message = `\`value\` is allowed only with \`write\`, not with \`${access.text}\`${hint}`;
    reportError(context.report, statement, 'G124', value.span, message);
  } else if (value.value !== null && value.value >> (8n * ACCESS_SIZE) !== 0n) {
    const message = `${quote(value.text)} does not fit in the four bytes of the write`;
    reportError(context.report, statement, 'G124', value.span, message);
  }
}

/** Why the guest cannot choose between private and shared, by type of VM. */
const NO_ENCRYPTION: Readonly<Partial<Record<VmType, string>>> = {
  default: 'a `default` VM has no private memory',
  'sw-protected': 'on a `sw-protected` VM the memory attribute of the gfn decides',
};

function checkEncryption(context: Context, statement: Statement, vm: ScenarioVm): void {
  const { choices } = statement;
  const type = vmTypeOf(vm);
  const why = type === null ? undefined : NO_ENCRYPTION[type];
  if (choices.as === undefined || why === undefined) return;
  const related = vm.statement === null ? [] : [{ span: vm.statement.span, message: 'the VM' }];
  const message = `\`${choices.as.text}\` applies only to \`sev-snp\` and \`tdx\` VMs: ${why}`;
  reportError(context.report, statement, 'G116', choices.as.span, message, { related });
}

/** Why an instruction fetch cannot be shared, by type of VM. */
const FETCHES: Readonly<Partial<Record<VmType, string>>> = {
  'sev-snp': 'a `sev-snp` guest always fetches with the C-bit, regardless of its page tables',
  tdx: 'a `tdx` guest cannot fetch from shared memory, and KVM treats such a fault as broken hardware',
};

function checkFetch(context: Context, statement: Statement, vm: ScenarioVm): void {
  const { access, as } = statement.choices;
  const type = vmTypeOf(vm);
  const why = type === null ? undefined : FETCHES[type];
  if (access?.text !== 'exec' || as?.text !== 'shared' || why === undefined) return;
  const message = `an instruction fetch cannot be \`shared\`: ${why}`;
  reportError(context.report, statement, 'G132', as.span, message, { data: { replacement: 'private' } });
}

/** The shared bit of a TDX guest with GPAW 48. */
const SHARED_BIT = 1n << 47n;
/** Accesses by the guest, whose addresses have the bit. KVM itself refuses such addresses from the host. */
const WITH_SHARED_BIT: ReadonlySet<Keyword> = new Set(['fault', 'accept', 'psc']);

function checkSharedBit(context: Context, statement: Statement, vm: ScenarioVm): void {
  const { gpa } = statement.numbers;
  if (
    vmTypeOf(vm) !== 'tdx' ||
    !WITH_SHARED_BIT.has(statement.keyword) ||
    gpa === undefined ||
    gpa.value === null ||
    gpa.value < SHARED_BIT
  )
    return;
  const message = `${quote(gpa.text)} includes the shared bit of TDX (bit 47) or a higher bit: use \`private\` or \`shared\` instead`;
  reportError(context.report, statement, 'G130', gpa.span, message);
}

/** Checks `at-vmpl` of a guest's access. Instructions of SNP guests need no check: on other VMs the guest gets #UD. */
function checkVmpl(context: Context, statement: Statement, vm: ScenarioVm): void {
  const node = statement.numbers['at-vmpl'];
  if (statement.keyword !== 'fault' || node === undefined || vmTypeOf(vm) === 'sev-snp') return;
  const related = vm.statement === null ? [] : [{ span: vm.statement.span, message: 'the VM' }];
  const message = '`at-vmpl` applies only to `sev-snp` VMs: other guests have no VMPLs';
  reportError(context.report, statement, 'G116', node.span, message, { related });
}
