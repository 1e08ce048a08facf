/**
 * What a page paints, with what is really behind it. Runs in the page: it may use nothing of this module.
 */

/** A colour as the browser computes it, and how opaque the elements around it make it, from 0 to 1. */
export interface Paint {
  readonly colour: string;
  readonly opacity: number;
}

export interface Painted {
  readonly what: string;
  readonly kind: 'text' | 'large text' | 'graphic';
  /** One for a text. A graphic is seen if its fill or its line is. */
  readonly paints: readonly Paint[];
  /** What is behind it, from front to back, down to an opaque colour. */
  readonly behind: readonly Paint[];
}

export interface PaintedOptions {
  /** Selects the elements whose texts, icons and shapes are listed, with all elements in them. */
  readonly selector: string;
  /** Without the few colours of the system: for whoever chooses a theme of high contrast in the settings. */
  readonly unforced: boolean;
}

/** Lists what a page paints. */
export function painted(root: Element, { selector, unforced }: PaintedOptions): readonly Painted[] {
  const SHAPES = 'rect, path, circle, ellipse, line, polygon, polyline';
  /** The ground of a drawing, and bands that only repeat what the lines at their edges say. */
  const GROUND = '.paper, .plate, .tie, defs *, clipPath *, mask *';
  /** The words of a document and the hints between them have VS Code's colours; the texts after lines have ours. */
  const WORDS = '.view-line *';
  // What lets the pointer through is not found at a point otherwise.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `*, ::before, ::after { pointer-events: auto !important; ${unforced ? 'forced-color-adjust: none !important;' : ''} }`,
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const found: Painted[] = [];

  const opacityOf = (element: Element | null): number =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
  const drawn = (element: Element, property: 'fill' | 'stroke'): Paint | undefined => {
    const style = getComputedStyle(element);
    const named = /^url\("#([^"]+)"\)/.exec(style[property])?.[1];
    const back = named === undefined ? null : document.getElementById(named)?.querySelector('rect');
    const colour = back === null || back === undefined ? style[property] : getComputedStyle(back).fill;
    const own = Number(property === 'fill' ? style.fillOpacity : style.strokeOpacity);
    return colour === 'none' ? undefined : { colour, opacity: own * opacityOf(element) };
  };
  const isShape = (element: Element) => element.matches(SHAPES);
  const isDrawn = (element: Element) => element instanceof SVGElement && element.localName !== 'svg';
  const isBefore = (one: Element, other: Element) =>
    (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

  const behind = (
    element: Element,
    { x, y }: { x: number; y: number },
    itself: boolean,
  ): readonly Paint[] => {
    const stack = document.elementsFromPoint(x, y);
    const at = stack.indexOf(element);
    // Shapes of a drawing cover each other in the order of the document, others as the browser says.
    const under = isDrawn(element)
      ? stack.filter((one) => one !== element && (!isDrawn(one) || isBefore(one, element)))
      : at < 0
        ? []
        : stack.slice(itself ? at : at + 1);
    const paints = under.flatMap((one): readonly (Paint | undefined)[] => {
      if (isShape(one)) return [drawn(one, 'fill')];
      if (isDrawn(one)) return [];
      return [{ colour: getComputedStyle(one).backgroundColor, opacity: opacityOf(one) }];
    });
    const paper = document.createElement('i');
    paper.style.backgroundColor = 'var(--vscode-editor-background, Canvas)';
    document.documentElement.append(paper);
    const last = { colour: getComputedStyle(paper).backgroundColor, opacity: 1 };
    paper.remove();
    return [...paints.filter((paint) => paint !== undefined), last];
  };
  const middle = ({ left, top, width, height }: DOMRect) => ({ x: left + width / 2, y: top + height / 2 });
  const isIn = ({ x, y }: { x: number; y: number }) => x > 0 && y > 0 && x < innerWidth && y < innerHeight;
  const kindOf = (style: CSSStyleDeclaration): Painted['kind'] => {
    if (style.fontFamily.includes('codicon')) return 'graphic';
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    return isLarge ? 'large text' : 'text';
  };
  const add = (
    element: Element,
    box: () => DOMRect | undefined,
    what: string,
    style: CSSStyleDeclaration,
  ) => {
    // Its beginning: the rest may be cut.
    const place = () => {
      const { left, top, width, height } = box() ?? element.getBoundingClientRect();
      return middle(new DOMRect(left, top, Math.min(width, 8), height));
    };
    if (!isIn(place())) element.scrollIntoView({ block: 'center' });
    const point = place();
    // Something else is in front of it.
    if (!isIn(point) || !document.elementsFromPoint(point.x, point.y).includes(element)) return;
    const colour = isDrawn(element)
      ? drawn(element, 'fill')
      : { colour: style.color, opacity: opacityOf(element) };
    if (colour === undefined) return;
    found.push({ what, kind: kindOf(style), paints: [colour], behind: behind(element, point, true) });
  };

  const isOff = (element: Element) =>
    element.closest(':disabled, [aria-disabled="true"], .disabled') !== null;
  const everything = [...root.querySelectorAll(selector)].flatMap((one) => [
    one,
    ...one.querySelectorAll('*'),
  ]);
  for (const element of new Set(everything)) {
    if (isOff(element) || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      continue;
    if (element.matches('script, style, title, desc, iframe, defs *')) continue;
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim() || element.matches(WORDS)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = () => range.getClientRects()[0];
      add(element, box, node.textContent.trim(), getComputedStyle(element));
    }
    for (const side of ['::before', '::after'] as const) {
      const style = getComputedStyle(element, side);
      if (!/^"[^"]*\S/.test(style.content)) continue;
      const boxes = () => [...element.getClientRects()];
      add(
        element,
        () => (side === '::before' ? boxes()[0] : boxes().at(-1)),
        `${side} ${style.content}`,
        style,
      );
    }
    if (!isShape(element) || element.matches(GROUND)) continue;
    const paints = [drawn(element, 'fill'), drawn(element, 'stroke')].filter((paint) => paint !== undefined);
    if (paints.length === 0) continue;
    const place = () => middle(element.getBoundingClientRect());
    if (!isIn(place())) element.scrollIntoView({ block: 'center' });
    const what = `${element.localName} ${element.getAttribute('class') ?? element.outerHTML.slice(0, 60)}`;
    found.push({ what, kind: 'graphic', paints, behind: behind(element, place(), false) });
  }
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  return found;
}
