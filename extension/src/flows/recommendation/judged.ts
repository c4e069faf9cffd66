import type { TrainedRecommender } from "assay-lab/contract";
import type { PlotlyFigure } from "../../plotly/plotly-figure";
import type { Measured } from "./recommendation-routes";

/** A recommender as it was judged, or a baseline that stands beside it. */
export interface JudgedModel {
  name: string;
  /** null: a baseline of the same judging. */
  recommender: TrainedRecommender | null;
  /** By "ndcg@10". */
  measures: Readonly<Record<string, Measured>>;
}

/** Recommenders that were judged on the same users, and so stand side by side. */
export interface JudgedGroup {
  key: string;
  dataset: string;
  /** Names of their measures, as "ndcg@10". */
  measures: readonly string[];
  /** The best first, by the first measure. */
  models: readonly JudgedModel[];
}

const baselines = ["popularity", "random"];
const ordered = ["ndcg", "recall", "precision", "map", "mrr", "hit_rate", "coverage", "novelty", "diversity"];

/** Recommenders in groups that can be compared: of one dataset, with the same figures of chance; the group of the newest first. */
export function groupsOf(recommenders: readonly TrainedRecommender[]): JudgedGroup[] {
  const groups = new Map<string, TrainedRecommender[]>();
  for (const each of recommenders) {
    const key = JSON.stringify([each.dataset, Object.entries(measuresOf(each, "random")).sort()]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups].map(([key, members]) => {
    const own = members.map((recommender) => ({
      name: recommender.algorithm,
      recommender,
      measures: measuresOf(recommender, recommender.algorithm),
    }));
    const beside = baselines
      .filter((name) => !own.some((each) => each.name === name))
      .map((name) => ({ name, recommender: null, measures: measuresOf(members[0]!, name) }))
      .filter((each) => Object.keys(each.measures).length > 0);
    const models = [...own, ...beside];
    const measures = [...new Set(models.flatMap((each) => Object.keys(each.measures)))].sort(inOrder);
    const first = measures[0] ?? "";
    models.sort((a, b) => (b.measures[first]?.value ?? -1) - (a.measures[first]?.value ?? -1));
    return { key, dataset: members[0]!.dataset, measures, models };
  });
}

/** Measures that a table has a column of; the others are drawn only. */
const columnsFirst = ["ndcg", "recall", "coverage", "novelty", "hit_rate"];

/** The measures that a table shows, of all that there are. */
export function tableMeasures(measures: readonly string[]): string[] {
  return columnsFirst.flatMap((name) => measures.find((each) => each.startsWith(`${name}@`)) ?? []);
}

/** What was measured of one model of a judging. */
function measuresOf({ measures }: Pick<TrainedRecommender, "measures">, name: string): Record<string, Measured> {
  const prefix = `${name}.`;
  return Object.fromEntries(
    Object.entries(measures).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
  );
}

/** Which of two measures is shown first. */
export function inOrder(a: string, b: string): number {
  const rank = (measure: string) => {
    const place = ordered.indexOf(measure.split("@")[0]!);
    return place < 0 ? ordered.length : place;
  };
  return rank(a) - rank(b) || a.localeCompare(b);
}

/** A measure of each model as a bar with its interval over users, the best on top; baselines are grey. */
export function measureBars(
  models: readonly Pick<JudgedModel, "name" | "measures">[],
  measure: string,
  names: readonly string[],
  title: string,
): PlotlyFigure {
  const shown = models.flatMap((model, k) =>
    model.measures[measure] ? [{ ...model, label: names[k]!, at: model.measures[measure] }] : [],
  );
  const reach = (end: "low" | "high") => shown.map(({ at }) => (at[end] === null ? 0 : Math.abs(at[end] - at.value)));
  return {
    data: [
      {
        type: "bar",
        orientation: "h",
        y: shown.map(({ label }) => label),
        x: shown.map(({ at }) => at.value),
        error_x: { type: "data", symmetric: false, array: reach("high"), arrayminus: reach("low"), thickness: 1 },
        marker: {
          color: shown.map(({ name }) => (baselines.includes(name) ? "#999999" : "#0072b2")),
        },
        hoverinfo: "x+y",
      },
    ],
    layout: {
      xaxis: { title: { text: title }, rangemode: "tozero" },
      yaxis: { autorange: "reversed", type: "category", automargin: true },
      margin: { t: 8, r: 16, b: 40, l: 8 },
      showlegend: false,
      bargap: 0.35,
    },
  };
}
