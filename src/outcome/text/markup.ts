/**
 * Text that a person wrote, as Markdown and as XML. Everything that puts a name, a title, a comment or a phrase into a
 * hover, a preview or a figure goes through here, because a scenario may come from an untrusted source.
 */
import { must } from '../../simulator';

/** Line breaks and runs of spaces would end a list item, a paragraph or a table. */
function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** Characters that begin markup anywhere in a line. */
const ANYWHERE = /[\\`*[\]<>&!#|~$@]/g;

/** An underscore inside a word is not emphasis: `bad_descriptor` stays readable in editors that show the source. */
const UNDERSCORE = /(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/** What begins a list or a heading, or turns the line above into one. */
const FIRST = /^( ?)([-+=]|\d+(?=[.)]))/;

/** What GitHub's Markdown turns into links without markup: `https://host`, `www.host`, `host.example`. */
const LINKED = /:(?=\/\/)|\.(?=\p{L})/gu;

/** Text as Markdown that shows exactly this text, on one line. */
export function markdownText(text: string): string {
  return onOneLine(text)
    .replace(ANYWHERE, '\\$&')
    .replace(UNDERSCORE, '\\_')
    .replace(LINKED, '\\$&')
    .replace(FIRST, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );
}

/** Text as a code span, which no backquote in it ends. */
export function markdownCode(text: string): string {
  const line = onOneLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$|^ .*\S.* $/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text for content and attributes of XML 1.0 and HTML; characters that XML forbids become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => must(ENTITIES[character], `entity for ${character}`))
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
