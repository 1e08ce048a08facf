/** The parts of docs/reports/*.txt between lines with scissors: a scenario, and the figure of its schedule. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawSchedule, scheduleAscii, tooWide } from '../../src/figures';
import { analyze } from '../../src/language';
import { projectRoot } from '../../workbench/paths';

const FOLDER = 'docs/reports';
const PART = /^---8<--- (?:(schedule) of )?(\S+)\n[\s\S]*?^--->8---$/gm;

function scheduleOf(text: string, file: string): string {
  const found = drawSchedule(analyze(text), file);
  if ('problem' in found) throw new Error(`${file}: ${found.problem}`);
  const problem = tooWide(found.schedule);
  if (problem !== null) throw new Error(`${file}: ${problem}`);
  return scheduleAscii(found.schedule);
}

/** @throws Error if a file that the report names is missing, or has no schedule. */
function reportFile(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8').replace(
    PART,
    (_, schedule: string | undefined, file: string) => {
      const scenario = readFileSync(join(projectRoot, FOLDER, file), 'utf8');
      const title = schedule === undefined ? file : `schedule of ${file}`;
      const part = schedule === undefined ? scenario : scheduleOf(scenario, file);
      return `---8<--- ${title}\n${part.trimEnd()}\n--->8---`;
    },
  );
}

export const REPORTS = readdirSync(join(projectRoot, FOLDER))
  .filter((name) => name.endsWith('.txt'))
  .map((name) => join(FOLDER, name))
  .map((path) => ({ path, content: () => reportFile(path) }));
