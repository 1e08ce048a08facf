import { firstOf, RELEASED_KERNELS } from '../../simulator';
import { analyze } from '../analysis';
import type { Program } from '../compile/compile';
import type { KernelChoice } from '../kernels/catalogue';
import type { Scenario } from '../tree/blocks';
import type { Document, Span } from '../tree/tree';
import { lineEnding, type TextEdit } from './text-edit';

/** Parses, prints and replaces the kernel of a scenario. */

/** `linux-7.3 with range-math shifted`: the text after `kernel`. */
export function kernelText({ kernel, knobs }: KernelChoice): string {
  const turned = Object.entries(knobs).map(([knob, variant]) => ` with ${knob} ${variant}`);
  return `${kernel}${turned.join('')}`;
}

/** Parses the text after `kernel`; returns a message if it is invalid. */
export function readKernel(text: string): KernelChoice | string {
  const { document, diagnostics, programs } = analyze(`kernel ${text}`);
  const [problem] = diagnostics.filter(({ severity }) => severity === 'error');
  if (problem !== undefined) return problem.message;
  if (document.statements.length > 1) return 'only a kernel and its knobs are expected here';
  const { kernel, knobs } = programs[0].setup;
  return { kernel, knobs };
}

/** The default kernel to compare with: the other one of the two of which recordings exist. */
export function otherKernel({ kernel }: KernelChoice): KernelChoice {
  return { kernel: firstOf(RELEASED_KERNELS.filter((name) => name !== kernel)), knobs: {} };
}

/** Inserts a `kernel` before the first statement of a scenario without one. */
function insertion({ text, statements }: Document, kernel: string): TextEdit {
  const eol = lineEnding(text);
  const start = statements[0]?.span.start ?? text.length;
  const beginsLine = statements.length > 0 || text === '' || /[\r\n]$/.test(text);
  return { span: { start, end: start }, newText: `${beginsLine ? '' : eol}kernel ${kernel}${eol}` };
}

function kernelStatement({ statements }: Scenario) {
  return statements.find(({ keyword }) => keyword === 'kernel');
}

/** The edit that replaces the kernel of the scenario, including its knobs. */
export function kernelEdit(document: Document, scenario: Scenario, choice: KernelChoice): TextEdit {
  const statement = kernelStatement(scenario);
  if (statement === undefined) return insertion(document, kernelText(choice));
  return { span: statement.span, newText: `kernel ${kernelText(choice)}` };
}

/** The edit that changes the name of the scenario's kernel and keeps its knobs. */
export function kernelNameEdit(document: Document, scenario: Scenario, kernel: string): TextEdit {
  const name = kernelStatement(scenario)?.names.kernel;
  return name === undefined
    ? kernelEdit(document, scenario, { kernel, knobs: {} })
    : { span: name.span, newText: kernel };
}

/** The scenario around `span`; null if several scenarios share that text. */
export function programAt(programs: readonly [Program, ...Program[]], span: Span): Program | null {
  const [first, ...others] = programs;
  if (others.length === 0) return first;
  return (
    programs.find(({ block }) => block !== null && block.start <= span.end && block.end >= span.start) ?? null
  );
}
