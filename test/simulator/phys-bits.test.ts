import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/outcome';
import { runText } from './running';

describe('the guest physical addresses of the host', () => {
  it.each([
    ['bits-40', '0xfffffff000', '4K', 'ok'],
    ['bits-40', '0xfffffff000', '8K', 'EINVAL'],
    ['bits-48', '0xfffffffff000', '4K', 'ok'],
    ['bits-48', '0xfffffffff000', '8K', 'EINVAL'],
  ])('%s: a slot at %s of %s: %s', (bits, gpa, size, result) => {
    const { events } = runText(
      `kernel linux-7.3 with phys-bits ${bits}\nvm default\nslot 0 gpa ${gpa} size ${size}`,
    );
    expect(outcomeOf(events.at(-1) ?? []).result).toBe(result);
  });
});
