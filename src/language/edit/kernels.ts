import { firstOf, RELEASED_KERNELS } from '../../simulator';
import { analyze } from '../analysis';
import type { Program } from '../compile/compile';
import type { KernelChoice } from '../kernels/catalogue';
import type { Scenario } from '../tree/blocks';
import type { Document, Span } from '../tree/tree';
import { lineEnding, type TextEdit } from './text-edit';

/** The kernel that a scenario runs on, as text: to read it, to write it, and to put another in its place. */

/** `linux-7.3 with range-math shifted`: what stands behind `kernel`. */
export function kernelText({ kernel, knobs }: KernelChoice): string {
  const turned = Object.entries(knobs).map(([knob, variant]) => ` with ${knob} ${variant}`);
  return `${kernel}${turned.join('')}`;
}

/** Reads what stands behind `kernel`; a string says what is wrong with it. */
export function readKernel(text: string): KernelChoice | string {
  const { document, diagnostics, programs } = analyze(`kernel ${text}`);
  const [problem] = diagnostics.filter(({ severity }) => severity === 'error');
  if (problem !== undefined) return problem.message;
  if (document.statements.length > 1) return 'only a kernel and its knobs are expected here';
  const { kernel, knobs } = programs[0].setup;
  return { kernel, knobs };
}

/** What one compares a kernel with first: the other of the two that real kernels were recorded of. */
export function otherKernel({ kernel }: KernelChoice): KernelChoice {
  return { kernel: firstOf(RELEASED_KERNELS.filter((name) => name !== kernel)), knobs: {} };
}

/** Makes a scenario that names no kernel name one: before its first statement. */
function insertion({ text, statements }: Document, kernel: string): TextEdit {
  const eol = lineEnding(text);
  const start = statements[0]?.span.start ?? text.length;
  const beginsLine = statements.length > 0 || text === '' || /[\r\n]$/.test(text);
  return { span: { start, end: start }, newText: `${beginsLine ? '' : eol}kernel ${kernel}${eol}` };
}

function kernelStatement({ statements }: Scenario) {
  return statements.find(({ keyword }) => keyword === 'kernel');
}

/** The edit that puts a kernel in the place of the one that the scenario has, its knobs included. */
export function kernelEdit(document: Document, scenario: Scenario, choice: KernelChoice): TextEdit {
  const statement = kernelStatement(scenario);
  if (statement === undefined) return insertion(document, kernelText(choice));
  return { span: statement.span, newText: `kernel ${kernelText(choice)}` };
}

/** The edit that changes the name of the scenario's kernel, and leaves its knobs as they are. */
export function kernelNameEdit(document: Document, scenario: Scenario, kernel: string): TextEdit {
  const name = kernelStatement(scenario)?.names.kernel;
  return name === undefined
    ? kernelEdit(document, scenario, { kernel, knobs: {} })
    : { span: name.span, newText: kernel };
}

/** The scenario of the text around `span`; null where several share that place. */
export function programAt(programs: readonly [Program, ...Program[]], span: Span): Program | null {
  const [first, ...others] = programs;
  if (others.length === 0) return first;
  return (
    programs.find(({ block }) => block !== null && block.start <= span.end && block.end >= span.start) ?? null
  );
}
