import { elementAt, type VmType } from '../../simulator';
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
  /** The VMs that exist after the statement, by number. */
  readonly made: readonly ScenarioVm[];
  /** The VM of the next statement, unless that is a `vm`. */
  readonly after: ScenarioVm;
}

interface Place {
  made: readonly [ScenarioVm, ...ScenarioVm[]];
  vm: ScenarioVm;
}

function start(): Place {
  const first: ScenarioVm = { number: 0, statement: null };
  return { made: [first], vm: first };
}

/** The number that a `switch` names; null if it is missing or malformed, and for other statements. */
export function switchTarget({ keyword, numbers }: Statement): bigint | null {
  return keyword === 'switch' ? (numbers['vm-number']?.value ?? null) : null;
}

function makeVm(place: Place, statement: Statement): void {
  const [first] = place.made;
  const isFirst = place.made.length === 1 && first.statement === null;
  place.vm = { number: isFirst ? 0 : place.made.length, statement };
  place.made = isFirst ? [place.vm] : [...place.made, place.vm];
}

/** The statements in the order of the text. A `switch` to a VM that does not exist is ignored. */
export function placeStatements(document: Document): readonly Placed[] {
  const placed: Placed[] = [];
  walk(
    document,
    start(),
    (place) => ({ ...place }),
    (statement, place) => {
      if (statement.keyword === 'vm') makeVm(place, statement);
      const { vm, made } = place;
      const target = switchTarget(statement);
      if (target !== null && target < made.length) place.vm = elementAt(made, Number(target));
      placed.push({ statement, vm, made, after: place.vm });
    },
  );
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
  const last = placeStatements({ ...document, statements, blocks }).at(-1);
  return last === undefined ? start() : { made: last.made, vm: last.after };
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
