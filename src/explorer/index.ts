/** Tries every order of the steps of calls that run at the same time. */
export { type Order, type OrderedStep, orderOf, orderTo } from './order';
export {
  type Found,
  type Place,
  type Returned,
  type SearchOptions,
  type SearchProgress,
  type SearchResult,
  search,
} from './search';
export { type Known, learn, Walk } from './walk';
