/** Runs Lua in a Neovim without a screen, and gives what it comes to. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { findNeovim } from '../../scripts/neovim';
import type { Installed } from './installed';

const run = promisify(execFile);

/** What `lua` may call besides what Neovim has. */
const HELPERS = `
local function await(what, condition)
  if not vim.wait(30000, condition, 20) then error('waited in vain for ' .. what) end
end
`;

/**
 * @param config Read as init.lua is.
 * @param lua The body of a function that returns what can be written as JSON.
 * @throws Error with what Neovim says.
 */
export async function inNeovim(
  { environment, folder, write }: Installed,
  config: string,
  lua: string,
  // biome-ignore lint/suspicious/noExplicitAny: what a test returns is looked at by that test.
): Promise<any> {
  const neovim = findNeovim(process.env);
  if (neovim === undefined) throw new Error('these tests need Neovim: nvim on the PATH, or NVIM_PATH');
  const init = write('init.lua', config);
  const out = `${folder}/out.json`;
  const driver = write(
    'driver.lua',
    `${HELPERS}
local ok, result = xpcall(function()
${lua}
end, debug.traceback)
local file = io.open(${JSON.stringify(out)}, 'w')
file:write(vim.json.encode({ ok = ok, result = result == nil and vim.NIL or result }))
file:close()
vim.cmd('qall!')
`,
  );
  const args = ['--headless', '-n', '-i', 'NONE', '-u', init, '-c', `luafile ${driver}`];
  const { stderr } = await run(neovim, args, { env: environment, cwd: folder, timeout: 540_000 });
  const { ok, result } = JSON.parse(readFileSync(out, 'utf8'));
  if (!ok) throw new Error(`${result}\n${stderr}`);
  return result;
}
