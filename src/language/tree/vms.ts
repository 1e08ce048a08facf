import { elementAt, firstOf, type VmType } from '../../simulator';
import { isVmType } from '../table/statements';
import { blockAt, walk } from './blocks';
import type { Document, Statement } from './tree';

/**
 * The VMs of a scenario, and the VM of each statement: the last one created, unless `switch` chose another. The first
 * `vm` defines VM 0, which exists even without it.
 */

export interface ScenarioVm {
  /** From 0, in the order of creation. */
  readonly number: number;
  /** The `vm` that creates it; null for VM 0 without a `vm`. */
  readonly statement: Statement | null;
}

/** A statement with its VM: for `vm` the VM that it creates, for `switch` the VM that it leaves. */
export interface Placed {
  readonly statement: Statement;
  readonly vm: ScenarioVm;
  /** The number of VMs that exist after the statement. */
  readonly made: number;
  /** The VM of the next statement, unless that is a `vm`. */
  readonly after: ScenarioVm;
}

/** The VMs so far: in a block, those from above it, and its own. */
interface Place {
  above: readonly ScenarioVm[];
  /** How many of those above are this scenario's: more may be made below its block. */
  count: number;
  readonly own: ScenarioVm[];
  vm: ScenarioVm;
}

function start(): Place {
  const first: ScenarioVm = { number: 0, statement: null };
  return { above: [first], count: 1, own: [], vm: first };
}

/** What a block begins with. */
function below({ above, count, own, vm }: Place): Place {
  // Only those above blocks have VMs above them: VM 0, until a statement makes it.
  return own.length === 0 ? { above, count, own: [], vm } : { above: own, count: own.length, own: [], vm };
}

function madeBy({ above, count, own }: Place): readonly ScenarioVm[] {
  return [...above.slice(0, count), ...own];
}

/** The number that a `switch` names; null if it is missing or malformed, and for other statements. */
export function switchTarget({ keyword, numbers }: Statement): bigint | null {
  return keyword === 'switch' ? (numbers['vm-number']?.value ?? null) : null;
}

function makeVm(place: Place, statement: Statement): void {
  const { above, count, own } = place;
  const isFirst = count === 1 && own.length === 0 && firstOf(above).statement === null;
  if (isFirst) place.count = 0;
  place.vm = { number: place.count + own.length, statement };
  own.push(place.vm);
}

/** Visits the statements in the order of the text. A `switch` to a VM that does not exist is ignored. */
function walkPlaces(document: Document, visit: (placed: Placed, place: Place) => void): void {
  walk(document, start(), below, (statement, place) => {
    if (statement.keyword === 'vm') makeVm(place, statement);
    const { vm, above, count, own } = place;
    const made = count + own.length;
    const target = switchTarget(statement);
    if (target !== null && target < made) {
      const number = Number(target);
      place.vm = number < count ? elementAt(above, number) : elementAt(own, number - count);
    }
    visit({ statement, vm, made, after: place.vm }, place);
  });
}

/** The statements in the order of the text. */
export function placeStatements(document: Document): readonly Placed[] {
  const placed: Placed[] = [];
  walkPlaces(document, (one) => void placed.push(one));
  return placed;
}

/** The VMs that exist at an offset, and the VM to which a statement there would apply. */
export function vmsAt(
  document: Document,
  offset: number,
): { readonly made: readonly ScenarioVm[]; readonly vm: ScenarioVm } {
  const isAbove = ({ span }: Statement) => span.start < offset;
  // Only the block around the offset counts.
  const around = blockAt(document, offset);
  const blocks = document.blocks.filter((block) => block === around);
  const others = new Set(
    document.blocks
      .filter((block) => !blocks.includes(block))
      .flatMap((block) => [block.header, ...block.statements]),
  );
  const statements = document.statements.filter((statement) => isAbove(statement) && !others.has(statement));
  let last = start();
  walkPlaces({ ...document, statements, blocks }, (_, place) => {
    last = place;
  });
  return { made: madeBy(last), vm: last.vm };
}

/** The number of vCPUs of a VM; null if it is malformed. */
export function vcpusOf({ statement }: ScenarioVm): bigint | null {
  return statement?.numbers.count === undefined ? 1n : statement.numbers.count.value;
}

/** The type of a VM; null if there is no such type. */
export function vmTypeOf({ statement }: ScenarioVm): VmType | null {
  if (statement === null) return 'default';
  const text = statement.names.vm?.text ?? '';
  return isVmType(text) ? text : null;
}
