/** From a statement, between the states around it, to its figure. */
import type { Claims } from '../language';
import { describe, fileOfCall, vmAtEnd } from '../outcome';
import type { GmemFile, State } from '../simulator';
import type { Asked, Figure, Panel } from './figure';
import { pageTablesOf } from './lanes/page-tables';
import type { Scene } from './links';
import { askedRange, atRest, type Moment } from './moment';
import { filePanel, framesPanel, slotsPanel } from './panels';
import { type Place, placesOf, slotGfns } from './places';
import { counted, withFewRanges } from './text';

/** A statement of a scenario, with what it did. */
export interface FigureSource extends Moment {
  /** In canonical form. */
  readonly statement: string;
  /** Where it stands: `hole.gmem`, `line 16`. */
  readonly facts: readonly string[];
  /** What the scenario claims of it. */
  readonly expected?: Claims | null;
  /** False while the call is still on its way. */
  readonly finished?: boolean;
}

/** The source of a figure of a state alone. @param vmId The VM that is drawn. */
export function sourceOfState(state: State, vmId: number): FigureSource {
  return { statement: '', facts: [], call: null, events: [], before: state, after: state, vmId };
}

/** Files that are drawn at most, those first that the step changed. */
const MOST_FILES = 8;

function isDrawn({ before, vmId }: Moment, file: GmemFile): boolean {
  return file.vmId === vmId && (file.open || before.files[file.id]?.open === true);
}

function isChanged({ links, asked }: Panel): boolean {
  return (
    asked !== null ||
    links.some(({ segments }) => Object.values(segments).some((list) => list.some(({ changed }) => changed)))
  );
}

function askedOf(asked: Asked | null, moment: Moment, file: GmemFile): Asked | null {
  if (asked?.axis !== 'base') return asked;
  return fileOfCall(moment.call, moment.before)?.id === file.id ? asked : null;
}

/** All panels there are: of files in order of creation, then of what has no file. */
function panelsOf(scene: Scene, asked: Asked | null): readonly Panel[] {
  const { moment } = scene;
  const places = placesOf(moment);
  const files = moment.after.files.filter((file) => isDrawn(moment, file));
  const bound = new Map(files.map(({ id }): [number, Place[]] => [id, []]));
  const loose: Place[] = [];
  for (const place of places) (bound.get(place.slot.gmem?.file ?? -1) ?? loose).push(place);
  return [
    ...files.map((file) => filePanel(scene, file, bound.get(file.id)!, askedOf(asked, moment, file))),
    slotsPanel(scene, loose, asked?.axis === 'gfn' ? asked : null),
    framesPanel(scene),
  ].filter((panel) => panel !== null);
}

/** The first panels of files, changed ones before others; and how many are left out. */
function limited(panels: readonly Panel[]): { readonly kept: readonly Panel[]; readonly left: number } {
  const files = panels.filter(({ kind }) => kind === 'file');
  const ranked = [...files.filter(isChanged), ...files.filter((panel) => !isChanged(panel))];
  const dropped = new Set(ranked.slice(MOST_FILES));
  return { kept: panels.filter((panel) => !dropped.has(panel)), left: dropped.size };
}

function notesOf(moment: Moment, panels: readonly Panel[], left: number): readonly string[] {
  const { roots, vcpus } = vmAtEnd(moment);
  const vm = moment.after.vms.length === 1 ? 'the VM' : `VM ${moment.vmId}`;
  const notes: string[] = [];
  if (panels.length === 0) {
    notes.push(`Nothing is there to be drawn: ${vm} has no memslot, no guest_memfd and no page table.`);
  } else if (roots.length === 0) {
    const ran = vcpus.some(({ root }) => root !== null);
    notes.push(
      ran
        ? `All page tables of ${vm} are gone: the next vCPU that runs starts new ones.`
        : `No vCPU has run on ${vm}: there are no page tables yet.`,
    );
  }
  if (left > 0) notes.push(`${counted(left, 'more file')} left out.`);
  return notes;
}

function vmFacts(moment: Moment): readonly string[] {
  const { setup, vms } = moment.after;
  const { id, type } = vmAtEnd(moment);
  const knobs = Object.entries(setup.knobs).map(([knob, variant]) => `${knob} ${variant}`);
  const kernel = [setup.kernel, ...(knobs.length === 0 ? [] : [`with ${knobs.join(', ')}`])].join(' ');
  return [kernel, vms.length === 1 ? `${type} VM` : `VM ${id} of ${vms.length}, ${type}`];
}

/** The figure of what a statement did to the VM that it affects, or of the state after it. */
export function figureOf(source: FigureSource, show: Figure['show']): Figure {
  const { call, course, expected = null, events, finished = true } = source;
  const isChange = show === 'change';
  const moment = isChange ? source : atRest(source);
  const scene: Scene = { moment, tables: pageTablesOf(moment), taken: slotGfns(moment) };
  const asked = isChange ? askedRange(source) : null;
  const { kept, left } = limited(panelsOf(scene, asked));
  const phrases =
    isChange && call !== null ? describe({ call, course, expected }, events, source, finished).phrases : [];
  return {
    show,
    statement: source.statement,
    facts: [...source.facts, ...vmFacts(moment)],
    outcome: phrases.map(withFewRanges),
    panels: kept,
    notes: notesOf(moment, kept, left),
  };
}
