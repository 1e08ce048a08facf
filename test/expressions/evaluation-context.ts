/** Scenes to evaluate expressions in: a scenario that has run to its end. */
import type { EvaluationContext } from '../../src/expressions';
import { analyze } from '../../src/language';
import { type Around, aroundCall } from '../../src/outcome';
import type { TracedEvent } from '../../src/simulator/machine';
import { runCall, vmAfter } from '../../src/simulator/run';
import { initialState, type State } from '../../src/simulator/state';

/** What an expression sees when the last statement has returned. */
export function contextAfter(text: string, locals: EvaluationContext['locals'] = {}): EvaluationContext {
  const { setup, statements, errors } = analyze(text).programs[0];
  if (errors.length > 0) throw new Error(errors[0]!.message);
  let state: State = initialState(setup);
  let before = state;
  let vmId = 0;
  let around: Around = { before, after: state, vmId };
  let events: readonly TracedEvent[] = [];
  for (const { call } of statements) {
    before = state;
    ({ state, events } = runCall(state, vmId, call));
    around = aroundCall(call, before, state, vmId);
    vmId = vmAfter(call, vmId, state);
  }
  const { call, line } = statements.at(-1)!;
  return {
    state,
    vmId,
    locals,
    statement: { line, call },
    effects: { own: true, before, vmId: around.vmId, events: () => events, returned: true },
    changes: null,
  };
}

/** Two slots of one file, a hole over the end of the first and the start of the second. */
export const PUNCHED = `kernel linux-7.3
vm sw-protected vcpus 2
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000 size 1M gmem A offset 2M
slot 2 gpa 0xa0000000 size 64K
gmem B size 1
convert gpa 0x80000000 size 2M private
convert gpa 0x90000000 size 1M private
prefault vcpu 0 gpa 0x801fe000 size 8K
prefault vcpu 0 gpa 0x90000000 size 16K
punch A offset 0x1ff000 size 12K
`;

export const SNP = `vm sev-snp
gmem A size 2M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
launch-update gpa 0x80000000 size 8K
launch-finish
rmpadjust vcpu 0 gpa 0x80001000 size 4K vmpl 1 permissions rw
`;
