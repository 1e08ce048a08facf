/** The language: from text to a program. */
import { analyze } from '../../src/language';
import { measure, printTable } from './measure';

/** A scenario of so many lines, each a statement. */
export function longScenario(lines: number): string {
  const text = ['kernel linux-7.3', 'vm sw-protected vcpus 2', 'gmem A size 1G'];
  text.push('slot 0 gpa 0x40000000 size 1G gmem A offset 0');
  for (let at = text.length; at < lines; at++) {
    const gpa = `0x${(0x40000000 + (at % 4096) * 4096).toString(16)}`;
    const statements = [
      `convert gpa ${gpa} size 64K private`,
      `fault vcpu ${at % 2} write gpa ${gpa}`,
      `punch A offset ${(at % 4096) * 4}K size 8K  # a hole`,
      `prefault vcpu 0 gpa ${gpa} size 32K`,
    ];
    text.push(statements[at % statements.length]!);
  }
  return `${text.join('\n')}\n`;
}

export async function benchLanguage(): Promise<void> {
  const rows = await measure(
    [100, 1_000, 10_000].map((lines) => {
      const text = longScenario(lines);
      return {
        name: `${lines.toLocaleString('en')} lines`,
        run: () => analyze(text),
        amount: { count: lines, unit: 'lines' },
      };
    }),
  );
  printTable('Parse, validate and compile', rows);
}
