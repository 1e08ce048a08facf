/** Figures of a scenario's state, of what a statement changed, and of calls that overlap: as SVG, text and page. */

export { ascii } from './ascii';
export { type FigureSource, sourceOfState } from './build';
export type { Figure, LaneId } from './figure';
export { html } from './html';
export { DEFAULT_WIDTH, LEAST_WIDTH, layoutFigure, MOST_WIDTH } from './layout';
export type * from './layout/types';
export { type MemoryMap, memoryMapOf } from './map';
export { scheduleAscii } from './schedule/ascii';
export { drawSchedule, tooWide } from './schedule/draw';
export type { Schedule } from './schedule/schedule';
export { scheduleSvg } from './schedule/svg';
export { type DrawnStep, drawStep, figureOfStep, findStep } from './steps';
export { svg } from './svg';
export { isEdited, sealed, unsealed } from './svg/seal';
export { pageStyleSheet, viewStyleSheet } from './svg/style';
