/** Builds the figure of a statement from the states around it. */
import type { Claims } from '../language';
import { describe, fileOfCall } from '../outcome';
import type { GmemFile } from '../simulator/state';
import type { Asked, Figure, Panel } from './figure';
import { pageTablesOf } from './lanes/page-tables';
import type { FigureContext } from './links';
import { filePanel, framesPanel, slotsPanel } from './panels';
import { type SlotLayout, slotGfns, slotLayoutsOf } from './slot-layout';
import { counted, withFewRanges } from './text';
import { askedRange, atRest, ofAffectedVm, type Transition } from './transition';

/** A statement of a scenario, with its outcome. */
export interface FigureSource extends Transition {
  /** In canonical form. */
  readonly statement: string;
  /** Its source location: `hole.gmem`, `line 16`. */
  readonly facts: readonly string[];
  /** Its expectation in the scenario. */
  readonly expected?: Claims | null;
  /** False while the call is in progress. */
  readonly finished?: boolean;
}

/** Most files that are drawn; those that the step changed come first. */
const MOST_FILES = 8;

function isDrawn({ before, after }: Transition, file: GmemFile): boolean {
  return file.vmId === after.vmId && (file.open || before.files[file.id]?.open === true);
}

function isChanged({ links, asked }: Panel): boolean {
  return (
    asked !== null ||
    links.some(({ segments }) => Object.values(segments).some((list) => list.some(({ changed }) => changed)))
  );
}

function askedOf(asked: Asked | null, transition: Transition, file: GmemFile): Asked | null {
  if (asked?.axis !== 'base') return asked;
  return fileOfCall(transition.call, transition.before)?.id === file.id ? asked : null;
}

/** All panels: those of files in order of creation, then those without a file. */
function panelsOf(context: FigureContext, asked: Asked | null): readonly Panel[] {
  const { transition } = context;
  const layouts = slotLayoutsOf(transition);
  const files = transition.after.files.filter((file) => isDrawn(transition, file));
  const bound = new Map(files.map(({ id }): [number, SlotLayout[]] => [id, []]));
  const loose: SlotLayout[] = [];
  for (const layout of layouts) (bound.get(layout.slot.gmem?.file ?? -1) ?? loose).push(layout);
  return [
    ...files.map((file) => filePanel(context, file, bound.get(file.id)!, askedOf(asked, transition, file))),
    slotsPanel(context, loose, asked?.axis === 'gfn' ? asked : null),
    framesPanel(context),
  ].filter((panel) => panel !== null);
}

/** The first panels of files, changed ones before others, and the number of those omitted. */
function limited(panels: readonly Panel[]): { readonly kept: readonly Panel[]; readonly left: number } {
  const files = panels.filter(({ kind }) => kind === 'file');
  const ranked = [...files.filter(isChanged), ...files.filter((panel) => !isChanged(panel))];
  const dropped = new Set(ranked.slice(MOST_FILES));
  return { kept: panels.filter((panel) => !dropped.has(panel)), left: dropped.size };
}

function notesOf({ after }: Transition, panels: readonly Panel[], left: number): readonly string[] {
  const vm = after.parked.length === 0 ? 'the VM' : `VM ${after.vmId}`;
  const notes: string[] = [];
  if (panels.length === 0) {
    notes.push(`There is nothing to draw: ${vm} has no memslot, no guest_memfd and no page table.`);
  } else if (after.roots.length === 0) {
    const ran = after.vcpus.some(({ root }) => root !== null);
    notes.push(
      ran
        ? `All page tables of ${vm} are gone: the next vCPU that runs allocates new ones.`
        : `No vCPU has run on ${vm}: there are no page tables yet.`,
    );
  }
  if (left > 0) notes.push(`${counted(left, 'more file')} omitted.`);
  return notes;
}

function vmFacts({ after }: Transition): readonly string[] {
  const { setup, vm, vmId, parked } = after;
  const knobs = Object.entries(setup.knobs).map(([knob, variant]) => `${knob} ${variant}`);
  const kernel = [setup.kernel, ...(knobs.length === 0 ? [] : [`with ${knobs.join(', ')}`])].join(' ');
  return [kernel, parked.length === 0 ? `${vm} VM` : `VM ${vmId} of ${parked.length + 1}, ${vm}`];
}

/**
 * The figure of what a statement did, or of the state after it. It shows the affected VM: the current one, or the one
 * that owns the file.
 */
export function figureOf(source: FigureSource, show: Figure['show']): Figure {
  const { call, course, expected = null, events, before, after, finished = true } = source;
  const isChange = show === 'change';
  const seen = ofAffectedVm(source);
  const transition = isChange ? seen : atRest(seen);
  const context: FigureContext = {
    transition,
    tables: pageTablesOf(transition),
    taken: slotGfns(transition),
  };
  const asked = isChange ? askedRange(seen) : null;
  const { kept, left } = limited(panelsOf(context, asked));
  const phrases =
    isChange && call !== null
      ? describe({ call, course, expected }, events, before, after, finished).phrases
      : [];
  return {
    show,
    statement: source.statement,
    facts: [...source.facts, ...vmFacts(transition)],
    outcome: phrases.map(withFewRanges),
    panels: kept,
    notes: notesOf(transition, kept, left),
  };
}
