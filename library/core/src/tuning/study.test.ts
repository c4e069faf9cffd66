import { describe, expect, it } from "vitest";
import { createStudy } from "./create-study.ts";
import { gridSampler } from "./grid-sampler.ts";
import { memoryStorage } from "./memory-storage.ts";
import type { Objective } from "./optimize.ts";
import { medianPruner } from "./percentile-pruner.ts";
import { samplerFromJson, samplerNames } from "./sampler-json.ts";
import type { Awaitable, StudyStorage } from "./storage.ts";
import { TrialPruned } from "./trial.ts";

const space = { x: { type: "float", low: -5, high: 5 }, k: { type: "int", low: 1, high: 9 } } as const;

describe("createStudy", () => {
  it("opens the study of a name with its trials", async () => {
    const storage = memoryStorage();
    const first = await createStudy({ storage, name: "one" });
    await first.optimize((trial) => trial.suggestFloat("x", 0, 1), { trials: 4 });
    const again = await createStudy({ storage, name: "one" });
    expect(again.trials.map(({ value }) => value)).toEqual(first.trials.map(({ value }) => value));
    await again.optimize((trial) => trial.suggestFloat("x", 0, 1), { trials: 1 });
    expect(again.trials).toHaveLength(5);
  });

  it("refuses a name that is taken where it must not be, and other directions", async () => {
    const storage = memoryStorage();
    await createStudy({ storage, name: "one" });
    await expect(createStudy({ storage, name: "one", ifExists: "refuse" })).rejects.toThrow('there is a study "one" already');
    await expect(createStudy({ storage, name: "one", direction: "maximize" })).rejects.toThrow(
      'the study "one" has directions minimize, got maximize',
    );
  });

  it("refuses wrong options with their place", async () => {
    await expect(createStudy({ direction: "minimise" as never })).rejects.toThrow(
      'direction must be "minimize" or "maximize", did you mean minimize, got "minimise"',
    );
    await expect(createStudy({ directions: [] })).rejects.toThrow("directions must be a list of at least one direction");
    await expect(createStudy({ direction: "minimize", directions: ["minimize"] })).rejects.toThrow("got both");
    await expect(createStudy({ sampler: "tep" })).rejects.toThrow('no sampler "tep", did you mean tpe');
    await expect(createStudy({ prunner: "median" } as never)).rejects.toThrow("no option prunner, did you mean pruner");
  });

  it("makes every sampler of its name and options again", () => {
    for (const name of samplerNames) {
      const made = samplerFromJson({ name, ...(name === "grid" && { space }) });
      const json = JSON.parse(JSON.stringify({ name: made.name, ...made.options }));
      expect(samplerFromJson(json).options).toEqual(JSON.parse(JSON.stringify(made.options)));
    }
  });
});

describe("optimize", () => {
  it("records a failure and NaN, and goes on", async () => {
    const study = await createStudy();
    await study.optimize(
      ({ number }) => {
        if (number === 1) throw new TypeError("broken");
        return number === 2 ? Number.NaN : number;
      },
      { trials: 4 },
    );
    expect(study.trials.map(({ state, error }) => [state, error])).toEqual([
      ["completed", null],
      ["failed", "TypeError: broken"],
      ["failed", "DataError: trial 2: the objective gave NaN"],
      ["completed", null],
    ]);
    expect(study.best.number).toBe(0);
  });

  it("ends with the last error of too many failures in a row", async () => {
    const study = await createStudy();
    const run = study.optimize(
      ({ number }) => {
        throw new RangeError(`number ${number}`);
      },
      { trials: 100, failures: 5 },
    );
    await expect(run).rejects.toThrow(new RangeError("number 4"));
    expect(study.trials).toHaveLength(5);
  });

  it("tells what an objective must give", async () => {
    const study = await createStudy({ directions: ["minimize", "maximize"] });
    await study.optimize(({ number }) => (number === 0 ? ([1] as number[]) : (undefined as never)), { trials: 2 });
    expect(study.trials.map(({ error }) => error)).toEqual([
      "ShapeError: trial 0: the study has 2 directions but the objective gave 1 values",
      "DataError: trial 1: the objective must give 2 numbers, got undefined",
    ]);
  });

  it("an abort keeps what was found, records what was running, and is an AbortError", async () => {
    const study = await createStudy();
    const stop = new AbortController();
    const run = study.optimize(
      ({ number }) => (number < 3 ? number : new Promise<number>(() => setTimeout(() => stop.abort(), 1))),
      { trials: 10, signal: stop.signal, concurrency: 2 },
    );
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
    expect(study.best.value).toBe(0);
    expect(study.trials.filter(({ state }) => state === "running")).toEqual([]);
    expect(study.trials.filter(({ state }) => state === "failed").length).toBeGreaterThan(0);
  });

  it("an abort ends objectives that never wait", async () => {
    const study = await createStudy({ sampler: "random" });
    const stop = new AbortController();
    const objective: Objective = (trial) => {
      if (trial.number === 3) setTimeout(() => stop.abort()); // heard of only if trials leave it a turn
      return trial.suggestFloat("x", 0, 1);
    };
    await expect(study.optimize(objective, { seconds: 600, signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("stop ends the search after the trial under way", async () => {
    const study = await createStudy();
    await study.optimize((trial) => trial.suggestFloat("x", 0, 1), {
      trials: 50,
      onTrial: (each, { number }) => number === 6 && each.stop(),
    });
    expect(study.trials).toHaveLength(7);
  });

  it("a stopped study goes on unless it is told not to", async () => {
    const study = await createStudy();
    await study.stop();
    await study.optimize(() => 1, { trials: 2, resume: false });
    expect(study.trials).toHaveLength(0);
    await study.optimize(() => 1, { trials: 2 });
    expect(study.trials).toHaveLength(2);
  });

  it("a total counts the trials of all that work on the study", async () => {
    const storage = memoryStorage();
    const workers = await Promise.all([1, 2, 3].map(() => createStudy({ storage, name: "shared", sampler: "random" })));
    await Promise.all(
      workers.map((study) =>
        study.optimize(
          async (trial) => {
            await null;
            return trial.suggestFloat("x", 0, 1);
          },
          { total: 20, concurrency: 2 },
        ),
      ),
    );
    await workers[0]!.sync();
    expect(workers[0]!.trials.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, k) => k));
    expect(workers[0]!.trials.every(({ state }) => state === "completed")).toBe(true);
  });

  it("runs so many trials side by side", async () => {
    const study = await createStudy({ sampler: "random" });
    let under = 0;
    let most = 0;
    await study.optimize(
      async (trial) => {
        most = Math.max(most, ++under);
        await null;
        under--;
        return trial.suggestFloat("x", 0, 1);
      },
      { trials: 20, concurrency: 4 },
    );
    expect(most).toBe(4);
  });

  it("prunes, and remembers the last report", async () => {
    const study = await createStudy({ pruner: medianPruner({ startupTrials: 2 }) });
    await study.optimize(
      (trial) => {
        for (let step = 1; step <= 5; step++) {
          trial.report(trial.number, step);
          if (trial.shouldPrune()) throw new TrialPruned();
        }
        return trial.number;
      },
      { trials: 6 },
    );
    expect(study.trials.map(({ state }) => state)).toEqual(["completed", "completed", "pruned", "pruned", "pruned", "pruned"]);
    expect(study.trials[4]).toMatchObject({ value: 4, intermediate: [[1, 4]] });
  });

  it("reuses the value of a duplicate where it is told to", async () => {
    const study = await createStudy({ sampler: "random" });
    let calls = 0;
    const small = { k: { type: "int", low: 1, high: 3 } } as const;
    await study.optimize(
      (trial) => {
        calls++;
        return trial.params["k"] as number;
      },
      { trials: 20, space: small, duplicates: "reuse" },
    );
    expect(calls).toBe(3);
    expect(study.trials.every(({ params, value }) => value === params["k"])).toBe(true);
  });

  it("asks for the parameters whose condition holds", async () => {
    const study = await createStudy({ sampler: "random" });
    const branches = {
      kernel: { type: "categorical", choices: ["rbf", "poly"] },
      degree: { type: "int", low: 2, high: 5, when: { kernel: "poly" } },
    } as const;
    await study.optimize(() => 1, { trials: 20, space: branches });
    for (const { params } of study.trials) expect("degree" in params).toBe(params["kernel"] === "poly");
  });

  it("begins no trial when the seconds are used up", async () => {
    const study = await createStudy();
    await study.optimize(() => 1, { seconds: 0 });
    expect(study.trials).toEqual([]);
  });

  it("needs a budget", async () => {
    const study = await createStudy({ name: "endless" });
    await expect(study.optimize(() => 1, {})).rejects.toThrow("study endless: optimize: give a budget: trials, total or seconds");
    await expect(study.optimize(() => 1, { trials: 0 })).rejects.toThrow("trials must be a whole number ≥ 1, got 0");
    await expect(study.optimize(() => 1, { seconds: -1 })).rejects.toThrow("seconds must be a number ≥ 0, got -1");
  });

  it("walks a grid once and is done", async () => {
    const study = await createStudy({ sampler: gridSampler({ space, points: 3 }) });
    await study.optimize((trial) => trial.suggestFloat("x", -5, 5) + trial.suggestInt("k", 1, 9), {});
    const cells = study.trials.map(({ params }) => `${params["x"]} ${params["k"]}`);
    expect(new Set(cells).size).toBe(9);
    expect(cells).toHaveLength(9);
    expect(study.best.params).toEqual({ x: -5, k: 1 });
  });

  it("tells of progress with the best so far", async () => {
    const study = await createStudy();
    const seen: unknown[] = [];
    await study.optimize(({ number }) => 5 - number, { trials: 3, observer: { progress: (event) => seen.push(event) } });
    expect(seen.at(-1)).toMatchObject({ step: 3, steps: 3, metrics: { best: 3, trial: 2 } });
  });
});

describe("ask and tell", () => {
  it("hands out parameters and takes values", async () => {
    const study = await createStudy({ direction: "maximize" });
    for (let k = 0; k < 5; k++) {
      const trial = await study.ask(space);
      await study.tell(trial, trial.params["x"] as number);
    }
    expect(study.best.value).toBe(Math.max(...study.trials.map(({ value }) => value!)));
  });

  it("a trial is told of once", async () => {
    const study = await createStudy({ name: "told" });
    const trial = await study.ask();
    await study.tell(trial.number, 1);
    await expect(study.tell(trial, 2)).rejects.toThrow("study told: trial 0 was not asked for here, or was told of before");
  });

  it("a trial can fail", async () => {
    const study = await createStudy();
    const record = await study.tell(await study.ask(), { state: "failed", error: "no light" });
    expect(record).toMatchObject({ state: "failed", error: "no light", value: null });
    await study.tell(await study.ask(), Number.NaN);
    expect(study.trials[1]).toMatchObject({ state: "failed" });
  });

  it("queued parameters are tried next", async () => {
    const study = await createStudy();
    await study.enqueue({ x: 1.5 }, space);
    const trial = await study.ask(space);
    expect(trial.params["x"]).toBe(1.5);
    expect(trial.params["k"]).toBeGreaterThanOrEqual(1);
    await expect(study.enqueue({ y: 1 }, space)).rejects.toThrow("no parameter y, did you mean x");
    await expect(study.enqueue({ k: 12 }, space)).rejects.toThrow("k must be of 1 … 9, got 12");
  });

  it("queued parameters that the space has not are told with the near name", async () => {
    const study = await createStudy();
    await study.enqueue({ kk: 3 });
    await study.optimize(() => 1, { trials: 1, space });
    expect(study.trials[0]).toMatchObject({ state: "failed", error: "ParamsError: trial 0: no parameter kk, did you mean k" });
  });

  it("a trial that is told of as pruned keeps its last report", async () => {
    const study = await createStudy();
    const trial = await study.ask();
    trial.report(7, 1);
    expect(await study.tell(trial, { state: "pruned" })).toMatchObject({ state: "pruned", value: 7 });
  });

  it("refuses a trial from elsewhere that lacks its value", async () => {
    const study = await createStudy({ name: "import" });
    await expect(study.addTrial({ state: "completed" })).rejects.toThrow("a completed trial must have 1 values, got undefined");
  });
});

describe("a trial", () => {
  it("gives the same value for the same name, and refuses another distribution", async () => {
    const study = await createStudy();
    const trial = await study.ask();
    expect(trial.suggestFloat("x", 0, 1)).toBe(trial.suggestFloat("x", 0, 1));
    expect(() => trial.suggestFloat("x", 0, 2)).toThrow("trial 0: x was asked for as 0 … 1, it cannot be 0 … 2");
  });

  it("refuses distributions that nothing can be drawn from", async () => {
    const trial = await (await createStudy()).ask();
    expect(() => trial.suggestFloat("x", 0, 1, { log: true })).toThrow("trial 0: x.low must be > 0 on a log scale, got 0");
    expect(() => trial.suggestInt("k", 5, 2)).toThrow("trial 0: k.low must be at most high, which is 2, got 5");
    expect(() => trial.suggestInt("k", 0, 5, { step: 2 })).toThrow("k.step must divide high − low, which is 5, got 2");
    expect(() => trial.suggestCategorical("c", [])).toThrow("c.choices must be a list of at least one choice, got []");
    expect(() => trial.suggestFloat("__proto__", 0, 1)).toThrow("name must be a text");
  });

  it("keeps what reports say, NaN and Infinity too", async () => {
    const study = await createStudy();
    const trial = await study.ask();
    trial.report(Number.NaN, 0);
    trial.report(Infinity, 1);
    expect(() => trial.report(1, -1)).toThrow("step must be a whole number ≥ 0, got -1");
    const { intermediate } = await study.tell(trial, 1);
    expect(intermediate).toEqual([
      [0, Number.NaN],
      [1, Infinity],
    ]);
  });

  it("is dropped where another worker took it", async () => {
    const storage = losing(memoryStorage());
    const study = await createStudy({ storage, name: "taken" });
    const trial = await study.ask();
    trial.report(1, 1);
    expect(trial.signal.aborted).toBe(true);
    await expect(study.tell(trial, 1)).rejects.toThrow("trial 0 was taken by another worker");
  });

  it("stores what was asked for in a store that answers later", async () => {
    const study = await createStudy({ storage: late(memoryStorage()), name: "late", pruner: medianPruner() });
    await study.optimize(
      (trial) => {
        for (let step = 0; step < 4; step++) trial.report(step, step);
        return trial.suggestFloat("x", 0, 1);
      },
      { trials: 12, concurrency: 3 },
    );
    const again = await createStudy({ storage: late(memoryStorage()), name: "late" });
    expect(again.trials).toHaveLength(0);
    expect(study.trials.every(({ state, intermediate }) => state === "completed" && intermediate.length === 4)).toBe(true);
  });
});

/** A store whose trials are always somebody else's by now. */
function losing(storage: StudyStorage): StudyStorage {
  return { ...storage, update: () => false, finish: () => false };
}

/** A store that answers in a later turn, as one behind a network does. */
function late(storage: StudyStorage): StudyStorage {
  const slow =
    <A extends unknown[], R>(call: (...args: A) => Awaitable<R>) =>
    async (...args: A): Promise<R> => {
      await new Promise((resolve) => setImmediate(resolve));
      return call(...args);
    };
  return Object.fromEntries(
    Object.entries(storage).map(([name, call]) => [name, slow(call as (...args: unknown[]) => unknown)]),
  ) as unknown as StudyStorage;
}
