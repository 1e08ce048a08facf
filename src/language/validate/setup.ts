import { quote } from '../diagnostics/diagnostics';
import { reportError, reportWarning } from '../diagnostics/report';
import type { Pieces } from '../pieces';
import { VM_TYPES } from '../table/statements';
import { withStates } from '../tree/blocks';
import type { KnobNode, Statement } from '../tree/tree';
import { type Context, listNames, suggestion } from './context';

/** Checks `kernel` and `vm`: their positions, and the names they use. */

/**
 * KVM_MAX_VCPUS of a kernel that is not configured for the largest machines (arch/x86/kvm/Kconfig, KVM_MAX_NR_VCPUS).
 */
const MAX_VCPUS = 1024n;

/** The part of the set-up that precedes a statement. */
interface Seen {
  kernel: Statement | null;
  vm: Statement | null;
  /** The first call on the VM. */
  call: Statement | null;
  /** Whether only constants came before, in the file or in the current block. */
  isBeginning: boolean;
  inBlock: boolean;
}

export function* checkSetup(context: Context): Pieces<void> {
  const start: Seen = { kernel: null, vm: null, call: null, isBeginning: true, inBlock: false };
  // A block may begin with a kernel of its own.
  const inBlock = (seen: Seen): Seen => ({ ...seen, isBeginning: true, inBlock: true });
  for (const [statement, seen] of withStates(context.document, start, inBlock)) {
    visit(context, statement, seen);
    yield;
  }
}

function visit(context: Context, statement: Statement, seen: Seen): void {
  switch (statement.keyword) {
    case 'let':
    case 'scenario':
      return;
    case 'kernel':
      placeKernel(context, statement, seen);
      checkKernel(context, statement);
      break;
    case 'vm':
      if (seen.vm === null && seen.call !== null) {
        const message = `\`vm\` must come before \`${seen.call.keyword}\`, which needs the VM`;
        const related = [{ span: seen.call.keywordSpan, message: 'the first call on the VM' }];
        reportError(context.report, statement, 'G107', statement.keywordSpan, message, { related });
      }
      seen.vm ??= statement;
      checkVm(context, statement);
      checkTypeOnKernel(context, statement, seen.kernel);
      break;
    case 'race':
    case 'task':
      break;
    default:
      seen.call ??= statement;
  }
  seen.isBeginning = false;
}

/** `kernel` must come first, in the file or in a block; in a block it replaces the kernel of the file. */
function placeKernel(context: Context, statement: Statement, seen: Seen): void {
  const { keywordSpan } = statement;
  if (!seen.isBeginning && seen.kernel !== null) {
    const related = [{ span: seen.kernel.span, message: 'the first one' }];
    const message = 'a scenario can have only one `kernel`';
    reportError(context.report, statement, 'G105', keywordSpan, message, { related });
  } else if (!seen.isBeginning) {
    const message = `\`kernel\` must be the first statement${seen.inBlock ? ' of the file or of its scenario' : ''}`;
    reportError(context.report, statement, 'G105', keywordSpan, message);
  }
  if (seen.isBeginning) seen.kernel = statement;
  else seen.kernel ??= statement;
}

function checkKernel(context: Context, statement: Statement): void {
  const kernel = statement.names.kernel;
  const names = context.catalogue.kernels.map(({ name }) => name);
  if (kernel !== undefined && !names.includes(kernel.text)) {
    const { hint, data } = suggestion(kernel.text, names, `: the kernels are ${listNames(names, 'and')}`);
    const message = `no kernel is called ${quote(kernel.text)}${hint}`;
    reportError(context.report, statement, 'G101', kernel.span, message, { data });
  }
  const seen = new Map<string, KnobNode>();
  for (const node of statement.knobs) {
    const first = seen.get(node.knob.text);
    if (first !== undefined) {
      const related = [{ span: first.span, message: 'set here first' }];
      const message = `the knob ${quote(node.knob.text)} is set twice`;
      reportError(context.report, statement, 'G104', node.span, message, { related });
      continue;
    }
    seen.set(node.knob.text, node);
    checkKnob(context, statement, node);
  }
}

function checkKnob(context: Context, statement: Statement, node: KnobNode): void {
  const { knobs } = context.catalogue;
  const knob = knobs.find(({ name }) => name === node.knob.text);
  if (knob === undefined) {
    const names = knobs.map(({ name }) => name);
    const { hint, data } = suggestion(node.knob.text, names, '');
    reportError(
      context.report,
      statement,
      'G102',
      node.knob.span,
      `no knob is called ${quote(node.knob.text)}${hint}`,
      {
        data,
      },
    );
    return;
  }
  const variants = knob.variants.map(({ name }) => name);
  if (node.variant === null || variants.includes(node.variant.text)) return;
  const { data } = suggestion(node.variant.text, variants, '');
  const message = `\`${knob.name}\` has no variant ${quote(node.variant.text)}: its variants are ${listNames(variants, 'and')}`;
  reportError(context.report, statement, 'G103', node.variant.span, message, { data });
}

/** Warns about a VM type that the kernel does not support; it is simulated as on a later kernel. */
function checkTypeOnKernel(context: Context, statement: Statement, kernel: Statement | null): void {
  const { vm } = statement.names;
  const { kernels, defaultKernel } = context.catalogue;
  const name = kernel?.names.kernel?.text ?? defaultKernel;
  const lacks = kernels.find((candidate) => candidate.name === name)?.lacks ?? [];
  if (vm === undefined || !lacks.includes(vm.text)) return;
  const message = `\`${name}\` has no \`${vm.text}\` VMs (KVM_CREATE_VM would return EINVAL): they are simulated as on \`${defaultKernel}\``;
  reportWarning(context.report, statement, 'G131', vm.span, message);
}

function checkVm(context: Context, statement: Statement): void {
  const { vm } = statement.names;
  const types = VM_TYPES.map(({ word }) => word);
  if (vm !== undefined && !types.includes(vm.text)) {
    const { hint, data } = suggestion(vm.text, types, `: the types are ${listNames(types, 'and')}`);
    reportError(context.report, statement, 'G106', vm.span, `no VM type is called ${quote(vm.text)}${hint}`, {
      data,
    });
  }
  const { count } = statement.numbers;
  if (count === undefined || count.value === null) return;
  if (count.value === 0n || count.value > MAX_VCPUS) {
    const message = `a VM has 1 to ${MAX_VCPUS} vCPUs, not ${quote(count.text)}`;
    reportError(context.report, statement, 'G108', count.span, message);
  }
}
