import type { Paint, Painted } from './painted';

/** Red, green and blue from 0 to 255, and opacity from 0 to 1. */
type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** A colour as browsers write what they computed. */
function parse(text: string): Colour {
  const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(text);
  const plain = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text);
  const parts = (mixed ?? plain)?.slice(1).map((part) => (part === undefined ? 1 : Number(part)));
  if (parts === undefined) throw new Error(`${JSON.stringify(text)} is no colour`);
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts;
  const scale = mixed === null ? 1 : 255;
  return [red * scale, green * scale, blue * scale, alpha];
}

/** A colour on an opaque one. */
function over([red, green, blue, alpha]: Colour, under: Colour): Colour {
  const mix = (top: number, bottom: number) => top * alpha + bottom * (1 - alpha);
  return [mix(red, under[0]), mix(green, under[1]), mix(blue, under[2]), 1];
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * Contrast of two opaque colours as browsers write them, `rgb(r, g, b)`: 1 for the same, 21 for black and white.
 * WCAG 2.1, definitions of contrast ratio and relative luminance.
 */
export function contrast(one: string, other: string): number {
  const colours = [parse(one), parse(other)] as const;
  if (colours.some(([, , , alpha]) => alpha !== 1)) throw new Error(`${one} or ${other} is no opaque colour`);
  return contrastOf(...colours);
}

/** The smallest contrasts by WCAG 2.1, level AA: of text (success criterion 1.4.3), and of graphics (1.4.11). */
const LEAST: Readonly<Record<Painted['kind'], number>> = { text: 4.5, 'large text': 3, graphic: 3 };

function colourOf({ colour, opacity }: Paint): Colour {
  const [red, green, blue, alpha] = parse(colour);
  return [red, green, blue, alpha * opacity];
}

function written(colour: Colour): string {
  return `#${colour
    .slice(0, 3)
    .map((channel) => Math.round(channel).toString(16).padStart(2, '0'))
    .join('')}`;
}

/** What cannot be seen well enough, with its colours and its contrast; the same twice is listed once. */
export function tooPale(all: readonly Painted[]): readonly string[] {
  const pale = all.flatMap(({ what, kind, paints, behind }) => {
    const ground = behind
      .map(colourOf)
      .reduceRight<Colour>((under, top) => over(top, under), [255, 255, 255, 1]);
    const colours = paints.map((paint) => over(colourOf(paint), ground));
    const best = Math.max(...colours.map((colour) => contrastOf(colour, ground)));
    const names = colours.map(written).join(' or ');
    return best < LEAST[kind]
      ? [`${kind} ${what}: ${names} on ${written(ground)} is ${best.toFixed(2)}`]
      : [];
  });
  return [...new Set(pale)];
}
