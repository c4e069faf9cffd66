import { datasetColumns, dimensions } from "../columns.ts";
import { extractRecommendations } from "./02-extract-recommendations.ts";
import { merge } from "./04-merge.ts";
import { features } from "./05-features.ts";
import { labels } from "./06-labels.ts";
import { columnList } from "./portable-sql.ts";
import { type EtlProblem, type EtlStep, pick, type StepContext } from "./step.ts";

const { user_states, item_states } = features.writes;
const { broken_search, ...rowColumns } = labels.writes["labelled"]!;
const names = dimensions.map(([name]) => name);

/** Stands for a coordinate that is missing. */
const neutral = 0.5;

/** Numbers of a search that are no such numbers are missing: within [least, most], or null. */
const bounded = ["days_until_departure", "passengers", "nights"].map((name) => {
  const column = name === "passengers" || name === "nights" ? `search_${name}` : name;
  const [least, most] = datasetColumns.find((each) => each.name === column)!.range as readonly [number, number];
  return { name, within: `${name} between ${least} and ${most}` };
});

/**
 * Takes out numbers of searches that cannot be (they become missing), and brings vectors into [0, 1]; a coordinate that is missing becomes
 * 0.5: a median would tell rows of what came after them.
 */
export const clean: EtlStep = {
  number: 8,
  name: "cleaning",
  reads: {
    recommendations: pick(extractRecommendations.writes["recommendations"]!, "user", "item"),
    people: pick(merge.writes["people"]!, "id"),
    catalogue: pick(merge.writes["catalogue"]!, "id"),
    sampled: labels.writes["labelled"]!,
    user_states: user_states!,
    item_states: item_states!,
  },
  writes: { rows: rowColumns, clean_user_states: user_states!, clean_item_states: item_states! },
  settings: () => null,
  async run(context) {
    const { write, engine, found } = context;
    const [before] = await engine.sql(
      `select count(*) filter (where broken_search and not is_negative_sample) as broken,
        ${bounded.map(({ name, within }) => `count(*) filter (where not (${within})) as ${name}`).join(", ")} from sampled`,
    );
    const inside = Object.fromEntries(bounded.map(({ name, within }) => [name, `case when ${within} then ${name} end`]));
    await write("rows", `select ${columnList(rowColumns, inside)} from sampled order by shown_at, user_no, item_no`);
    const lost = await engine.sql(
      `select (select count(*) from recommendations r left join people p on p.id = r."user" where p.id is null) as users,
        (select count(*) from recommendations r left join catalogue c on c.id = r.item where c.id is null) as items`,
    );
    found([
      { problem: "showings of users who are not there", rows: Number(lost[0]!["users"]), done: "left out" },
      { problem: "showings of items that are not there", rows: Number(lost[0]!["items"]), done: "left out" },
      { problem: "searches after their showing or booking", rows: Number(before!["broken"]), done: "taken as no search" },
      ...bounded.map(({ name }) => ({ problem: `${name} out of range`, rows: Number(before![name]), done: "made missing" })),
      await cleanStates(context, "user_states", "users"),
      await cleanStates(context, "item_states", "items"),
    ]);
  },
};

async function cleanStates(
  { engine, write }: StepContext,
  table: "user_states" | "item_states",
  of: string,
): Promise<EtlProblem> {
  const wrong = names.map((name) => `coalesce(isnan("${name}") or "${name}" < 0 or "${name}" > 1, true)`).join(" or ");
  const [found] = await engine.sql(`select count(*) filter (where ${wrong}) as wrong from ${table}`);
  const mended = names.map((name) => [
    name,
    `case when "${name}" is null or isnan("${name}") then ${neutral} else least(1, greatest(0, "${name}")) end`,
  ]);
  await write(`clean_${table}`, `select ${columnList(features.writes[table]!, Object.fromEntries(mended))} from ${table}`);
  return { problem: `vectors of ${of} missing or outside [0, 1]`, rows: Number(found!["wrong"]), done: "brought into [0, 1]" };
}
