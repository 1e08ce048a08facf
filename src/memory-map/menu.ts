/** The menu of a shape's actions, for mouse and keyboard. */

export interface MenuItem {
  readonly label: string;
  /** Set for items that are toggles. */
  readonly checked?: boolean;
  readonly run: () => void;
}

/** A menu in `element`, which is hidden while it is closed. */
export class Menu {
  private onClose: (() => void) | undefined;

  constructor(private readonly element: HTMLElement) {
    element.addEventListener('keydown', (event) => this.key(event));
    element.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) this.close(false);
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** @param onClose Restores the focus if the menu had it. */
  open(name: string, items: readonly MenuItem[], at: DOMRect, onClose: () => void): void {
    this.onClose = onClose;
    this.element.setAttribute('aria-label', name);
    this.element.replaceChildren(...items.map((item) => this.button(item)));
    this.element.hidden = false;
    place(this.element, at);
    this.buttons()[0]?.focus();
  }

  close(returnsFocus: boolean): void {
    if (!this.isOpen) return;
    this.element.hidden = true;
    if (returnsFocus) this.onClose?.();
    this.onClose = undefined;
  }

  private buttons(): readonly HTMLButtonElement[] {
    return [...this.element.querySelectorAll('button')];
  }

  private button({ label, checked, run }: MenuItem): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = -1;
    button.textContent = label;
    button.setAttribute('role', checked === undefined ? 'menuitem' : 'menuitemcheckbox');
    if (checked !== undefined) button.setAttribute('aria-checked', String(checked));
    button.addEventListener('click', () => {
      this.close(true);
      run();
    });
    return button;
  }

  private key(event: KeyboardEvent): void {
    const buttons = this.buttons();
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[
      event.key
    ];
    if (to !== undefined) buttons[to % buttons.length]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Places a box below an anchor, or above it if there is more room, inside the window. */
export function place(element: HTMLElement, at: DOMRect): void {
  const { width, height } = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const gap = 4;
  const under = at.bottom + gap;
  const top = under + height <= clientHeight || at.top < height ? under : at.top - gap - height;
  element.style.left = `${Math.max(gap, Math.min(at.left, clientWidth - width - gap))}px`;
  element.style.top = `${Math.max(gap, Math.min(top, clientHeight - height - gap))}px`;
}
