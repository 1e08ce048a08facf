import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installed, install } from './installed';
import { inNeovim } from './neovim';
import { LENSES, NEOVIM_0_7, NEOVIM_0_11, NVIM_DAP } from './page';

const MISTAKEN = `vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert   gpa 0x80000000 size 2M private
pnch A offset 0 size 4K
slot 1 gpa 0x80100000 size 2M
punch A offset 0 size 4K
`;

let installed: Installed;
let file: string;

beforeAll(async () => {
  installed = await install();
  file = installed.write('mistaken.gmem', MISTAKEN);
});
afterAll(() => installed?.remove());

/** Opens the file, and waits until the server has said something of it. */
const OPENED = () => `
vim.cmd('edit ' .. vim.fn.fnameescape(${JSON.stringify(file)}))
await('diagnostics', function() return #vim.diagnostic.get(0) > 1 end)
`;

/** Asks the server, at a line and a column from 0. */
const ASK = (method: string, line: number, character: number, more = '{}') => `
local params = vim.tbl_extend('force', {
  textDocument = vim.lsp.util.make_text_document_params(),
  position = { line = ${line}, character = ${character} },
}, ${more})
local answers = vim.lsp.buf_request_sync(0, '${method}', params, 20000)
local _, answer = next(answers or {})
if answer == nil or answer.result == nil then error(vim.inspect(answers)) end
`;

describe('the configuration for Neovim 0.7', () => {
  it('gets diagnostics, before and after the scenario has been run', async () => {
    const found = await inNeovim(
      installed,
      NEOVIM_0_7,
      `${OPENED()}
return vim.tbl_map(function(one)
  return { line = one.lnum + 1, severity = one.severity, message = one.message, source = one.source }
end, vim.diagnostic.get(0))`,
    );
    expect(found).toContainEqual(
      expect.objectContaining({
        line: 5,
        severity: 1,
        message: expect.stringContaining('did you mean `punch`?'),
      }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ line: 6, message: expect.stringContaining('EEXIST') }),
    );
  });

  it('hovers', async () => {
    const text = await inNeovim(
      installed,
      NEOVIM_0_7,
      `${OPENED()}${ASK('textDocument/hover', 6, 2)}
return table.concat(vim.lsp.util.convert_input_to_markdown_lines(answer.result.contents), '\\n')`,
    );
    expect(text).toContain('kvm_gmem_punch_hole');
  });

  it('completes', async () => {
    const words = await inNeovim(
      installed,
      NEOVIM_0_7,
      `${OPENED()}${ASK('textDocument/completion', 6, 6)}
local items = vim.lsp.util.text_document_completion_list_to_complete_items(answer.result, '')
return vim.tbl_map(function(item) return item.word end, items)`,
    );
    expect(words).toContain('A');
  });

  it('formats', async () => {
    const lines = await inNeovim(
      installed,
      NEOVIM_0_7,
      `${OPENED()}
if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = 20000 }) else vim.lsp.buf.formatting_sync(nil, 20000) end
return vim.api.nvim_buf_get_lines(0, 0, -1, false)`,
    );
    expect(lines[3]).toMatch(/^convert gpa 0x80000000 +size 2M +private$/);
  });

  it('renames', async () => {
    const lines = await inNeovim(
      installed,
      NEOVIM_0_7,
      `${OPENED()}${ASK('textDocument/rename', 6, 6, "{ newName = 'guest' }")}
vim.lsp.util.apply_workspace_edit(answer.result, 'utf-16')
return vim.api.nvim_buf_get_lines(0, 0, -1, false)`,
    );
    expect(lines.filter((line: string) => line.includes('guest'))).toHaveLength(4);
  });

  it('makes the file type known, with its comments', async () => {
    const found = await inNeovim(
      installed,
      NEOVIM_0_7,
      `${OPENED()}return { vim.bo.filetype, vim.bo.commentstring }`,
    );
    expect(found).toEqual(['gmem', '# %s']);
  });
});

describe('the configuration for Neovim 0.11', () => {
  it('starts the server in the way of that version', async () => {
    // An older Neovim has no vim.lsp.config: what the page gives to it is kept, and started as it would be.
    const found = await inNeovim(
      installed,
      `local configured, enabled = {}, {}
if vim.fn.has('nvim-0.11') == 0 then
  vim.g.do_filetype_lua = 1
  vim.lsp.config = function(name, config) configured[name] = config end
  vim.lsp.enable = function(name) enabled[name] = true end
end
${NEOVIM_0_11}
if vim.fn.has('nvim-0.11') == 0 then
  vim.api.nvim_create_autocmd('FileType', {
    callback = function(event)
      for name in pairs(enabled) do
        local config = configured[name]
        if vim.tbl_contains(config.filetypes, vim.bo[event.buf].filetype) then
          vim.lsp.buf_attach_client(event.buf, vim.lsp.start_client({ name = name, cmd = config.cmd }))
        end
      end
    end,
  })
end`,
      `${OPENED()}return { vim.bo.filetype, #vim.diagnostic.get(0) }`,
    );
    expect(found[0]).toBe('gmem');
    expect(found[1]).toBeGreaterThan(1);
  });
});

describe('the configuration for nvim-dap', () => {
  /** nvim-dap is not here: what the page sets up in it is looked at. */
  const STUB =
    'package.preload.dap = function() return { adapters = {}, configurations = {}, run = function(it) RAN = it end } end\n';

  it('has an adapter, and a launch that the debugger understands', async () => {
    const found = await inNeovim(
      installed,
      STUB + NVIM_DAP,
      `local dap = require('dap')
return { adapter = dap.adapters.gmem, launch = dap.configurations.gmem[1] }`,
    );
    expect(found).toEqual({
      adapter: { type: 'executable', command: 'gmemscope', args: ['dap', '--stdio'] },
      launch: expect.objectContaining({
        type: 'gmem',
        request: 'launch',
        program: expect.stringMatching(/^\$\{file\}$/),
        stopOnEntry: true,
      }),
    });
  });

  it('runs scenarios from their lenses', async () => {
    const config = NEOVIM_0_7.replace(
      "name = 'gmemscope',",
      "name = 'gmemscope', init_options = { commands = true },",
    );
    const found = await inNeovim(
      installed,
      STUB + LENSES + config,
      `${OPENED()}${ASK('textDocument/codeLens', 0, 0)}
local titles = {}
for _, lens in ipairs(answer.result) do
  table.insert(titles, lens.command.title)
  if lens.command.command == 'gmemscope.debugScenario' then
    vim.lsp.commands[lens.command.command](lens.command)
  end
end
return { titles = titles, ran = RAN }`,
    );
    expect(found.titles).toEqual(['Run', 'Debug', 'Compare kernels']);
    expect(found.ran).toMatchObject({ type: 'gmem', request: 'launch', program: file });
    expect(found.ran.scenario).toBeUndefined();
  });
});
