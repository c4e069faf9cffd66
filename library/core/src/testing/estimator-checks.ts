import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { decodeModel, encodeModel } from "../base/codec.ts";
import type { Fitted, Task } from "../base/contract.ts";
import { estimatorFromSpec } from "../base/estimator.ts";
import { definitionOf } from "../base/registry.ts";
import { table } from "../data/table.ts";
import { type Matrix, matrix } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";

/** One fact that every estimator must meet; runs in any test runner and in a cell. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}

interface AnyModel extends Fitted {
  predict?(x: unknown): ArrayLike<unknown>;
  predictProba?(x: unknown): Matrix;
  transform?(x: unknown): Matrix;
}
interface AnyEstimator {
  readonly params: Readonly<Record<string, unknown>>;
  fit(x: unknown, y?: unknown, options?: object): Promise<AnyModel>;
}

/**
 * The suite of an estimator with these parameters: parameters, shapes, data, determinism, persistence, sanity, abort.
 * `tolerance` is how far a fit without the rows of weight 0 may lie from the weighted one, in units of y.
 */
export function estimatorChecks(task: Task, name: string, params: Record<string, unknown> = {}, tolerance = 1e-6): Check[] {
  const definition = definitionOf({ task, name });
  const estimator = estimatorFromSpec<AnyEstimator>({ task, name, params });
  const draw = random(1, "estimator-checks");
  const x = Array.from({ length: 60 }, (_, i) => [i % 7, (i * 5) % 11, i / 10 + 0.01 * draw.float()]);
  const y = x.map(([a, b]) => (task === "classification" ? (a! > 3 ? "yes" : "no") : 2 * a! - b!));
  const answer = (model: AnyModel, rows: unknown): unknown[] => Array.from(model.predict?.(rows) ?? model.transform!(rows).data);
  const fit = (rows: unknown = x, target: unknown = y, options: object = {}) => estimator.fit(rows, target, options);
  const supervised = task !== "transform";
  const checks: Record<string, () => Promise<void>> = {
    "its specification is its own JSON": async () => {
      assert.deepEqual(JSON.parse(JSON.stringify(estimator)), {
        task,
        name,
        params: JSON.parse(JSON.stringify(estimator.params)),
      });
    },
    "an unknown parameter is refused by name": async () => {
      assert.throws(() => estimatorFromSpec({ task, name, params: { ...params, alhpa: 1 } }), {
        name: "ParamsError",
        message: /no parameter alhpa/,
      });
    },
    "x and y of different lengths are refused": async () => {
      if (supervised) await assert.rejects(fit(x, y.slice(1)), { name: "ShapeError", message: /x has 60 rows but y has 59/ });
    },
    "no rows are refused": async () => {
      await assert.rejects(fit([], []), { name: "ShapeError" });
    },
    "another number of columns is refused at prediction": async () => {
      const model = await fit();
      assert.throws(() => answer(model, [[1, 2]]), { name: "ShapeError", message: /2 columns but the model was fitted on 3/ });
    },
    "NaN is refused with its place unless the algorithm bears it": async () => {
      const holed = x.map((row) => [...row]);
      holed[3]![1] = Number.NaN;
      if (definition.missing) await fit(holed, y);
      else await assert.rejects(fit(holed, y), { name: "DataError", message: /NaN in row 3, column "x1"/ });
    },
    "Infinity is refused": async () => {
      const endless = x.map((row) => [...row]);
      endless[3]![1] = Infinity;
      await assert.rejects(fit(endless, y), { name: "DataError", message: /Infinity in row 3, column "x1"/ });
    },
    "inputs are left as they were": async () => {
      const copy = structuredClone(x);
      await fit();
      assert.deepEqual(x, copy);
    },
    "rows, matrix and table give the same answers": async () => {
      const rows = answer(await fit(), x);
      assert.deepEqual(answer(await fit(matrix(x)), matrix(x)), rows);
      const t = table(x.map(([x0, x1, x2], i) => ({ x0: x0!, x1: x1!, x2: x2!, y: y[i]! })));
      const model = await estimator.fit(t, { target: "y" });
      assert.deepEqual(answer(model, t), rows);
    },
    "columns of a table are matched by name": async () => {
      const t = table(x.map(([a, b, c], i) => ({ a: a!, b: b!, c: c!, y: y[i]! })));
      const model = await estimator.fit(t, { target: "y" });
      assert.deepEqual(answer(model, t.select(["c", "b", "a"])), answer(model, t));
      assert.throws(() => answer(model, t.select(["a", "b"])), { name: "DataError", message: /no column "c"/ });
    },
    "a second fit has the same bits": async () => {
      assert.deepEqual(answer(await fit(), x), answer(await fit(), x));
    },
    "one thread and four agree to the bit": async () => {
      assert.deepEqual(answer(await fit(x, y, { threads: 1 }), x), answer(await fit(x, y, { threads: 4 }), x));
    },
    "a saved and loaded model answers the same": async () => {
      const model = await fit();
      assert.deepEqual(answer(decodeModel(encodeModel(model)) as AnyModel, x), answer(model, x));
    },
    "a saved model answers the same in a new process": async () => {
      const model = await fit();
      const said = await askReader({ model: Buffer.from(encodeModel(model)).toString("base64"), x });
      assert.deepEqual(JSON.parse(said), JSON.parse(JSON.stringify(answer(model, x))));
    },
    "answers have the right length and are finite": async () => {
      const answers = answer(await fit(), x);
      if (supervised) assert.equal(answers.length, x.length);
      assert.ok(answers.every((value) => typeof value === "string" || Number.isFinite(value)));
    },
    "probabilities sum to 1": async () => {
      if (task !== "classification") return;
      const { data, columns } = (await fit()).predictProba!(x);
      for (let i = 0; i < x.length; i++) {
        const row = data.subarray(i * columns, (i + 1) * columns);
        assert.ok(Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 1e-9 && row.every((p) => p >= 0 && p <= 1));
      }
    },
    "a target with one value is predicted or refused with a reason": async () => {
      if (task === "classification")
        await assert.rejects(
          fit(
            x,
            x.map(() => "yes"),
          ),
          { name: "DataError", message: /two classes/ },
        );
      if (task === "regression") {
        const answers = answer(
          await fit(
            x,
            x.map(() => 3),
          ),
          x,
        ) as number[];
        assert.ok(answers.every((value) => Math.abs(value - 3) < 1e-6));
      }
    },
    "one column is enough": async () => {
      await fit(
        x.map(([a]) => [a]),
        y,
      );
    },
    "a row of weight 0 is as good as absent": async () => {
      if (!supervised) return;
      const weights = x.map((_, i) => (i % 5 === 0 ? 0 : 1));
      const kept = <T>(rows: readonly T[]): T[] => rows.filter((_, i) => weights[i] === 1);
      const weighted = answer(await fit(x, y, { weights }), x);
      const without = answer(await fit(kept(x), kept(y)), x);
      if (task === "classification") assert.ok(weighted.filter((value, i) => value === without[i]).length >= 0.95 * x.length);
      else
        for (const [i, value] of weighted.entries()) assert.ok(Math.abs((value as number) - (without[i] as number)) < tolerance);
    },
    "negative weights are refused with their row": async () => {
      if (supervised)
        await assert.rejects(fit(x, y, { weights: x.map((_, i) => (i === 4 ? -1 : 1)) }), {
          name: "DataError",
          message: /-1 in row 4/,
        });
    },
    "an aborted signal ends the fit": async () => {
      await assert.rejects(fit(x, y, { signal: AbortSignal.abort() }), { name: "AbortError" });
    },
  };
  return Object.entries(checks).map(([fact, run]) => ({ name: fact, run }));
}

let reader: { ask(line: string): void; answers: AsyncIterator<string> } | undefined;

/** What a process that only reads models answers; it is started for the first, and ends with this one. */
async function askReader(question: { readonly model: string; readonly x: unknown }): Promise<string> {
  reader ??= startReader();
  const { answers } = reader;
  reader.ask(JSON.stringify(question));
  const { value } = await answers.next();
  assert.ok(value, "the process that reads models has ended");
  return value;
}

function startReader(): NonNullable<typeof reader> {
  const code = `import { createInterface } from "node:readline";
    import { decodeModel } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)};
    for await (const line of createInterface({ input: process.stdin })) {
      const question = JSON.parse(line);
      const model = decodeModel(Buffer.from(question.model, "base64"));
      console.log(JSON.stringify(Array.from(model.predict?.(question.x) ?? model.transform(question.x).data)));
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["pipe", "pipe", "inherit"] });
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) (pipe as unknown as { unref(): void }).unref();
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { ask: (line) => void child.stdin.write(`${line}\n`), answers };
}
