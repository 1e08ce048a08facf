/** Figures of a scenario's state, and of what a statement changed: as SVG, as plain text, as a page. */

export { ascii } from './ascii';
export { type FigureSource, sourceOfState } from './build';
export type { Figure, LaneId } from './figure';
export { html } from './html';
export { DEFAULT_WIDTH, LEAST_WIDTH, layoutFigure, MOST_WIDTH } from './layout';
export type * from './layout/types';
export { type MemoryMap, memoryMapOf } from './map';
export { type DrawnStep, drawStep, figureOfStep, findStep } from './steps';
export { svg } from './svg';
export { isEdited, sealed, unsealed } from './svg/seal';
export { pageStyleSheet, viewStyleSheet } from './svg/style';
