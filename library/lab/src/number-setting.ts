import { ParamsError } from "assay";

/** What a number of the environment must be. */
interface Bounds {
  readonly least: number;
  /** Whether the least itself is refused. */
  readonly above?: boolean;
  readonly whole?: boolean;
  readonly most?: number;
}

/** Settings that are numbers, and what they must be. */
export const numberSettings = {
  ASSAY_PORT: { least: 0, most: 65_535, whole: true },
  ASSAY_THREADS: { least: 1, whole: true },
  ASSAY_WORKERS: { least: 0, most: 1000, whole: true },
  ASSAY_MEMORY_MB: { least: 64 },
  ASSAY_DISK_RESERVE_MB: { least: 0 },
  ASSAY_STREAMS_MAX: { least: 1, whole: true },
  ASSAY_CONNECTIONS_MAX: { least: 1, whole: true },
  ASSAY_REQUEST_SECONDS: { least: 0, above: true },
  ASSAY_LAG_MS: { least: 0, above: true },
  ASSAY_SILENCE_SECONDS: { least: 0, above: true },
  ETL_MIN_TRAIN_MB: { least: 0 },
  ETL_MIN_TEST_MB: { least: 0 },
  ETL_STATEMENT_SECONDS: { least: 0, above: true },
  ASSAY_CHECKPOINT_SECONDS: { least: 0, above: true },
  ASSAY_SYSTEM_METRICS_SECONDS: { least: 0, most: 86_400 },
} as const satisfies Record<string, Bounds>;

/** The name of such a setting. */
type NumberSetting = keyof typeof numberSettings;

/** The number that a setting says; undefined where it is not set or empty. Throws ParamsError with its name for any other value. */
export function numberSetting(name: NumberSetting, env: NodeJS.ProcessEnv = process.env): number | undefined {
  const given = env[name]?.trim();
  if (!given) return undefined;
  const { least, above = false, whole = false, most = Infinity }: Bounds = numberSettings[name];
  const value = Number(given);
  const fits = Number.isFinite(value) && (above ? value > least : value >= least) && value <= most;
  if (fits && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? "a whole number" : "a number";
  const range = most < Infinity ? `from ${least} to ${most}` : `${above ? ">" : "≥"} ${least}`;
  throw new ParamsError(`${name}: must be ${kind} ${range}, got ${given}`);
}

/** What is wrong with the numbers of an environment, a sentence each. */
export function wrongNumbers(env: NodeJS.ProcessEnv): readonly string[] {
  return (Object.keys(numberSettings) as NumberSetting[]).flatMap((name) => {
    try {
      numberSetting(name, env);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}
