import { expect, it } from 'vitest';
import { demand, explainMissing, missing, TO_RUN } from '../../kernel/requirements';

const NODE = { needs: process.execPath, packageName: 'nodejs' };
const GONE = { needs: 'no-such-program-anywhere', packageName: 'nowhere' };

it('finds files and programs, and names what is not there', async () => {
  expect(await missing([NODE, GONE, { needs: 'sh', packageName: 'dash' }])).toEqual([GONE]);
});

it('finds no program in an empty PATH', async () => {
  const programs = TO_RUN.filter(({ needs }) => !needs.startsWith('/'));
  expect(await missing(programs, '')).toEqual(programs);
});

it('says what to install, each package once', async () => {
  expect(explainMissing([GONE, { ...GONE, needs: 'other' }], 'Building linux-7.3')).toBe(
    'Building linux-7.3 needs no-such-program-anywhere, other. On Debian and Ubuntu: sudo apt-get install nowhere',
  );
  await expect(demand([NODE, GONE], 'This')).rejects.toThrow('This needs no-such-program-anywhere.');
});
