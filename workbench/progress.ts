import { megabytes, type Progress } from './vscode-build';

const steps = { download: 'Fetching VS Code for the browser (once)', unpack: 'Unpacking it' };

interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows download progress: one line that is updated on a terminal, one line per 10 % in a log. */
export function progressPrinter(output: Output): { show(progress: Progress): void; end(): void } {
  let shown = '';
  let lastStep: Progress['step'] | undefined;
  const write = (text: string) => {
    if (text === shown) return;
    shown = text;
    output.write(output.isTTY ? `\r${text}\u001b[K` : `${text}\n`);
  };
  return {
    show({ step, done, total, size }) {
      if (output.isTTY && lastStep !== undefined && step !== lastStep) output.write('\n');
      lastStep = step;
      const percent = Math.min(100, Math.floor((done * 100) / total));
      const coarse = output.isTTY ? percent : Math.floor(percent / 10) * 10;
      write(`${steps[step]}: ${coarse} % of ${megabytes(size)}`);
    },
    end() {
      if (output.isTTY && shown !== '') output.write('\n');
    },
  };
}
