// The recommendation flow drawn from the contract's examples, and from runs, recommenders and answers in other states.
import React from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Drawn, draw } from "../../testing/draw";
import { fakeService, nothingThere } from "../../testing/fake-service";
import { RecommendationsPanel } from "./Panel";

vi.mock("../../plotly/Figure", () => ({ Figure: ({ label }: { label: string }) => <div role="figure">{label}</div> }));

type Answer = Parameters<typeof fakeService>[0];

let drawn: Drawn | undefined;
beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue());
afterEach(async () => {
  await drawn?.close();
  drawn = undefined;
  vi.restoreAllMocks();
});
const open = async (answer?: Answer, tab?: string) => {
  drawn = await draw(<RecommendationsPanel />, fakeService(answer));
  if (tab) await drawn.press(tab);
  return drawn.node;
};
const find = (selector: string) => drawn!.node.querySelector<HTMLElement>(selector)!;
const texts = (selector: string) => [...drawn!.node.querySelectorAll(selector)].map(({ textContent }) => textContent);
const fill = (selector: string, value: string) => drawn!.fill(selector, value);
const click = (selector: string) => drawn!.click(selector);
const submit = (selector: string) => drawn!.submit(selector);
/** The contract's example of a list, with its first item changed. */
async function changed(path: string, change: object): Promise<object> {
  const { items } = await fakeService().get<{ items: object[] }>(path);
  return { items: [{ ...items[0], ...change }], next_cursor: null };
}
const answering =
  (path: string, value: unknown): Answer =>
  (method, asked) =>
    method === "GET" && asked === path ? value : undefined;
const runs = "api/ml/etl/runs";
const failed = {
  run_status: "failed",
  train_dataset: null,
  test_dataset: null,
  error: 'etl: the source\'s table "shop.people" has no column "uid" (setting mapping.users.columns.id), did you mean id',
  settings: {
    version: "1.1",
    window_days: 30,
    negative_sample_ratio: 2,
    test_size: 0.25,
    random_seed: 7,
    k_anonymity: 5,
    mapping: {
      schema: "shop",
      users: { table: "people", columns: { id: "uid" } },
      items: { table: "goods", columns: { id: "sku" } },
      recommendations: { table: "shown", columns: { user: "uid", item: "sku", at: "at" } },
    },
  },
};

describe("a version", () => {
  test("has its steps with rows and time, its checks, and says pseudonymised where a measure does not pass", async () => {
    await open();
    expect(texts('tr[data-step="1"] td')).toEqual(["1", "extract users", "done", "users 20,000", "412 ms"]);
    expect(texts('tr[data-check="train size"] td')).toEqual(["size of the training rows", "pass", "18.20", "> 10 MB"]);
    expect(find("[data-privacy]").dataset["privacy"]).toBe("pseudonymised");
    expect(find("[data-privacy]").textContent).toContain("The rows are not anonymous");
    const passes = [...drawn!.node.querySelectorAll<HTMLElement>("[data-measure]")].map(({ dataset }) => dataset["passes"]);
    expect(passes).toEqual(["true", undefined, undefined, "false", "false"]);
  });

  test("has a report that is shown in a frame in which nothing runs", async () => {
    drawn = await draw(<RecommendationsPanel />, {
      ...fakeService(),
      blob: async () => new Blob(["<h1>Quality</h1>"]),
    });
    await drawn.press("Show the report");
    const frame = find("iframe") as HTMLIFrameElement;
    expect(frame.getAttribute("sandbox")).toBe("");
    expect(frame.getAttribute("srcdoc")).toBe("<h1>Quality</h1>");
  });

  test("has rows that are downloaded as Parquet, and opened as a dataset", async () => {
    await open();
    await drawn!.press("Parquet");
    expect(drawn!.service.asked).toContain("GET api/ml/datasets/recommendation_train%401/export");
    await drawn!.press("Training rows");
    expect(drawn!.executed.at(-1)).toEqual(["assay:open-dataset", { id: "recommendation_train", name: "recommendation_train" }]);
  });

  test("has its metadata as a file of the service", async () => {
    await open();
    await drawn!.press("Metadata as JSON");
    expect(drawn!.service.asked.some((asked) => /^GET api\/ml\/etl\/runs\/.+\/metadata$/.test(asked))).toBe(true);
  });

  test("whose checks failed says that nothing was published, and where bounds for small applications are set", async () => {
    const check = { name: "train size", passed: false, figure: 0.2, bound: "> 10 MB", message: "train size: 0.2 MB" };
    const list = await changed(runs, { ...failed, error: "etl: 1 of 6 checks failed", checks: [check] });
    await open(answering(runs, list));
    expect(find('[data-check="train size"]').dataset["passed"]).toBe("false");
    expect(drawn!.node.textContent).toContain("Nothing was published.");
    expect(drawn!.node.textContent).toContain("ETL_MIN_TRAIN_MB");
  });
});

describe("a run", () => {
  test("that goes on is cancelled", async () => {
    const steps = [
      { step: 1, name: "extract users", step_status: "completed", rows: { users: 200 }, elapsed_ms: 50 },
      { step: 2, name: "extract recommendations", step_status: "running", rows: {}, elapsed_ms: null },
    ];
    await open(answering(runs, await changed(runs, { run_status: "running", steps, checks: [], privacy: null })));
    const bar = find(".jp-AssayRecommendations-card [role=progressbar]");
    expect([bar.getAttribute("aria-valuenow"), bar.getAttribute("aria-valuemax")]).toEqual(["1", "2"]);
    await drawn!.press("Cancel");
    expect(drawn!.service.asked.some((asked) => /^POST api\/ml\/jobs\/.+\/cancel$/.test(asked))).toBe(true);
  });

  test("that failed is resumed, and stands as queued while its job waits", async () => {
    const list = (await changed(runs, { ...failed, error: "etl: the database went away" })) as { items: { job_id: string }[] };
    const jobs = await changed("api/ml/jobs", { job_id: list.items[0]!.job_id, job_status: "queued", attempt: 2 });
    await open(answering(runs, list));
    drawn!.service.answer = (method, path) => {
      if (method !== "GET") return undefined;
      return path === runs ? list : path === "api/ml/jobs" ? jobs : undefined;
    };
    await drawn!.press("Resume");
    expect(drawn!.service.asked.some((asked) => /^POST api\/ml\/jobs\/.+\/retry$/.test(asked))).toBe(true);
    expect(find(".jp-AssayRecommendations-card").dataset["status"]).toBe("queued");
    expect(find(".jp-AssayRecommendations-card").textContent).toContain("attempt 2");
  });

  test("whose mapping was refused leads to the field, with the words beside it", async () => {
    await open(answering(runs, await changed(runs, failed)));
    await drawn!.press("Correct the mapping…");
    const field = find('input[name="mapping.users.columns.id"]') as HTMLInputElement;
    expect([field.value, field.getAttribute("aria-invalid")]).toEqual(["uid", "true"]);
    expect(field.closest(".jp-Assay-field")!.textContent).toContain("did you mean id");
    expect((find('input[name="window_days"]') as HTMLInputElement).value).toBe("30");
    await fill('input[name="mapping.users.columns.id"]', "id");
    expect(find('input[name="mapping.users.columns.id"]').getAttribute("aria-invalid")).toBeNull();
  });
});

describe("a new version", () => {
  test("is the next refresh unless another is named, and is sent with its settings", async () => {
    const sent: unknown[] = [];
    await open((method, path, body) => void (method === "POST" && path === runs && sent.push(body)), "New version");
    await fill('input[name="window_days"]', "60");
    await submit('form[aria-label="New version"]');
    expect(sent).toMatchObject([{ version: "1.1", window_days: 60, negative_sample_ratio: 2, test_size: 0.2 }]);
    expect(find('[role="tab"][aria-selected="true"]').textContent).toBe("Versions");
  });

  test("that exists is said to be never overwritten, and is not sent", async () => {
    await open(undefined, "New version");
    await fill('input[name="version"]', "1.0");
    expect(drawn!.node.textContent).toContain("Version 1.0 exists and is never overwritten.");
    expect((find('button[name="start"]') as HTMLButtonElement).disabled).toBe(true);
  });

  test("of own tables needs what must be mapped, and sends the mapping", async () => {
    const sent: { mapping?: object }[] = [];
    await open(
      (method, path, body) => void (method === "POST" && path === runs && sent.push(body as { mapping?: object })),
      "New version",
    );
    await click('input[value="own"]');
    expect((find('button[name="start"]') as HTMLButtonElement).disabled).toBe(true);
    expect(drawn!.node.textContent).toContain("Still to be set: mapping.schema, mapping.users.table");
    const fields = {
      schema: "shop",
      "users.table": "people",
      "users.columns.id": "uid",
      "items.table": "goods",
      "items.columns.id": "sku",
      "recommendations.table": "shown",
      "recommendations.columns.user": "uid",
      "recommendations.columns.item": "sku",
      "recommendations.columns.at": "at",
    };
    for (const [name, text] of Object.entries(fields)) await fill(`input[name="mapping.${name}"]`, text);
    await submit('form[aria-label="New version"]');
    expect(sent[0]!.mapping).toEqual(failed.settings.mapping);
  });

  test("begins with a made-up application of the size that is asked for", async () => {
    const sent: unknown[] = [];
    await open((_, path, body) => void (path.endsWith("etl/source") && sent.push(body)), "New version");
    await fill('input[name="source_users"]', "300");
    await submit(".jp-AssayRecommendations-source");
    expect(sent).toMatchObject([{ users: 300, items: 2000, replace: false }]);
  });
});

describe("recommenders", () => {
  test("that are ticked are trained on the rows of the chosen version, each by its own job", async () => {
    const sent: object[] = [];
    await open((_, path, body) => void (path.endsWith("recommend/train") && sent.push(body as object)), "Recommenders");
    await click('input[name="algorithm_bpr"]');
    await fill('select[name="engagement"]', "5");
    await submit(".jp-AssayRecommendations-train");
    const rows = { dataset_id: "recommendation_train@1", test_dataset_id: "recommendation_test@1", engagement: 5, k: 10 };
    expect(sent).toEqual(["ease", "als", "bpr"].map((algorithm) => ({ algorithm, hyperparameters: {}, ...rows })));
  });

  test("stand side by side with their intervals", async () => {
    await open(undefined, "Recommenders");
    expect(texts('tr[data-recommender="ease"] [data-measure="ndcg@10"]')).toEqual(["0.0810[0.0780, 0.0840]"]);
    expect(texts('[role="figure"]')).toEqual(["nDCG @10 of each recommender"]);
  });

  test("cannot be trained before there is a version, which is said with the way to one", async () => {
    await open(nothingThere, "Recommenders");
    await drawn!.press("Make a version");
    expect(find('[role="tab"][aria-selected="true"]').textContent).toBe("New version");
  });

  test("that are registered open their model", async () => {
    const list = await changed("api/ml/recommend/models", { model: "travel@1.0.0" });
    await open(answering("api/ml/recommend/models", list), "Recommenders");
    await drawn!.press("travel@1.0.0");
    expect(drawn!.executed.at(-1)).toEqual(["assay:open-model", { name: "travel" }]);
  });

  test("are compared on the same people without being kept, and say by how much each is above popularity", async () => {
    const sent: object[] = [];
    const at = (value: number) => ({ "ndcg@10": { value, low: value - 0.01, high: value + 0.01 } });
    const results = {
      users: 240,
      new_users: 12,
      models: [
        { name: "popularity", algorithm: "popularity", measures: at(0.05) },
        { name: "ease 1", algorithm: "ease", measures: at(0.08) },
        { name: "ease 2", algorithm: "ease", measures: at(0.07) },
      ],
      differences: [
        { a: "ease 1", b: "popularity", measure: "ndcg@10", value: 0.03, low: 0.02, high: 0.04 },
        { a: "popularity", b: "ease 2", measure: "ndcg@10", value: -0.02, low: -0.03, high: 0.01 },
      ],
    };
    const jobs = await changed("api/ml/jobs", { kind: "recommend-compare", job_status: "completed", error: null, results });
    const service = fakeService((_, path, body) => {
      if (!path.endsWith("recommend/compare")) return undefined;
      sent.push(body as object);
      return { job_id: "x", run_id: null };
    });
    drawn = await draw(<RecommendationsPanel />, {
      ...service,
      get: (path, query) =>
        query?.["kind"] === "recommend-compare" ? (Promise.resolve(jobs) as never) : service.get(path, query),
    });
    await drawn.press("Recommenders");
    await drawn.press("Compare only");
    expect(sent).toMatchObject([{ models: [{ algorithm: "ease" }, { algorithm: "als" }], k: 10 }]);
    const rows = [...drawn.node.querySelectorAll<HTMLElement>("tr[data-compared]")].map((row) => [
      row.querySelector("th")!.textContent,
      row.querySelector("td:last-child")!.textContent,
    ]);
    expect(rows).toEqual([
      ["EASE 1", "+0.0300 [+0.0200, +0.0400]"],
      ["EASE 2", "+0.0200 [−0.0100, +0.0300]"],
      ["Popularity", "–"],
    ]);
  });
});

describe("a question", () => {
  const ask = async (user = "4711") => {
    await fill('input[name="user"]', user);
    await submit('form[aria-label="Question"]');
  };

  test("is answered with the source, scores and the items that speak for each", async () => {
    await open(undefined, "Recommend");
    await ask();
    expect(find("[data-source]").dataset["source"]).toBe("model");
    expect(texts('tr[data-item="12"] > :not(:last-child)')).toEqual(["1", "12beach_resort · coast", "0.4100", "7 (+0.30)"]);
    expect(drawn!.service.asked).toContain("GET api/ml/recommend/4711");
  });

  test("of somebody new carries the eight sliders, and says that it is a cold start", async () => {
    const asked: unknown[] = [];
    const service = fakeService();
    drawn = await draw(<RecommendationsPanel />, {
      ...service,
      get: (path, query) => {
        if (/recommend\/[^/]+$/.test(path) && !path.endsWith("models")) {
          asked.push(query);
          return Promise.resolve({
            user_id: "new",
            algorithm: "ease",
            source: "profile",
            recommender_id: "x",
            items: [],
          }) as never;
        }
        return service.get(path, query);
      },
    });
    await drawn.press("Recommend");
    await click('input[name="is_new"]');
    expect(drawn.node.querySelectorAll('input[type="range"]')).toHaveLength(8);
    await fill('input[name="profile_budget"]', "0.9");
    await ask("new");
    expect(asked).toMatchObject([{ k: 10, profile: "0.5,0.5,0.9,0.5,0.5,0.5,0.5,0.5" }]);
    expect(find("[data-source]").textContent).toContain("cold start: profile");
    expect(find("[data-source]").textContent).toContain("No item is left");
  });

  test("keeps what its form holds while another tab is looked at", async () => {
    await open(undefined, "Recommend");
    await fill('input[name="user"]', "4711");
    await fill('input[name="category"]', "beach_resort");
    await drawn!.press("Versions");
    await drawn!.press("Recommend");
    const held = ["user", "category"].map((name) => (find(`input[name="${name}"]`) as HTMLInputElement).value);
    expect(held).toEqual(["4711", "beach_resort"]);
  });

  test("by a running test shows what the person's arm says, and counts them", async () => {
    const { items } = await fakeService().get<{ items: { test_name: string; model_a_id: string; model_b_id: string }[] }>(
      "api/ml/models/ab-test",
    );
    const [trial] = items;
    const versions = [trial!.model_a_id, trial!.model_b_id].map((model_id) => ({ model_id, task_type: "recommendation" }));
    const shown: unknown[] = [];
    await open((method, path, body) => {
      if (path === "api/ml/models/deployed") return { items: versions, next_cursor: null };
      if (method !== "POST" || path !== "api/ml/recommend") return undefined;
      shown.push(body);
      const ab_test = { test_name: trial!.test_name, arm: "b" };
      return { user_id: "7", recommender_id: "x", algorithm: "ease", source: "model", model: "travel@1.0.0", ab_test, items: [] };
    }, "Recommend");
    await fill('select[name="answerer"]', `test:${trial!.test_name}`);
    await ask("7");
    expect(shown).toMatchObject([{ user_id: "7", k: 10, ab_test_name: trial!.test_name }]);
    expect(find("[data-source]").textContent).toContain(`EASE · travel@1.0.0 · arm B of ${trial!.test_name}`);
  });

  test("is followed by what the person made of an item, which the next answer knows", async () => {
    const told: unknown[] = [];
    await open((_, path, body) => void (path.endsWith("feedback") && told.push(body)), "Recommend");
    await ask();
    const before = drawn!.service.asked.filter((asked) => asked === "GET api/ml/recommend/4711").length;
    await drawn!.press("booked");
    await drawn!.settle();
    expect(told).toMatchObject([{ user_id: "4711", item_id: "12", action: "booked" }]);
    expect(find("[data-source]").textContent).toContain("Told: 12 booked.");
    expect(drawn!.service.asked.filter((asked) => asked === "GET api/ml/recommend/4711").length).toBe(before + 1);
  });
});

describe("a test against rules", () => {
  const version = (k: number, algorithm: string, name: string) => ({
    model_id: `01981c3e-7a10-7c42-9d6f-0b6a51a1c0d${k}`,
    name,
    version: "1.0.0",
    version_status: "staged",
    algorithm,
    task_type: "recommendation",
  });
  const versions = [version(1, "ease", "travel"), version(2, "segment_popularity", "rules")];

  test("needs two registered recommenders, and says so", async () => {
    await open(undefined, "A/B test");
    expect(find(".jp-Assay-empty").textContent).toContain("Two registered recommenders are needed.");
    await drawn!.press("Register recommenders");
    expect(find('[role="tab"][aria-selected="true"]').textContent).toBe("Recommenders");
  });

  test("takes the rules for A, and judges both by what people click and book", async () => {
    const made: unknown[] = [];
    await open((method, path, body) => {
      if (method === "POST" && path === "api/ml/models/ab-test") made.push(body);
      return method === "GET" && path === "api/ml/models/deployed" ? { items: versions, next_cursor: null } : undefined;
    }, "A/B test");
    await fill('input[name="test_name"]', "ease or rules");
    await submit('form[aria-label="New test against rules"]');
    expect(made).toEqual([
      {
        test_name: "ease or rules",
        model_a_id: versions[1]!.model_id,
        model_b_id: versions[0]!.model_id,
        split_ratio: 0.5,
        metrics: [{ name: "clicked" }, { name: "booked" }],
      },
    ]);
  });

  test("shows its result live, and is stopped here", async () => {
    const { items } = await fakeService().get<{ items: object[] }>("api/ml/models/ab-test");
    const test = { ...items[0], model_a: "rules@1.0.0", model_b: "travel@1.0.0" };
    await open((method, path) => {
      if (method !== "GET") return undefined;
      if (path === "api/ml/models/deployed") return { items: versions, next_cursor: null };
      return path === "api/ml/models/ab-test" ? { items: [test], next_cursor: null } : undefined;
    }, "A/B test");
    expect(find("[data-metric]")).not.toBeNull();
    expect(texts("button")).toContain("Stop the test…");
  });
});
