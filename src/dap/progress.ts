/** Reports the progress of a long run to the client. */
import type { Context } from './context';

/** Number of slices before the first report, and between two reports. */
const SLICES = 16;

export class Progress {
  private slices = 0;
  private runs = 0;
  private shown = false;

  begin(): void {
    this.slices = 0;
    this.runs++;
  }

  /** After each slice. */
  advance({ client, scenario, sendEvent }: Context): void {
    this.slices++;
    if (!client.showsProgress || scenario === null || this.slices % SLICES !== 0) return;
    const { timeline, program } = scenario;
    const total = program.statements.length;
    const message = `statement ${timeline.current.statement + 1} of ${total}`;
    const percentage = Math.floor((100 * timeline.current.statement) / total);
    const body = { progressId: String(this.runs), message, percentage };
    if (this.shown) sendEvent('progressUpdate', body);
    else sendEvent('progressStart', { ...body, title: 'Running the scenario', cancellable: true });
    this.shown = true;
  }

  end({ sendEvent }: Pick<Context, 'sendEvent'>): void {
    if (this.shown) sendEvent('progressEnd', { progressId: String(this.runs) });
    this.shown = false;
  }
}
