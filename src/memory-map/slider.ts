/** The slider over moments or statements, and the buttons beside it. */
import type { Course } from './messages';

/** Milliseconds without another move after which the last position is requested. */
const PAUSE = 80;

interface Buttons {
  readonly previousStatement: HTMLButtonElement;
  readonly previous: HTMLButtonElement;
  readonly next: HTMLButtonElement;
  readonly nextStatement: HTMLButtonElement;
}

export class Slider {
  private course: Course | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private requests = 0;

  /** @param goTo Requests a moment; answers carry the number of the request. */
  constructor(
    private readonly input: HTMLInputElement,
    private readonly buttons: Buttons,
    private readonly goTo: (at: number, request: number) => void,
  ) {
    input.addEventListener('input', () => {
      input.setAttribute('aria-valuetext', `${this.course?.unit ?? ''} ${input.value} of ${input.max}`);
      this.plan(Number(input.value), PAUSE);
    });
    const bind = (button: HTMLButtonElement, target: (course: Course) => number | null) =>
      button.addEventListener('click', () => {
        const to = this.course && target({ ...this.course, at: Number(input.value) });
        if (to != null && button.getAttribute('aria-disabled') !== 'true') this.plan(to, 0);
      });
    bind(buttons.previousStatement, ({ previousStatement }) => previousStatement);
    bind(buttons.previous, ({ at, first }) => (at > first ? at - 1 : null));
    bind(buttons.next, ({ at, last }) => (at < last ? at + 1 : null));
    bind(buttons.nextStatement, ({ nextStatement }) => nextStatement);
  }

  /** @param answers Number of the request that the map answers; an older one does not move the slider. */
  show(course: Course, where: string, answers: number): void {
    this.course = course;
    const { input, buttons } = this;
    // After the page is reloaded, its request numbers continue from those of the old page.
    if (this.requests === 0) this.requests = answers;
    const isLate = answers < this.requests;
    input.min = String(course.first);
    input.max = String(course.last);
    input.setAttribute('aria-label', course.unit === 'moment' ? 'Moment of the run' : 'Statement');
    // A disabled button would lose the focus while the user presses it repeatedly.
    const offer = (button: HTMLButtonElement, isOffered: boolean) =>
      button.setAttribute('aria-disabled', String(!isOffered));
    offer(buttons.previousStatement, course.previousStatement !== null);
    offer(buttons.nextStatement, course.nextStatement !== null);
    offer(buttons.previous, course.at > course.first);
    offer(buttons.next, course.at < course.last);
    const ofMoments = course.unit === 'moment';
    buttons.previous.hidden = !ofMoments;
    buttons.next.hidden = !ofMoments;
    if (isLate) return;
    input.value = String(course.at);
    input.setAttribute('aria-valuetext', where);
  }

  private plan(at: number, pause: number): void {
    this.input.value = String(at);
    const request = ++this.requests;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.goTo(at, request), pause);
  }
}
