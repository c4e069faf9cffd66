import type { EtlCheck } from "../../contract/etl.ts";
import { type Sentence, say, wordsOf } from "../../contract/sentences.ts";
import { datasetColumns, dimensions } from "./columns.ts";
import type { DatasetFigures } from "./dataset-figures.ts";

/** What the files must be at least. */
export interface SizeBounds {
  /** Bytes that the training rows must exceed; default 10 MB. */
  readonly trainBytes: number;
  /** Bytes that the test rows must exceed; default 2 MB. */
  readonly testBytes: number;
}

/** Bounds of the specification. */
export const usualSizes: SizeBounds = { trainBytes: 10_000_000, testBytes: 2_000_000 };

const bookingLeast = 0.05;
const bookingMost = 0.15;
/** One score may be the label of this share of the rows at most, and engaged rows must be this share at least. */
const commonestMost = 0.85;
const engagedLeast = 0.1;

/** What a finished dataset must be, and what it is. */
export function checkDataset(
  figures: DatasetFigures,
  sizes: Readonly<Record<"train" | "test", number>>,
  bounds: SizeBounds = usualSizes,
): readonly EtlCheck[] {
  const all = figures.rows.train + figures.rows.test;
  const commonest = Math.max(...figures.engagement.values()) / all;
  const engaged = [...figures.engagement].reduce((sum, [score, rows]) => sum + (score > 0 ? rows : 0), 0) / all;
  const missing = datasetColumns
    .filter(({ required }) => required)
    .map(({ name }) => [name, figures.columns.get(name)!.train.missing + figures.columns.get(name)!.test.missing] as const)
    .filter(([, rows]) => rows > 0);
  const cells = missing.reduce((sum, [, rows]) => sum + rows, 0);
  const vectors = dimensions.flatMap(([, user, item]) => [user, item]);
  const outside = vectors.filter((name) => {
    const { train, test } = figures.columns.get(name)!;
    return [train, test].some(({ least, greatest }) => (least ?? 0) < 0 || (greatest ?? 0) > 1);
  });
  return [
    check(
      "train size",
      sizes.train / 1e6,
      sizes.train > bounds.trainBytes,
      say("bound_more_mb", bounds.trainBytes / 1e6),
      say("train_size", shown(sizes.train / 1e6), bounds.trainBytes / 1e6),
    ),
    check(
      "test size",
      sizes.test / 1e6,
      sizes.test > bounds.testBytes,
      say("bound_more_mb", bounds.testBytes / 1e6),
      say("test_size", shown(sizes.test / 1e6), bounds.testBytes / 1e6),
    ),
    check(
      "booking rate",
      figures.bookingRate,
      figures.bookingRate >= bookingLeast && figures.bookingRate <= bookingMost,
      say("bound_between", 100 * bookingLeast, 100 * bookingMost),
      say("booking_rate", shown(figures.bookingRate), 100 * figures.shownBookingRate, 100 * bookingLeast, 100 * bookingMost),
    ),
    check(
      "engagement balance",
      commonest,
      commonest <= commonestMost && engaged >= engagedLeast,
      say("bound_engaged", commonestMost, engagedLeast),
      say("engagement_balance", shown(commonest), 100 * engaged, commonestMost, engagedLeast),
    ),
    check(
      "no missing in required columns",
      cells,
      missing.length === 0,
      "0",
      missing.length === 0 ? say("cells_missing", 0) : say("cells_missing_in", cells, missing.map(([name]) => name).join(", ")),
    ),
    check(
      "vectors in [0, 1]",
      outside.length,
      outside.length === 0,
      "0",
      outside.length === 0 ? say("vectors_inside", 0) : say("vectors_beyond", outside.length, outside.join(", ")),
    ),
  ];
}

function check(name: string, figure: number, passed: boolean, bound: Sentence | string, what: Sentence): EtlCheck {
  const isPlain = typeof bound === "string";
  return {
    ...{ name, passed, figure },
    bound: isPlain ? bound : wordsOf([bound]),
    bound_codes: isPlain ? [] : [bound],
    message: `${name}: ${wordsOf([what])}`,
    message_codes: [what],
  };
}

/** To four digits. */
function shown(figure: number): number {
  return Number(figure.toPrecision(4));
}
