import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import * as ml from "assay";
import { type DatasetVersion, datasetVersion } from "../../datasets/index.ts";
import { type Engine, openDuckdb } from "../../engine/index.ts";
import type { Session } from "../../projects/session.ts";
import { dimensions } from "./columns.ts";

/** What is known of an item besides who took it. */
export interface ItemFacts {
  readonly id: string;
  readonly category: string | null;
  readonly region: string | null;
  /** What it offers, by the eight dimensions. */
  readonly vector: readonly number[];
}

/** What is known of users or of items beside who took what: the newest of the rows. */
export interface StoredFeatures {
  readonly table: ml.Table;
  /** The column that names them. */
  readonly key: string;
}

/** Rows of the ETL as recommenders take them. */
export interface StoredInteractions {
  readonly version: DatasetVersion;
  readonly interactions: ml.Interactions;
  readonly items: readonly ItemFacts[];
  /** Of those that were asked for. */
  readonly features: { readonly user?: StoredFeatures; readonly item?: StoredFeatures };
}

const featureColumns = {
  user: [
    ...dimensions.map(([, column]) => column),
    "primary_segment",
    "user_age_group",
    "user_region",
    "user_travel_style",
    "user_preferred_season",
  ],
  item: [...dimensions.map(([, , column]) => column), "item_category", "item_region"],
};
const keyColumns = { user: "user_key", item: "item_id" };

const wanted = ["user_key", "item_id", "shown_at", "engagement_score", "is_negative_sample"];

/**
 * Who took what in a dataset of the ETL, from an engagement on, the newest facts of its items, and features of users and items where they are asked for.
 * Throws DataError where it is no such dataset.
 */
export async function readInteractions(
  session: Session,
  ref: string,
  engagement: number,
  sides: readonly ("user" | "item")[] = [],
): Promise<StoredInteractions> {
  const version = await datasetVersion(session, ref);
  const there = version.columns.map(({ name }) => name);
  const missing = wanted.filter((name) => !there.includes(name));
  if (missing.length > 0)
    throw new ml.DataError(
      `recommend: ${version.name}@${version.version} lacks ${missing.join(", ")}: it is no dataset of the ETL`,
    );
  const narrow = await session.store.temporary();
  const engine = await openDuckdb({ folder: dirname(narrow) });
  try {
    await engine.read("stored", await session.store.fetch(version.file));
    const { rows } = await engine.write(
      `select user_key, item_id, engagement_score::double as value, epoch(shown_at)::double as at from stored
       where not is_negative_sample and engagement_score >= ${engagement}`,
      narrow,
    );
    if (rows === 0)
      throw new ml.DataError(`recommend: ${version.name}@${version.version} has no row of engagement ${engagement} or more`);
    const vector = dimensions.map(([, , column]) => `arg_max(${column}, shown_at) as ${column}`).join(", ");
    const items = await engine.sql(
      `select item_id, max(item_category) as category, max(item_region) as region, ${vector} from stored group by item_id order by item_id`,
    );
    const table = await ml.readParquet(narrow);
    const features: { user?: StoredFeatures; item?: StoredFeatures } = {};
    for (const side of sides) features[side] = await readFeatures(engine, side, there, narrow);
    return {
      version,
      features,
      interactions: ml.interactions(table, { user: "user_key", item: "item_id", value: "value", time: "at" }),
      items: items.map((row) => ({
        id: String(row["item_id"]),
        category: row["category"] === null ? null : String(row["category"]),
        region: row["region"] === null ? null : String(row["region"]),
        vector: dimensions.map(([, , column]) => Number(row[column])),
      })),
    };
  } finally {
    await engine.close();
    await rm(narrow, { force: true });
  }
}

async function readFeatures(
  engine: Engine,
  side: "user" | "item",
  there: readonly string[],
  narrow: string,
): Promise<StoredFeatures> {
  const key = keyColumns[side];
  const columns = featureColumns[side].filter((name) => there.includes(name));
  const newest = columns.map((name) => `, arg_max(${name}, shown_at) as ${name}`).join("");
  await engine.write(`select ${key}${newest} from stored group by ${key} order by ${key}`, narrow);
  return { table: await ml.readParquet(narrow), key };
}
