import type { WorkoutBacktest } from "assay-lab/contract";

/** Someone who forecast the sessions of a backtest. */
interface Compared {
  readonly name: string;
  readonly part: "ensemble" | "member" | "baseline";
  /** Mean absolute error in the log's unit. */
  readonly error: number;
  /** Less than "the same as last time"; below 0 it errs more. */
  readonly gain: number;
  /** Of a member in the blend; null for what is none. */
  readonly share: number | null;
}

/** The ensemble, its members and the simple forecasts, each once, the least error first. */
export function comparedIn({ error, member_errors, baseline_errors, shares }: WorkoutBacktest): Compared[] {
  const last = baseline_errors["last"] ?? Number.NaN;
  const row = (name: string, part: Compared["part"], value: number): Compared => ({
    name,
    part,
    error: value,
    gain: last - value,
    share: part === "ensemble" ? null : (shares[name] ?? null),
  });
  const members = Object.entries(member_errors).filter(([name]) => !(name in baseline_errors));
  return [
    row("ensemble", "ensemble", error),
    ...members.map(([name, value]) => row(name, "member", value)),
    ...Object.entries(baseline_errors).map(([name, value]) => row(name, "baseline", value)),
  ].sort((a, b) => a.error - b.error);
}
