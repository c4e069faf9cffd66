import { z } from "zod";
import { type Cell, cell } from "./values.ts";

/** What a rule answers. */
export const ruleAnswer = z.strictObject({
  prediction: cell,
  proba: z.array(z.number().min(0).max(1)).min(1).max(1000).optional().describe("Of each class, in the order of the classes."),
});
export type RuleAnswer = z.infer<typeof ruleAnswer>;

const condition = z.strictObject({
  column: z.string().min(1),
  op: z.enum(["=", "!=", "<", "<=", ">", ">=", "in", "missing"]),
  value: z.union([cell, z.array(cell).max(1000)]).default(null),
});

/** The last link of a fallback chain: the first case whose conditions all hold answers, else `otherwise`. Data, no code. */
export const emergencyRule = z.strictObject({
  cases: z
    .array(ruleAnswer.extend({ when: z.array(condition).min(1).max(20) }))
    .max(100)
    .default([]),
  otherwise: ruleAnswer,
});
export type EmergencyRule = z.infer<typeof emergencyRule>;

/** What a rule answers for a row. Numbers are compared as numbers, all else as text; a missing cell fits `missing` and `!=` alone. */
export function answerByRule({ cases, otherwise }: EmergencyRule, row: Readonly<Record<string, Cell | undefined>>): RuleAnswer {
  const holds = ({ column, op, value }: z.infer<typeof condition>): boolean => {
    const given = Object.hasOwn(row, column) ? (row[column] ?? null) : null;
    if (op === "missing") return given === null;
    if (op === "in") return Array.isArray(value) && value.some((each) => isSame(given, each));
    if (Array.isArray(value)) return false;
    if (op === "=") return isSame(given, value);
    if (op === "!=") return !isSame(given, value);
    if (given === null || value === null) return false;
    const [a, b] = [Number(given), Number(value)];
    return { "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b }[op];
  };
  return cases.find(({ when }) => when.every(holds)) ?? otherwise;
}

function isSame(a: Cell, b: Cell): boolean {
  if (a === null || b === null) return a === b;
  return typeof a === "number" || typeof b === "number" ? Number(a) === Number(b) : String(a) === String(b);
}
