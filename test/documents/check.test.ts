import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyLines, checkDocument, findingText, findPartsOf, type Surroundings } from '../../src/documents';
import { figureOfStep, sealed, svg, unsealed } from '../../src/figures';
import { analyze } from '../../src/language';
import { annotate } from '../../src/outcome';
import { scenarios } from '../generators/scenarios';

const FILES: Readonly<Record<string, string>> = {
  'hole.gmem': '# A hole.\nvm sw-protected\ngmem A size 4M\npunch A offset 0 size 4K\n',
  'hole.svg': '<svg class="gmem-figure"><text>hole.gmem step 2</text></svg>',
};

function surroundings(name: string): Surroundings {
  return {
    findParts: findPartsOf(name)!,
    readFile: (path) => FILES[path] ?? null,
  };
}

const check = (text: string, name = 'a.md') => checkDocument(text, surroundings(name));

/** Findings as `line: what: said | so`, lines from 1 as people count them. */
function findings(text: string, name = 'a.md'): string[] {
  return check(text, name).findings.map(
    ({ line, what, expected, actual }) => `${line + 1}: ${what}: ${expected.join(' ')} | ${actual.join(' ')}`,
  );
}

/** The document, brought up to date. */
function updated(text: string, name = 'a.md'): string {
  let before = text;
  for (let pass = 0; pass < 5; pass++) {
    const after = applyLines(before, check(before, name).edits);
    if (after === before) return after;
    before = after;
  }
  throw new Error('the document never comes to rest');
}

const SETUP = ['vm sw-protected', 'gmem A size 4M', 'slot 0 gfn 0x80000..0x80200 gmem A pgoff 0'];

function md(...lines: string[]): string {
  return `Some prose.\n\n\`\`\`gmem\n${lines.join('\n')}\n\`\`\`\n`;
}

function rst(...lines: string[]): string {
  return `Some prose.\n\n.. code-block:: gmem\n\n${lines.map((line) => `   ${line}`).join('\n')}\n\nMore.\n`;
}

describe.each([
  ['Markdown', 'a.md', md, 4],
  ['reStructuredText', 'a.rst', rst, 5],
] as const)('a scenario in %s', (_format, name, embed, first) => {
  test('is counted', () => {
    expect(check(embed(...SETUP), name)).toMatchObject({ count: 1, findings: [], edits: [] });
  });

  test('with an error in it', () => {
    expect(findings(embed(...SETUP, 'punch A offset'), name)).toEqual([
      `${first + 3}: the scenario has an error:  | expected the offset in the file, for instance \`offset 0\`, found the end of the block (G002)`,
    ]);
  });

  test('with a failed expectation', () => {
    const text = embed(...SETUP, 'punch A pgoff 0..1 => flush');
    expect(findings(text, name)).toEqual([`${first + 3}: punch A pgoff 0..1: flush | no flush`]);
    expect(updated(text, name)).toBe(embed(...SETUP, 'punch A pgoff 0..1 => no flush'));
  });

  test('with what it did under its statements', () => {
    const text = embed('vm sw-protected', 'gmem A size 4M', '#: A: pages 0x0..0x200', 'close A', '#: gone');
    expect(findings(text, name)).toEqual([
      `${first + 1}: gmem A size 4M: #: A: pages 0x0..0x200 | #: A: pages 0x0..0x400`,
      `${first + 3}: close A: #: gone | #: A had no pages`,
    ]);
    expect(updated(text, name)).toBe(
      embed('vm sw-protected', 'gmem A size 4M', '#: A: pages 0x0..0x400', 'close A', '#: A had no pages'),
    );
  });

  test('with a phrase that is longer than a line, and does not leave its end alone on the next', () => {
    const text = embed(
      'kernel linux-7.3 with range-math shifted',
      'vm sw-protected',
      'gmem A size 4M',
      'slot 0 gfn 0x100000..0x100200 gmem A pgoff 0x200',
      'convert gfn 0x100000..0x100200 private',
      'prefault vcpu 0 gfn 0x100000..0x100200',
      'punch A pgoff 0x210..0x220',
      '#:',
    );
    const did = updated(text, name).split('punch A pgoff 0x210..0x220')[1]!;
    const lines = did.split('\n').flatMap((line) => /#:.*/.exec(line)?.[0] ?? []);
    expect(lines).toEqual([
      '#: STALE gfn 0x100010..0x100020: still mapped, to pages already',
      '#:   freed ·',
      '#:   freed A pages 0x210..0x220',
    ]);
  });

  test('with what it did under one statement only', () => {
    const text = embed('gmem A size 4M', 'close A', '#:');
    expect(findings(text, name)).toEqual([
      `${first}: gmem A size 4M:  | #: A: pages 0x0..0x400`,
      `${first + 1}: close A: #: | #: A had no pages`,
    ]);
  });
});

describe('instructions in Markdown', () => {
  const hidden = `<!-- gmem: setup two\n${SETUP.join('\n')}\n-->\n`;

  test('a set-up that readers do not see', () => {
    const text = `${hidden}\n<!-- gmem: after two -->\n${md('delete slot 0 => flush').slice(13)}`;
    expect(findings(text)).toEqual(['9: delete slot 0: flush | no flush']);
  });

  test('an error in it', () => {
    expect(findings('<!-- gmem: setup two\nvm default\ngmem A\n-->')).toEqual([
      "3: the scenario has an error:  | expected the file's size, for instance `size 2M`, found the end of the block (G002)",
    ]);
  });

  test('a block after another that has a name', () => {
    const text = `<!-- gmem: name one -->\n${md('gmem A size 4M').slice(13)}\n<!-- gmem: after one -->\n${md('close A', '#:').slice(13)}`;
    expect(updated(text)).toContain('close A\n#: A had no pages\n');
  });

  test('a fragment has only to be well formed', () => {
    expect(findings(`<!-- gmem: fragment -->\n${md('punch A offset 0 size 4K').slice(13)}`)).toEqual([]);
    expect(findings(`<!-- gmem: fragment -->\n${md('punch A').slice(13)}`)).toHaveLength(1);
  });

  test('a file, whole or some lines of it', () => {
    const whole = `<!-- gmem: include hole.gmem -->\n${md('# A hole.', 'vm sw-protected', 'gmem A size 8M').slice(13)}`;
    expect(findings(whole)).toEqual(['5: hole.gmem, line 3: gmem A size 8M | gmem A size 4M']);
    expect(updated(whole)).toContain(FILES['hole.gmem']);
    const lines = `<!-- gmem: include hole.gmem lines 2-3 -->\n${md('x').slice(13)}`;
    expect(updated(lines)).toContain('```gmem\nvm sw-protected\ngmem A size 4M\n```');
    expect(findings(`<!-- gmem: include no.gmem -->\n${md('x').slice(13)}`)[0]).toContain(
      'there is no file no.gmem',
    );
  });

  test('lines that a file does not have', () => {
    const text = `<!-- gmem: include hole.gmem lines 3-99 -->\n${md('gmem A size 4M').slice(13)}`;
    expect(findings(text)).toEqual([
      '1: invalid comment:  | hole.gmem has no line 99: it has 4 lines, not counting those that begin with `#:`',
    ]);
  });

  test('what a file does', () => {
    const text = `<!-- gmem: include hole.gmem -->\n${md('#:').slice(13)}`;
    expect(updated(text)).toContain('gmem A size 4M\n#: A: pages 0x0..0x400\npunch A');
  });

  test('the figure of a file is that of `gmemscope render`', () => {
    const text = `<!-- gmem: include hole.gmem -->\n${md('#:').slice(13)}\n<!-- gmem: figure -->\n![A](a.svg)\n`;
    const [drawing] = check(updated(text)).files;
    const analysis = analyze(FILES['hole.gmem']!);
    const last = analysis.document.statements.length - 1;
    expect(drawing?.content).toBe(sealed(svg(figureOfStep(analysis, last, 'hole.gmem', 'change'))));
  });

  test('a run in a block of its own', () => {
    const text = `${md('gmem A size 4M')}\n<!-- gmem: run -->\n\`\`\`text\nx\n\`\`\`\n`;
    expect(findings(text)).toEqual(['9: the run: x | gmem A size 4M']);
    expect(updated(text)).toContain('```text\ngmem A size 4M\n#: A: pages 0x0..0x400\n```');
  });

  test('figures, as text and as an image', () => {
    const text = `${md('gmem A size 4M', 'close A')}\n<!-- gmem: figure step 1 state -->\n~~~\n+--+\n~~~\n\n<!-- gmem: figure -->\n![The hole](hole.svg)\n`;
    expect(findings(text)).toEqual([
      '10: the figure: +--+ | gmem A size 4M',
      '14: hole.svg: hole.gmem step 2 | close A above\u00a0· linux-7.3\u00a0· default VM A had no pages (and 8 more)',
    ]);
    const [drawing] = check(text).files;
    expect(drawing).toMatchObject({ path: 'hole.svg', content: expect.stringContaining('close A') });
    expect(updated(text)).toContain('~~~\ngmem A size 4M\n  (above, linux-7.3, default VM)\n');
  });

  const overlapping = md(
    'vm sw-protected',
    'gmem A size 64K',
    'slot 0 gpa 1M size 64K gmem A offset 0',
    'convert gpa 1M size 64K private',
    'fault vcpu 0 read gpa 1M until TP5 as early',
    'punch A offset 0 size 4K',
    'continue early',
  );
  const ofRace = md(
    'vm default vcpus 2',
    'slot 0 gpa 1M size 64K',
    'race {',
    '  task first { fault vcpu 0 write gpa 1M }',
    '  task second { fault vcpu 1 write gpa 1M }',
    '}',
  );
  const shown = (scenario: string, comment: string) =>
    `${scenario}\n<!-- gmem: figure ${comment} -->\n~~~\n~~~\n\n<!-- gmem: figure ${comment} -->\n![A](a.svg)\n`;

  test('schedules, as text and as an image', () => {
    const text = shown(overlapping, 'schedule');
    expect(updated(text)).toContain(
      '~~~\nschedule of early and VMM\n  (above, linux-7.3, sw-protected VM)\n',
    );
    const [drawing] = check(text).files;
    expect(drawing?.content).toContain('<title>schedule of early and VMM</title>');
    expect(
      checkDocument(updated(text), { ...surroundings('a.md'), readFile: () => drawing!.content }),
    ).toMatchObject({
      count: 3,
      findings: [],
    });
    expect(updated(shown(ofRace, 'schedule witness 1'))).toContain('schedule of first and second');
  });

  test.each([
    [md('gmem A size 64K'), 'schedule', 'no calls overlap'],
    [overlapping, 'schedule step 2', 'overlaps with no other'],
    [overlapping, 'schedule witness 1', 'there is no `race`'],
    [ofRace, 'schedule witness 99', 'there is no order 99'],
    [overlapping, 'schedule state', '`schedule` and `state` exclude each other'],
    [overlapping, 'witness 1', '`witness` needs `schedule`'],
  ])('a schedule that cannot be drawn is reported: %#', (scenario, comment, problem) => {
    const found = findings(shown(scenario, comment));
    expect(found).toHaveLength(2);
    for (const finding of found) expect(finding).toContain(problem);
  });

  const figureAt = (destination: string) =>
    `${md('gmem A size 4M')}\n<!-- gmem: figure -->\n![A](${destination})\n`;

  test.each([
    ['b.png', 'b.png:  | a figure needs a file name that ends in `.svg`', []],
    ['<b c.svg>', 'b c.svg:  | there is no such file; `gmemscope doc update` draws it', ['b c.svg']],
    ['b%20c.svg', 'b c.svg:  | there is no such file; `gmemscope doc update` draws it', ['b c.svg']],
  ])('a figure called %s', (destination, finding, files) => {
    expect(findings(figureAt(destination))).toEqual([`8: ${finding}`]);
    expect(check(figureAt(destination)).files.map(({ path }) => path)).toEqual(files);
  });

  test('a figure that may not be read is left alone, and said', () => {
    const refusing = { ...surroundings('a.md'), readFile: () => ({ refused: 'it is far away' }) };
    const { findings: found, files } = checkDocument(figureAt('far.svg'), refusing);
    expect(found.map((finding) => findingText('a.md', finding))).toEqual(['a.md:8: far.svg: it is far away']);
    expect(files).toEqual([]);
  });

  test('a figure that differs is reported by its texts, if there are any', () => {
    // As earlier versions drew it.
    const drawn = unsealed(check(figureAt('a.svg')).files[0]!.content);
    const told = (there: string) =>
      checkDocument(figureAt('a.svg'), { ...surroundings('a.md'), readFile: () => there }).findings.map(
        (finding) => findingText('a.md', finding),
      );
    expect(told(drawn)).toEqual([]);
    expect(told(drawn.replaceAll('linux-7.3', 'linux-9.9'))[0]).toMatch(
      /^a\.md:8: a\.svg\n {4}the document says {2}.*linux-9\.9.*\n {4}the simulator says .*linux-7\.3/,
    );
    expect(told(drawn.replace('<svg ', '<svg  '))).toEqual([
      'a.md:8: a.svg: its texts are right, but its shapes differ; `gmemscope doc update` redraws it',
    ]);
  });

  test('a figure that somebody has edited is left alone, and said', () => {
    const drawn = check(figureAt('a.svg')).files[0]!.content;
    const looked = (document: string, there: string) =>
      checkDocument(document, { ...surroundings('a.md'), readFile: () => there });
    // The figure of another scenario is redrawn, also with other line ends, but not with a note in it.
    const other = figureAt('a.svg').replace('size 4M', 'size 2M');
    expect(looked(other, drawn).files).toHaveLength(1);
    expect(looked(other, drawn.replaceAll('\n', '\r\n')).files).toHaveLength(1);
    const noted = drawn.replace('</svg>', '<text x="9" y="9">look here</text>\n</svg>');
    for (const document of [figureAt('a.svg'), other]) {
      const { findings: found, files } = looked(document, noted);
      expect(files).toEqual([]);
      expect(found.map((finding) => findingText('a.md', finding))).toEqual([
        'a.md:8: a.svg: it was edited after gmemscope drew it, so `gmemscope doc update` does not overwrite it; remove it to have it drawn again, or name another file',
      ]);
    }
  });

  test('a comment under a statement that is missing: both sides are said', () => {
    const { findings: found } = check(md('gmem A size 2M', 'close A', '#: A: freed pages'));
    expect(findingText('a.md', found[0]!)).toBe(
      'a.md:4: gmem A size 2M\n    the document says  (nothing)\n    the simulator says #: A: pages 0x0..0x200',
    );
  });

  test('a line of a file is said by the file', () => {
    const text = `<!-- gmem: include hole.gmem lines 3-3 -->\n${md('gmem A size 8M').slice(13)}`;
    expect(findingText('a.md', check(text).findings[0]!)).toBe(
      'a.md:3: hole.gmem, line 3\n    the document says gmem A size 8M\n    the file says     gmem A size 4M',
    );
  });

  test('blocks in lists and quotations keep their place', () => {
    const text =
      '- one\n\n  ```gmem\n  gmem A size 4M\n  #:\n  ```\n\n> ```gmem\n> gmem A size 8M\n> #:\n> ```\n';
    expect(updated(text)).toBe(
      '- one\n\n  ```gmem\n  gmem A size 4M\n  #: A: pages 0x0..0x400\n  ```\n\n> ```gmem\n> gmem A size 8M\n> #: A: pages 0x0..0x800\n> ```\n',
    );
  });

  test('ends of lines stay as they are', () => {
    expect(updated(md('gmem A size 4M', '#:').replaceAll('\n', '\r\n'))).toBe(
      md('gmem A size 4M', '#: A: pages 0x0..0x400').replaceAll('\n', '\r\n'),
    );
  });

  test.each([
    ['gmem: dance', 'it must begin with setup, name, after, include, fragment, run or figure, not `dance`'],
    ['gmem:', 'setup, name, after, include, fragment, run or figure is missing'],
    ['gmem: name', 'the name is missing'],
    ['gmem: name a b', 'unexpected `b`'],
    ['gmem: setup', 'the name is missing'],
    ['gmem: after nobody', 'no scenario above is called `nobody`'],
    ['gmem: include hole.gmem lines 9-2', 'a range of lines is written as in `lines 3-8`, not `9-2`'],
    ['gmem: figure step 0', 'the step must be a number of at least 1, not `0`'],
    ['gmem: figure step 7', 'there is no scenario above'],
    ['gmem: run of nobody', 'no scenario above is called `nobody`'],
  ])('%s', (comment, message) => {
    const [finding] = findings(`Text.\n\n<!-- ${comment} -->\n${md('gmem A size 4M').slice(13)}`);
    expect(finding).toMatch(/^3: invalid comment: {2}\| /);
    expect(finding).toContain(message);
  });

  test('a step that is not there', () => {
    const text = `${md('gmem A size 4M')}\n<!-- gmem: figure step 2 -->\n~~~\n~~~\n`;
    expect(findings(text)[0]).toContain('there is no step 2: the scenario has 1');
  });

  test('a comment in front of another language', () => {
    expect(findings('<!-- gmem: name a -->\n```c\nint x;\n```\n')[0]).toContain(
      'the block below is not a `gmem` block',
    );
  });

  test('other blocks, comments and images are left alone', () => {
    const text = '<!-- hello -->\n```c\nint x;\n```\n\n![x](y.png)\n\n    gmem A\n';
    expect(check(text)).toEqual({ count: 0, findings: [], edits: [], files: [], rewritten: new Set() });
  });
});

describe('an unused comment is reported', () => {
  const nothing = (line: number, comment = 'figure') =>
    `${line}: unused comment:  | no block of code and no image follows \`gmem: ${comment}\`: put it on a separate line right above one`;

  test.each([
    ['an <img>', '<img src="a.svg">'],
    ['a <picture>', '<picture>\n<img src="a.svg">\n</picture>'],
    ['a link', '[a](a.svg)'],
    ['a paragraph', 'Text.\n\n![A](a.svg)'],
    ['a heading', '# Text\n\n![A](a.svg)'],
    ['a rule', '---'],
    ['an indented block', '    gmem A size 4M'],
    ['an address that is no image', '![A](file:///a.svg)'],
    ['the end', ''],
  ])('Markdown: %s', (_what, behind) => {
    expect(findings(`${md('gmem A size 4M')}\n<!-- gmem: figure -->\n\n${behind}\n`)).toEqual([nothing(7)]);
  });

  test('Markdown: an image on the line of the comment', () => {
    expect(findings(`${md('gmem A size 4M')}\n<!-- gmem: figure --> ![A](a.svg)\n`)).toEqual([nothing(7)]);
  });

  test.each([
    ['a substitution', '.. |x| image:: a.svg'],
    ['a rendered graph', '.. kernel-render:: DOT\n\n   digraph {}'],
    ['an included file', '.. literalinclude:: hole.gmem'],
    ['raw text', '.. raw:: html\n\n   <img src="a.svg">'],
    ['a parsed literal', '.. parsed-literal::\n\n   gmem A size 4M'],
    ['a block without lines', '.. code-block:: gmem\n\nText.'],
    ['a paragraph', 'Text\nand more.\n\n.. image:: a.svg'],
    ['the end', ''],
  ])('reStructuredText: %s', (_what, behind) => {
    const text = `${rst('gmem A size 4M')}\n.. gmem: figure\n\n${behind}\n`;
    expect(findings(text, 'a.rst')).toEqual([nothing(9)]);
  });

  test('what readers do not see may stand between', () => {
    const between = `${md('gmem A size 4M')}\n<!-- gmem: run -->\n<!-- note -->\n\n~~~\ngmem A size 4M\n#: A: pages 0x0..0x400\n~~~\n`;
    expect(findings(between)).toEqual([]);
    const literal = `${rst('gmem A size 4M')}\n.. gmem: run\n.. _place:\n.. note to self\n\nThis is\nwhat it does::\n\n   gmem A size 4M\n   #: A: pages 0x0..0x400\n`;
    expect(findings(literal, 'a.rst')).toEqual([]);
  });
});

describe('what looks like ours and is not is said', () => {
  const form = "it must begin with `gmem:`, in lower case, on the comment's first line";
  const unclosed = 'the comment is not closed with `-->` and hides everything below it';

  test.each([
    ['<!-- gmem figure -->', 'a.md', `\`gmem figure\`: ${form}`],
    ['<!-- GMEM: name a -->', 'a.md', `\`GMEM: name a\`: ${form}`],
    ['<!--\ngmem: name a\n-->', 'a.md', `\`gmem: name a\`: ${form}`],
    ['.. gmem figure', 'a.rst', `\`gmem figure\`: ${form}`],
    ['.. GMEM: name a', 'a.rst', `\`GMEM: name a\`: ${form}`],
    ['<!-- gmem: setup s\nvm default\n\n```gmem\nx\n```', 'a.md', unclosed],
    ['<!-- gmem: setup s\nvm default\n\n<!-- note -->', 'a.md', unclosed],
    [
      'A <!-- gmem: figure --> B',
      'a.md',
      'the comment `gmem: figure` is inside a paragraph: put it on a separate line',
    ],
  ])('%j', (text, name, message) => {
    expect(findings(`Text.\n\n${text}\n`, name)).toEqual([`3: misspelled comment:  | ${message}`]);
  });

  test.each([
    ['```GMEM\nx\n```', 'a.md', 'GMEM'],
    ['```{.gmem}\nx\n```', 'a.md', '{.gmem}'],
    ['~~~ { .wide .gmem }\nx\n~~~', 'a.md', '{ .wide .gmem }'],
    ['```gmem,numbers\nx\n```', 'a.md', 'gmem,numbers'],
    ['.. code-block:: Gmem\n   x', 'a.rst', 'Gmem'],
  ])('%j', (text, name, language) => {
    expect(findings(text, name)).toEqual([
      `2: invalid comment:  | a scenario must be a block of \`gmem\`, not of \`${language}\``,
    ]);
  });

  test('not what only speaks of it', () => {
    const text =
      '<!-- gmem is a language -->\n\nIn code: `<!-- gmem: figure -->`.\n\n```gmem-listing\nx\n```\n';
    expect(check(text)).toMatchObject({ count: 0, findings: [] });
  });

  test('two scenarios of one name', () => {
    const again = `<!-- gmem: name two -->\n${md('gmem A size 4M').slice(13)}`;
    const setup = `<!-- gmem: setup two\n${SETUP.join('\n')}\n-->\n`;
    const taken = (line: number, first: number) =>
      `${line}: invalid comment:  | the scenario in line ${first} is already called \`two\``;
    expect(findings(`${setup}\n${again}`)).toEqual([taken(7, 2)]);
    expect(findings(`${again}\n${again}`)).toEqual([taken(6, 3)]);
    expect(findings(`${setup}\n${setup}`)).toEqual([taken(7, 2)]);
  });

  test.each([
    ['a.md', '<!-- gmem: setup s -->'],
    ['a.rst', '.. gmem: setup s\n\nvm default'],
  ])('a set-up without lines in %s', (name, text) => {
    expect(findings(text, name)[0]).toContain(
      'its scenario is missing: write it on the following lines of the comment',
    );
  });

  test('words below the first line of another comment', () => {
    const text = `<!-- gmem: name\n  two -->\n${md('gmem A size 4M').slice(13)}`;
    expect(findings(text)[0]).toContain('the name is missing');
    const lines = `<!-- gmem: fragment\n  of two -->\n${md('gmem A size 4M').slice(13)}`;
    expect(findings(lines)[0]).toContain('only a set-up may have more than one line');
  });
});

describe('instructions in reStructuredText', () => {
  test('a literal block is a scenario where a comment says so', () => {
    const text = '.. gmem: name a\n\n::\n\n   gmem A size 4M\n   #:\n\nNo scenario::\n\n   gmem\n';
    expect(updated(text, 'a.rst')).toContain('   gmem A size 4M\n   #: A: pages 0x0..0x400\n');
    expect(check(text, 'a.rst').count).toBe(1);
  });

  test('comments, literal blocks and figures', () => {
    const text = [
      '.. gmem: setup two',
      '',
      ...SETUP.map((line) => `   ${line}`),
      '',
      '.. gmem: after two',
      '',
      '.. code-block:: gmem',
      '   :caption: A slot that goes',
      '',
      '   delete slot 0',
      '   #:',
      '',
      'This is what happens::',
      '',
      '   something else',
      '',
      '.. gmem: run',
      '',
      '::',
      '',
      '   delete slot 0',
      '',
      '.. gmem: figure',
      '.. kernel-figure:: hole.svg',
      '',
      '.. code-block:: none',
      '',
      '   gmem',
      '',
    ].join('\n');
    expect(findings(text, 'a.rst')).toEqual([
      '12: delete slot 0: #: | #: slot 0 deleted',
      '23: the run:  | #: slot 0 deleted',
      '26: hole.svg: hole.gmem step 2 | delete slot 0 gfn 0x80000..0x80200: shared shared (and 18 more)',
    ]);
    const after = updated(text, 'a.rst');
    expect(after).toContain('   delete slot 0\n   #: slot 0 deleted\n\nThis is');
    expect(after).toContain('::\n\n   delete slot 0\n   #: slot 0 deleted\n\n.. gmem: figure');
  });

  test('a block inside of another keeps its place', () => {
    const text = '* item\n\n  .. code-block:: gmem\n\n     gmem A size 4M\n     #:\n\n  more\n';
    expect(updated(text, 'a.rst')).toBe(
      '* item\n\n  .. code-block:: gmem\n\n     gmem A size 4M\n     #: A: pages 0x0..0x400\n\n  more\n',
    );
  });
});

describe('blocks in lists of reStructuredText', () => {
  test.each<[string, readonly string[]]>([
    ['a bullet', ['- .. code-block:: gmem', '', '     gmem A size 4M', '     #:', '', '- more']],
    ['an ordered item', ['1. .. code-block:: gmem', '', '      gmem A size 4M', '      #:']],
    ['an item in brackets', ['(a) .. code-block:: gmem', '', '       gmem A size 4M', '       #:']],
    ['an item with a number of its own', ['#. .. code-block:: gmem', '', '      gmem A size 4M', '      #:']],
    ['options', ['* .. code-block:: gmem', '     :caption: a', '', '     gmem A size 4M', '     #:', '* b']],
    [
      'a list table',
      [
        '.. list-table::',
        '',
        '   * - .. code-block:: gmem',
        '',
        '          gmem A size 4M',
        '          #:',
        '     - other',
      ],
    ],
    ['a literal block', ['- .. gmem: name a', '', '- It opens a file::', '', '    gmem A size 4M', '    #:']],
    ['the comment', ['- .. gmem: name a', '', '  ::', '', '    gmem A size 4M', '    #:']],
    ['a literal block alone', ['.. gmem: name a', '', '- ::', '', '    gmem A size 4M', '    #:']],
  ])('%s', (_title, before) => {
    const text = `${before.join('\n')}\n`;
    expect(updated(text, 'a.rst')).toBe(text.replace('#:', '#: A: pages 0x0..0x400'));
    expect(check(updated(text, 'a.rst'), 'a.rst')).toMatchObject({ count: 1, findings: [] });
  });

  test('a figure', () => {
    const text = '.. code-block:: gmem\n\n   gmem A size 4M\n\n* .. gmem: figure\n\n  .. figure:: a.png\n';
    expect(findings(text, 'a.rst')).toEqual([expect.stringContaining('ends in `.svg`')]);
    const beside = '.. code-block:: gmem\n\n   gmem A size 4M\n\n.. gmem: figure\n\n* .. figure:: a.png\n';
    expect(findings(beside, 'a.rst')).toEqual([expect.stringContaining('ends in `.svg`')]);
  });

  test('a line that only looks like an item', () => {
    const text = 'A. Bee::\n\n   gmem\n\n.. code-block:: gmem\n\n   gmem A size 4M\n   #:\n';
    expect(updated(text, 'a.rst')).toContain('#: A: pages');
  });
});

describe('any scenario', () => {
  test.each([
    ['a.md', md],
    ['a.rst', rst],
  ] as const)('%s: what it does is written once and then so', (name, embed) => {
    fc.assert(
      fc.property(scenarios({ maxStatements: 12 }), (text) => {
        const document = updated(embed(...text.trim().split('\n'), '#:'), name);
        expect(check(document, name)).toMatchObject({ count: 1, findings: [], edits: [] });
        expect(updated(document, name)).toBe(document);
        expect(document).toContain(embed(...annotate(text.trim(), analyze(text)).split('\n')).slice(30, -10));
      }),
      { numRuns: 60 },
    );
  });

  test('any noise is taken', () => {
    const noise = fc.array(
      fc.constantFrom(
        '```gmem',
        '```',
        '~~~',
        '.. code-block:: gmem',
        '   gmem A',
        '<!-- gmem: run -->',
        '-->',
        '<!--',
        '#:',
        '::',
        '.. gmem: setup a',
        '.. gmem: figure',
        '.. GMEM figure',
        '<!-- gmem: figure -->',
        'text <!-- gmem: run -->',
        '<!-- gmem: setup a',
        '```{.gmem}',
        'text::',
        '> ```gmem',
        '![a](b)',
        '',
        'gmem A size 4K',
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(noise, fc.constantFrom('a.md', 'a.rst'), (lines, name) => {
        const text = lines.join('\n');
        const { edits } = check(text, name);
        applyLines(text, edits);
      }),
      { numRuns: 500 },
    );
  });
});
