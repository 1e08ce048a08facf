import { expect, test } from 'vitest';
import { labelText, noticeText } from '../../src/extension/plain-text';

/** As VS Code finds links in the text of a notification. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

/** As it finds icons in a label. */
const ICON = /(\\)?\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/g;

test('a notification has no links of the text that it quotes', () => {
  const text = 'there is no scenario "[open](command:workbench.action.terminal.new)"';
  expect(text).toMatch(LINK);
  expect(noticeText(text)).not.toMatch(LINK);
});

test('a label has no icons of a title', () => {
  const label = labelText('$(check) all met');
  expect([...label.matchAll(ICON)].every(([, before]) => before === '\\')).toBe(true);
});
