import { quote } from '../diagnostics/diagnostics';
import { reportError } from '../diagnostics/report';
import { placeStatements, switchTarget } from '../tree/vms';
import type { Context } from './context';

/** Checks that the VM of a `switch` has been created before it. */
export function checkSwitches(context: Context): void {
  for (const { statement, made } of placeStatements(context.document)) {
    const target = switchTarget(statement);
    const number = statement.numbers['vm-number'];
    if (number === undefined || target === null || target < made.length) continue;
    const { span, text } = number;
    const there =
      made.length === 1 ? 'there is one VM so far, number 0' : `so far there are VMs 0 to ${made.length - 1}`;
    reportError(context.report, statement, 'G115', span, `there is no VM ${quote(text)}: ${there}`);
  }
}
