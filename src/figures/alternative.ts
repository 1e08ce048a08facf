/** A figure in sentences, for those who do not see it. */
import { gfnText, hex, rangeText } from '../outcome';
import type { Figure, Panel, Segment } from './figure';
import { gridOf } from './grid';

/** `gfn [0x801ff, 0x80200): zapped: a leaf of 4K`. */
export function aboutOf({ unit }: Panel, axis: 'base' | 'gfn', { start, end, about }: Segment): string {
  const range = { start, end };
  if (axis === 'gfn') return `${gfnText(range)}: ${about}`;
  return end - start === 1 ? `${unit} ${hex(start)}: ${about}` : `${unit}s ${rangeText(range)}: ${about}`;
}

function panelSentences(panel: Panel): readonly string[] {
  const { cells } = gridOf(panel);
  const told = cells.filter(({ segment }) => segment.changed || segment.word === 'stale');
  const about = (told.length > 0 ? told : cells).map(({ lane, segment }) =>
    aboutOf(panel, panel.lanes[lane]!.axis, segment),
  );
  const bound = panel.links
    .slice(0, 8)
    .flatMap(({ slot, base, gfns }) =>
      slot !== null && base !== null && gfns !== null
        ? [`slot ${slot} has ${panel.kind === 'file' ? `pages ${rangeText(base)} at ` : ''}${gfnText(gfns)}`]
        : [],
    );
  return [panel.title, ...bound, ...new Set(about)];
}

export function textAlternative({ facts, outcome, panels, notes }: Figure): string {
  const sentences = [facts.join(', '), ...outcome, ...panels.flatMap(panelSentences)];
  return [...sentences.map((sentence) => `${sentence}.`), ...notes].join(' ');
}
