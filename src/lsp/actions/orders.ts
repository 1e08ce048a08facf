import { lineEnding, type TextEdit } from '../../language';
import { type ExploredRace, type Place, witnessBlock, witnessOf } from '../../outcome';
import type { Abilities } from '../abilities';
import type { ScenarioDocument } from '../documents';
import type { Finding } from '../findings';
import { orderIn, orderOf } from '../races/requests';
import type { Fix, OrderEdit } from './fix';

/** Code actions for an expectation of a race that does not hold: they write or step the order that breaks it. */

const WRITE = 'Write the shortest order as a scenario';

/** Whether the order can be written as a block beside that of its scenario. */
function fitsBlock({ program: { block, race } }: ExploredRace): boolean {
  return block !== null && race.span.start >= block.start;
}

/** Where an order goes: a block below, an unsaved document of the editor, a file beside the document; null for nowhere. */
function targetOf(
  { document }: ScenarioDocument,
  explored: ExploredRace,
  { orders, createsFiles }: Abilities,
): 'block' | 'document' | 'file' | null {
  if (fitsBlock(explored)) return 'block';
  if (orders) return 'document';
  return createsFiles && document.uri.endsWith('.gmem') ? 'file' : null;
}

export function orderFixes(
  scenario: ScenarioDocument,
  finding: Finding,
  abilities: Abilities,
): readonly Fix[] {
  const { failed } = finding;
  const result = failed?.exploration.result;
  if (failed === undefined || result == null) return [];
  const race = scenario.explorations().races.indexOf(failed.exploration);
  const order = orderOf(result, failed.verdict);
  const { uri } = scenario.document;
  const command = (title: string, name: string, ...more: readonly number[]): Fix[] =>
    abilities.orders
      ? [{ title, kind: 'quickfix', edits: [], command: { command: name, arguments: [uri, race, ...more] } }]
      : [];
  const all = command('Show all outcomes', 'gmemscope.showOutcomes');
  if (order === null) return all;
  const target = targetOf(scenario, result.explored, abilities);
  const writing: Fix[] =
    target === 'document'
      ? command(WRITE, 'gmemscope.openOrder', order)
      : target === null
        ? []
        : [{ title: WRITE, kind: 'quickfix', edits: { race, order } }];
  return [...command('Step the shortest order', 'gmemscope.stepOrder', order), ...writing, ...all];
}

/** A title that no scenario of the document has. */
function freeTitle({ analysis }: ScenarioDocument, title: string): string {
  const { blocks } = analysis().document;
  const taken = new Set(blocks.map(({ header }) => header.names.title?.text));
  let free = `${title}, shortest order`;
  for (let number = 2; taken.has(free); number++) free = `${title}, shortest order ${number}`;
  return free;
}

/** What an order changes: text below the block of its scenario, or a new file. */
export type OrderChange =
  | { readonly kind: 'edits'; readonly edits: readonly TextEdit[] }
  | { readonly kind: 'file'; readonly uri: string; readonly text: string };

function changeFor(scenario: ScenarioDocument, explored: ExploredRace, place: Place): OrderChange {
  const { document } = scenario;
  const text = document.getText();
  const { block, title } = explored.program;
  const written =
    block === null ? null : witnessBlock(text, explored, place, freeTitle(scenario, title ?? ''));
  if (block === null || written === null) {
    const uri = document.uri.replace(/\.gmem$/, '-order.gmem');
    return { kind: 'file', uri, text: witnessOf(text, explored, place).text };
  }
  const gap = lineEnding(text).repeat(2);
  const span = { start: block.end, end: block.end };
  return { kind: 'edits', edits: [{ span, newText: gap + written }] };
}

/** Null if the race has changed. */
export async function orderChange(
  scenario: ScenarioDocument,
  { race, order }: OrderEdit,
): Promise<OrderChange | null> {
  const found = await orderIn(scenario, race, order);
  return found === null ? null : changeFor(scenario, found.result.explored, found.place);
}

export function isOrderEdit(name: unknown): name is OrderEdit {
  return typeof name === 'object' && name !== null && 'race' in name && 'order' in name;
}
