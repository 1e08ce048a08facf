/** Figures of a scenario's state, and of what a statement changed: as SVG, as plain text, as a page. */

export { ascii } from './ascii';
export { type FigureSource, figureOf } from './build';
export type { Asked, Figure, Lane, LaneId, Link, Panel, RootKind, Segment } from './figure';
export { html } from './html';
export { type LaneWord, MEANINGS } from './lane-words';
export { DEFAULT_WIDTH, type LayoutOptions, LEAST_WIDTH, layoutFigure, MOST_WIDTH } from './layout';
export type * from './layout/types';
export { type MemoryMap, memoryMapOf, type Shape } from './map';
export type { Fact } from './numbers';
export { type FoundStep, figureOfStep, findStep } from './steps';
export { escapeXml, svg } from './svg';
export { pageStyleSheet, viewStyleSheet } from './svg/style';
