/** Builds the figure of a statement from the states around it. */
import type { Expectations } from '../language';
import { counted, describe, fileOfCall, vmAtEnd } from '../outcome';
import type { GmemFile, State } from '../simulator';
import type { Asked, Figure, Panel } from './figure';
import { pageTablesOf } from './lanes/page-tables';
import type { FigureContext } from './links';
import { filePanel, framesPanel, slotsPanel } from './panels';
import { type SlotLayout, slotGfns, slotLayoutsOf } from './slot-layout';
import { withFewRanges } from './text';
import { askedRange, atRest, type Transition } from './transition';

/** A statement of a scenario, with its outcome. */
export interface FigureSource extends Transition {
  /** In canonical form. */
  readonly statement: string;
  /** Its source location: `hole.gmem`, `line 16`. */
  readonly facts: readonly string[];
  /** Its expectation in the scenario. */
  readonly expected?: Expectations | null;
  /** False while the call is in progress. */
  readonly finished?: boolean;
}

/** The source of a figure of a state alone. @param vmId The VM that is drawn. */
export function sourceOfState(state: State, vmId: number): FigureSource {
  return { statement: '', facts: [], call: null, events: [], before: state, after: state, vmId };
}

/** Files that are drawn at most, those first that the step changed. */
const MOST_FILES = 8;

function isDrawn({ before, vmId }: Transition, file: GmemFile): boolean {
  return file.vmId === vmId && (file.open || before.files[file.id]?.open === true);
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
    ...files.map((file) =>
      filePanel(context, file, bound.get(file.id) ?? [], askedOf(asked, transition, file)),
    ),
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

function notesOf(transition: Transition, panels: readonly Panel[], left: number): readonly string[] {
  const { roots, vcpus } = vmAtEnd(transition);
  const vm = transition.after.vms.length === 1 ? 'the VM' : `VM ${transition.vmId}`;
  const notes: string[] = [];
  if (panels.length === 0) {
    notes.push(`There is nothing to draw: ${vm} has no memslot, no guest_memfd and no page table.`);
  } else if (roots.length === 0) {
    const ran = vcpus.some(({ root }) => root !== null);
    notes.push(
      ran
        ? `All page tables of ${vm} are gone: the next vCPU that runs allocates new ones.`
        : `No vCPU has run on ${vm}: there are no page tables yet.`,
    );
  }
  if (left > 0) notes.push(`${counted(left, 'more file')} omitted.`);
  return notes;
}

export function vmFacts(transition: Pick<Transition, 'after' | 'vmId'>): readonly string[] {
  const { setup, vms } = transition.after;
  const { id, type } = vmAtEnd(transition);
  const knobs = Object.entries(setup.knobs).map(([knob, variant]) => `${knob} ${variant}`);
  const kernel = [setup.kernel, ...(knobs.length === 0 ? [] : [`with ${knobs.join(', ')}`])].join(' ');
  return [kernel, vms.length === 1 ? `${type} VM` : `VM ${id} of ${vms.length}, ${type}`];
}

/** The figure of what a statement did to the VM that it affects, or of the state after it. */
export function figureOf(source: FigureSource, show: Figure['show']): Figure {
  const { call, course, expected = null, events, finished = true } = source;
  const isChange = show === 'change';
  const transition = isChange ? source : atRest(source);
  const context: FigureContext = {
    transition,
    tables: pageTablesOf(transition),
    taken: slotGfns(transition),
  };
  const asked = isChange ? askedRange(source) : null;
  const { kept, left } = limited(panelsOf(context, asked));
  const phrases =
    isChange && call !== null ? describe({ call, course, expected }, events, source, finished).phrases : [];
  return {
    show,
    statement: source.statement,
    facts: [...source.facts, ...vmFacts(transition)],
    outcome: phrases.map(withFewRanges),
    panels: kept,
    notes: notesOf(transition, kept, left),
  };
}
