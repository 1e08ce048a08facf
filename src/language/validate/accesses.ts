import { quote, reportError } from '../diagnostics';
import type { Statement } from '../tree';
import type { Context } from './context';

/** vCPUs, and the addresses that they access. */

const PAGE_SIZE = 4096n;
/** Bytes that `fault` reads or writes. */
const ACCESS_SIZE = 4n;

export function checkAccesses(context: Context): void {
  const vm = context.document.statements.find((statement) => statement.keyword === 'vm');
  // With a number that cannot be right, every vCPU would be one too many.
  const vcpus = vm?.numbers.count === undefined ? 1n : vm.numbers.count.value;
  for (const statement of context.document.statements) {
    checkVcpu(context, statement, vm, vcpus);
    if (statement.keyword === 'fault') checkAddress(context, statement);
  }
}

function checkVcpu(
  context: Context,
  statement: Statement,
  vm: Statement | undefined,
  vcpus: bigint | null,
): void {
  const { vcpu } = statement.numbers;
  if (vcpu === undefined || vcpu.value === null || vcpus === null || vcpus === 0n || vcpu.value < vcpus)
    return;
  const there = vcpus === 1n ? 'it has one vCPU, number 0' : `its vCPUs are 0 to ${vcpus - 1n}`;
  const related = vm === undefined ? [] : [{ span: vm.span, message: 'the VM' }];
  reportError(context.report, 'G111', vcpu.span, `the VM has no vCPU ${quote(vcpu.text)}: ${there}`, {
    related,
  });
}

function checkAddress(context: Context, statement: Statement): void {
  const { gpa } = statement.numbers;
  if (gpa === undefined || gpa.value === null || (gpa.value % PAGE_SIZE) + ACCESS_SIZE <= PAGE_SIZE) return;
  const message = `the four bytes at ${quote(gpa.text)} cross a page: the access has to lie in one`;
  reportError(context.report, 'G114', gpa.span, message);
}
