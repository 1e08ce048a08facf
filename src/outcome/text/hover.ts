/** The complete outcome of a statement, as Markdown for a hover. */
import { type Event, spteChanges } from '../../simulator';
import { type EventsFor, routed } from '../events/routes';
import type { Description } from './describe';
import { errorCodeNames } from './error-code';
import { markdownText } from './markup';
import { hex, letters, levelText, rangeText } from './notation';

/** Maximum number of changed entries in a hover. */
const MOST_ENTRIES = 24;

function faultLines(faults: EventsFor<'details', 'faults'>): readonly string[] {
  return faults.map(
    ({ vcpu, gpa, errorCode }) =>
      `- vCPU ${vcpu}: gpa \`${hex(gpa)}\`, error code \`${hex(errorCode)}\` (${errorCodeNames(errorCode)})`,
  );
}

/** The ranges that KVM was asked to zap. */
function zapLines(zaps: EventsFor<'details', 'zaps'>): readonly string[] {
  return zaps.map((zap) => {
    if (zap.type === 'zap-all') return '- all roots of the VM';
    const gone = zap.leaves.length === 0 ? 'nothing was mapped' : `${zap.leaves.length} run(s) of entries`;
    const whose = zap.slot === null ? '' : `slot ${zap.slot} `;
    return `- ${whose}gfn \`${rangeText(zap)}\`: ${gone}`;
  });
}

function entryLines(walks: EventsFor<'details', 'entries'>): readonly string[] {
  const lines: string[] = [];
  for (const walk of walks) {
    for (const { gfn, level, from, to, root } of spteChanges(walk)) {
      if (lines.length === MOST_ENTRIES) return [...lines, '', '… and more'];
      const size = root === undefined ? levelText(level) : `${root} ${levelText(level)}`;
      lines.push(`| \`${hex(gfn)}\` | ${size} | \`${letters(from)}\` | \`${letters(to)}\` |`);
    }
  }
  return lines;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `**${title}**`, '', ...lines];
}

export function hoverOf({ phrases }: Description, events: readonly Event[]): string {
  const eventsFor = routed('details', events);
  const entries = entryLines(eventsFor('entries'));
  const table = entries.length === 0 ? [] : ['| gfn | size | from | to |', '|---|---|---|---|', ...entries];
  return [
    ...phrases.map((phrase) => `- ${markdownText(phrase)}`),
    ...section('Nested page faults', faultLines(eventsFor('faults'))),
    ...section('Requested zaps', zapLines(eventsFor('zaps'))),
    ...section('Page-table entries', table),
  ].join('\n');
}
