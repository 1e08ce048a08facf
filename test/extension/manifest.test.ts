import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnosticText } from '../../src/cli/scenario-file';
import { fileReport, REPORTS } from '../../src/cli/test-reports';
import { LISTING_TYPE } from '../../src/dap/listings';
import { analyze, indexLines } from '../../src/language';
import { LEGEND } from '../../src/lsp/semantic-tokens';
import { DEFAULT_SETTINGS } from '../../src/lsp/settings';
import { checkScenario, reportOn, type StatementOutcome } from '../../src/outcome';
import { projectRoot } from '../../workbench/paths';

const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
const ignored = readFileSync(path.join(projectRoot, '.vscodeignore'), 'utf8').split('\n');

/** Commands of VS Code that the manifest names. */
const ofVsCode = ['stepInto', 'stepOut', 'stepBack'].map((step) => `workbench.action.debug.${step}`);

/** Every path that the manifest names, as `./...`. */
function paths(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('./') ? [value.slice(2)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(paths) : [];
}

test('every file that the manifest names is in the package', () => {
  const named = [...paths(manifest.contributes), ...paths([manifest.main, manifest.browser]), manifest.icon];
  expect(named.length).toBeGreaterThan(5);
  for (const file of named) expect(ignored, file).toContain(`!${file}`);
});

test('no activation depends on a search of the workspace, which VS Code gives up in a large one', () => {
  expect(manifest.activationEvents.join(' ')).not.toMatch(/workspaceContains:[^ ]*[*?]/);
});

test('every command in a menu exists', () => {
  const { commands, menus } = manifest.contributes;
  const known = commands.map(({ command }: { command: string }) => command);
  const submenus = manifest.contributes.submenus.map(({ id }: { id: string }) => id);
  for (const { command, submenu } of Object.values<{ command?: string; submenu?: string }[]>(menus).flat())
    expect([...known, ...submenus]).toContain(command ?? submenu);
});

test('every command that a text offers as a link exists, as do the contexts that a step waits for', () => {
  const { commands, walkthroughs, viewsWelcome } = manifest.contributes;
  const known = commands.map(({ command }: { command: string }) => command);
  const texts: string[] = [
    ...walkthroughs.flatMap(({ steps }: { steps: { description: string; completionEvents: string[] }[] }) =>
      steps.flatMap(({ description, completionEvents }) => [description, ...completionEvents]),
    ),
    ...viewsWelcome.map(({ contents }: { contents: string }) => contents),
  ];
  const named = texts.flatMap((text) => [...text.matchAll(/(?:command|onCommand):(?:toSide:)?([\w.]+)/g)]);
  expect(named.length).toBeGreaterThan(8);
  for (const [, command] of named) expect([...known, ...ofVsCode]).toContain(command);
  const contexts = JSON.stringify(manifest).match(
    /(?<![\w.:])gmemscope\.(hasSlot|hasHole|zapped|compared|noScenarios)\b/g,
  );
  const sources = readdirSync(path.join(projectRoot, 'src', 'extension'), {
    recursive: true,
    encoding: 'utf8',
  })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(path.join(projectRoot, 'src', 'extension', name), 'utf8'))
    .join('');
  for (const context of contexts ?? [])
    expect(sources).toContain(`setContext('${context.replace('gmemscope.', '')}'`);
});

test('what only the walkthrough uses is not in the palette, and the rest only where it can be run', () => {
  const { commands, menus } = manifest.contributes;
  const when = new Map(
    menus.commandPalette.map((item: { command: string; when: string }) => [item.command, item.when]),
  );
  const anywhere = ['gmemscope.newScenario', 'gmemscope.openWalkthrough', 'gmemscope.openLink'];
  for (const { command } of commands) expect(when.has(command), command).toBe(!anywhere.includes(command));
});

describe('the problem matchers', () => {
  const find = (name: string, line: string) => {
    const { pattern } = manifest.contributes.problemMatchers.find(
      (one: { name: string }) => one.name === name,
    );
    const match = new RegExp(pattern.regexp).exec(line);
    if (match === null) return null;
    const part = (key: string) => (pattern[key] === undefined ? undefined : match[pattern[key]]);
    return [part('file'), part('line'), part('column'), part('severity'), part('message'), part('code')];
  };

  const text = 'gmem A size 4K\nclose A => flush\npunch B offset 0 size 4K\n';
  const analysis = analyze(text);
  const scenario = { file: 'sub/a.gmem', text, lines: indexLines(text), analysis };
  const plain = (_paint: unknown, told: string) => told;

  test('find errors in what the terminal prints', () => {
    const line = diagnosticText(scenario, analysis.diagnostics[0]!, plain);
    expect(find('gmemscope', line)).toEqual(['sub/a.gmem', '3', '7', 'error', expect.any(String), 'G109']);
    expect(find('gmemscope-expectations', `      ${line}`)).toBeNull();
  });

  test('find statements that do not do what is expected', () => {
    const program = { ...analysis.programs[0], errors: [] };
    const report = reportOn(program, [...checkScenario(program)], null);
    const outcomes = new Map(report.failed.map((one) => [one, {} as StatementOutcome]));
    const file = fileReport(scenario, [{ ...report, outcomes }]);
    const lines = REPORTS.get('text')!([file], plain, null).split('\n');
    const found = lines.map((line) => find('gmemscope-expectations', line)).filter((match) => match !== null);
    expect(found).toEqual([['sub/a.gmem', '2', undefined, undefined, 'close A', undefined]]);
  });
});

test('both hosts of VS Code run the same file', () => {
  expect(manifest.main).toBe(manifest.browser);
});

test('nothing is installed with the extension', () => {
  expect(manifest.dependencies).toBeUndefined();
});

test('listings have a language, a grammar and breakpoints', () => {
  const { languages, grammars, breakpoints } = manifest.contributes;
  const { id } = languages.find(({ mimetypes }: { mimetypes?: string[] }) =>
    mimetypes?.includes(LISTING_TYPE),
  );
  expect(grammars).toContainEqual(expect.objectContaining({ language: id }));
  expect(breakpoints).toContainEqual({ language: id });
});

test('every setting that the server reads is described, with its default', () => {
  const { properties } = manifest.contributes.configuration;
  const settings = Object.entries(DEFAULT_SETTINGS).flatMap(([group, values]) =>
    Object.entries(values).map(([name, value]) => [`gmemscope.${group}.${name}`, value] as const),
  );
  expect(settings.length).toBeGreaterThan(4);
  for (const [name, value] of settings) {
    expect(properties[name], name).toMatchObject({ type: 'boolean', default: value });
    expect(properties[name].description ?? properties[name].markdownDescription, name).toMatch(/\w.*\.$/);
  }
});

test('every semantic token has a scope of the grammar, so that themes without such tokens colour it the same', () => {
  const [{ language, scopes }] = manifest.contributes.semanticTokenScopes;
  expect(language).toBe('gmem');
  for (const type of LEGEND.tokenTypes)
    expect(scopes[type], type).toEqual([expect.stringMatching(/\.gmem$/)]);
});
