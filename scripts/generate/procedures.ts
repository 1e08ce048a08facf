import type { AnyProcedure } from '../../src/simulator/procedure';
import { PROCEDURES } from '../../src/simulator/procedures';
import { code, table } from './markdown';

/** docs/procedures.md: what the simulator has of the kernel, function by function. */

const INTRODUCTION = `# Procedures

This page lists each simulated kernel operation, with the source file that its facts come from. A procedure is a list of
steps. The debugger shows it when you step into it, with the locks that each step takes and drops and the decisions it makes.
If steps depend on [knobs](language.md#knobs), the last column names the knobs.

This page is generated from \`src/simulator/procedures/\` by \`npm run generate\`.`;

/** Knobs that choose among steps of the procedure, each once. */
function knobsOf({ steps }: AnyProcedure): readonly string[] {
  return [...new Set(steps.flatMap((step) => ('knob' in step ? [step.knob] : [])))];
}

function rowOf(procedure: AnyProcedure): readonly string[] {
  const { name, about, steps } = procedure;
  // `TDVMCALL<MapGPA>` is no tag.
  return [
    code(name),
    about.replaceAll('<', '\\<'),
    String(steps.length),
    knobsOf(procedure).map(code).join(', '),
  ];
}

/** What the simulator has beside the kernel comes from no file of it. */
function headingOf(source: string): string {
  return source.includes('/') ? source : `Not in the kernel: ${source}`;
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
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}
