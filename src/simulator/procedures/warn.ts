/** Warnings of the kernel. */
import type { Machine } from '../machine';

/** WARN_ON_ONCE(): only the first time since the host started. */
export function warnOnce(machine: Machine, text: string): void {
  const { warned } = machine.state;
  if (warned.includes(text)) return;
  machine.set({ warned: [...warned, text] });
  machine.emit({ type: 'warn', text });
}
