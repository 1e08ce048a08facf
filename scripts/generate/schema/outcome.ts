/** The schema of an outcome. The tables of docs/language.md are derived from its descriptions. */
import { EXPECTATION_KINDS, type ExpectationKind } from '../../../src/language';
import { REFUSALS } from '../../../src/language/kernels/refusals';
import type { StatementOutcome } from '../../../src/outcome';
import type { ExitRecord, RmpRecord, SpteRecord, SuspensionRecord } from '../../../src/outcome/json/outcome';
import { MAX_SPTES } from '../../../src/outcome/json/record';
import type {
  FilePagesRecord,
  LeafRecord,
  LockRecord,
  MappedRecord,
  RootPagesRecord,
  SlotRecord,
  Told,
  ZapRecord,
} from '../../../src/outcome/json/told';
import type { Verdict } from '../../../src/outcome/text/part';
import type { Refusal, RootKind, StaleRange } from '../../../src/simulator';
import {
  always,
  count,
  either,
  flag,
  hexNumber,
  list,
  named,
  object,
  orNull,
  type Properties,
  type Schema,
  sometimes,
  text,
  tuple,
  words,
} from './schema';

function wordsOf<W extends string>(all: readonly W[]): Schema<W> {
  return words(Object.fromEntries(all.map((word) => [word, ''])) as Record<W, string>);
}

const gfns = {
  gfn: always('The first gfn.', hexNumber),
  pages: always('How many pages of 4 KiB.', count),
};

const root = {
  root: sometimes(
    'Only on TDX: `mirror` for private memory, `direct` for shared memory.',
    words<RootKind>({ direct: '', mirror: '' }),
  ),
};

const rootGfns = { ...gfns, ...root };

const leafKeys = {
  ...gfns,
  level: always('1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB.', count),
  ...root,
};

const pages: Schema<RootPagesRecord> = named('gfns', object<RootPagesRecord>(rootGfns));
const leaf: Schema<LeafRecord> = named('leaves', object<LeafRecord>(leafKeys));
const leaves = list(leaf);

const mapped: Schema<MappedRecord> = named(
  'mappedLeaves',
  object<MappedRecord>({ ...leafKeys, rights: always('', words({ rwx: '', 'r-x': '' })) }),
);

const filePages: Schema<FilePagesRecord> = named(
  'filePages',
  object<FilePagesRecord>({
    file: always('Name of the guest_memfd.', text),
    page: always('Index of the first page.', hexNumber),
    pages: always('', count),
  }),
);

const STALE: Readonly<Record<StaleRange['why'], string>> = {
  'no-slot': 'No slot contains the gfns.',
  freed: 'The page has been freed.',
  'not-backing': 'The page still exists, but no longer backs the gfns.',
  'wrong-page': 'It maps another page of the same file.',
  poisoned: 'The page is poisoned.',
  'is-private': 'Userspace memory is mapped, but the gfns are private.',
  'is-shared': 'A page of a guest_memfd is mapped, but the gfns are shared.',
};
const staleWhy = named('stale', words<StaleRange['why']>(STALE));

const zap = object<ZapRecord>({
  slot: always('The slot on whose behalf KVM zapped; null if it zapped on behalf of no slot.', orNull(count)),
  leaves: always('The leaves that were zapped; empty for a zap of all roots.', leaves),
  allRoots: always('Whether all roots were zapped, and with them every mapping of the VM.', flag),
  beyond: always('Whether leaves outside the slot were zapped: *BEYOND the slot*.', flag),
});

const slot = object<SlotRecord>({
  slot: always('', count),
  change: always('', words({ created: '', deleted: '', moved: '', unchanged: '' })),
  gfn: sometimes('The first gfn of the slot.', hexNumber),
  pages: sometimes('How many pages it has.', count),
  file: sometimes('The guest_memfd that is bound to it.', text),
  page: sometimes('The first page of that file in the slot.', hexNumber),
});

const lock = object<LockRecord>({
  kind: always('`mmu_lock`, `slots_lock`, `srcu`, `vcpu`…', text),
  vcpu: sometimes('', count),
  file: sometimes('', text),
  page: sometimes('', hexNumber),
});

export const verdicts: Readonly<Record<Verdict, string>> = {
  WARN: 'A WARN_ON_ONCE() or a BUG was reached.',
  OOPS: 'The kernel itself faulted.',
  LIVELOCK: 'The call would retry forever.',
  DEADLOCK: 'The call and others wait for each other.',
  STALE: 'A mapping that should have been zapped was left, or used.',
  BEYOND: 'A zap on behalf of a slot reached gfns outside the slot.',
  LEAK: '`mmu_invalidate_in_progress` was not decremented, or a reference to a file was not dropped.',
  FREED: 'Pages were freed that are still assigned to a guest in the RMP.',
  ZEROED: 'A byte of a page that stays in the file was zeroed.',
};

const fault = tuple<readonly [gpa: string, errorCode: string]>(['gpa', hexNumber], ['error code', hexNumber]);

const spte = named(
  'spte',
  either<SpteRecord>(
    tuple(['gfn', hexNumber], ['level', count], ['from', text], ['to', text]),
    tuple(
      ['gfn', hexNumber],
      ['level', count],
      ['from', text],
      ['to', text],
      ['root', words({ direct: '', mirror: '' })],
    ),
  ),
);

const rmp = tuple<RmpRecord>(
  ['pfn', hexNumber],
  ['pages', count],
  ['level', count],
  ['change', words({ private: '', shared: '', reclaim: '', firmware: '', VMSA: '', psmash: '' })],
  ['asid', count],
);

const exit = object<ExitRecord>({
  reason: always(
    '',
    words({
      'memory-fault': 'KVM_EXIT_MEMORY_FAULT.',
      mmio: 'KVM_EXIT_MMIO.',
      hypercall: 'KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE.',
      'internal-error': 'KVM_EXIT_INTERNAL_ERROR.',
      'fail-entry': 'KVM_EXIT_FAIL_ENTRY.',
    }),
  ),
  private: sometimes('The kind of the access, or the attribute that the guest requests.', flag),
  gpa: sometimes('', hexNumber),
  size: sometimes('', hexNumber),
  times: sometimes('How many exits there were, if there was more than one.', count),
  requests: sometimes(
    'What each exit requested; consecutive equal exits are one entry.',
    list(
      tuple<readonly [gpa: string, size: string, attributes: string, times: number]>(
        ['gpa', hexNumber],
        ['size', hexNumber],
        ['attributes', hexNumber],
        ['exits', count],
      ),
    ),
  ),
  write: sometimes('', flag),
});

const suspension = object<SuspensionRecord>({
  step: sometimes('', text),
  lock: sometimes('', text),
  because: sometimes('', list(text)),
});

/** The meaning of each key; the tables of the documentation have the same order. */
export const outcomeKeys: Properties<StatementOutcome> = {
  vm: always('Number of the affected VM, from 0: gfns and slots are those of this VM.', count),
  verdicts: always('Faults of the kernel, as below; empty for a correct kernel.', list(words(verdicts))),
  result: always(
    '`ok`, the name of the errno, `livelock` if the kernel would retry forever (the call is then ended, as by a signal), or `oops` if the kernel itself stops. For a suspended call: `suspended`, `blocked`, `retries` or `deadlock`; and `returned` if `continue` finds no suspended call.',
    text,
  ),
  exit: sometimes('Only if the vCPU exited to userspace: the reason, as below.', exit),
  left: sometimes('Only for `prefault` and `launch-update`: how many bytes were left undone.', hexNumber),
  faults: always(
    'The nested page faults that were taken, in order, each as `[gpa, error code]`.',
    list(fault),
  ),
  sptes: always(
    'The page-table entries that changed, in order, each as `[gfn, level, from, to]`: the first gfn that the entry maps; 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB, 4 for the tables above; the old and the new entry, as below. On `tdx`, a fifth item is the kind of root: `mirror` or `direct`.',
    list(spte),
  ),
  flush: always('Whether a flush of remote TLBs was requested.', flag),
  poisoned: sometimes(
    'Only for `poison`: the pages that were poisoned, each as `[file, page, pages]`.',
    list(
      tuple<readonly [file: string, page: string, pages: number]>(
        ['file', text],
        ['page', hexNumber],
        ['pages', count],
      ),
    ),
  ),
  sigbus: sometimes(
    'Only if the VMM got a SIGBUS, which needs a knob: each as `[slot, gfn]`, the gfn that corresponds to the userspace address in the signal.',
    list(tuple<readonly [slot: number, gfn: string]>(['slot', count], ['gfn', hexNumber])),
  ),
  rmp: sometimes(
    'Only if the RMP changed: each as `[pfn, pages, level, change, asid]`; the change is what the entries became, `private` (`VMSA` for the initial registers of a vCPU), `shared`, `reclaim` or `firmware`, or `psmash`.',
    list(rmp),
  ),
  directMap: sometimes(
    'Only if mappings of the direct map were split for an RMPUPDATE of 4K: each as `[pfn, pages]`, which is mapped as 4K pages from then on.',
    list(tuple<readonly [pfn: string, pages: number]>(['pfn', hexNumber], ['pages', count])),
  ),
  instruction: sometimes(
    'Only for instructions on the RMP and for calls of a TDX guest: `name`, `result` (`SUCCESS` or the reason for the failure), and `detail` if there is more information. Of several, the last.',
    named(
      'instruction',
      object<NonNullable<StatementOutcome['instruction']>>({
        name: always('', text),
        result: always('', text),
        detail: sometimes('', text),
      }),
    ),
  ),
  guest: sometimes(
    'Only if the guest got an exception that the host does not see: `#VC`, `#VE` or `#UD`. Of several, the last.',
    text,
  ),
  unaccepted: sometimes(
    'Only if a TDX guest lost pages that it had accepted: each as `[gfn, pages]`.',
    list(tuple<readonly [gfn: string, pages: number]>(['gfn', hexNumber], ['pages', count])),
  ),
  read: sometimes(
    'Only for a read, and only after the scenario has written a value or if it expects one: four bytes in hex; or `ciphertext`, `given` or `freed` if the value cannot be known.',
    either<string>(hexNumber, words({ ciphertext: '', given: '', freed: '' })),
  ),
  suspended: sometimes(
    'Only for a suspended call: `step`, the label of the step before which it is suspended; or `lock`, what it waits for, with `because`, the calls that hold it, by name or by line.',
    suspension,
  ),
  waited: sometimes(
    'Only if the call had to wait and has resumed automatically: the locks that it waited for.',
    list(text),
  ),
  sptesCut: sometimes(
    `Only if more than ${MAX_SPTES.toLocaleString('en')} entries changed: how many \`sptes\` leaves out. It lists the first ${MAX_SPTES.toLocaleString('en')}.`,
    count,
  ),
  failedExpectations: sometimes(
    'Expectations that failed, each with its `kind`, what was `expected`, and the `actual` outcome (empty if there is none of that kind), as written behind `=>`.',
    list(
      object<NonNullable<Told['failedExpectations']>[number]>({
        kind: always('', wordsOf<ExpectationKind>(EXPECTATION_KINDS)),
        expected: always('', text),
        actual: always('', text),
      }),
    ),
  ),
  refused: sometimes(
    'Only if KVM refused the call and gmemscope knows which check did: its `reason`, and the conflicting `slot` if there is one.',
    object<NonNullable<Told['refused']>>({
      reason: always('', wordsOf<Refusal>(REFUSALS)),
      slot: sometimes('', count),
    }),
  ),
  denied: sometimes(
    'Only for a livelock that the RMP causes: the `gfn` that it denies the guest; `vmpl` if its VMPL is the reason.',
    object<NonNullable<Told['denied']>>({ gfn: always('', hexNumber), vmpl: always('', flag) }),
  ),
  waitsFor: sometimes(
    'Only for a call that is blocked or in a deadlock: the `lock` that it waits for; in a deadlock the locks of all its calls, starting with this one, each with the title of the `call`.',
    list(
      object<NonNullable<Told['waitsFor']>[number]>({
        call: always('', orNull(text)),
        lock: always('', lock),
      }),
    ),
  ),
  missedStep: sometimes(
    'Only if the call returned without reaching the step of its `until`: its label.',
    text,
  ),
  retried: sometimes('Why faults started over, each reason once.', list(text)),
  zapped: sometimes('What KVM zapped, per slot on whose behalf it did so.', list(zap)),
  skipped: sometimes('Slots that the historical range arithmetic skipped.', list(count)),
  mapped: sometimes('Leaves that were installed.', list(mapped)),
  rewrote: sometimes('Leaves whose bits or page changed.', list(mapped)),
  mmio: sometimes('Gfns for which an MMIO SPTE was written.', list(pages)),
  slots: sometimes(
    'Memslots that were created, deleted or moved, or that an update left unchanged.',
    list(slot),
  ),
  stale: sometimes(
    'Mappings that this statement left behind: *STALE*. `why` is one of the reasons below.',
    list(object<NonNullable<Told['stale']>[number]>({ ...rootGfns, why: always('', staleWhy) })),
  ),
  invalidationsLeft: sometimes(
    'Only if an invalidation never ends: `mmu_invalidate_in_progress` after the call.',
    count,
  ),
  fileLeaked: sometimes('Only for a `close` of a file whose reference leaked: its name.', text),
  freedAssigned: sometimes(
    'Pages that were freed and are still assigned to a guest in the RMP.',
    list(
      object<NonNullable<Told['freedAssigned']>[number]>({
        pfn: always('', hexNumber),
        pages: always('', count),
      }),
    ),
  ),
  freed: sometimes('Pages that were removed from a guest_memfd.', list(filePages)),
  allocated: sometimes('Pages that were added to a guest_memfd.', list(filePages)),
  memory: sometimes(
    'Only for `host` and `discard`: how the pages of the userspace memory of a slot changed.',
    list(
      object<NonNullable<Told['memory']>[number]>({
        slot: always('', count),
        page: always('', hexNumber),
        pages: always('', count),
        now: always(
          '',
          words({ 'zero page': '', 'own pages': '', 'huge zero page': '', 'huge page': '', gone: '' }),
        ),
      }),
    ),
  ),
  exceptions: sometimes(
    'The exceptions that the guest got, each once, with the gfn and the reason.',
    list(
      object<NonNullable<Told['exceptions']>[number]>({
        vector: always('', words({ '#VC': '', '#VE': '', '#UD': '' })),
        gfn: always('', hexNumber),
        why: always(
          '',
          words({
            'not-validated': 'The page is not validated.',
            mmio: 'There is no memory; the handler requests MMIO.',
            'private-mmio': 'There is no memory, and the access was private.',
            'no-such-instruction': 'The guest does not have the instruction.',
          }),
        ),
      }),
    ),
  ),
  attributes: sometimes(
    'Gfns whose attribute changed.',
    list(
      object<NonNullable<Told['attributes']>[number]>({
        ...gfns,
        to: always('', words({ private: '', shared: '' })),
      }),
    ),
  ),
  warnings: sometimes('The warnings that fired, each once.', list(text)),
  oops: sometimes('Only if the kernel itself stops: why.', text),
  zeroed: sometimes(
    'Pages that stay in the file, but whose first byte was zeroed.',
    list(
      object<NonNullable<Told['zeroed']>[number]>({ file: always('', text), page: always('', hexNumber) }),
    ),
  ),
  instructions: sometimes(
    'All instructions (`instruction` has only the last), each outcome once.',
    list(
      object<NonNullable<Told['instructions']>[number]>({
        name: always('', text),
        result: always('', text),
        detail: sometimes('', text),
      }),
    ),
  ),
  access: sometimes(
    'Only for a `fault` that found the gfn mapped and did nothing else: why the mapping is stale, or null; whether the guest reads ciphertext.',
    object<NonNullable<Told['access']>>({
      gfn: always('', hexNumber),
      ...root,
      stale: always('', orNull(staleWhy)),
      ciphertext: always('', flag),
    }),
  ),
  lost: sometimes(
    'The leaves that each slot lost, for whatever reason.',
    list(
      object<NonNullable<StatementOutcome['lost']>[number]>({
        slot: always('', count),
        leaves: always('', leaves),
      }),
    ),
  ),
};

export const outcome: Schema<StatementOutcome> = named('outcome', object<StatementOutcome>(outcomeKeys));
export const staleReasons = STALE;
