import { describe, expect, it } from 'vitest';
import { decodeLine } from '../../kernel/protocol';

const statement = (parts: object) =>
  JSON.stringify({
    scenario: 0,
    statement: 3,
    result: 'ok',
    faults: [],
    sptes: [],
    flushes: 0,
    lost: 0,
    ...parts,
  });

function recordOf(parts: object) {
  const message = decodeLine(statement(parts));
  if (message.kind !== 'statement') throw new Error(`unexpected ${message.kind}`);
  return message.record;
}

describe('decodeLine', () => {
  it('decodes a statement', () => {
    expect(decodeLine(statement({ scenario: 2, result: 'EINVAL' }))).toEqual({
      kind: 'statement',
      scenario: 2,
      index: 3,
      record: { result: 'EINVAL', faults: [], sptes: [], flush: false },
    });
  });

  it.each([
    [
      'a memory fault on a private page',
      { reason: 39, flags: '0x8', gpa: '0x1000', size: '0x1000', write: false },
      { reason: 'memory-fault', private: true, gpa: '0x1000', size: '0x1000' },
    ],
    [
      'a memory fault on a shared page',
      { reason: 39, flags: '0x0', gpa: '0x1000', size: '0x1000', write: false },
      { reason: 'memory-fault', private: false, gpa: '0x1000', size: '0x1000' },
    ],
    [
      'MMIO',
      { reason: 6, flags: '0x0', gpa: '0x101001008', size: '0x0', write: true },
      { reason: 'mmio', gpa: '0x101001008', write: true },
    ],
    [
      'an internal error',
      { reason: 17, flags: '0x0', gpa: '0x0', size: '0x0', write: false },
      { reason: 'internal-error' },
    ],
    [
      'a shutdown',
      { reason: 8, flags: '0x0', gpa: '0x0', size: '0x0', write: false },
      { reason: 'other', number: 8 },
    ],
  ])('decodes the exit for %s', (_, exit, expected) => {
    expect(recordOf({ exit }).exit).toEqual(expected);
  });

  it('keeps what a livelocked prefault has left', () => {
    expect(recordOf({ result: 'livelock', left: '0x2000' })).toMatchObject({
      result: 'livelock',
      left: '0x2000',
    });
  });

  it('decodes changes in order and leaves out what says nothing', () => {
    const sptes = [
      ['0x0', 4, '0x8000000000000000', '0x10ee827'],
      ['0x20000', 2, '0x4a00ee7', '0x8000000000000000'],
      ['0x20001', 1, '0x8000000000000000', '0x80000000000001a0'],
    ];
    expect(recordOf({ sptes, flushes: 2 })).toMatchObject({
      sptes: [
        ['0x0', 4, 'none', 'table'],
        ['0x20000', 2, 'rwxad', 'none'],
      ],
      flush: true,
    });
  });

  it('hides the code and the page tables of the guest', () => {
    const faults = [
      ['0x8000003000', '0x100000014'],
      ['0x20000000', '0x100000006'],
    ];
    const sptes = [
      ['0x8000000', 4, '0x8000000000000000', '0x10ee827'],
      ['0x7ffffff', 1, '0x8000000000000000', '0x4a2be67'],
    ];
    expect(recordOf({ faults, sptes })).toMatchObject({
      faults: [['0x20000000', '0x100000006']],
      sptes: [['0x7ffffff', 1, 'none', 'rwxad']],
    });
  });

  it.each([
    ['{"bye":true}', { kind: 'bye' }],
    ['{"scenario":4,"end":true}', { kind: 'end', scenario: 4 }],
    ['{"fatal":"/dev/kvm: No such device"}', { kind: 'fatal', what: '/dev/kvm: No such device' }],
    [
      '{"scenario":4,"statement":1,"skipped":"there is no such slot"}',
      { kind: 'skipped', scenario: 4, index: 1, why: 'there is no such slot' },
    ],
  ])('reads %s', (line, expected) => {
    expect(decodeLine(line)).toEqual(expected);
  });

  it.each([
    ['', /violated its protocol/],
    ['[    0.000000] Linux version', /violated its protocol/],
    ['{"scenario":0', /violated its protocol/],
    ['null', /violated its protocol/],
    ['{"scenario":0,"statement":1}', /without a result/],
    ['{"result":"ok"}', /without a result/],
    ['{"scenario":0,"statement":1,"result":"ok"}', /without a result/],
    [statement({ lost: 1 }), /overflowed/],
  ])('refuses %s', (line, message) => {
    expect(() => decodeLine(line)).toThrow(message);
  });
});
