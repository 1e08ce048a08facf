/** The language server. */
export { LONGEST_TEXT } from './documents';
export type { FoundChange, StatementMap } from './memory-map';
export type { OrderView, OutcomeView, RacesView, RaceView } from './races/requests';
export { type LanguageServer, startLanguageServer } from './server';
