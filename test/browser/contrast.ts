/**
 * Contrast of two opaque colours as browsers write them, `rgb(r, g, b)`: 1 for the same, 21 for black and white.
 * WCAG 2.1, definitions of contrast ratio and relative luminance.
 */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const channels = colour.match(/^rgb\((\d+), (\d+), (\d+)\)$/)?.slice(1);
  if (channels === undefined) throw new Error(`${JSON.stringify(colour)} is no opaque colour`);
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const part = Number(channel) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
