import { RELEASED_KERNELS } from '../../src/simulator';
import type { AnyProcedure } from '../../src/simulator/procedure';
import { PROCEDURES } from '../../src/simulator/procedures';
import { UNREACHED } from '../coverage/unreached';
import { code, table } from './markdown';

/** docs/procedures.md: the kernel functions that the simulator models. */

const INTRODUCTION = `# Procedures

This page lists each simulated kernel operation, with the source file that its facts come from. A procedure is a list of
steps. The debugger shows it when you step into it, with the locks that each step takes and drops and the decisions it makes.
If steps depend on [knobs](language.md#knobs), the last column names the knobs.

This page is generated from \`src/simulator/procedures/\` by \`npm run generate\`.`;

/** Knobs that select among steps of the procedure, without duplicates. */
function knobsOf({ steps }: AnyProcedure): readonly string[] {
  return [...new Set(steps.flatMap((step) => ('knob' in step ? [step.knob] : [])))];
}

function rowOf(procedure: AnyProcedure): readonly string[] {
  const { name, about, steps } = procedure;
  // Keep `TDVMCALL<MapGPA>` from being read as an HTML tag.
  return [
    code(name),
    about.replaceAll('<', '\\<'),
    String(steps.length),
    knobsOf(procedure).map(code).join(', '),
  ];
}

/** Parts of the simulator outside the kernel have no source file. */
function headingOf(source: string): string {
  return source.includes('/') ? source : `Not in the kernel: ${source}`;
}

function unreachedSection(): string {
  const rows = UNREACHED.map(({ kernel, procedure, labels, reason }) => [
    code(kernel),
    code(procedure),
    labels.join(', '),
    reason,
  ]);
  return `## Steps that no scenario reaches, and why

The scenarios of the examples and of this documentation together reach every step of ${RELEASED_KERNELS.map(code).join(' and ')},
except the steps below. A scenario with \`with\` in its \`kernel\` statement does not count; a race reaches the steps that
run in some order. A test requires a scenario or a reason for each step. \`npm run coverage\` prints what is reached,
and \`gmemscope test --coverage\` reports on your own scenarios.

${table(['kernel', 'procedure', 'steps', 'why'], rows)}`;
}

export function proceduresFile(): string {
  const bySource = new Map<string, AnyProcedure[]>();
  for (const procedure of PROCEDURES.values()) {
    bySource.set(procedure.source, [...(bySource.get(procedure.source) ?? []), procedure]);
  }
  const sections = [...bySource].map(
    ([source, procedures]) =>
      `## ${headingOf(source)}\n\n${table(['procedure', 'what it does', 'steps', 'knobs'], procedures.map(rowOf))}`,
  );
  return `${[INTRODUCTION, ...sections, unreachedSection()].join('\n\n')}\n`;
}
