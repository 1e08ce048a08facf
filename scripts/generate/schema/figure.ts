/** The schema of a figure as data. */
import type { Asked, Figure, Lane, LaneId, Link, Panel, Segment } from '../../../src/figures/figure';
import { type LaneWord, MEANINGS } from '../../../src/figures/lane-words';
import type { Range } from '../../../src/simulator';
import {
  always,
  count,
  flag,
  list,
  named,
  nonEmptyList,
  object,
  orNull,
  type Schema,
  sometimes,
  text,
  words,
} from './schema';

const start = always('The first page.', count);
const end = always('The page after the last.', count);
const range: Schema<Range> = named('range', object<Range>({ start, end }));
const axis = words<Lane['axis']>({
  base: 'Pages of the file or of userspace memory, or pfns.',
  gfn: 'Guest frame numbers.',
});

const LANES: Readonly<Record<LaneId, string>> = {
  file: 'Pages of the file.',
  memory: 'Userspace memory of a slot without a file.',
  rmp: 'Entries of the RMP.',
  attributes: 'Private and shared gfns.',
  'zapped-direct': 'Leaves that were zapped.',
  'zapped-mirror': 'Leaves of private memory that were zapped (TDX).',
  'sptes-direct': 'Leaves that are present.',
  'sptes-mirror': 'Leaves of private memory that are present (TDX).',
  userspace: 'Userspace memory of a slot with a file.',
};

const lane = object<Lane>({
  id: always('', words<LaneId>(LANES)),
  axis: always('', axis),
  titles: always('From the longest to the shortest.', nonEmptyList(text)),
  spare: always('How often the texts in its boxes may be shortened without losing information.', count),
});

const segment = named(
  'segment',
  object<Segment>({
    start,
    end,
    word: always('', words<LaneWord>(MEANINGS)),
    texts: always('The text of its box, from the longest to the shortest.', nonEmptyList(text)),
    changed: always('Whether the statement changed it.', flag),
    about: always('A description.', text),
  }),
);

function segmentsKey(id: LaneId) {
  return sometimes(LANES[id], list(segment));
}

const link = object<Link>({
  labels: always('', nonEmptyList(text)),
  slot: always('', orNull(count)),
  base: always('', orNull(range)),
  gfns: always('', orNull(range)),
  segments: always(
    'By lane.',
    object<Link['segments']>({
      file: segmentsKey('file'),
      memory: segmentsKey('memory'),
      rmp: segmentsKey('rmp'),
      attributes: segmentsKey('attributes'),
      'zapped-direct': segmentsKey('zapped-direct'),
      'zapped-mirror': segmentsKey('zapped-mirror'),
      'sptes-direct': segmentsKey('sptes-direct'),
      'sptes-mirror': segmentsKey('sptes-mirror'),
      userspace: segmentsKey('userspace'),
    }),
  ),
});

const asked = object<Asked>({ start, end, axis: always('', axis), keyword: always('', text) });

const panel = object<Panel>({
  kind: always(
    '',
    words({
      file: 'A file with its slots.',
      slots: 'The slots without a file.',
      frames: 'Pages that belong to no file.',
    }),
  ),
  file: always('', orNull(count)),
  title: always('', text),
  unit: always('The unit of the numbers of the base.', text),
  lanes: always('', list(lane)),
  links: always('Ranges of the base with their gfns.', list(link)),
  asked: always('The range that the statement names.', orNull(asked)),
});

export const figure: Schema<Figure> = named(
  'drawing',
  object<Figure>({
    show: always('', words({ change: 'What the statement changed.', state: 'The state after it.' })),
    statement: always('In canonical form.', text),
    facts: always('', list(text)),
    outcome: always('The phrases of the inline text.', list(text)),
    panels: always('', list(panel)),
    notes: always('What the figure leaves out.', list(text)),
  }),
);
