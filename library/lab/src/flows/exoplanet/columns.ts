/** What a signal can be, in the order of the codes 0, 1, 2. */
export const dispositions = ["CANDIDATE", "CONFIRMED", "FALSE POSITIVE"] as const;
/** What a signal was found to be. */
export type Disposition = (typeof dispositions)[number];

/** Numbers of a signal as the flow names them. */
export const quantities = ["period", "duration", "depth", "impact", "snr", "steff", "srad", "slogg", "tmag"] as const;
/** Name of a number of a signal. */
export type Quantity = (typeof quantities)[number];

/** Columns of a checked table: the numbers, what the signal is, and the star that splits keep together. */
export const tableColumns = [...quantities, "label", "star"] as const;

/** What a quantity must be: finite, and between its bounds. */
interface QuantityRule {
  /** With its unit, for people. */
  readonly title: string;
  readonly least: number;
  /** Whether the least value itself is refused. */
  readonly above: boolean;
  readonly most: number;
}

const positive = { least: 0, above: true };

/** What each quantity must be. */
const quantityRules: Readonly<Record<Quantity, QuantityRule>> = {
  period: { title: "Period (days)", ...positive, most: 1e6 },
  duration: { title: "Duration (hours)", ...positive, most: 1e4 },
  depth: { title: "Depth (ppm)", ...positive, most: 1e7 },
  impact: { title: "Impact (stellar radii)", least: 0, above: false, most: 1000 },
  snr: { title: "Signal to noise", ...positive, most: 1e7 },
  steff: { title: "Temperature of the star (K)", least: 1000, above: false, most: 100_000 },
  srad: { title: "Radius of the star (solar radii)", ...positive, most: 10_000 },
  slogg: { title: "Gravity of the star (log g, cgs)", least: -3, above: false, most: 10 },
  tmag: { title: "Magnitude of the star", least: -30, above: false, most: 40 },
};

/** What a number would have to be to be that quantity; undefined where it is. */
export function brokenRule(name: Quantity, value: number): string | undefined {
  const { least, above, most } = quantityRules[name];
  if (value < least || (above && value === least)) return `must be ${above ? ">" : "≥"} ${least}`;
  return value > most ? `must be ≤ ${most}` : undefined;
}

/** How a table of one publisher names things. */
export interface TableFormat {
  readonly name: "flow" | "koi" | "toi";
  readonly title: string;
  readonly columns: Readonly<Record<Quantity, string | undefined>>;
  /** Behind a column's name: the column that says 1 or −1 where the cell is an upper or a lower limit. */
  readonly limit?: string;
  readonly label: string;
  /** Columns that name the star, the first that is there. */
  readonly stars: readonly string[];
  /** Words of the label column, upper case. */
  readonly words: Readonly<Record<string, Disposition>>;
  /** Columns that tell the verdict, or follow from it. */
  readonly leaky: RegExp;
}

const own = {
  CANDIDATE: "CANDIDATE",
  CONFIRMED: "CONFIRMED",
  "FALSE POSITIVE": "FALSE POSITIVE",
} as const;

const leaky =
  /^(koi_score|koi_pdisposition|koi_disp_prov|koi_fpflag_\w+|koi_comment|koi_vet_\w+|\w*_name|name|tfopwg_disp|koi_disposition|disposition|score)$/i;

/** The three kinds of tables that are read. */
export const tableFormats: readonly TableFormat[] = [
  {
    name: "koi",
    title: "NASA's Kepler Objects of Interest",
    columns: {
      period: "koi_period",
      duration: "koi_duration",
      depth: "koi_depth",
      impact: "koi_impact",
      snr: "koi_model_snr",
      steff: "koi_steff",
      srad: "koi_srad",
      slogg: "koi_slogg",
      tmag: "koi_kepmag",
    },
    label: "koi_disposition",
    stars: ["kepid"],
    words: own,
    leaky,
  },
  {
    name: "toi",
    title: "TESS Objects of Interest",
    columns: {
      period: "pl_orbper",
      duration: "pl_trandurh",
      depth: "pl_trandep",
      impact: undefined,
      snr: undefined,
      steff: "st_teff",
      srad: "st_rad",
      slogg: "st_logg",
      tmag: "st_tmag",
    },
    limit: "lim",
    label: "tfopwg_disp",
    stars: ["tid"],
    words: {
      PC: "CANDIDATE",
      APC: "CANDIDATE",
      CP: "CONFIRMED",
      KP: "CONFIRMED",
      FP: "FALSE POSITIVE",
      FA: "FALSE POSITIVE",
    },
    leaky,
  },
  {
    name: "flow",
    title: "the exoplanet flow's table",
    columns: {
      period: "period",
      duration: "duration",
      depth: "depth",
      impact: "impact",
      snr: "snr",
      steff: "steff",
      srad: "srad",
      slogg: "slogg",
      tmag: "tmag",
    },
    label: "label",
    stars: ["star", "kepid", "tid"],
    words: { ...own, "0": "CANDIDATE", "1": "CONFIRMED", "2": "FALSE POSITIVE", FALSE_POSITIVE: "FALSE POSITIVE" },
    leaky,
  },
];
