import { expect, it } from 'vitest';
import { formatRecording } from '../../kernel/recording';

it('writes the keys in the order of the recordings, and leaves out what is not there', () => {
  const line = formatRecording({
    name: 'one',
    kernel: 'linux-7.3',
    source: 'close A\n',
    expected: [
      { flush: true, sptes: [['0x1', 1, 'rwxad', 'none']], faults: [], result: 'ok', line: 4 },
      { line: 5, result: 'ENOENT', left: '0x1000', faults: [], sptes: [], flush: false },
    ],
  });
  expect(line).toBe(
    '{"name":"one","kernel":"linux-7.3","source":"close A\\n","expected":[' +
      '{"line":4,"result":"ok","faults":[],"sptes":[["0x1",1,"rwxad","none"]],"flush":true},' +
      '{"line":5,"result":"ENOENT","left":"0x1000","faults":[],"sptes":[],"flush":false}]}\n',
  );
});
