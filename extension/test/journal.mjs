// Optuna's journal files, made for the panels' journeys.

const float = (low, high, log) => JSON.stringify({ name: "FloatDistribution", attributes: { step: null, low, high, log } });
const category = (choices) => JSON.stringify({ name: "CategoricalDistribution", attributes: { choices } });

/** The text of a journal with one study of so many trials; every tenth of them was pruned, every fiftieth failed. */
export function journalOf({ name, directions, trials }) {
  const goals = directions.map((direction) => (direction === "minimize" ? 1 : 2));
  const lines = [{ op_code: 0, worker_id: "w", study_name: name, directions: goals }];
  for (let k = 0; k < trials; k++) {
    const [x, y, kind] = [draw(k, 1), draw(k, 2), Math.floor(3 * draw(k, 3))];
    const at = (seconds) => new Date(Date.UTC(2026, 0, 1) + 1000 * (10 * k + seconds)).toISOString().replace("Z", "000");
    const rate = 1e-4 * Math.exp(x * Math.log(1e4));
    const of = { worker_id: "w", trial_id: k };
    lines.push({ op_code: 4, worker_id: "w", study_id: 0, datetime_start: at(0) });
    lines.push({ op_code: 5, ...of, param_name: "rate", param_value_internal: rate, distribution: float(1e-4, 1, true) });
    lines.push({ op_code: 5, ...of, param_name: "share", param_value_internal: y, distribution: float(0, 1, false) });
    lines.push({ op_code: 5, ...of, param_name: "kind", param_value_internal: kind, distribution: category(["a", "b", "c"]) });
    const value = (x - 0.6) * (x - 0.6) + 0.3 * Math.abs(y - 0.3) + 0.05 * kind + 0.05 * draw(k, 4);
    const state = k % 50 === 49 ? 3 : k % 10 === 9 ? 2 : 1;
    for (let step = 0; directions.length === 1 && k > trials - 40 && step < 8; step++)
      lines.push({ op_code: 7, ...of, step, intermediate_value: value + 1 / (1 + step) });
    const values = state === 1 ? directions.map((_, j) => (j === 0 ? value : x + 0.2 * y)) : null;
    lines.push({ op_code: 6, ...of, state, values, datetime_complete: at(3 + 4 * y) });
  }
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
}

/** A number from 0 to 1 that looks drawn, always the same for the same place. */
function draw(k, stream) {
  const wave = Math.sin(12.9898 * (k + 1) + 78.233 * stream) * 43758.5453;
  return wave - Math.floor(wave);
}
