/** The configurations that docs/editors.md shows. */
import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/editors.md', import.meta.url), 'utf8');

const LUA = [...page.matchAll(/^```lua\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);

/** The block of Lua that has a text in it. @throws Error where there is not exactly one. */
function luaWith(text: string): string {
  const found = LUA.filter((block) => block.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} blocks of docs/editors.md have ${text}`);
  return found[0]!;
}

export const NEOVIM_0_11 = luaWith('vim.lsp.config(');
export const NEOVIM_0_7 = luaWith('vim.lsp.start_client(');
export const NVIM_DAP = luaWith('dap.adapters.gmem');
export const LENSES = luaWith('vim.lsp.commands[');
