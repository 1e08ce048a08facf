import type { MarkdownIt, RendererRule, StateCore, Token } from 'markdown-it';
import { findInMarkdown, type ShownScenario, scenariosOf } from '../../documents';
import { elementAt, must } from '../../simulator';
import { type Budget, PREVIEW_BUDGET, scenarioHtml } from './scenario-html';

/** Renders scenario fences in the Markdown preview. VS Code passes its own markdown-it. */

/** Number of scenarios whose pictures are cached: a preview is rendered again with each letter typed. */
const MOST_KEPT = 100;

class Pictures {
  private readonly kept = new Map<string, string>();

  of(scenario: ShownScenario, budget: Budget): string {
    const { before, text, fragment, figured } = scenario;
    const key = JSON.stringify([before, text, fragment, figured]);
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const had = budget.left;
    const html = scenarioHtml(scenario, budget);
    // What exceeded the budget because of other scenarios may fit next time.
    if (budget.left > 0 || had === PREVIEW_BUDGET) this.keep(key, html);
    return html;
  }

  private keep(key: string, html: string): void {
    this.kept.set(key, html);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}

interface Meta {
  readonly gmemscope?: string;
}

function metaOf({ meta }: Token): Meta {
  return (meta ?? {}) as Meta;
}

/** Adds the plugin to a markdown-it and returns it, as VS Code requires. */
export function extendMarkdownIt(md: MarkdownIt): MarkdownIt {
  const pictures = new Pictures();
  md.core.ruler.push('gmemscope', ({ src, tokens }: StateCore) => {
    if (!src.includes('gmem')) return;
    const shown = new Map(scenariosOf(src, findInMarkdown).map((one) => [one.start, one]));
    const budget = { left: PREVIEW_BUDGET };
    for (const token of tokens) {
      const scenario = token.type === 'fence' && token.map ? shown.get(token.map[0] + 1) : undefined;
      if (scenario?.shown) token.meta = { ...metaOf(token), gmemscope: pictures.of(scenario, budget) };
    }
  });
  const fence: RendererRule = must(md.renderer.rules.fence, 'rule for fences');
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const token = elementAt(tokens, at);
    const { gmemscope } = metaOf(token);
    if (gmemscope === undefined) return fence(tokens, at, options, env, self);
    // The attributes keep the preview scrolled to the edited line.
    return `<div${self.renderAttrs(token)}>${gmemscope}</div>\n`;
  };
  return md;
}
