/**
 * Function breakpoints: on a procedure of the kernel, or on changes if the name is a watch:
 * `gfn 0x80000..0x80010 zapped`. Clients that cannot request data breakpoints use the latter.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { parseWatch } from '../../expressions';
import { must } from '../../simulator';
import { optionalText, records } from '../arguments';
import { locateFunction } from '../breakpoints/locate';
import type { Handler } from '../context';
import { replaceBreakpoints, ruleOf, type Wished } from './breakpoints';
import { dataBreakpointBody, dataBreakpointOf } from './data-breakpoints';

export const setFunctionBreakpoints: Handler = (context, args) => {
  const asked = records(args, 'breakpoints').map((one) => {
    const name = optionalText(one, 'name') ?? '';
    return { name, rule: ruleOf(one), isWatch: parseWatch(name) !== null };
  });
  const wishes = asked
    .filter(({ isWatch }) => !isWatch)
    .map(({ name, rule }): Wished => {
      return { locate: ({ program }) => locateFunction(program.setup, name), rule };
    });
  const procedures = replaceBreakpoints(context, 'functions', wishes).values();
  context.namedWatches = asked
    .filter(({ isWatch }) => isWatch)
    .map(({ name, rule }) => dataBreakpointOf(context, name, rule));
  const watches = context.namedWatches.map(dataBreakpointBody).values();
  const breakpoints = asked.map(({ isWatch, name }): DebugProtocol.Breakpoint => {
    return must((isWatch ? watches : procedures).next().value, `breakpoint ${name}`);
  });
  return { body: { breakpoints } };
};
