/** A figure in sentences, for screen readers. */
import { counted, filePagesText, gfnText, hex, rangeText } from '../outcome';
import { elementAt } from '../simulator';
import { type Figure, isNews, type Panel, type Segment } from './figure';
import { gridOf } from './grid';

/** Most slots of a panel that are named. */
const MOST_SLOTS = 8;

/** `gfn 0x801ff: zapped: a leaf of 4K`. */
export function aboutOf({ unit }: Panel, axis: 'base' | 'gfn', { start, end, about }: Segment): string {
  const range = { start, end };
  if (axis === 'gfn') return `${gfnText(range)}: ${about}`;
  return end - start === 1 ? `${unit} ${hex(start)}: ${about}` : `${unit}s ${rangeText(range)}: ${about}`;
}

function panelSentences(panel: Panel): readonly string[] {
  const { cells } = gridOf(panel);
  const told = cells.filter(({ segment }) => isNews(segment));
  const about = (told.length > 0 ? told : cells).map(({ lane, segment }) =>
    aboutOf(panel, elementAt(panel.lanes, lane).axis, segment),
  );
  const slots = panel.links.flatMap(({ labels, slot, base, gfns }) => {
    if (slot === null || base === null || gfns === null) return [];
    return [
      `${labels[0]} has ${panel.kind === 'file' ? `${filePagesText([base])} at ` : ''}${gfnText(gfns)}`,
    ];
  });
  const more = slots.length - MOST_SLOTS;
  const others = more > 0 ? [`and ${counted(more, 'more slot')}`] : [];
  return [panel.title, ...slots.slice(0, MOST_SLOTS), ...others, ...new Set(about)];
}

export function textAlternative({ facts, outcome, panels, notes }: Figure): string {
  const sentences = [facts.join(', '), ...outcome, ...panels.flatMap(panelSentences)];
  return [...sentences.map((sentence) => `${sentence}.`), ...notes].join(' ');
}
