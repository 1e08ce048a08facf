import {
  CODES,
  EXPECTATIONS,
  type OptionPart,
  partSyntax,
  QUANTIFIERS,
  SIMULATED_KERNELS,
  STATEMENTS,
  type StatementSpec,
  syntaxLine,
  VIOLATIONS,
  VM_TYPES,
  type WordDoc,
} from '../../src/language';
import { exampleSection, SETUP_SECTIONS } from './examples';
import { jsonSection } from './json-section';
import { code, table } from './markdown';

/** docs/language.md: the reference of the language. */

const INTRODUCTION = `# The scenario language

A \`.gmem\` file is a scenario about the memory of a KVM guest: memslots, guest_memfd files and the offsets at which
slots are bound to them, guest accesses and the faults they cause, holes punched in files, and conversions between
private and shared.

This page is generated from the table of statements (\`src/language/table/\`) by \`npm run generate\`.

## Syntax

- A statement starts with its keyword. White space and line breaks are free: a statement may span several lines. \`#\`
  starts a comment that extends to the end of the line.
- Required parts come in the order shown on this page; options (in brackets) follow them in any order.
- Numbers are decimal or hexadecimal (\`0x\`), with optional \`_\` between digits and an optional suffix \`K\`, \`M\`, \`G\` or
  \`T\` for powers of 1024. They are unsigned 64-bit values; a larger number is an error. Wherever a number is allowed, you
  can also use [a constant](#let) and arithmetic with \`+\`, \`-\`, \`*\` and parentheses (with spaces around a minus).
- Addresses, offsets and sizes are in bytes. To count 4K pages instead, use other labels: \`gfn\` instead of \`gpa\`,
  \`pgoff\` instead of \`offset\`, \`pages\` instead of \`size\`.
- A range is START..END; END is exclusive: \`gpa 0x80000000..0x80002000\` is the same as \`gpa 0x80000000 size 8K\` and
  as \`gfn 0x80000..0x80002\`.
- A file name consists of letters, digits and \`_\`, and does not start with a digit. Slots and vCPUs are numbered.
- A statement that KVM refuses is not an error in the scenario: its outcome is the errno (\`EINVAL\`…), and the scenario
  continues, as a VMM would.
- An [expectation](#outcomes), written behind \`=>\`, says what the statement must do. \`gmemscope test\` and the editor check
  it.
- A file may contain [several scenarios](#scenario) that share their set-up. A scenario may contain a [race](#races): calls
  that may run at the same time.
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

const RACES = `## Concurrent calls

The call of any statement except \`vm\` and \`switch\` can be suspended, so that the statements after it run in the meantime:

${exampleSection(`fault vcpu 0 read gpa 0x80100000 until FA9g as early => suspended at FA9g
punch A offset 1M size 4K
continue early => retried, mapped gfn 0x80100`)}

- \`until STEP\` suspends the call before it next reaches the given step. Steps are named by their labels, which the
  debugger's listings show and completion lists. The label must exist in the simulated kernel. If the call does not reach the
  step, it returns without suspending, and the editor reports this.
- \`as NAME\` names the call, and [\`continue NAME\`](#continue) resumes it. The name refers to the call that was last given
  it.
- A call also suspends when another call holds the lock or the SRCU section it waits for: its outcome is \`blocked on LOCK\`.
  A call with a name resumes when the scenario continues it. A call without a name resumes automatically, after the
  first statement that makes the lock available; such calls resume in the order in which they began to wait. The expectation
  of such a statement applies to the whole call.
- A fault that keeps retrying while another call is suspended has the outcome \`retries\`, and resumes in the same way. If no
  other call could change anything, the outcome is \`livelock\`, as for a call that runs alone; \`=> retries\` accepts that
  too.
- Two calls that wait for each other are a \`deadlock\`, which is detected when the second begins to wait. They are never
  resumed.
- A vCPU does one thing at a time: if it is given another statement while its call is suspended, the statement waits for
  \`vcpu\`, which corresponds to KVM's mutex for the vCPU.
- A free lock is granted at once; writer preference is not modelled. A race is an order of atomic steps.

A call that is still suspended at the end of the scenario gets a warning.`;

const RACE_BLOCKS = `## Races

A [\`race\`](#race) says which calls may run at the same time. Its tasks are threads of the VMM and vCPUs; each makes its
calls one after the other:

${exampleSection(`race {
  task vcpu0 {
    fault vcpu 0 read gpa 0x80100000 => sometimes retried
  }
  task vmm {
    punch A offset 1M size 4K => always ok
  }
} => never STALE, never WARN
fault vcpu 0 read gpa 0x80100000 => always ok, never EFAULT`)}

- The statements above the race are its set-up. The statements behind it run after all tasks have returned.
- A race has two to eight tasks, each with a name and at least one call. \`repeats\` says that a task makes its calls again
  and again, any number of times.
- A scenario has at most one race. Set-up (\`kernel\`, \`vm\`, \`switch\`, \`gmem\`, \`let\`) is written above it. A race tries
  every order, so its calls have neither \`until\` nor \`as\`, and \`continue\` is not allowed in it.
- \`gmemscope run\` and the inline texts show one of the orders: the tasks one after the other, as in the text.
  \`gmemscope explore\`, \`gmemscope test\` and the editor try every order ([exploring.md](exploring.md)).
- Real kernels cannot run a race: \`gmemscope record\` and \`gmemscope verify\` refuse it.

An expectation in or behind a race may begin with a quantifier. Without a quantifier, it must always hold:

${table(
  ['quantifier', 'meaning'],
  QUANTIFIERS.map(({ word, doc }) => [code(word), doc]),
)}

A call of a race can expect what its own task sees: its result, \`left\`, \`exit\`, \`retried\`, \`read\`, \`guest\`, and the
result of an instruction. Write any other outcome behind a statement below the race. Behind the \`}\` of a race, list what
goes wrong in it \`never\` or \`sometimes\`; whatever you do not list must never happen:

${table(
  ['word', 'meaning'],
  VIOLATIONS.map(({ word, doc }) => [code(word), doc]),
)}

The implied expectations, that a call succeeds and that the vCPU stays in the guest, apply to a call that has an
expectation with \`always\` or without a quantifier. *Update expectation* and \`gmemscope test --update\` keep expectations
with \`never\` and \`sometimes\`.`;

const OUTCOMES = `## Outcomes

An expectation is written behind \`=>\` and lists outcomes, separated by commas. Only what you list is checked, with two
exceptions: without an errno, the call must succeed, and without \`exit\`, the vCPU must stay in the guest. What you list
must be complete: \`zapped slot 0 gfn 0x80000\` fails if another entry is zapped as well. A kernel warning or a stale mapping
that you do not list is a warning in the editor.

${exampleSection('punch A offset 0x1ff000 size 12K => zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000..0x90002, flush')}

Ranges are half-open and count pages; with \`gpa\` instead of \`gfn\` they count bytes. Expectations use the words of the
inline texts. To update failed expectations, use *Update expectation* in the editor, or \`gmemscope test --update\`.`;

function outcomes(): string {
  const rows = EXPECTATIONS.map(({ forms, doc, example }) => [code(forms.join(' | ')), doc, code(example)]);
  return `${OUTCOMES}\n\n${table(['outcome', 'meaning', 'example'], rows)}`;
}

function vmTypes(): string {
  return `## VM types\n\n${table(
    ['type', 'description'],
    VM_TYPES.map(({ word, doc }) => [code(word), doc]),
  )}`;
}

function kernels(): string {
  const rows = SIMULATED_KERNELS.kernels.map(({ name, title }) => [code(name), title]);
  return `## Kernels\n\nThe default is \`${SIMULATED_KERNELS.defaultKernel}\`.\n\n${table(['name', 'what it is'], rows)}`;
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
  return `## Knobs\n\n${about}\n\n${example}\n\n${table(['knob', 'what it selects', 'variant', 'what it does'], rows)}`;
}

function diagnostics(): string {
  return `## Diagnostics\n\n${table(
    ['code', 'meaning'],
    Object.entries(CODES).map(([name, meaning]) => [code(name), meaning]),
  )}`;
}

export function referenceFile(): string {
  const statements = STATEMENTS.map(section);
  const others = [
    RACES,
    RACE_BLOCKS,
    outcomes(),
    vmTypes(),
    kernels(),
    knobs(),
    diagnostics(),
    jsonSection(),
  ];
  return `${[INTRODUCTION.trimEnd(), overview(), SETUP_SECTIONS, ...statements, ...others].join('\n\n')}\n`;
}
