import { ParamsError } from "assay";

/** How large a made-up application is, and of when. */
export interface SourceOptions {
  /** Default 20,000. */
  readonly users?: number | undefined;
  /** Default 2,000. */
  readonly items?: number | undefined;
  /** Recommendations that are shown; default 250,000. */
  readonly interactions?: number | undefined;
  /** Length of its history; default 180. */
  readonly days?: number | undefined;
  /** Default 42. */
  readonly seed?: number | undefined;
  /** The history's end; default now. */
  readonly until?: Date | undefined;
  /** Puts it in the place of one that is there. */
  readonly replace?: boolean | undefined;
}

/** The same, whole. */
export type SourceSize = Readonly<Record<"users" | "items" | "interactions" | "days" | "seed", number>> & {
  readonly until: Date;
};

const bounds = {
  users: [10, 10_000_000, 20_000],
  items: [20, 1_000_000, 2_000],
  interactions: [100, 200_000_000, 250_000],
  days: [2, 3650, 180],
  seed: [0, 2 ** 31, 42],
} as const;

/** Options with their defaults. Throws ParamsError for one that is no whole number within its bounds. */
export function sourceSize({ until = new Date(), ...given }: SourceOptions): SourceSize {
  const sizes = Object.entries(bounds).map(([name, [least, most, usual]]) => {
    const value = given[name as keyof typeof bounds] ?? usual;
    if (!Number.isInteger(value) || value < least || value > most)
      throw Object.assign(new ParamsError(`source: ${name} must be a whole number from ${least} to ${most}, got ${value}`), {
        field: name,
      });
    return [name, value];
  });
  return { ...(Object.fromEntries(sizes) as Omit<SourceSize, "until">), until };
}
