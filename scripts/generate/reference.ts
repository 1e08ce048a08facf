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

A \`.gmem\` file is a story about the memory of a KVM guest: memslots, guest_memfd files and the offsets at which
slots are bound to them, accesses that fault, holes punched in files, conversions between private and shared.

This page is generated out of the table of statements (\`src/language/table/\`) by \`npm run generate\`.

## Form

- A statement starts with its keyword. White space and line ends are free: a statement may stand on several
  lines. \`#\` starts a comment, to the end of the line.
- Required parts come in the order that is given here; options (in brackets) come after them, in any order.
- Numbers are decimal or hexadecimal (\`0x\`), with \`_\` between digits where one likes, and a suffix \`K\`, \`M\`, \`G\`
  or \`T\` for powers of 1024. They are unsigned and have 64 bits; a larger one is an error. Where a number may
  stand, so may [a constant](#let) and arithmetic with \`+\`, \`-\`, \`*\` and parentheses (a minus has spaces around it).
- Addresses, offsets and sizes are bytes. Counted in pages of 4K they have other labels: \`gfn\` instead of \`gpa\`,
  \`pgoff\` instead of \`offset\`, \`pages\` instead of \`size\`.
- A range says where it begins and where it ends, without that: \`gpa 0x80000000..0x80002000\` is
  \`gpa 0x80000000 size 8K\`, and \`gfn 0x80000..0x80002\` as well.
- A file's name has letters, digits and \`_\`, and does not start with a digit. Slots and vCPUs have numbers.
- A statement that KVM refuses is not an error of the scenario: it has its outcome (\`EINVAL\`…), and the
  scenario goes on, as a VMM would.
- Behind \`=>\` stands [what a statement has to do](#outcomes). \`gmemscope test\` checks it, and so does the editor.
- A file may hold [several scenarios](#scenario) that share their set-up.
- The editor's formatter and \`gmemscope fmt\` put a file in columns, and change nothing that it says.
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

/** What the kernel does for it, with the place to read on. */
function sources(spec: StatementSpec): string {
  const call = spec.systemCall === '' ? null : `System call: ${code(spec.systemCall)}.`;
  const instruction = spec.instruction === undefined ? null : `Instruction: ${code(spec.instruction)}.`;
  const does = spec.kernelFunction === '' ? null : `In the kernel: ${code(`${spec.kernelFunction}()`)}.`;
  const manual = spec.manual === null ? null : `Read on: [${spec.manual.title}](${spec.manual.url}).`;
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

The call of any statement but \`vm\` and \`switch\` may be stopped on its way, so that the statements after it run meanwhile:

${exampleSection(`fault vcpu 0 read gpa 0x80100000 until FA9g as early => stands at FA9g
punch A offset 1M size 4K
continue early => retried, mapped gfn 0x80100`)}

- \`until STEP\` stops the call before its next arrival at a step, which is named by its label: the listings of the debugger
  show them, and completion lists them. A label is one of the kernel that is simulated. Where the call does not come to the
  step, it runs to its end, and the editor says so.
- \`as NAME\` gives the call a name, and [\`continue NAME\`](#continue) goes on with it. The name stands for the call that got it
  last.
- A call that needs a lock, or the end of an SRCU section, that is another one's stands still as well: \`waits\`. With a name
  it goes on where the scenario says so; without one by itself, after the first statement that leaves its way free, in the
  order in which such calls began to wait. What is claimed of such a statement is claimed of the whole call.
- A fault that starts again and again while another call stands still \`retries\`, and goes on in the same way. Where no
  other call could change anything it is a \`livelock\`, as it would be by itself.
- Two calls that wait for each other are a \`deadlock\`, which is found when the second begins to wait. They stand still for good.
- A vCPU does one thing at a time: what it is asked to do while its call stands still waits for \`vcpu\`, as for the
  mutex that KVM has for it.
- A lock that is free is got: that a reader queues behind a writer who waits is not simulated. Steps are atomic, and
  there is no more to a race here than their order.

What stands still at the end of the scenario gets a warning.`;

const OUTCOMES = `## Outcomes

Behind a statement, \`=>\` and claims with commas between them say what it has to do. What is not mentioned is not
checked, but for this: without an errno the call has to succeed, and without \`exit\` the vCPU stays in the guest. What is
mentioned is meant wholly: \`zapped slot 0 gfn 0x80000\` is wrong where another entry goes as well.

${exampleSection('punch A offset 0x1ff000 size 12K => zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000..0x90002, flush')}

Ranges are half-open, and of pages; behind \`gpa\` instead of \`gfn\` they are of bytes. The claims have the words of the
inline texts, and "accept what happened" in the editor, or \`gmemscope test --update\`, writes them.`;

function outcomes(): string {
  const rows = CLAIMS.map(({ forms, doc, example }) => [code(forms.join(' | ')), doc, code(example)]);
  return `${OUTCOMES}\n\n${table(['claim', 'what it says', 'example'], rows)}`;
}

function vmTypes(): string {
  return `## VM types\n\n${table(
    ['type', 'what it is'],
    VM_TYPES.map(({ word, doc }) => [code(word), doc]),
  )}`;
}

function kernels(): string {
  const rows = SIMULATED_KERNELS.kernels.map(({ name, title }) => [code(name), title]);
  return `## Kernels\n\nWithout \`kernel\`, it is \`${SIMULATED_KERNELS.defaultKernel}\`.\n\n${table(['name', 'what it is'], rows)}`;
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
  const about = 'A knob turns one mechanism of the kernel; each kernel has a variant of every knob.';
  return `## Knobs\n\n${about}\n\n${example}\n\n${table(['knob', 'what it turns', 'variant', 'what it does'], rows)}`;
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
