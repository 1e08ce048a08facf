/** Races for tests: texts, and what the explorer finds in them. */
import { analyze, finish } from '../../src/language';
import { type ExploredRace, exploreRace, hasRace, type RaceProgram } from '../../src/outcome';
import type { State } from '../../src/simulator';

/** The text of a race of tasks, each a list of calls, below set-up statements. */
export function raceText(above: string, tasks: readonly (readonly string[])[], behind = ''): string {
  const body = tasks.map(
    (calls, at) => `  task t${at} {\n${calls.map((call) => `    ${call}\n`).join('')}  }\n`,
  );
  return `${above}\nrace {\n${body.join('')}}\n${behind}`;
}

/** @throws Error if the text has an error or no race. */
export function programOf(text: string): RaceProgram {
  const { programs, diagnostics } = analyze(text);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(`${error.message} in\n${text}`);
  const program = programs.find((one) => hasRace(one));
  if (program === undefined || !hasRace(program)) throw new Error(`no race in\n${text}`);
  return program;
}

export function explored(text: string, options: Parameters<typeof exploreRace>[1] = {}): ExploredRace {
  return finish(exploreRace(programOf(text), options));
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part));
}

/**
 * What a state maps and keeps, with frames numbered as they come: it does not matter when they were allocated. Generations
 * are current or not: it does not matter how often the memslots changed.
 */
export function withoutFrameNumbers(state: State): string {
  const names = new Map<string, string>();
  return plain({
    roots: state.vms.map(({ roots, generation }) =>
      roots.map(({ leaves, tables }) => ({
        tables,
        leaves: leaves.flatMap(({ start, end, value }) =>
          Array.from({ length: end - start }, (_, at) => ({
            gfn: start + at,
            ...value,
            ...(value.kind === 'mmio' ? { generation: value.generation === generation } : {}),
            frame: value.kind === 'mapped' && value.frame !== 'zero' ? value.frame + start + at : 0,
          })),
        ),
      })),
    ),
    caches: state.files.map(({ cache }) =>
      cache.flatMap(({ start, end, value }) =>
        Array.from({ length: end - start }, (_, at) => ({
          page: start + at,
          ...value,
          frame: value.frame + start + at,
        })),
      ),
    ),
    memories: state.vms.map(({ memories }) =>
      memories.map(({ chunks, present }) => ({
        chunks,
        present: present.flatMap(({ start, end, value }) =>
          Array.from({ length: end - start }, (_, at) => ({
            page: start + at,
            kind: value.kind,
            frame: value.kind === 'own' ? value.frame + start + at : 0,
          })),
        ),
      })),
    ),
    slots: state.vms.map(({ slots, privateGfns }) => ({ slots, privateGfns })),
    bindings: state.files.map(({ bindings, open }) => ({ bindings, open })),
  }).replaceAll(/"frame":(\d+)/g, (_, frame: string) => {
    const name = frame === '0' ? '0' : (names.get(frame) ?? `f${names.size}`);
    names.set(frame, name);
    return `"frame":"${name}"`;
  });
}

/** What a search found that must not depend on how it searched. */
export function findings({ result }: ExploredRace) {
  const finals = new Set(
    result.finals.map((node) => withoutFrameNumbers(result.steps.state(result.row(node)))),
  );
  return {
    complete: result.complete,
    found: result.found.map(({ what }) => what).toSorted(),
    returned: result.returned.map(({ task, call, outcome }) => plain([task, call, outcome])).toSorted(),
    finals: [...finals].toSorted(),
  };
}
