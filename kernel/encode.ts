/** Encodes a compiled scenario as the words and numbers that the guest program reads (guest/init.c). */
import type { CompiledStatement, Program } from '../src/language';
import { type Call, U64, type VmType } from '../src/simulator';

/** KVM_X86_DEFAULT_VM and KVM_X86_SW_PROTECTED_VM (arch/x86/include/uapi/asm/kvm.h). */
const VM_TYPES: Readonly<Partial<Record<VmType, number>>> = { default: 0, 'sw-protected': 1 };

/** Not available in QEMU's software emulation: SEV-SNP and TDX. */
function unsupported(what: string): Error {
  return new Error(`${what} cannot be run in QEMU's software emulation of AMD SVM`);
}

/** GUEST_MEMFD_FLAG_MMAP and GUEST_MEMFD_FLAG_INIT_SHARED (include/uapi/linux/kvm.h). */
const GMEM_MMAP = 1;
const GMEM_INIT_SHARED = 2;

/** KVM_MEMORY_ATTRIBUTE_PRIVATE. */
const ATTRIBUTE_PRIVATE = 8;

/** Flags of a slot, between this module and guest/statements.c. */
const SLOT_FILE = 1;
const SLOT_READONLY = 2;
const SLOT_THP = 4;

/** `enum access` of guest/guest.h. */
const ACCESSES = { read: 0, write: 1, exec: 2 } as const;

/** A number for each name of a file, in the order of first use. */
class FileNumbers {
  private readonly numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }
}

/** KVM_SEV_SNP_LAUNCH_UPDATE and KVM_SEV_SNP_LAUNCH_FINISH, and KVM_SEV_SNP_PAGE_TYPE_*. */
const LAUNCH_UPDATE = 101;
const LAUNCH_FINISH = 102;
const LAUNCH_PAGES: Readonly<Record<Extract<Call, { kind: 'launch-update' }>['type'], number>> = {
  normal: 1,
  zero: 3,
  unmeasured: 4,
  secrets: 5,
  cpuid: 6,
};

type Word = string | number | bigint;

function words(call: Call, files: FileNumbers): readonly Word[] {
  switch (call.kind) {
    case 'gmem': {
      const flags = (call.mmap ? GMEM_MMAP : 0) | (call.initShared ? GMEM_INIT_SHARED : 0);
      return ['gmem', files.of(call.name), call.size, flags];
    }
    case 'slot': {
      const flags =
        (call.gmem === null ? 0 : SLOT_FILE) |
        (call.readonly ? SLOT_READONLY : 0) |
        (call.thp ? SLOT_THP : 0);
      const binding = call.gmem === null ? [0, 0] : [files.of(call.gmem.name), call.gmem.offset];
      return ['slot', call.id, call.gpa, call.size, flags, ...binding];
    }
    case 'delete':
      return ['delete', call.id];
    case 'move':
      return ['move', call.id, call.gpa];
    case 'convert':
      return ['convert', call.gpa, call.size, call.to === 'private' ? ATTRIBUTE_PRIVATE : 0];
    case 'fault':
      return ['fault', call.vcpu, ACCESSES[call.access], call.gpa];
    case 'prefault':
      return ['prefault', call.vcpu, call.gpa, call.size];
    case 'allocate':
    case 'punch':
      return [call.kind, files.of(call.name), call.offset, call.size];
    case 'truncate':
      return ['truncate', files.of(call.name), call.size];
    case 'close':
      return ['close', files.of(call.name)];
    case 'discard':
      return ['discard', call.id, call.offset, call.size];
    case 'host':
      return ['host', call.id, call.access === 'write' ? 1 : 0, call.offset];
    case 'psc': {
      const { vcpu, gpa, size, to, converts, later } = call;
      return ['psc', vcpu, gpa, size, to === 'private' ? 1 : 0, converts ?? U64 - 1n, later ? 1 : 0];
    }
    case 'poison':
      return ['poison', files.of(call.name), call.offset];
    case 'vm':
      return ['vm', vmTypeOf({ vm: call.type }), call.vcpus];
    case 'switch':
      return ['switch', call.vm];
    case 'launch-update':
      return [
        'launch',
        LAUNCH_UPDATE,
        call.gpa,
        call.size,
        LAUNCH_PAGES[call.type],
        call.source === 0n ? 0 : 1,
      ];
    case 'launch-finish':
      return ['launch', LAUNCH_FINISH, 0, 0, 0, 0];
    default:
      throw unsupported(`\`${call.kind}\``);
  }
}

/** A statement that a real kernel cannot run, and why. */
export interface Unencodable {
  readonly statement: CompiledStatement;
  readonly why: string;
}

const RACES = 'a real kernel runs the calls of a `race` in one order, and nobody can say in which';

/** The race of a scenario: its calls run in an order that nobody can tell. */
export function unorderedStatements({ statements, race }: Program): readonly Unencodable[] {
  const statement = race === null ? undefined : statements[race.start];
  return statement === undefined ? [] : [{ statement, why: RACES }];
}

/** Whether calls run in the middle of others: such a scenario needs a kernel with points, and threads (races/). */
export function isInterleaved({ statements }: Program): boolean {
  return statements.some(({ course: { continues, named, until } }) => continues || named || until !== null);
}

/** The words and numbers of each statement. @throws Error if one cannot be encoded. */
export function encodedStatements(statements: readonly CompiledStatement[]): readonly string[] {
  const files = new FileNumbers();
  return statements.map(({ call }) => words(call, files).join(' '));
}

/** The number of the VM type. @throws Error if the emulation does not have it. */
export function vmTypeOf({ vm }: Pick<Program['setup'], 'vm'>): number {
  const vmType = VM_TYPES[vm];
  if (vmType === undefined) throw unsupported(`\`vm ${vm}\``);
  return vmType;
}

/**
 * A scenario in the guest program's encoding; `number` is repeated in everything it prints about it.
 * @throws Error if a statement cannot be encoded.
 */
export function encodeScenario(number: number, program: Program): string {
  const { setup, statements } = program;
  const [unordered] = unorderedStatements(program);
  if (unordered !== undefined) throw new Error(`line ${unordered.statement.line}: ${unordered.why}`);
  if (isInterleaved(program)) throw new Error('a scenario whose calls are suspended needs threads (races/)');
  const lines = encodedStatements(statements);
  return [`scenario ${number} ${vmTypeOf(setup)} ${setup.vcpus}`, ...lines, 'end', ''].join('\n');
}
