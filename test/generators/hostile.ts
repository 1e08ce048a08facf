import fc from 'fast-check';
import MarkdownIt from 'markdown-it';

/** Scenarios of somebody who wants their text to be more than text, and what a reader of Markdown or XML sees of it. */

const MARKUP = [
  '![x](https://evil.example/p.png)',
  '[open](command:workbench.action.terminal.new)',
  '<img src=x onerror=alert(1)>',
  '<a href=command:quit>',
  '</text></svg><script>',
  '<!-- ',
  '--> ',
  ']]>',
  '<https://evil.example>',
  'https://evil.example/a_b_c',
  'www.evil.example',
  'me@evil.example',
  'evil.example',
  '`',
  '```',
  '``` gmem',
  '**b**',
  '__b__',
  '_i_',
  '~~s~~',
  '&lt;b&gt;',
  '&#60;',
  '\\',
  '\\[',
  '|',
  '| a | b |',
  '|---|---|',
  '---',
  '===',
  '# h',
  '> q',
  '- i',
  '1. i',
  '$(alert)',
  '\u2028',
  '\u0085',
  '\v',
  '    ',
  '\t',
  'x',
  ' ',
];

/** Text that may stand in a comment. */
const comment = fc.oneof(
  fc.array(fc.constantFrom(...MARKUP), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
);

/** Text that may be a title, which is not blank. */
const title = comment.map((text) => (text.trim() === '' ? 'x' : text.replaceAll('"', "'")));

/** Names that the language accepts: letters, digits and `_`. */
const name = fc.constantFrom('N', '_N', '__N', 'a_N_', '__N__', '_N_', 'a__N__a').map((text) => `${text}_`);

/** Names that it reports, in a text that it shows nevertheless. */
const wrongName = fc
  .array(fc.constantFrom('www.evil.example', 'evil.example', '_', '__', '-', 'é', '\u2028', '\u202e'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => `N${parts.join('')}`);

/** What a person may choose freely in a scenario. */
export interface Words {
  readonly title: string;
  readonly file: string;
  readonly call: string;
  readonly constant: string;
  readonly comment: string;
}

export const PLAIN: Words = { title: 'x', file: 'Nf', call: 'Nc', constant: 'Nk', comment: 'x' };

function wordsWith(names: fc.Arbitrary<string>): fc.Arbitrary<Words> {
  // The last letters keep the three names apart.
  const called = (letter: string) => names.map((text) => text + letter);
  return fc.record({ title, file: called('f'), call: called('c'), constant: called('k'), comment });
}

export const hostileWords = wordsWith(name);

/** With names that are errors. */
export const wrongWords = wordsWith(fc.oneof(name, wrongName));

/** A scenario in which those words come wherever they may. */
export function scenarioOf({ title, file, call, constant, comment }: Words): string {
  return [
    `# ${comment}`,
    'vm sw-protected vcpus 2',
    `let ${constant} = (1M + # ${comment}`,
    '  1M)',
    `scenario "${title}" { # ${comment}`,
    `  gmem ${file} size 4M`,
    `  slot 0 gpa 0x80000000 size ${constant} gmem ${file} offset 0`,
    `  slot 1 gpa 0x90000000 size 1M gmem ${file} offset ${constant} # ${comment}`,
    `  slot 2 gpa 0xa0000000 size 1M gmem ${file} offset ${constant}`,
    '  convert gpa 0x80000000 size 2M private',
    '  fault vcpu 0 write gpa 0x80000000',
    `  allocate ${file} offset 4K size 8K => allocated ${file} page 1..2`,
    `  punch ${file} offset 0 size (4K * # ${comment}`,
    `    1) until PH3 as ${call} => suspended at PH3`,
    '  fault vcpu 1 read gpa 0x80000000 => ok',
    `  allocate ${file} offset 0 size 4K`,
    `  continue ${call} => freed ${file} page 0`,
    `  close ${file}`,
    `  punch ${file} offset 0 size 4K`,
    '}',
    'scenario "another" {',
    `  gmem ${file} size 4M`,
    '}',
    '',
  ].join('\n');
}

const md = new MarkdownIt({ html: true, linkify: true });

/** The elements that a Markdown text becomes, and where its links lead; none of its words. */
export function structureOf(markdown: string): readonly string[] {
  const seen: string[] = [];
  const visit = (tokens: ReturnType<typeof md.parse>) => {
    for (const token of tokens) {
      if (token.type !== 'text' && token.type !== 'text_special') {
        seen.push(
          [token.type, ...(token.attrs ?? []).flat(), ...(token.info === '' ? [] : [token.info])].join(' '),
        );
      }
      visit(token.children ?? []);
    }
  };
  visit(md.parse(markdown, {}));
  return seen;
}

const TAG = /<(\/?[^\s<>/]+)((?:\s+[\w:-]+="[^"<]*")*)\s*\/?>/g;

/** The kinds of tags of XML or HTML, each with the names of its attributes; how many there are depends on line breaks. */
export function tagsOf(markup: string): readonly string[] {
  const tags = [...markup.matchAll(TAG)].map(([, tag, attributes]) =>
    [tag, ...(attributes ?? '').matchAll(/[\w:-]+(?==")/g)].map(String).join(' '),
  );
  const rest = markup.replaceAll(TAG, '').replace('<!DOCTYPE html>', '');
  return [...new Set([...tags, ...(rest.match(/[<>]/g) ?? [])])].sort();
}
