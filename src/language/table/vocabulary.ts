import type {
  ArgumentPart,
  ChoicePart,
  FlagPart,
  GroupPart,
  LabelledPart,
  OneOfPart,
  Role,
  WordDoc,
} from './syntax';

/** Building blocks of the tables of statements. */

export function argument<R extends Role, L extends string | null>(
  role: R,
  label: L,
  what: string,
  value: string,
): ArgumentPart<R> & { readonly label: L } {
  const example = label === null ? value : `${label} ${value}`;
  return { kind: 'argument', role, label, what, example, defines: false };
}

export function definition<P extends ArgumentPart>(part: P): P {
  return { ...part, defines: true };
}

export function group<R extends Role>(doc: string, ...parts: GroupPart<R>['parts']): GroupPart<R, false> {
  return { kind: 'group', parts, doc, repeated: false };
}

export function flag<W extends string>(word: W, doc: string): FlagPart<W> {
  return { kind: 'flag', word, doc };
}

export function oneOf<N extends string, const W extends string>(
  name: N,
  doc: string,
  ...words: WordDoc<W>[]
): OneOfPart<N, W> {
  return { kind: 'one-of', name, doc, words };
}

export function choice<N extends string, const W extends string>(
  name: N,
  what: string,
  ...words: WordDoc<W>[]
): ChoicePart<N, W> {
  return { kind: 'choice', name, what, words };
}

export const KVM_API = 'https://docs.kernel.org/virt/kvm/api.html';
const MAN2 = 'https://man7.org/linux/man-pages/man2';

export function api(ioctl: string) {
  return { title: `KVM API, ${ioctl}`, url: `${KVM_API}#${ioctl.toLowerCase().replaceAll('_', '-')}` };
}

export function man(page: string) {
  return { title: `${page}(2)`, url: `${MAN2}/${page}.2.html` };
}

export const FILE = argument('file', null, "the guest_memfd file's name", 'A');
export const SLOT = argument('slot', 'slot', "the slot's id", '0');
export const VCPU = argument('vcpu', 'vcpu', 'the vCPU', '0');

export function gpa(what = 'the guest physical address'): LabelledPart<'gpa'> {
  return argument('gpa', 'gpa', what, '0x80000000');
}

export function size(what: string, value = '2M'): LabelledPart<'size'> {
  return argument('size', 'size', what, value);
}

export function offset(what: string, value = '0'): LabelledPart<'offset'> {
  return argument('offset', 'offset', what, value);
}

/** The size of the page on which an instruction operates. */
export const PAGE_SIZE = size('the size of the page, `4K` or `2M`', '4K');

/** The value that a write stores. */
export const VALUE = group(
  'The value to write into the four bytes, little-endian; without it, the bytes do not change.',
  argument('value', 'value', 'the value to write, 32 bits', '0x1234'),
);

/** The label of the step before which a call suspends. */
export const UNTIL = group(
  'Suspends the call before it next reaches this step; the statements after it run in the meantime.',
  argument('step', 'until', "the label of a step, as in the debugger's listings", 'FA7'),
);

/** The name of a call, by which `continue` resumes it. */
export const AS = group(
  'The name of the call, by which `continue` resumes it.',
  definition(argument('call', 'as', "the call's name", 'early')),
);

/** The VMPL at which the vCPU of an SNP guest runs; `vmpl` is the VMPL that an instruction takes as an argument. */
export const AT_VMPL = group(
  'The VMPL at which the vCPU runs, on `sev-snp`; 0 by default.',
  argument('at-vmpl', 'at-vmpl', 'the VMPL at which the vCPU runs', '1'),
);
