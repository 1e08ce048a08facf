import { describe, expect, it } from 'vitest';
import { decodeRaceLine } from '../../../kernel/races/decode';

const decode = (value: object) => decodeRaceLine(JSON.stringify(value));

describe('decodeRaceLine', () => {
  it('sorts the events of a statement, and leaves out those of the guest program', () => {
    const events = [
      ['p', 'TP5'],
      ['f', '0x100000', '0x4'],
      ['f', '0x8000000000', '0x14'],
      ['s', '0x100', 1, '0x0', '0x8000000000000025'],
      ['p', 'FLUSH'],
    ];
    expect(decode({ scenario: 1, statement: 2, result: 'ok', events })).toEqual({
      kind: 'statement',
      scenario: 1,
      index: 2,
      record: {
        ...{ result: 'ok', faults: [['0x100000', '0x4']], flush: true },
        sptes: [['0x100', 1, 'none', 'r--a-']],
      },
    });
  });

  it('keeps where a call is suspended, and not where a blocked one was last', () => {
    const of = (result: string) => decode({ scenario: 0, statement: 0, result, at: 'TP5', events: [] });
    expect(of('suspended')).toMatchObject({ record: { suspended: { step: 'TP5' } } });
    expect(of('blocked')).not.toMatchObject({ record: { suspended: {} } });
  });

  it('keeps that a call got its lock early', () => {
    const line = { scenario: 0, statement: 0, result: 'ok', early: true, events: [] };
    expect(decode(line)).toMatchObject({ record: { early: true } });
  });

  it.each([
    [
      { scenario: 3, end: true },
      { kind: 'end', scenario: 3 },
    ],
    [{ hung: 3 }, { kind: 'hung', scenario: 3 }],
    [{ bye: true }, { kind: 'bye' }],
    [{ fatal: 'fork: EAGAIN' }, { kind: 'fatal', what: 'fork: EAGAIN' }],
    [
      { scenario: 0, statement: 1, skipped: 'there is no such slot', events: [] },
      { kind: 'skipped', scenario: 0, index: 1, why: 'there is no such slot' },
    ],
  ])('%j', (line, message) => {
    expect(decode(line)).toEqual(message);
  });

  it('throws for what the guest program does not print', () => {
    expect(() => decodeRaceLine('[    0.1] Oops')).toThrow('violated its protocol: [    0.1] Oops');
    expect(() => decode({ scenario: 0, statement: 0 })).toThrow('a line without a result');
  });
});
