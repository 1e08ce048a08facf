/** Tries every order of the steps of calls that run at the same time. */
export { type Order, type OrderedStep, orderTo, type Place } from './order';
export type { Outcome } from './outcome';
export type { Race, RaceCall, RaceTask } from './race';
export {
  type Found,
  type Returned,
  type SearchOptions,
  type SearchProgress,
  type SearchResult,
  search,
  type Wrong,
} from './search';
