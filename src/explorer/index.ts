/** Tries every order of the steps of calls that run at the same time. */
export type { Race, RaceCall, RaceTask } from './race';
export {
  type Found,
  type SearchOptions,
  type SearchProgress,
  type SearchResult,
  search,
  type Wrong,
} from './search';
