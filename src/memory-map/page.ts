/** The page of the memory map: shows what the extension sends and posts the user's actions. */
import type { MenuItem } from './menu';
import { type FromPage, type PageMap, type PageShape, readToPage } from './messages';
import { Picture } from './picture';
import { Slider } from './slider';

interface Host {
  readonly postMessage: (message: FromPage) => void;
  readonly getState: () => unknown;
  readonly setState: (state: object) => void;
}

declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
const post = (message: FromPage) => host.postMessage(message);

function find<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no ${id}`);
}

const button = (id: string) => find(id, HTMLButtonElement);
const box = (id: string) => find(id, HTMLElement);

let shown: PageMap | undefined;

/** `Go to the statement that zapped it`, and the breakpoints as toggles. */
function itemsFor({ place, whats, made }: PageShape): readonly MenuItem[] {
  const breakpoints = shown?.breakpoints ?? [];
  const goTo: MenuItem = {
    label: `Go to the statement that ${made ?? 'changed'} it`,
    run: () => post({ type: 'made', place, what: made }),
  };
  const stops = [...whats, null].map((what): MenuItem => {
    return {
      label: what === null ? 'Break when anything changes it' : `Break when ${what}`,
      checked: breakpoints.includes(what === null ? place : `${place} ${what}`),
      run: () => post({ type: 'breakpoint', place, what }),
    };
  });
  return [goTo, ...stops];
}

function isWatched({ place }: PageShape): boolean {
  return shown?.breakpoints.some((one) => one === place || one.startsWith(`${place} `)) ?? false;
}

function keyBefore(): string | undefined {
  const state = host.getState();
  if (typeof state !== 'object' || state === null || !('key' in state)) return undefined;
  return typeof state.key === 'string' ? state.key : undefined;
}

const picture = new Picture(
  box('figure'),
  box('tooltip'),
  box('menu'),
  { itemsFor, isWatched, remember: (key) => host.setState({ key }) },
  keyBefore(),
);

const slider = new Slider(
  find('slider', HTMLInputElement),
  {
    previousStatement: button('previous-statement'),
    previous: button('previous'),
    next: button('next'),
    nextStatement: button('next-statement'),
  },
  (at, request) => post({ type: 'goTo', at, request }),
);

button('statement').addEventListener('click', () => post({ type: 'source' }));

function show(map: PageMap): void {
  const { svg, shapes, statement, source, where, facts, outcome, alternative, course, answers } = map;
  box('map').hidden = false;
  // A notice applies to one moment only.
  if (where !== shown?.where || statement !== shown.statement) box('notice').textContent = '';
  shown = map;
  button('statement').textContent = statement === '' ? 'Nothing has run yet' : statement;
  button('statement').title = source;
  box('where').textContent = where;
  box('facts').textContent = facts;
  box('outcome').textContent = outcome.join(' · ');
  box('alternative').textContent = alternative;
  box('latest').hidden = !shapes.some(({ latest }) => latest);
  slider.show(course, where, answers);
  picture.show(svg, shapes);
}

function notify(text: string, clears: boolean): void {
  box('notice').textContent = text;
  if (!clears) return;
  shown = undefined;
  box('map').hidden = true;
  picture.clear();
}

window.addEventListener('message', ({ data }) => {
  const message = readToPage(data);
  if (message?.type === 'map') show(message.map);
  else if (message?.type === 'notice') notify(message.text, message.clears);
});

/** Milliseconds without resizing after which a new picture is requested. */
const PAUSE = 100;
let width = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function tellWidth(): void {
  const now = Math.floor(box('page').clientWidth);
  if (now === width || now <= 0) return;
  width = now;
  post({ type: 'width', width });
}

new ResizeObserver(() => {
  clearTimeout(timer);
  timer = setTimeout(tellWidth, width === 0 ? 0 : PAUSE);
}).observe(box('page'));
