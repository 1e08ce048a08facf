/** Everything a statement did, as Markdown for a hover. */
import type { TracedEvent } from '../../simulator/machine';
import { spteChanges } from '../../simulator/sptes';
import type { Description } from './describe';
import { errorCodeNames } from './error-code';
import { hex, letters, levelText, rangeText } from './notation';

/** Changed entries that a hover lists. */
const MOST_ENTRIES = 24;

function faultLines(events: readonly TracedEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'fault'
      ? [
          `- vCPU ${event.vcpu}: gpa \`${hex(event.gpa)}\`, error code \`${hex(event.errorCode)}\` ` +
            `(${errorCodeNames(event.errorCode)})`,
        ]
      : [],
  );
}

/** The ranges that were zapped or flushed, with the step that did it. */
function zapLines(events: readonly TracedEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === 'zap') {
      const gone =
        event.leaves.length === 0 ? 'nothing was mapped' : `${event.leaves.length} run(s) of entries`;
      const whose = event.slot === null ? '' : `slot ${event.slot} `;
      return [`- ${whose}gfn \`${rangeText(event)}\`: ${gone}`];
    }
    return event.type === 'zap-all' ? ['- all roots of the VM'] : [];
  });
}

function entryLines(events: readonly TracedEvent[]): readonly string[] {
  const lines: string[] = [];
  for (const event of events) {
    if (event.type !== 'sptes') continue;
    for (const { gfn, level, from, to } of spteChanges(event)) {
      if (lines.length === MOST_ENTRIES) return [...lines, '', '… and more'];
      lines.push(`| \`${hex(gfn)}\` | ${levelText(level)} | \`${letters(from)}\` | \`${letters(to)}\` |`);
    }
  }
  return lines;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `**${title}**`, '', ...lines];
}

export function hoverOf({ phrases }: Description, events: readonly TracedEvent[]): string {
  const entries = entryLines(events);
  const table = entries.length === 0 ? [] : ['| gfn | size | from | to |', '|---|---|---|---|', ...entries];
  return [
    ...phrases.map((phrase) => `- ${phrase}`),
    ...section('Nested page faults', faultLines(events)),
    ...section('Ranges asked to be zapped', zapLines(events)),
    ...section('Page-table entries', table),
  ].join('\n');
}
