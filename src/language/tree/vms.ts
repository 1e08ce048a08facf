import { elementAt, type VmType } from '../../simulator';
import { isVmType } from '../table/statements';
import { blockAt, walk } from './blocks';
import type { Document, Statement } from './tree';

/**
 * The VMs of a scenario, and which one a statement is for: the one that was made last, unless `switch` went
 * back to another. The first `vm` makes VM 0, which is there without it too.
 */

export interface ScenarioVm {
  /** From 0, in the order in which they are made. */
  readonly number: number;
  /** The `vm` that makes it; null for a VM 0 that none makes. */
  readonly statement: Statement | null;
}

/** A statement with the VM that it is for: of `vm` the one it makes, of `switch` the one it leaves. */
export interface Placed {
  readonly statement: Statement;
  readonly vm: ScenarioVm;
  /** The VMs that there are when it has run, by number. */
  readonly made: readonly ScenarioVm[];
  /** What the next statement is for, unless it is a `vm`. */
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

/** The number that a `switch` names; null where it is missing or malformed, and for other statements. */
export function switchTarget({ keyword, numbers }: Statement): bigint | null {
  return keyword === 'switch' ? (numbers['vm-number']?.value ?? null) : null;
}

function makeVm(place: Place, statement: Statement): void {
  const [first] = place.made;
  const isFirst = place.made.length === 1 && first.statement === null;
  place.vm = { number: isFirst ? 0 : place.made.length, statement };
  place.made = isFirst ? [place.vm] : [...place.made, place.vm];
}

/** The statements in the order of the text. A `switch` to a VM that is not there changes nothing. */
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

/** The VMs that there are at an offset, and the one that a statement there would be for. */
export function vmsAt(
  document: Document,
  offset: number,
): { readonly made: readonly ScenarioVm[]; readonly vm: ScenarioVm } {
  const isAbove = ({ span }: Statement) => span.start < offset;
  // Of the blocks, only the one around the offset has a say.
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

/** Number of vCPUs that a VM is given; null where the number is malformed. */
export function vcpusOf({ statement }: ScenarioVm): bigint | null {
  return statement?.numbers.count === undefined ? 1n : statement.numbers.count.value;
}

/** Type that a VM is given; null where there is no such type. */
export function vmTypeOf({ statement }: ScenarioVm): VmType | null {
  if (statement === null) return 'default';
  const text = statement.names.vm?.text ?? '';
  return isVmType(text) ? text : null;
}
