import type { Document, Statement } from './tree';

/**
 * The VMs of a scenario, and which one a statement is for: the one that was made last, unless `switch` went
 * back to another. The first `vm` makes VM 0, which is there without it too.
 */

export interface ScenarioVm {
  /** From 0, in the order of the text. */
  readonly number: number;
  /** The `vm` that makes it; null for a VM 0 that none makes. */
  readonly statement: Statement | null;
}

/** A statement with the VM that it is for: of `vm` the one it makes, of `switch` the one it leaves. */
export interface Placed {
  readonly statement: Statement;
  readonly vm: ScenarioVm;
  /** Number of VMs that there are when it has run. */
  readonly made: number;
  /** What the next statement is for, unless it is a `vm`. */
  readonly after: ScenarioVm;
}

/** The VMs of a scenario, by number. */
export function findVms({ statements }: Document): readonly ScenarioVm[] {
  const making = statements.filter(({ keyword }) => keyword === 'vm');
  if (making.length === 0) return [{ number: 0, statement: null }];
  return making.map((statement, number) => ({ number, statement }));
}

/** The number that a `switch` names; null where it is missing or malformed, and for other statements. */
export function switchTarget({ keyword, numbers }: Statement): bigint | null {
  return keyword === 'switch' ? (numbers['vm-number']?.value ?? null) : null;
}

/** The statements in the order of the text. A `switch` to a VM that is not there changes nothing. */
export function* eachVm(document: Document): Generator<Placed> {
  const vms = findVms(document);
  let made = 1;
  let vm = vms[0]!;
  for (const statement of document.statements) {
    if (statement.keyword === 'vm' && statement !== vms[0]!.statement) vm = vms[made++]!;
    const target = switchTarget(statement);
    const after = target !== null && target < made ? vms[Number(target)]! : vm;
    yield { statement, vm, made, after };
    vm = after;
  }
}

/** The VM that a statement at an offset would be for. */
export function vmAt(document: Document, offset: number): ScenarioVm {
  let at = findVms(document)[0]!;
  for (const { statement, after } of eachVm(document)) {
    if (statement.span.start >= offset) break;
    at = after;
  }
  return at;
}

/** Number of vCPUs that a VM is given; null where the number is malformed. */
export function vcpusOf({ statement }: ScenarioVm): bigint | null {
  return statement?.numbers.count === undefined ? 1n : statement.numbers.count.value;
}

/** Type that a VM is given, as it is written. */
export function vmTypeOf({ statement }: ScenarioVm): string {
  return statement === null ? 'default' : (statement.names.vm?.text ?? '');
}
