import { describe, expectTypeOf, it } from 'vitest';
import type { NameNode, NumberNode, Span, StatementOf } from '../../../src/language';

/** The compiler checks these: `npm run types` fails where a type of a statement is not that of its row in the table. */
describe('the types of statements', () => {
  it('know the words of a choice', () => {
    expectTypeOf<StatementOf<'fault'>['choices']['access']['text']>().toEqualTypeOf<
      'read' | 'write' | 'exec'
    >();
    expectTypeOf<StatementOf<'host'>['choices']['access']['text']>().toEqualTypeOf<'read' | 'write'>();
  });

  it('tell what is always there from what may be left out', () => {
    expectTypeOf<StatementOf<'rmpupdate'>['numbers']['offset']['value']>().toEqualTypeOf<bigint>();
    expectTypeOf<StatementOf<'rmpupdate'>['numbers']['asid']>().toMatchTypeOf<NumberNode | undefined>();
    expectTypeOf<undefined>().toMatchTypeOf<StatementOf<'rmpupdate'>['numbers']['asid']>();
    expectTypeOf<undefined>().toMatchTypeOf<StatementOf<'fault'>['choices']['as']>();
    expectTypeOf<StatementOf<'continue'>['names']['call']>().toEqualTypeOf<NameNode>();
    expectTypeOf<StatementOf<'gmem'>['flags']['mmap']>().toEqualTypeOf<Span | undefined>();
  });

  it('have nothing that the row does not have', () => {
    expectTypeOf<StatementOf<'delete'>['numbers']>().not.toHaveProperty('gpa');
    expectTypeOf<StatementOf<'slot'>['flags']>().not.toHaveProperty('mmap');
    expectTypeOf<StatementOf<'kernel'>['names']>().not.toHaveProperty('knob');
  });
});
