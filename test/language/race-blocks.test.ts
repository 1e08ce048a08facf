import { describe, expect, test } from 'vitest';
import {
  analyze,
  applyEdits,
  formattingEdits,
  parse,
  print,
  type Quantifier,
  type Race,
  type RaceExpectation,
  type RaceTask,
  type Violation,
} from '../../src/language';

const SETUP = 'gmem A size 64K\n';
const TASKS = 'task a { close A } task b { close A }';

function complaints(text: string): string[] {
  const whole = SETUP + text;
  return analyze(whole).diagnostics.map(
    ({ code, span, message }) => `${code} @${whole.slice(span.start, span.end)}: ${message}`,
  );
}

const NEEDS = 'a race needs at least two tasks with a call each';
const VIOLATIONS = '`STALE`, `WARN`, `oops`, `deadlock`, `livelock` or `violation`';
const SHARE = 'the other tasks have a part in this outcome, so one call of a race cannot expect it';
const eachTask = (names: readonly string[]) => names.map((name) => `task ${name} { close A }`).join(' ');

describe('what is wrong with a race', () => {
  test.each([
    ['nothing', `race { ${TASKS} } => never STALE, sometimes WARN`, []],
    ['nothing, over several lines', `race\n{\n${TASKS}\n}\n=> never\noops,\n never livelock`, []],
    [
      'a violation in every order',
      `race { ${TASKS} } => always STALE, WARN`,
      [
        'G145 @always STALE: write `never STALE`, or `sometimes STALE` for a bug that the scenario shows',
        'G145 @WARN: write `never WARN`, or `sometimes WARN` for a bug that the scenario shows',
      ],
    ],
    ['nothing, with a task that repeats', `race { task a repeats { close A } task b { close A } }`, []],
    [
      'nothing, with what a task sees',
      'race { task a { close A => ok, never EFAULT, always no exit } task b { close A => sometimes retried } }',
      [],
    ],
    [
      'nothing, and a quantifier behind it',
      `race { ${TASKS} }\nclose A => ok, never zapped slot 0 gfn 1, 2, sometimes freed A page 1, never WARN`,
      [],
    ],
    ['`always` without a race', 'close A => always ok', []],
    ['no task', 'race { }', [`G143 @race: ${NEEDS}, and it has none`]],
    ['one task', 'race { task a { close A } }', [`G143 @race: ${NEEDS}, and it has one`]],
    [
      'an empty task',
      'race { task a { close A } task b { } }',
      [`G143 @task b: task \`b\` makes no call: ${NEEDS}`],
    ],
    [
      'nine tasks',
      `race { ${eachTask([...'abcdefghi'])} }`,
      [
        'G143 @task i: a race has at most 8 tasks, and this one has 9: write fewer, or several races in scenarios of their own',
      ],
    ],
    [
      'a name twice',
      'race { task a { close A } task a { close A } }',
      ['G143 @a: another task already has the name `a`'],
    ],
    [
      'a race in a race',
      `race { race { ${TASKS} } }`,
      ['G014 @race: a race cannot contain a race: write its tasks into the outer one'],
    ],
    [
      'a race in a task',
      'race { task a { race { close A } } task b { close A } }',
      ['G014 @race: a race cannot contain a race: write its tasks into the outer one'],
    ],
    [
      'a task outside',
      'task a { close A }',
      ['G144 @task: `task` belongs in a race: write `race {` above the first task, and `}` below the last'],
    ],
    [
      'a scenario in it',
      'race { task a { close A } task b { close A } scenario "x" { }',
      ['G014 @race: the block of this race is not closed: `}` is missing before the next scenario'],
    ],
    [
      'set-up in it',
      'race { task a { kernel linux-7.3 close A } task b { vm tdx switch vm 0 gmem B size 4K let x = 4 close A } }',
      [
        'G105 @kernel: `kernel` must be the first statement',
        'G107 @vm: `vm` must come before `gmem`, which needs the VM',
        'G144 @vm: `vm` is set-up: write it above the race',
        'G144 @switch: `switch` is set-up: write it above the race, whose calls are all on one VM',
        'G144 @gmem: `gmem` is set-up: write it above the race',
        'G144 @let: `let` is set-up: write it above the race',
      ],
    ],
    [
      'calls that are suspended',
      'race { task a { close A until R2 as c } task b { close A as d continue c } }',
      [
        'G144 @R2: `until` is not allowed in a race, which tries every order: leave it out',
        'G144 @d: `as` is not allowed in a race, which tries every order: leave it out',
        'G144 @continue: `continue` is not allowed in a race, which tries every order: leave it out',
      ],
    ],
    [
      'a call outside its tasks',
      `race { close A ${TASKS} }`,
      [
        'G144 @close: this call is in the race, but in none of its tasks: write it into a `task`, or above or below the race',
      ],
    ],
    [
      'a second race',
      `race { ${TASKS} } race { ${TASKS} }`,
      ['G143 @race: a scenario has at most one race: write this one in a scenario of its own'],
    ],
    [
      'a second race, the first above the scenarios',
      `race { ${TASKS} } scenario "a" { race { ${TASKS} } }`,
      ['G143 @race: a scenario has at most one race: write this one in a scenario of its own'],
    ],
    ['a race in each scenario', `scenario "a" { race { ${TASKS} } } scenario "b" { race { ${TASKS} } }`, []],
    [
      'quantifiers without one',
      'close A => never ok, sometimes EFAULT',
      [
        'G145 @never: `never` is about all orders of a race, and no race is here or above: leave it out',
        'G145 @sometimes: `sometimes` is about all orders of a race, and no race is here or above: leave it out',
      ],
    ],
    [
      'a quantifier in another scenario',
      `scenario "a" { race { ${TASKS} } } scenario "b" { close A => never ok }`,
      ['G145 @never: `never` is about all orders of a race, and no race is here or above: leave it out'],
    ],
    [
      'expectations that a task does not see',
      'race { task a { close A => zapped nothing, WARN } task b { close A => never STALE gfn 1 } }',
      [
        `G145 @zapped nothing: ${SHARE}: write it behind a statement below the race`,
        `G145 @WARN: ${SHARE}: write \`WARN\` behind the \`}\` of the race`,
        `G145 @STALE gfn 1: ${SHARE}: write \`STALE\` behind the \`}\` of the race`,
      ],
    ],
    [
      'an expectation of a task',
      'race { task a { close A } => ok\ntask b { close A } }',
      [
        'G012 @=>: a task has no expectation: write it behind one of its calls, or behind the `}` of the race',
      ],
    ],
    ['no brace', 'race', ['G014 @race: expected `{` and the tasks of the race, then `}`']],
    [
      'a task never closed',
      'race { task a { close A task b { close A } }',
      ['G014 @task: the block of this task is not closed: `}` is missing before the next task'],
    ],
    [
      'a race never closed',
      `race { ${TASKS}\nclose A`,
      ['G014 @race: the block of this race is not closed: `}` is missing before the end of the file'],
    ],
    ['a brace too many', `race { ${TASKS} } }`, ['G014 @}: unmatched `}`: no block is open here']],
    [
      'a misspelt word',
      `race { ${TASKS} } => never STAL`,
      [`G012 @STAL: expected ${VIOLATIONS}, found \`STAL\`: did you mean \`STALE\`?`],
    ],
    [
      'a misspelt quantifier',
      `race { ${TASKS} } => nevr STALE`,
      [
        `G012 @nevr: expected what the race expects, for instance \`never STALE\` (${VIOLATIONS}), found \`nevr\`: did you mean \`never\`?`,
      ],
    ],
    [
      'a misspelt quantifier of a call',
      `race { ${TASKS} } close A => sometime ok`,
      [
        'G012 @sometime: expected an outcome, for instance `EINVAL`, `zapped slot 0 gfn 0x80000` or `flush`, found `sometime`: did you mean `sometimes`?',
      ],
    ],
    [
      'no word behind a quantifier',
      `race { ${TASKS} } => never`,
      [`G012 @never: expected ${VIOLATIONS}, found the end of the line`],
    ],
    [
      'a word twice',
      `race { ${TASKS} } => never oops, sometimes oops`,
      ['G012 @oops: `oops` is already listed'],
    ],
    [
      'more than a word',
      `race { ${TASKS} } => never STALE gfn 1`,
      ['G012 @gfn: expected `,` before the next word, or the end of the line, found `gfn`'],
    ],
    [
      'a misspelt option',
      'race { task a repeat { close A } task b { close A } }',
      ['G003 @repeat: `task` has no option `repeat`: did you mean `repeats`?'],
    ],
    [
      'a reserved name',
      'race { task vcpu { close A } task b { close A } }',
      ["G002 @vcpu: expected the task's name, for instance `vcpu0`, found `vcpu`"],
    ],
  ])('%s', (_what, text, expected) => {
    expect(complaints(text)).toEqual(expected);
  });
});

describe('a race beyond all measure', () => {
  test.each([
    ['races in races', 'race { '.repeat(20_000)],
    ['tasks in tasks', 'task a { race { '.repeat(10_000)],
    ['a thousand tasks', `race { ${'task a { close A } '.repeat(1000)} }`],
    ['a thousand races', `race { ${TASKS} } `.repeat(1000)],
    ['a long expectation', `race { ${TASKS} } => ${'never STALE, '.repeat(10_000)}`],
  ])('%s: is read, and its errors are reported', (_what, text) => {
    const { diagnostics, programs } = analyze(SETUP + text);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(programs).toHaveLength(1);
    expect(print(parse(text)).length).toBeGreaterThan(0);
  });
});

describe('the tree', () => {
  const shapeOf = (text: string) =>
    parse(text).races.map(({ tasks, closed, expectation }) => ({
      tasks: tasks.map(({ header, statements }) => [header.names.task?.text, statements.length]),
      closed,
      expected: expectation?.items.map(({ quantifier, what }) => `${quantifier} ${what}`) ?? null,
    }));

  test.each([
    [
      'a race',
      `race { ${TASKS} } => never STALE, WARN`,
      [
        {
          tasks: [
            ['a', 1],
            ['b', 1],
          ],
          closed: true,
          expected: ['never STALE', 'always WARN'],
        },
      ],
    ],
    [
      'a task without its brace',
      'race { task a { close A task b { close A close B } }',
      [
        {
          tasks: [
            ['a', 1],
            ['b', 2],
          ],
          closed: true,
          expected: null,
        },
      ],
    ],
    [
      'at the end of the text',
      'race { task a { close A } task b { clo',
      [
        {
          tasks: [
            ['a', 1],
            ['b', 0],
          ],
          closed: false,
          expected: null,
        },
      ],
    ],
    [
      'a scenario that begins in it',
      'race { task a { close A } scenario "x" { close A } ',
      [{ tasks: [['a', 1]], closed: false, expected: null }],
    ],
    ['a race being typed above other statements', 'race\nclose A\nclose B', []],
  ])('%s', (_what, text, expected) => {
    expect(shapeOf(text)).toMatchObject(expected);
    expect(parse(text).races).toHaveLength(expected.length);
  });
});

const WHOLE = `kernel linux-7.3
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0

race {
  task vcpu0 repeats {
    fault vcpu 0 write gpa 0x80000000 => sometimes retried
  }
  task vmm {
    punch A offset 0 size 4K
    allocate A offset 0 size 4K => always ok, never EINVAL
  }
} => never STALE, sometimes WARN

fault vcpu 0 read gpa 0x80000000 => always ok, never EFAULT
`;

describe('the program', () => {
  test('has the race as ranges of its statements', () => {
    const [program] = analyze(WHOLE).programs;
    const { race, statements } = program;
    const textOf = ({ start, end }: { readonly start: number; readonly end: number }) =>
      WHOLE.slice(start, end);
    expect(race).toMatchObject({ line: 6, start: 2, end: 5 });
    const tasks: readonly Omit<RaceTask, 'nameSpan'>[] = [
      { name: 'vcpu0', repeats: true, start: 2, end: 3 },
      { name: 'vmm', repeats: false, start: 3, end: 5 },
    ];
    expect(race?.tasks).toMatchObject(tasks);
    expect(race?.tasks.map(({ nameSpan }) => textOf(nameSpan))).toEqual(['vcpu0', 'vmm']);
    const itemOf = ({ quantifier, what, span }: RaceExpectation): [Quantifier, Violation, string] => {
      return [quantifier, what, textOf(span)];
    };
    expect(race?.expected.map(itemOf)).toEqual([
      ['never', 'STALE', 'never STALE'],
      ['sometimes', 'WARN', 'sometimes WARN'],
    ]);
    expect(textOf(race!.expectationSpan!)).toBe('=> never STALE, sometimes WARN');
    expect(textOf(race!.keywordSpan)).toBe('race');
    expect(textOf(race!.span)).toBe(WHOLE.slice(WHOLE.indexOf('race {'), WHOLE.indexOf('\n\nfault')));
    expect(statements.map(({ call, race: where }) => [call.kind, where])).toEqual([
      ['gmem', null],
      ['slot', null],
      ['fault', 'in'],
      ['punch', 'in'],
      ['allocate', 'in'],
      ['fault', 'behind'],
    ]);
    expect(
      statements.map(({ expected, quantified }) => [
        expected,
        quantified.map(({ quantifier, expectations, span }) => [quantifier, expectations, textOf(span)]),
      ]),
    ).toEqual([
      [null, []],
      [null, []],
      [null, [['sometimes', { retried: true }, 'sometimes retried']]],
      [null, []],
      [{ result: 'ok' }, [['never', { result: 'EINVAL' }, 'never EINVAL']]],
      [{ result: 'ok' }, [['never', { result: 'EFAULT' }, 'never EFAULT']]],
    ]);
  });

  test('of each scenario has its own race, or the one above them', () => {
    const rangeOf = (race: Race | null) => race && [race.start, race.end];
    const own = analyze(`${SETUP}scenario "a" { race { ${TASKS} } } scenario "b" { close A }`).programs;
    expect(own.map(({ race }) => rangeOf(race))).toEqual([[1, 3], null]);
    const shared = analyze(`${SETUP}race { ${TASKS} } scenario "a" { close A } scenario "b" { }`).programs;
    expect(shared.map(({ race }) => rangeOf(race))).toEqual([
      [1, 3],
      [1, 3],
    ]);
    expect(shared[0].statements.at(-1)?.race).toBe('behind');
  });

  test.each([
    ['of tasks', 'race { task a { close A } }'],
    ['in a name', 'race { task 1 { close A } task b { close A } }'],
    ['in what it expects', `race { ${TASKS} } => fine`],
  ])('has no race if there is an error %s', (_what, text) => {
    const [program] = analyze(SETUP + text).programs;
    expect(program.race).toBeNull();
    expect(program.errors).not.toEqual([]);
  });
});

describe('the format', () => {
  test('of a race is its own', () => {
    expect(print(parse(WHOLE))).toBe(WHOLE);
  });

  test.each([
    [
      'nested blocks, and comments everywhere',
      `race{ # 1
# 2
task   a   repeats{# 3
close A=>ok# 4
# 5
}# 6
  # 7
task b { close A } # 8
# 9
} # 10
=> never STALE, # 11
oops # 12
# 13
close A`,
      `race { # 1
  # 2
  task a repeats { # 3
    close A => ok # 4
    # 5
  } # 6
  # 7
  task b {
    close A
  } # 8
  # 9
  # 10
} => never STALE, # 11
    oops # 12
# 13
close A
`,
    ],
    [
      'in a scenario',
      `scenario "x" { race { ${TASKS} } => WARN }`,
      `scenario "x" {
  race {
    task a {
      close A
    }
    task b {
      close A
    }
  } => WARN
}
`,
    ],
    [
      'what has errors stays as it is',
      'race {\ntask a { close  A  ??? }\n   task 1  {\nclose   A }\n  }   =>   nothing',
      'race {\ntask a { close  A  ??? }\n   task 1  {\n    close A\n  }\n  }   =>   nothing\n',
    ],
  ])('%s', (_what, text, expected) => {
    const document = parse(text);
    for (const layout of [{ align: false }, { align: true }]) {
      const once = print(document, layout);
      expect(applyEdits(text, formattingEdits(document, layout))).toBe(once);
      expect(print(parse(once), layout)).toBe(once);
    }
    expect(print(document)).toBe(expected);
  });

  test('aligns the statements of a task, and not the end of the race', () => {
    const text = `race {
  task a {
    close A => ok # 1
    punch A offset 0 size 4K => ok # 2
  }
  task b { close A }
} => never STALE # 3
punch A offset 0 size 4K => ok # 4
`;
    expect(print(parse(text), { align: true })).toBe(`race {
  task a {
    close A                  => ok # 1
    punch A offset 0 size 4K => ok # 2
  }
  task b {
    close A
  }
} => never STALE               # 3
punch A offset 0 size 4K => ok # 4
`);
  });
});
