/** The settings under `gmemscope.`; package.json describes them. */

export interface Settings {
  readonly format: { readonly align: boolean };
  readonly inlayHints: {
    /** The gfns of addresses. */
    readonly gfns: boolean;
    /** The gfns of a file range in each slot, and the file pages a slot is bound to. */
    readonly bindings: boolean;
    /** The value of an expression. */
    readonly values: boolean;
    /** The size of a range. */
    readonly sizes: boolean;
    /** What the orders of a race do. */
    readonly races: boolean;
  };
}

export const DEFAULT_SETTINGS: Settings = {
  format: { align: true },
  inlayHints: { gfns: true, bindings: true, values: true, sizes: true, races: true },
};

export const SECTION = 'gmemscope';

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The flags set in a group of settings; defaults for the others. */
function flags<F extends Readonly<Record<string, boolean>>>(defaults: F, given: unknown): F {
  const said = isRecord(given) ? given : {};
  const entries = Object.entries(defaults).map(([name, value]) => {
    const wanted = said[name];
    return [name, typeof wanted === 'boolean' ? wanted : value] as const;
  });
  return Object.fromEntries(entries) as F;
}

/** Reads settings from whatever an editor sends. */
export function settingsOf(given: unknown): Settings {
  const { format, inlayHints } = isRecord(given) ? given : {};
  return {
    format: flags(DEFAULT_SETTINGS.format, format),
    inlayHints: flags(DEFAULT_SETTINGS.inlayHints, inlayHints),
  };
}
