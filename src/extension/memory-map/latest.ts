/** Asks one question at a time: of those that arrive meanwhile, only the latest is asked. */
export class Latest {
  private isAsking = false;
  private waiting: (() => Promise<void>) | undefined;

  /** @param ask Must not reject. */
  ask(ask: () => Promise<void>): void {
    this.waiting = ask;
    if (!this.isAsking) void this.run();
  }

  private async run(): Promise<void> {
    this.isAsking = true;
    while (this.waiting !== undefined) {
      const ask = this.waiting;
      this.waiting = undefined;
      await ask();
    }
    this.isAsking = false;
  }
}
