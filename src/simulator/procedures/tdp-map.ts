/** Writes the page tables for a fault, with mmu_lock held for reading. */
import type { Machine } from '../machine';
import { allowsHuge, hostMappingLevel } from '../model/mapping-level';
import {
  type Entry,
  entryOf,
  linkTable,
  type RootChange,
  sameBits,
  sameEntry,
  setLeaves,
  splitLeaf,
} from '../model/page-table';
import { inRoot, validRoot } from '../model/roots';
import { memoryOf, putRoot, slotById } from '../model/state-parts';
import { type Control, choose, goto, procedure, returns, type Step, step } from '../procedure';
import { intersects, type Range } from '../ranges';
import type { Leaf, MappedLeaf, Root } from '../state';
import { type Level, roundDown, roundUp } from '../units';
import { type FaultResult, type FoundPage, NO_FAULT, type PageFault, type RetPf } from './page-fault';
import { warnOnce } from './warn';

interface MapLocals extends PageFault {
  page: FoundPage | 'noslot';
  goal: 1 | 2;
  /** The entry that the walk has read, and its level. */
  old: Entry;
  level: Level;
  leaf: Leaf | null;
}

/** The gfns of the entries that the fault sets. */
function entries({ gfn, end, goal }: MapLocals): Range {
  return { start: roundDown(gfn, goal), end: roundUp(end, goal) };
}

/** @throws Error if the vCPU's root is obsolete, which TP6 has excluded under the same lock. */
function rootOf(machine: Machine, { vcpu, root: kind }: PageFault): Root {
  const root = validRoot(machine.vm, vcpu, kind);
  if (root === undefined) throw new Error('the root of the fault is obsolete');
  return root;
}

function apply(machine: Machine, { root, runs }: RootChange, order: 'parent-first' | 'child-first'): void {
  machine.vm = putRoot(machine.vm, root);
  if (runs.length > 0) machine.emit({ type: 'sptes', order, runs: inRoot(machine.vm, root, runs) });
}

function goalLevel(machine: Machine, { gfn, page, memslot }: MapLocals): 1 | 2 {
  if (page === 'noslot' || page.maxLevel === 1 || memslot === null) return 1;
  // All copies of a slot share lpage_info, which a conversion changes.
  const slot = { ...memslot, mixed: slotById(machine.vm, memslot.id)?.mixed ?? memslot.mixed };
  if (page.backing === 'gmem') return allowsHuge(slot, gfn) ? 2 : 1;
  const memory = memoryOf(machine.vm, slot.id);
  return memory === undefined ? 1 : hostMappingLevel(slot, memory, gfn);
}

function result(ret: RetPf, { goal }: MapLocals): Control {
  return returns({ ret, goal } satisfies FaultResult);
}

/** pfn minus gfn of a leaf; for a huge leaf, both are rounded down (kvm_mmu_hugepage_adjust). */
function leafFrame(frame: FoundPage['frame'], { gfn, goal }: MapLocals): FoundPage['frame'] {
  return frame === 'zero' ? frame : roundDown(gfn + frame, goal) - roundDown(gfn, goal);
}

/** The leaf that make_spte() builds; `dirty` applies only if the page is writable. */
function leafFor(page: FoundPage, locals: MapLocals, dirty: boolean): MappedLeaf {
  const { backing, writable } = page;
  const { goal, prefetch } = locals;
  const frame = leafFrame(page.frame, locals);
  return {
    kind: 'mapped',
    level: goal,
    writable,
    executable: true,
    accessed: !prefetch,
    dirty: writable && dirty,
    frame,
    backing,
  };
}

/**
 * What KVM asserts of an entry of the mirror root before it passes the entry to the TDX module. An MMIO SPTE, which is not
 * present, was KVM_BUG_ON() in the kernel of June 2025 (reported in tdp_mmu_map_handle_target_level), when a prefault could
 * get there; 7.3 lets such an entry pass (__handle_changed_spte). A leaf has to be RWX (tdx_sept_map_leaf_spte;
 * tdx_sept_set_private_spte before).
 */
function checkMirror(machine: Machine, locals: MapLocals, leaf: Leaf): Control | null {
  if (leaf.kind === 'mmio') {
    machine.setVm({ dead: true });
    const text = `KVM_BUG_ON: an entry of the mirror root for gfn 0x${locals.gfn.toString(16)} is not present: the VM is dead`;
    machine.emit({ type: 'warn', text });
    return result('RETRY', locals);
  }
  if (!leaf.writable) warnOnce(machine, 'WARN_ON_ONCE: a leaf of the mirror root is not RWX');
  return null;
}

/** Whether no other fault has changed the entry since the walk read it. A run of pages is mapped while no other call runs. */
function isUnchanged(root: Root, { gfn, end, level, old }: MapLocals): boolean {
  return end - gfn > 1 || sameEntry(old, entryOf(root, gfn, level));
}

/** The compare-and-exchange has failed: the fault has to begin again. */
function lost(machine: Machine, locals: MapLocals): Control {
  const { vcpu, gfn } = locals;
  machine.emit({ type: 'retry', vcpu, gfn, why: 'another fault has changed the entry' });
  return result('RETRY', locals);
}

/** Installs the leaf. `order`: how a table that it replaces is reported. */
function install(machine: Machine, locals: MapLocals, order: 'parent-first' | 'child-first'): Control {
  const root = rootOf(machine, locals);
  const { page, leaf, old } = locals;
  if (leaf === null) return result('RETRY', locals);
  const range = entries(locals);
  const known = typeof old === 'string' ? null : old;
  if (leaf.kind === 'mmio' && known?.kind === 'mmio' && known.generation === leaf.generation) {
    return result('EMULATE', locals);
  }
  const mapped = known?.kind === 'mapped' && leaf.kind === 'mapped' ? { known, leaf } : null;
  if (mapped !== null && sameBits(mapped.known, mapped.leaf)) return result('SPURIOUS', locals);
  if (!isUnchanged(root, locals)) return lost(machine, locals);
  const refused = root.kind === 'mirror' ? checkMirror(machine, locals, leaf) : null;
  if (refused !== null) return refused;
  if (mapped !== null && mapped.known.frame !== mapped.leaf.frame) {
    machine.emit({
      type: 'warn',
      text: `BUG: the SPTE of gfn 0x${locals.gfn.toString(16)} is present and maps another page: a host would stop here`,
    });
    return result('SPURIOUS', locals);
  }
  const collapses = locals.goal === 2 && intersects(root.tables[2], range.start, range.end);
  apply(machine, setLeaves(root, range, leaf), collapses ? order : 'parent-first');
  if (collapses) machine.emit({ type: 'flush' });
  return result(page === 'noslot' ? 'EMULATE' : 'FIXED', locals);
}

/** Whether the entry was a leaf with the writable bit; an MMIO SPTE counts as one. */
function overWritable({ old }: MapLocals): boolean {
  if (typeof old === 'string') return false;
  return old.kind === 'mmio' || old.writable;
}

/** The new leaf, or an MMIO SPTE if the gfn has no slot. `dirty` depends on the kernel. */
function leafOf(machine: Machine, locals: MapLocals, dirty: boolean): Leaf {
  if (locals.page === 'noslot') return { kind: 'mmio', level: 1, generation: machine.vm.generation };
  return leafFor(locals.page, locals, dirty);
}

/** Reads the entry at which the walk has to stop, and goes to the step for it. `atGoal`: the step at the goal level. */
function walk(machine: Machine, locals: MapLocals, atGoal: 'TM4s' | 'TM4'): Control {
  const root = rootOf(machine, locals);
  const { gfn, end, goal } = locals;
  for (const level of ([4, 3, 2] as const).filter((above) => above > goal)) {
    const entry = entryOf(root, gfn, level);
    if (entry === 'table') continue;
    locals.level = level;
    locals.old = entry ?? 'none';
    if (typeof locals.old !== 'string') return goto('TM3');
    // For a run of pages, tables are linked as the walk reaches them, between the leaves.
    if (end - gfn === 1) return goto('TM2');
  }
  locals.level = goal;
  locals.old = entryOf(root, gfn, goal) ?? 'none';
  return goto(atGoal);
}

function walkStep(atGoal: 'TM4s' | 'TM4'): Step<MapLocals> {
  return step(
    'TM2r',
    `walk down, and read the entry where a table is missing (TM2), a 2M leaf is above the goal level (TM3), or the goal level is reached (${atGoal})`,
    (machine, locals) => walk(machine, locals, atGoal),
  );
}

export const tdpMmuMap = procedure<MapLocals>({
  name: 'kvm_tdp_mmu_map',
  source: 'arch/x86/kvm/mmu/tdp_mmu.c',
  about:
    'Walks the page tables from the root to the goal level, adds missing tables one by one, and sets the leaf. Every entry is written with a compare-and-exchange: other faults write at the same time.',
  locals: { ...NO_FAULT, page: 'noslot', goal: 1, level: 4, old: 'none', leaf: null },
  steps: [
    step(
      'TM1',
      'goal level: 2M if the slot, the attributes and the backing page all allow it; otherwise 4K',
      (machine, locals) => {
        locals.goal = goalLevel(machine, locals);
        return undefined;
      },
    ),
    choose('existing-leaf', { recompute: [walkStep('TM4')], spurious: [walkStep('TM4s')] }),
    step(
      'TM2',
      'link a page table into the entry that was read, unless it has changed (retry); continue the walk (TM2r)',
      (machine, locals) => {
        const root = rootOf(machine, locals);
        const { gfn, level } = locals;
        if (level === 1 || !isUnchanged(root, locals)) return lost(machine, locals);
        apply(machine, linkTable(root, gfn, level), 'parent-first');
        return goto('TM2r');
      },
    ),
    step(
      'TM3',
      'split the 2M leaf into a table of 4K leaves, unless the entry has changed (retry); continue the walk (TM2r)',
      (machine, locals) => {
        const root = rootOf(machine, locals);
        if (!isUnchanged(root, locals)) return lost(machine, locals);
        apply(machine, splitLeaf(root, locals.gfn), 'parent-first');
        return goto('TM2r');
      },
    ),
    choose('existing-leaf', {
      recompute: [],
      spurious: [
        step('TM4s', 'if the leaf that was read already allows the access, return SPURIOUS', (_, locals) => {
          const { old, prefetch, write } = locals;
          if (typeof old === 'string' || old.kind !== 'mapped') return undefined;
          return prefetch || !write || old.writable ? result('SPURIOUS', locals) : undefined;
        }),
      ],
    }),
    choose('rewritten-dirty', {
      clear: [
        step(
          'TM4',
          'build the leaf; not dirty if it replaces a writable leaf or an MMIO SPTE',
          (machine, locals) => {
            locals.leaf = leafOf(machine, locals, !overWritable(locals));
            return undefined;
          },
        ),
      ],
      set: [
        step('TM4', 'build the leaf; dirty if it is writable', (machine, locals) => {
          locals.leaf = leafOf(machine, locals, true);
          return undefined;
        }),
      ],
    }),
    choose('removed-table', {
      'parent-first': [
        step(
          'TM5',
          'write it, unless the entry has changed (retry); a table that it replaces is reported before the entries of the table',
          (machine, locals) => install(machine, locals, 'parent-first'),
        ),
      ],
      'child-first': [
        step(
          'TM5',
          'write it, unless the entry has changed (retry); a table that it replaces is reported after the entries of the table',
          (machine, locals) => install(machine, locals, 'child-first'),
        ),
      ],
    }),
  ],
});
