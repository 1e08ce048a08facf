import {
  CLAIMS,
  CODES,
  type OptionPart,
  partSyntax,
  SIMULATED_KERNELS,
  STATEMENTS,
  type StatementSpec,
  syntaxLine,
  VM_TYPES,
  type WordDoc,
} from '../../src/language';
import { exampleSection, SETUP_SECTIONS } from './examples';
import { jsonSection } from './json-section';
import { code, table } from './markdown';

/** docs/language.md: the reference of the language. */

const INTRODUCTION = `# The scenario language

A \`.gmem\` file describes what happens to the memory of a KVM guest: memslots, guest_memfd files and the offsets at
which slots are bound to them, accesses that fault, holes punched in files, conversions between private and shared.

This page is generated from the table of statements (\`src/language/table/\`) by \`npm run generate\`.

## Form

- A statement starts with its keyword. White space is free: a statement may span several lines. \`#\` starts a
  comment that extends to the end of the line.
- Required parts come in the order given here; options (in brackets) follow in any order.
- Numbers are decimal or hexadecimal (\`0x\`), optionally with \`_\` between digits, and with a suffix \`K\`, \`M\`, \`G\`
  or \`T\` for powers of 1024. They are unsigned 64-bit numbers; a larger one is an error. A number can also be
  [a constant](#let) or arithmetic with \`+\`, \`-\`, \`*\` and parentheses (a minus needs spaces around it).
- Addresses, offsets and sizes are in bytes. To count in pages of 4K, use the labels \`gfn\` instead of \`gpa\`,
  \`pgoff\` instead of \`offset\`, \`pages\` instead of \`size\`.
- A range is START..END; END is exclusive. \`gpa 0x80000000..0x80002000\` means the same as
  \`gpa 0x80000000 size 8K\` and \`gfn 0x80000..0x80002\`.
- A file name has letters, digits and \`_\`, and does not start with a digit. Slots and vCPUs have numbers.
- A statement that KVM refuses is not an error in the scenario: its outcome is the errno (\`EINVAL\`…), and the
  scenario continues, as a VMM would.
- The text after \`=>\` is the [expectation](#outcomes) of a statement. \`gmemscope test\` and the editor check it.
- A file may contain [several scenarios](#scenario) that share their set-up.
- The editor's formatter and \`gmemscope fmt\` align a file in columns without changing its meaning.
`;

function overview(): string {
  const rows = STATEMENTS.map((spec) => [`[${code(spec.keyword)}](#${spec.keyword})`, spec.doc]);
  return `## Statements\n\n${table(['statement', 'what it does'], rows)}`;
}

function wordLine({ word, doc }: WordDoc): string {
  return `- ${code(word)}: ${doc}`;
}

function optionLines(option: OptionPart): string[] {
  const words = option.kind === 'one-of' ? option.words.map(wordLine) : [];
  return [`- ${code(partSyntax(option))}: ${option.doc}`, ...words.map((line) => `  ${line}`)];
}

function choiceLines(spec: StatementSpec): string[] {
  return spec.required.flatMap((part) => (part.kind === 'choice' ? part.words.map(wordLine) : []));
}

/** The system call and the kernel function of the statement, with a link to the documentation. */
function sources(spec: StatementSpec): string {
  const call = spec.systemCall === '' ? null : `System call: ${code(spec.systemCall)}.`;
  const instruction = spec.instruction === undefined ? null : `Instruction: ${code(spec.instruction)}.`;
  const does = spec.kernelFunction === '' ? null : `In the kernel: ${code(`${spec.kernelFunction}()`)}.`;
  const manual = spec.manual === null ? null : `See [${spec.manual.title}](${spec.manual.url}).`;
  return [instruction, call, does, manual].filter((sentence) => sentence !== null).join(' ');
}

function section(spec: StatementSpec): string {
  const blocks = [
    `### ${spec.keyword}`,
    `\`\`\`text\n${syntaxLine(spec)}\n\`\`\``,
    [spec.doc, spec.details].filter((text) => text !== '').join(' '),
    [...choiceLines(spec), ...spec.options.flatMap(optionLines)].join('\n'),
    exampleSection(spec.example),
    sources(spec),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

const RACES = `## Calls that run against each other

Any call except those of \`vm\` and \`switch\` can be suspended, so that the statements after it run meanwhile:

${exampleSection(`fault vcpu 0 read gpa 0x80100000 until FA9g as early => stands at FA9g
punch A offset 1M size 4K
continue early => retried, mapped gfn 0x80100`)}

- \`until STEP\` suspends the call before its next arrival at a step. The step is named by its label, which the debugger's
  listings show and completion offers. Labels belong to the simulated kernel. If the call never reaches the step, it runs
  to completion, and the editor reports it.
- \`as NAME\` names the call, and [\`continue NAME\`](#continue) resumes it. A name refers to the last call that got it.
- A call also suspends when another call holds the lock or the SRCU section it waits for: \`waits\`. If it has a name, it
  resumes at its \`continue\`. Otherwise it resumes after the first statement that unblocks it; blocked calls resume in the
  order in which they began to wait. The expectation of such a statement covers the whole call.
- A fault that restarts again and again while another call is suspended \`retries\`, and resumes in the same way. If no
  other call could change anything, it is a \`livelock\`, as it would be without other calls.
- Two calls that wait for each other are a \`deadlock\`, which is detected when the second begins to wait. They never resume.
- A vCPU does one thing at a time: further work for a vCPU whose call is suspended waits for \`vcpu\`, which stands for
  KVM's mutex of that vCPU.
- A free lock is granted at once; writer preference is not modelled. A race is an order of atomic steps.

A call that is still suspended at the end of the scenario gets a warning.`;

const OUTCOMES = `## Outcomes

\`=>\` after a statement introduces its expectation: a comma-separated list. Only what you list is checked, with two
exceptions: without an errno, the call has to succeed, and without \`exit\`, the vCPU has to stay in the guest. What you
list must be complete: \`zapped slot 0 gfn 0x80000\` fails if another entry is zapped as well.

${exampleSection('punch A offset 0x1ff000 size 12K => zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000..0x90002, flush')}

Ranges are half-open and count pages; after \`gpa\` instead of \`gfn\` they count bytes. Expectations use the words of the
inline texts. The editor and \`gmemscope test --update\` can write them for you.`;

function outcomes(): string {
  const rows = CLAIMS.map(({ forms, doc, example }) => [code(forms.join(' | ')), doc, code(example)]);
  return `${OUTCOMES}\n\n${table(['expectation', 'meaning', 'example'], rows)}`;
}

function vmTypes(): string {
  return `## VM types\n\n${table(
    ['type', 'description'],
    VM_TYPES.map(({ word, doc }) => [code(word), doc]),
  )}`;
}

function kernels(): string {
  const rows = SIMULATED_KERNELS.kernels.map(({ name, title }) => [code(name), title]);
  return `## Kernels\n\nThe default is \`${SIMULATED_KERNELS.defaultKernel}\`.\n\n${table(['name', 'description'], rows)}`;
}

function knobs(): string {
  const rows = SIMULATED_KERNELS.knobs.flatMap(({ name, doc, variants }) =>
    variants.map((variant, at) => [
      at === 0 ? code(name) : '',
      at === 0 ? doc : '',
      code(variant.name),
      variant.doc,
    ]),
  );
  const example = `\`\`\`gmem\nkernel ${SIMULATED_KERNELS.defaultKernel} with range-math shifted\n\`\`\``;
  const about =
    'A knob selects the variant of one mechanism of the kernel; each kernel has a variant of every knob.';
  return `## Knobs\n\n${about}\n\n${example}\n\n${table(['knob', 'mechanism', 'variant', 'what it does'], rows)}`;
}

function diagnostics(): string {
  return `## Diagnostics\n\n${table(
    ['code', 'meaning'],
    Object.entries(CODES).map(([name, meaning]) => [code(name), meaning]),
  )}`;
}

export function referenceFile(): string {
  const statements = STATEMENTS.map(section);
  const others = [RACES, outcomes(), vmTypes(), kernels(), knobs(), diagnostics(), jsonSection()];
  return `${[INTRODUCTION.trimEnd(), overview(), SETUP_SECTIONS, ...statements, ...others].join('\n\n')}\n`;
}
