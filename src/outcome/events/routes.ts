/** Selects the events that the table names for each reader. */
import type { Event } from '../../simulator';
import { EVENTS, type EventColumns } from './table';

type Type = Event['type'];
type Column = keyof EventColumns;
type Name<C extends Column> = EventColumns[C][number];

/** The table by type. It has every type: `satisfies` there reports a missing row, and only there. */
const COLUMNS = EVENTS as unknown as Readonly<Record<Type, EventColumns>>;

/** Types of the events that the column names for a reader. */
type TypesFor<C extends Column, N> = {
  [T in keyof typeof EVENTS]: N extends (typeof EVENTS)[T][C][number] ? T : never;
}[keyof typeof EVENTS];

export type EventsFor<C extends Column, N extends Name<C>> = readonly Extract<
  Event,
  { readonly type: TypesFor<C, N> }
>[];

/** The events of a statement for each reader of a column, in order. */
export function routed<C extends Column>(
  column: C,
  events: readonly Event[],
): <N extends Name<C>>(name: N) => EventsFor<C, N> {
  const byName = new Map<string, Event[]>();
  for (const event of events) {
    for (const name of COLUMNS[event.type][column]) {
      const own = byName.get(name);
      if (own === undefined) byName.set(name, [event]);
      else own.push(event);
    }
  }
  return <N extends Name<C>>(name: N) => (byName.get(name) ?? []) as unknown as EventsFor<C, N>;
}

const entries = new WeakMap<object, readonly (readonly [string, unknown])[]>();

/** Object.entries() of a table of readers: there are few tables, which are read for each statement. */
function entriesOf<Reader>(readers: object): readonly (readonly [name: string, reader: Reader])[] {
  const known = entries.get(readers) ?? Object.entries(readers);
  entries.set(readers, known);
  return known as readonly (readonly [string, Reader])[];
}

/**
 * Applies the readers of a column to their events, in the order of the readers. The reader of `N` takes `EventsFor<C,
 * N>` and further information about the statement.
 */
export function readAll<
  C extends Column,
  Context,
  Readers extends { readonly [N in Name<C>]?: (events: never, context: Context) => unknown },
>(
  column: C,
  readers: Readers,
  events: readonly Event[],
  context: Context,
): readonly (readonly [name: keyof Readers, value: ReturnType<NonNullable<Readers[keyof Readers]>>])[] {
  type Reader = (events: never, context: Context) => unknown;
  const eventsFor = routed(column, events) as (name: string) => never;
  const values = entriesOf<Reader>(readers).map(
    ([name, reader]) => [name, reader(eventsFor(name), context)] as const,
  );
  return values as unknown as ReturnType<typeof readAll<C, Context, Readers>>;
}
