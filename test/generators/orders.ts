/** Random races of two or three tasks that make one or two short calls each, on two pages of a slot. */
import fc from 'fast-check';
import { raceText } from './exploring';

const page = fc.constantFrom(0, 1);
const gpa = (at: number) => `gpa 0x8000${at}000`;

type Calls = (vcpu: number) => fc.Arbitrary<string>;

/** Calls of a VM without encryption. */
const plain: Calls = (vcpu) =>
  fc.oneof(
    page.map((at) => `fault vcpu ${vcpu} write ${gpa(at)}`),
    page.map((at) => `fault vcpu ${vcpu} read ${gpa(at)}`),
    page.map((at) => `prefault vcpu ${vcpu} ${gpa(at)} size 4K`),
    page.map((at) => `punch A offset ${4 * at}K size 4K`),
    page.map((at) => `allocate A offset ${4 * at}K size 4K`),
    page.map((at) => `convert ${gpa(at)} size 4K shared`),
    page.map((at) => `convert ${gpa(at)} size 4K private`),
    page.map((at) => `host write slot 0 offset ${4 * at}K value ${at + 1}`),
    page.map((at) => `discard slot 0 offset ${4 * at}K size 4K`),
    fc.constant('delete slot 0'),
    fc.constant('delete slot 1'),
    fc.constant('move slot 1 gpa 0xa0000000'),
    fc.constant('slot 2 gpa 0xb0000000 size 8K gmem A offset 16K'),
    fc.constant('close A'),
    fc.constant('poison A offset 0'),
  );

/** Calls of guests with encrypted memory, and of their hosts. */
const confidential = (vcpu: number) => [
  page.map((at) => `fault vcpu ${vcpu} write ${gpa(at)} private`),
  page.map((at) => `prefault vcpu ${vcpu} ${gpa(at)} size 4K`),
  page.map((at) => `punch A offset ${4 * at}K size 4K`),
  page.map((at) => `convert ${gpa(at)} size 4K shared`),
  page.map((at) => `psc vcpu ${vcpu} ${gpa(at)} size 4K shared`),
  fc.constant('close A'),
];

const snp: Calls = (vcpu) =>
  fc.oneof(
    ...confidential(vcpu),
    page.map((at) => `pvalidate vcpu ${vcpu} ${gpa(at)} size 4K validate`),
    page.map((at) => `host write A offset ${4 * at}K`),
    page.map((at) => `psmash A offset ${4 * at}K`),
  );

const tdx: Calls = (vcpu) =>
  fc.oneof(
    ...confidential(vcpu),
    page.map((at) => `accept vcpu ${vcpu} ${gpa(at)} size 4K`),
  );

const CALLS = { 'sw-protected': plain, 'sev-snp': snp, tdx } as const;

export type RacingVm = keyof typeof CALLS;

function aboveOf(kernel: string, type: RacingVm): string {
  const slots = `kernel ${kernel}
vm ${type} vcpus 3
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
`;
  if (type === 'sw-protected') {
    return `${slots}slot 1 gpa 0x90000000 size 8K gmem A offset 8K
convert gpa 0x80000000 size 4K private
`;
  }
  return `${slots}convert gpa 0x80000000 size 8K private
${type === 'sev-snp' ? 'launch-finish\n' : ''}fault vcpu 0 write gpa 0x80000000 private
`;
}

/** @param sizes How many calls each task makes. */
export function racesOf(
  type: RacingVm,
  sizes: readonly (readonly number[])[] = [
    [1, 1],
    [2, 1],
    [1, 1, 1],
  ],
): fc.Arbitrary<string> {
  const kernels = type === 'tdx' ? ['linux-7.3'] : ['linux-6.12', 'linux-7.3'];
  return fc
    .tuple(fc.constantFrom(...kernels), fc.constantFrom(...sizes))
    .chain(([kernel, counts]) =>
      fc
        .tuple(
          ...counts.map((count, task) => fc.array(CALLS[type](task), { minLength: count, maxLength: count })),
        )
        .map((tasks) => raceText(aboveOf(kernel, type), tasks)),
    )
    .chain((text) =>
      // Now and then, a task repeats its calls.
      fc
        .integer({ min: 0, max: 7 })
        .map((task) => text.replace(`task t${task} {`, `task t${task} repeats {`)),
    );
}

/** Calls on an SEV-SNP guest that allocate, assign and free several pages, some of them again and again. */
export const snpRaces: fc.Arbitrary<string> = fc
  .record({
    kernel: fc.constantFrom('linux-6.12', 'linux-7.3', 'linux-7.3 with direct-map keep'),
    above: fc.constantFrom('', 'fault vcpu 0 write gpa 0x80000000 private', 'allocate A offset 0 size 8K'),
    tasks: fc.array(
      fc.record({
        calls: fc.array(
          fc.constantFrom(
            'fault vcpu V write gpa 0x80000000 private',
            'fault vcpu V write gpa 0x80001000 private',
            'fault vcpu V write gpa 0x90000000',
            'prefault vcpu V gpa 0x80000000 size 8K',
            'psc vcpu V gpa 0x80000000 size 8K shared',
            'psc vcpu V gpa 0x80001000 size 4K private',
            'pvalidate vcpu V gpa 0x80000000 size 4K validate',
            'punch A offset 0 size 8K',
            'punch A offset 4K size 4K',
            'allocate A offset 0 size 8K',
            'convert gpa 0x80000000 size 8K shared',
            'host write A offset 0',
            'host write slot 1 offset 0 value 1',
            'discard slot 1 offset 0 size 4K',
            'psmash A offset 0',
            'rmpread A offset 4K',
            'close A',
          ),
          { minLength: 1, maxLength: 2 },
        ),
        again: fc.boolean(),
      }),
      { minLength: 2, maxLength: 3 },
    ),
  })
  .map(({ kernel, above, tasks }) => {
    const setUp = `kernel ${kernel}
vm sev-snp vcpus 3
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
slot 1 gpa 0x90000000 size 8K
convert gpa 0x80000000 size 8K private
launch-finish
${above}
`;
    const calls = tasks.map((task, vcpu) => task.calls.map((call) => call.replace('V', `${vcpu}`)));
    return tasks.reduce(
      (made, { again }, task) => (again ? made.replace(`task t${task} {`, `task t${task} repeats {`) : made),
      raceText(setUp, calls),
    );
  });

/** A task that changes the memslots again and again, beside calls of one or two vCPUs that may repeat as well. */
export const slotRaces: fc.Arbitrary<string> = fc
  .record({
    kernel: fc.constantFrom('linux-6.12', 'linux-7.3'),
    vm: fc.constantFrom('default', 'sw-protected'),
    changes: fc.constantFrom(
      ['delete slot 1', 'slot 1 gpa 0x90000000 size 8K'],
      ['delete slot 1', 'slot 1 gpa 0x90001000 size 8K', 'delete slot 1', 'slot 1 gpa 0x90000000 size 8K'],
      ['move slot 1 gpa 0xa0000000', 'move slot 1 gpa 0x90000000'],
      ['slot 2 gpa 0xb0000000 size 8K', 'delete slot 2'],
    ),
    calls: fc.array(
      fc.constantFrom(
        'fault vcpu V write gpa 0x80000000',
        'fault vcpu V read gpa 0x90000000',
        'fault vcpu V write gpa 0xb0001000',
        'prefault vcpu V gpa 0x80000000 size 4K',
        'prefault vcpu V gpa 0x90000000 size 8K',
        'fault vcpu V write gpa 0x90001000',
      ),
      { minLength: 1, maxLength: 2 },
    ),
    repeats: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ kernel, vm, changes, calls, repeats }) => {
    const tasks = [changes, ...calls.map((call, vcpu) => [call.replace('V', `${vcpu}`)])];
    const above = `kernel ${kernel}
vm ${vm} vcpus 2
slot 0 gpa 0x80000000 size 8K
slot 1 gpa 0x90000000 size 8K
`;
    const again = (task: number) => task === 0 || (repeats & (1 << (task - 1))) !== 0;
    return tasks.reduce(
      (made, _, task) => (again(task) ? made.replace(`task t${task} {`, `task t${task} repeats {`) : made),
      raceText(above, tasks),
    );
  });

/** Which of the tasks that can run moves next, for each step; a task often makes many steps in a row. */
export const choicesOfTasks: fc.Arbitrary<readonly number[]> = fc
  .array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 40 })), { minLength: 5, maxLength: 40 })
  .map((turns) => turns.flatMap(([task, steps]) => new Array<number>(steps).fill(task)));
