/** The drawing: its shapes can be hovered, walked with the keyboard, and opened for a menu of actions. */
import { Menu, type MenuItem, place } from './menu';
import type { PageShape } from './messages';
import { walk } from './walk';

export interface Actions {
  readonly itemsFor: (shape: PageShape) => readonly MenuItem[];
  readonly isWatched: (shape: PageShape) => boolean;
  /** Called with the focused shape, so that the focus can be restored. */
  readonly remember: (key: string) => void;
}

/** The dot of a breakpoint, in the corner of a box. */
function markWatched(element: SVGGElement, { rect }: PageShape): void {
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  const radius = 4;
  for (const [name, value] of Object.entries({ cx: rect.x + rect.width - 1, cy: rect.y + 1, r: radius }))
    dot.setAttribute(name, String(value));
  dot.setAttribute('class', 'dot');
  element.append(dot);
  element.setAttribute('aria-label', `${element.getAttribute('aria-label')}, breakpoint`);
}

export class Picture {
  private shapes: readonly PageShape[] = [];
  private elements: readonly SVGGElement[] = [];
  /** Index of the shape that the Tab key reaches. */
  private current = 0;
  private readonly menu: Menu;

  constructor(
    private readonly figure: HTMLElement,
    private readonly tooltip: HTMLElement,
    menu: HTMLElement,
    private readonly actions: Actions,
    private wanted: string | undefined,
  ) {
    this.menu = new Menu(menu);
    figure.addEventListener('pointerover', ({ target }) => this.tell(this.indexOf(target)));
    figure.addEventListener('pointerout', () => this.tellFocused());
    figure.addEventListener('focusin', ({ target }) => this.focused(this.indexOf(target)));
    figure.addEventListener('focusout', () => this.hide());
    figure.addEventListener('click', ({ target }) => this.ask(this.indexOf(target)));
    figure.addEventListener('keydown', (event) => this.key(event));
    window.addEventListener('scroll', () => this.hide(), { passive: true });
  }

  /** Shows a drawing and keeps the focus on the same shape if it still exists. */
  show(svg: string, shapes: readonly PageShape[]): void {
    const hadFocus = this.figure.contains(document.activeElement);
    const before = this.shapes[this.current]?.key ?? this.wanted;
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    this.menu.close(false);
    this.hide();
    this.figure.replaceChildren(document.importNode(drawn, true));
    this.shapes = shapes;
    this.elements = [...this.figure.querySelectorAll<SVGGElement>('[data-shape]')];
    this.elements.forEach((element, at) => {
      const shape = shapes[at];
      if (shape !== undefined && this.actions.isWatched(shape)) markWatched(element, shape);
    });
    const same = shapes.findIndex(({ key }) => key === before);
    const news = shapes.findIndex(({ changed }) => changed);
    this.current = Math.max(0, same >= 0 ? same : news);
    this.elements[this.current]?.setAttribute('tabindex', '0');
    if (hadFocus) this.elements[this.current]?.focus();
  }

  clear(): void {
    this.hide();
    this.menu.close(false);
    this.figure.replaceChildren();
    this.shapes = [];
    this.elements = [];
  }

  private indexOf(target: EventTarget | null): number {
    const element = target instanceof Element ? target.closest('[data-shape]') : null;
    return element === null ? -1 : Number(element.getAttribute('data-shape'));
  }

  private focused(at: number): void {
    const shape = this.shapes[at];
    if (shape === undefined) return;
    this.elements[this.current]?.setAttribute('tabindex', '-1');
    this.elements[at]?.setAttribute('tabindex', '0');
    this.current = at;
    this.actions.remember(shape.key);
    this.tell(at);
  }

  private tellFocused(): void {
    if (this.figure.contains(document.activeElement)) this.tell(this.indexOf(document.activeElement));
    else this.hide();
  }

  /** Shows the numbers of a shape beside it. */
  private tell(at: number): void {
    const [shape, element] = [this.shapes[at], this.elements[at]];
    if (shape === undefined || element === undefined || this.menu.isOpen) return;
    const list = document.createElement('dl');
    for (const [name, value] of shape.numbers) {
      const [term, description] = [document.createElement('dt'), document.createElement('dd')];
      term.textContent = name;
      description.textContent = value;
      list.append(term, description);
    }
    const title = document.createElement('p');
    title.textContent = this.elements[at]?.getAttribute('aria-label') ?? shape.about;
    this.tooltip.replaceChildren(title, list);
    this.tooltip.hidden = false;
    element.setAttribute('aria-describedby', this.tooltip.id);
    place(this.tooltip, element.getBoundingClientRect());
  }

  private hide(): void {
    this.tooltip.hidden = true;
  }

  private ask(at: number): void {
    const [shape, element] = [this.shapes[at], this.elements[at]];
    if (shape === undefined || element === undefined) return;
    element.focus();
    this.hide();
    const items = this.actions.itemsFor(shape);
    this.menu.open(shape.about, items, element.getBoundingClientRect(), () => this.elements[at]?.focus());
  }

  private key(event: KeyboardEvent): void {
    const at = this.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') this.hide();
    else if (event.key === 'Enter' || event.key === ' ' || event.key === 'ContextMenu') this.ask(at);
    else {
      const to = walk(
        this.shapes.map(({ rect }) => rect),
        at,
        event.key,
      );
      if (to === undefined) return;
      this.elements[to]?.focus();
    }
    event.preventDefault();
  }
}
