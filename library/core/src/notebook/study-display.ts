import type { MimeBundle } from "../base/display.ts";
import { plotStudyHistory } from "../plots/study-plots.ts";
import type { Study, StudyTrial } from "../tuning/study.ts";
import { written } from "./bundles.ts";
import { figureSvg } from "./figure-svg.ts";
import { digits, type Html, html, note, table } from "./html.ts";

const trialsShown = 10;

/** A study: what was found, the best trials, and how the search went. */
export function studyBundle(study: Study): MimeBundle {
  return written(studyText(study), studyHtml(study));
}

/** A trial: its value, and its parameters one below the other. */
export function trialBundle(trial: StudyTrial): MimeBundle {
  const params = Object.entries(trial.params).map(([name, value]) => [name, cell(value)]);
  const said = `trial ${trial.number}, ${trial.state}${trial.values ? `: ${valuesText(trial)}` : ""}`;
  const text = [said, ...params.map(([name, value]) => `  ${name} ${value}`)].join("\n");
  return written(text, html`${note(said)}${table(["parameter", "value"], params)}`);
}

function studyText(study: Study): string {
  const lines = topTrials(study).map(
    (trial) => `${String(trial.number).padStart(6)}  ${valuesText(trial).padEnd(14)}  ${paramsText(trial)}`,
  );
  return [`Study ${study.name}: ${countsText(study)}`, ...lines].join("\n");
}

function studyHtml(study: Study): Html {
  const top = topTrials(study);
  const names = [...new Set(top.flatMap(({ params }) => Object.keys(params)))];
  const body = top.map((trial) => [
    trial.number,
    ...(trial.values ?? []).map(digits),
    ...names.map((name) => (Object.hasOwn(trial.params, name) ? cell(trial.params[name]) : "")),
  ]);
  const failed = study.trials.findLast(({ state }) => state === "failed");
  const trouble = failed ? note(`trial ${failed.number} failed: ${failed.error ?? ""}`) : html``;
  const picture = study.directions.length === 1 && top.length > 0 ? { html: figureSvg(plotStudyHistory(study)) } : html``;
  const what = study.directions.length === 1 ? "the best first" : "the Pareto front";
  return html`${note(`${study.name} · ${countsText(study)}${top.length > 0 ? ` · ${what}` : ""}`)}<div style="overflow-x:auto">${table(["trial", ...(study.metrics ?? study.directions), ...names], body)}</div>${picture}${trouble}`;
}

/** The best completed trials; of several objectives the front. */
function topTrials(study: Study): readonly StudyTrial[] {
  if (study.directions.length > 1) return study.paretoFront.slice(0, trialsShown);
  const sign = study.directions[0] === "minimize" ? 1 : -1;
  return study.trials
    .filter(({ state }) => state === "completed")
    .toSorted((a, b) => (a.value === b.value ? a.number - b.number : sign * a.value! - sign * b.value!))
    .slice(0, trialsShown);
}

function countsText({ trials }: Study): string {
  const states = ["completed", "pruned", "failed", "running", "waiting"] as const;
  const counts = states.map((state) => [state, trials.filter((trial) => trial.state === state).length] as const);
  const said = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  return `${trials.length} trials${said.length > 0 ? ` (${said.join(", ")})` : ""}`;
}

function valuesText({ values }: StudyTrial): string {
  return (values ?? []).map(digits).join(", ");
}

function paramsText({ params }: StudyTrial): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${cell(value)}`)
    .join(", ");
}

function cell(value: unknown): string {
  return typeof value === "number" ? digits(value) : String(value);
}
