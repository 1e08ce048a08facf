import { expect, test } from 'vitest';
import { Latest } from '../../../src/extension/memory-map/latest';

test('of questions that come while one is asked, the last is asked after it', async () => {
  const latest = new Latest();
  const asked: string[] = [];
  let answer: () => void = () => undefined;
  const question = (name: string) => () => {
    asked.push(name);
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  };
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
  for (const name of ['first', 'second', 'third']) latest.ask(question(name));
  expect(asked).toEqual(['first']);
  answer();
  await turn();
  expect(asked).toEqual(['first', 'third']);
  latest.ask(question('fourth'));
  answer();
  await turn();
  answer();
  await turn();
  expect(asked).toEqual(['first', 'third', 'fourth']);
});
