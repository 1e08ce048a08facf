/** syntaxes/gmem-fence.tmLanguage.json: colours scenarios in Markdown and reStructuredText. */

const SCENARIO = [{ include: 'source.gmem' }];

/** A fence, as VS Code's own Markdown grammar defines those of other languages. */
const MARKDOWN = {
  name: 'markup.fenced_code.block.markdown',
  begin: '(^|\\G)(\\s*)(`{3,}|~{3,})\\s*(?i:(gmem))((?:\\s+|:|,|\\{|\\?)[^`]*)?$',
  beginCaptures: {
    3: { name: 'punctuation.definition.markdown' },
    4: { name: 'fenced_code.block.language' },
    5: { name: 'fenced_code.block.language.attributes' },
  },
  end: '(^|\\G)(\\2|\\s{0,3})(\\3)\\s*$',
  endCaptures: { 3: { name: 'punctuation.definition.markdown' } },
  patterns: [
    {
      begin: '(^|\\G)(\\s*)(.*)',
      while: '(^|\\G)(?!\\s*([`~]{3,})\\s*$)',
      contentName: 'meta.embedded.block.gmem',
      patterns: SCENARIO,
    },
  ],
};

const RESTRUCTURED_TEXT = {
  begin: '^([ \\t]*)(\\.\\.)\\s+((?:code-block|sourcecode|code)::)\\s+(gmem)\\s*$',
  beginCaptures: {
    2: { name: 'punctuation.definition.directive.restructuredtext' },
    3: { name: 'support.directive.restructuredtext' },
    4: { name: 'fenced_code.block.language' },
  },
  while: '^(?:\\1[ \\t]+|[ \\t]*$)',
  contentName: 'meta.embedded.block.gmem',
  patterns: SCENARIO,
};

export const FENCE_GRAMMARS = [
  {
    path: 'syntaxes/gmem-fence.tmLanguage.json',
    scope: 'markdown.gmem.codeblock',
    host: 'text.html.markdown',
    pattern: MARKDOWN,
  },
  {
    path: 'syntaxes/gmem-directive.tmLanguage.json',
    scope: 'restructuredtext.gmem.codeblock',
    host: 'source.rst',
    pattern: RESTRUCTURED_TEXT,
  },
].map(({ path, scope, host, pattern }) => ({
  path,
  content: () =>
    `${JSON.stringify({ scopeName: scope, injectionSelector: `L:${host}`, patterns: [pattern] }, null, 2)}\n`,
}));
