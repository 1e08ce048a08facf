import { type Call, must, type VmType } from '../../simulator';
import { type CallKeyword, type ChoiceWord, isSilent, isVmType, type Keyword } from '../table/statements';
import { isComplete, type KnownNumber, type StatementOf } from '../tree/statement-of';
import type { Statement } from '../tree/tree';
import { permissionsMask } from './permissions';

/** Translates statements to calls. */

/** Keywords of the statements that make a new call. */
type OwnCallKeyword = Exclude<CallKeyword, 'continue'>;

function small({ value }: KnownNumber): number {
  return Number(value);
}

/** A part that another part of the statement requires. The types cannot express this; the checks guarantee it. */
function present<T>(part: T | undefined): T {
  if (part === undefined)
    throw new Error('a statement was compiled without a part that another part requires');
  return part;
}

/** Arguments common to several statements. */
interface GuestPage {
  readonly numbers: { readonly vcpu: KnownNumber; readonly gpa: KnownNumber; readonly size: KnownNumber };
}

function guestPage({ numbers: { vcpu, gpa, size } }: GuestPage) {
  return { vcpu: small(vcpu), gpa: gpa.value, size: size.value };
}

function filePage({
  names: { file },
  numbers: { offset },
}: StatementOf<'poison' | 'psmash' | 'rmpread' | 'rmpupdate'>) {
  return { name: file.text, offset: offset.value };
}

function fallocate(s: StatementOf<'allocate' | 'punch'>): Call {
  const { offset, size } = s.numbers;
  return { kind: s.keyword, name: s.names.file.text, offset: offset.value, size: size.value };
}

/** The VMPL at which the vCPU runs. */
function vmplOf(s: StatementOf<'fault' | 'pvalidate' | 'rmpadjust' | 'rmpquery'>): number {
  const vmpl = s.numbers['at-vmpl'];
  return vmpl === undefined ? 0 : small(vmpl);
}

/** The value of a write, if the statement gives one. */
function written({ numbers: { value } }: StatementOf<'fault' | 'host'>): { readonly value?: number } {
  return value === undefined ? {} : { value: small(value) };
}

function hostAccess(s: StatementOf<'host'>): Call {
  const { slot } = s.numbers;
  const offset = s.numbers.offset.value;
  if (slot === undefined)
    return { kind: 'host-file-write', name: present(s.names.file).text, offset, ...written(s) };
  return { kind: 'host', id: slot.value, access: s.choices.access.text, offset, ...written(s) };
}

const IS_PRIVATE: Readonly<Record<ChoiceWord<'as'> | ChoiceWord<'to'>, boolean>> = {
  private: true,
  shared: false,
};

const VALIDATES: Readonly<Record<ChoiceWord<'action'>, boolean>> = { validate: true, rescind: false };

function rmpupdate(s: StatementOf<'rmpupdate'>): Call {
  const { size, gpa, asid } = s.numbers;
  const to = IS_PRIVATE[s.choices.to.text]
    ? {
        gpa: present(gpa).value,
        asid: small(present(asid)),
        immutable: s.flags.immutable !== undefined,
      }
    : null;
  return { kind: 'rmpupdate', ...filePage(s), size: size.value, to };
}

/** The VM without a `vm`, or with one that has errors. */
export const DEFAULT_VM = { vm: 'default', vcpus: 1 } as const;

/** The VM that a `vm` creates. */
export function vmOf({ names, numbers }: Statement): { readonly vm: VmType; readonly vcpus: number } {
  const type = names.vm?.text ?? '';
  return {
    vm: isVmType(type) ? type : DEFAULT_VM.vm,
    vcpus: Number(numbers.count?.value ?? DEFAULT_VM.vcpus),
  };
}

const CALLS: { readonly [K in OwnCallKeyword]: (statement: StatementOf<K>) => Call } = {
  vm: (s) => {
    const { vm, vcpus } = vmOf(s);
    return { kind: 'vm', type: vm, vcpus };
  },
  switch: ({ numbers }) => ({ kind: 'switch', vm: small(numbers['vm-number']) }),
  gmem: ({ names, numbers, flags }) => ({
    kind: 'gmem',
    name: names.file.text,
    size: numbers.size.value,
    mmap: flags.mmap !== undefined,
    initShared: flags['init-shared'] !== undefined,
    huge: flags.huge !== undefined,
  }),
  slot: ({ names: { file }, numbers, flags }) => ({
    kind: 'slot',
    id: numbers.slot.value,
    gpa: numbers.gpa.value,
    size: numbers.size.value,
    gmem: file === undefined ? null : { name: file.text, offset: present(numbers.offset).value },
    readonly: flags.readonly !== undefined,
    thp: flags.thp !== undefined,
  }),
  delete: ({ numbers }) => ({ kind: 'delete', id: numbers.slot.value }),
  move: ({ numbers }) => ({ kind: 'move', id: numbers.slot.value, gpa: numbers.gpa.value }),
  convert: ({ numbers, choices }) => ({
    kind: 'convert',
    gpa: numbers.gpa.value,
    size: numbers.size.value,
    to: choices.to.text,
  }),
  fault: (s) => ({
    kind: 'fault',
    vcpu: small(s.numbers.vcpu),
    access: s.choices.access.text,
    gpa: s.numbers.gpa.value,
    private: s.choices.as === undefined ? null : IS_PRIVATE[s.choices.as.text],
    ...(s.numbers['at-vmpl'] === undefined ? {} : { vmpl: vmplOf(s) }),
    ...written(s),
  }),
  prefault: (s) => ({ kind: 'prefault', ...guestPage(s) }),
  allocate: fallocate,
  punch: fallocate,
  truncate: ({ names, numbers }) => ({ kind: 'truncate', name: names.file.text, size: numbers.size.value }),
  close: ({ names }) => ({ kind: 'close', name: names.file.text }),
  poison: (s) => ({ kind: 'poison', ...filePage(s) }),
  discard: ({ numbers }) => ({
    kind: 'discard',
    id: numbers.slot.value,
    offset: numbers.offset.value,
    size: numbers.size.value,
  }),
  host: hostAccess,
  'launch-update': ({ numbers, choices }) => ({
    kind: 'launch-update',
    gpa: numbers.gpa.value,
    size: numbers.size.value,
    type: choices.type?.text ?? 'normal',
    source: numbers.source?.value ?? null,
  }),
  'launch-finish': () => ({ kind: 'launch-finish' }),
  psc: (s) => ({
    kind: 'psc',
    ...guestPage(s),
    to: s.choices.to.text,
    converts: s.numbers.converts?.value ?? (s.choices.answer === undefined ? null : 0n),
    later: s.choices.answer?.text === 'later',
  }),
  pvalidate: (s) => ({
    kind: 'pvalidate',
    ...guestPage(s),
    validate: VALIDATES[s.choices.action.text],
    vmpl: vmplOf(s),
  }),
  rmpadjust: (s) => ({
    kind: 'rmpadjust',
    ...guestPage(s),
    target: small(s.numbers.vmpl),
    permissions: must(permissionsMask(s.names.permissions.text), 'mask of the permissions'),
    vmsa: s.flags.vmsa !== undefined,
    vmpl: vmplOf(s),
  }),
  rmpquery: (s) => ({
    kind: 'rmpquery',
    vcpu: small(s.numbers.vcpu),
    gpa: s.numbers.gpa.value,
    target: small(s.numbers.vmpl),
    vmpl: vmplOf(s),
  }),
  accept: (s) => ({ kind: 'accept', ...guestPage(s) }),
  rmpupdate,
  psmash: (s) => ({ kind: 'psmash', ...filePage(s) }),
  rmpread: (s) => ({ kind: 'rmpread', ...filePage(s) }),
};

function makeCall<K extends OwnCallKeyword>(keyword: K, statement: StatementOf<K>): Call {
  return CALLS[keyword](statement);
}

function makesCall(statement: StatementOf<Keyword>): statement is StatementOf<OwnCallKeyword> {
  return !isSilent(statement.keyword) && statement.keyword !== 'continue';
}

/** The call of a statement; null if a part is missing, for statements that make no call, and for `continue`. */
export function callOf(statement: Statement): Call | null {
  return isComplete(statement) && makesCall(statement) ? makeCall(statement.keyword, statement) : null;
}
