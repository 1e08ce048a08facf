/** A rule of the manual: the first whose condition holds decides. */
export interface Rule<Row> {
  /** As the page of golden rows says it. */
  readonly why: string;
  readonly when: (row: Row) => boolean;
  readonly result: string | ((row: Row) => string);
}

/** Which rule decides a row, and what comes of it. */
export function decide<Row>(
  rules: readonly Rule<Row>[],
  row: Row,
): { readonly why: string; readonly result: string } {
  const rule = rules.find(({ when }) => when(row));
  if (rule === undefined) throw new Error('no rule decides');
  const { why, result } = rule;
  return { why, result: typeof result === 'string' ? result : result(row) };
}

/** The last rule: what holds where no other does. */
export const otherwise = () => true;

/** All combinations, the last input changing fastest. */
export function combinations<T extends Record<string, readonly unknown[]>>(inputs: T) {
  type One = { [K in keyof T]: T[K][number] };
  let rows: Partial<One>[] = [{}];
  for (const [name, values] of Object.entries(inputs)) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }
  return rows as One[];
}
