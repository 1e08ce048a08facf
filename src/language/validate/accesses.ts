import type { VmType } from '../../simulator';
import { quote } from '../diagnostics/diagnostics';
import { reportError } from '../diagnostics/report';
import type { Pieces } from '../pieces';
import type { Keyword } from '../table/statements';
import type { NumberNode, Statement } from '../tree/tree';
import { placeStatements, type ScenarioVm, vcpusOf, vmTypeOf } from '../tree/vms';
import type { Context } from './context';

/** vCPUs, and the addresses that they access. */

const PAGE_SIZE = 4096n;
/** Bytes that `fault` reads or writes, and that a value has. */
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
  // With a number of vCPUs that cannot be right, every vCPU would be one too many.
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

/** Where an access of four bytes begins; undefined where the statement makes none. */
function accessedAt({ keyword, numbers }: Statement): NumberNode | undefined {
  if (keyword === 'fault') return numbers.gpa;
  // The host touches a single byte, unless it has a value to write.
  return keyword === 'host' && numbers.value !== undefined ? numbers.offset : undefined;
}

function checkAddress(context: Context, statement: Statement): void {
  const at = accessedAt(statement);
  if (at === undefined || at.value === null || (at.value % PAGE_SIZE) + ACCESS_SIZE <= PAGE_SIZE) return;
  const message = `the four bytes at ${quote(at.text)} cross a page: the access has to lie in one`;
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
    const hint = access.text === 'read' ? ': what is read is expected, as in `=> read 0x1234`' : '';
    const message = `\`value\` is what a write puts there, and this is ${access.text === 'exec' ? 'an' : 'a'} \`${access.text}\`${hint}`;
    reportError(context.report, statement, 'G124', value.span, message);
  } else if (value.value !== null && value.value >> (8n * ACCESS_SIZE) !== 0n) {
    const message = `${quote(value.text)} does not fit in the four bytes that are written`;
    reportError(context.report, statement, 'G124', value.span, message);
  }
}

/** Why the guest has no say of its own in what is private, by type of VM. */
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
  const message = `\`${choices.as.text}\` is for \`sev-snp\` and \`tdx\`: ${why}`;
  reportError(context.report, statement, 'G116', choices.as.span, message, { related });
}

/** Where instructions come from, by type of VM. */
const FETCHES: Readonly<Partial<Record<VmType, string>>> = {
  'sev-snp': 'a `sev-snp` guest fetches instructions with the C-bit, whatever its page tables say',
  tdx: 'a `tdx` guest cannot fetch instructions from shared memory, and KVM holds such a fault for broken hardware',
};

function checkFetch(context: Context, statement: Statement, vm: ScenarioVm): void {
  const { access, as } = statement.choices;
  const type = vmTypeOf(vm);
  const why = type === null ? undefined : FETCHES[type];
  if (access?.text !== 'exec' || as?.text !== 'shared' || why === undefined) return;
  const message = `an instruction fetch is never \`shared\`: ${why}`;
  reportError(context.report, statement, 'G132', as.span, message, { data: { replacement: 'private' } });
}

/** The shared bit of a TDX guest with GPAW 48. */
const SHARED_BIT = 1n << 47n;
/** Of the guest, which has the bit in its addresses; what the host is refused, KVM has to say. */
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
  const message = `${quote(gpa.text)} has the shared bit of \`tdx\`, bit 47, or more: \`private\` and \`shared\` say how it is`;
  reportError(context.report, statement, 'G130', gpa.span, message);
}

/** `at-vmpl` of a guest's access; instructions that only SNP guests have get #UD elsewhere. */
function checkVmpl(context: Context, statement: Statement, vm: ScenarioVm): void {
  const node = statement.numbers['at-vmpl'];
  if (statement.keyword !== 'fault' || node === undefined || vmTypeOf(vm) === 'sev-snp') return;
  const related = vm.statement === null ? [] : [{ span: vm.statement.span, message: 'the VM' }];
  const message = '`at-vmpl` is for `sev-snp`: other guests have no VMPLs';
  reportError(context.report, statement, 'G116', node.span, message, { related });
}
