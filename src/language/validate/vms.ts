import { must } from '../../simulator';
import { quote } from '../diagnostics/diagnostics';
import { reportError } from '../diagnostics/report';
import type { Pieces } from '../pieces';
import { placeStatements, switchTarget } from '../tree/vms';
import type { Context } from './context';

/** Checks that the VM of a `switch` has been created before it. */
export function* checkSwitches(context: Context): Pieces<void> {
  for (const { statement, made } of placeStatements(context.document)) {
    yield;
    const target = switchTarget(statement);
    if (target === null || target < made) continue;
    const { span, text } = must(statement.numbers['vm-number'], 'number of the VM');
    const there = made === 1 ? 'there is one VM so far, number 0' : `so far there are VMs 0 to ${made - 1}`;
    reportError(context.report, statement, 'G115', span, `there is no VM ${quote(text)}: ${there}`);
  }
}
