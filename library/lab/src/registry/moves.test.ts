import { appendFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { trainedRun } from "../testing/trained-run.ts";
import {
  archive,
  changeSettings,
  checkPromotion,
  compareVersions,
  deleteAlias,
  deleteVersion,
  demote,
  deployRun,
  findModel,
  flushPredictions,
  getVersion,
  listAliases,
  listAudit,
  listVersions,
  predict,
  promote,
  rollback,
  setAlias,
  versionFile,
} from "./index.ts";

let shallow: string;
let deep: string;
const session = sessionOfTests();
beforeAll(async () => {
  [shallow, deep] = await Promise.all([trainedRun(session(), 1), trainedRun(session(), 4)]);
});

const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };

describe("a version", () => {
  test("keeps what it was made of: algorithm, parameters, preprocessing, metrics by split, signature, run and hash", async () => {
    const version = await deployRun(session(), deep, { name: "made", description: "d", tags: { team: "a" } });
    expect(version).toMatchObject({
      version: "1.0.0",
      version_status: "staged",
      algorithm: "decision_tree",
      hyperparameters: { max_depth: 4 },
      preprocessing: ["column_transformer"],
      run_id: deep,
      tags: { team: "a" },
      signature: { target: "kind", classes: ["aster", "bellis", "crocus"] },
    });
    expect(version.metrics["test.accuracy"]).toBeGreaterThan(0.5);
    expect(version.signature.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ["petal_length", "number"],
      ["petal_width", "number"],
      ["colour", "category"],
    ]);
  });

  test("may not be called as a status is", async () => {
    await expect(deployRun(session(), deep, { name: "odd", version: "production" })).rejects.toThrow("no status's name");
  });

  test("goes training, staged, production, archived, and up again", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "steps" });
    const seen: string[] = [];
    for (const move of [demote, promote, promote, archive, promote, promote, demote])
      seen.push((await move(session(), id)).version_status);
    expect(seen).toEqual(["training", "staged", "production", "archived", "staged", "production", "staged"]);
  });

  test("that does not exist is answered with those that do", async () => {
    await deployRun(session(), deep, { name: "listed" });
    await expect(getVersion(session(), "listed@9")).rejects.toThrow("no listed@9, there are 1.0.0 (staged)");
    await expect(getVersion(session(), "lsited@9")).rejects.toThrow('no model "lsited", did you mean listed');
  });
});

describe("a promotion", () => {
  test("raced by 20 clients is done once; the others hear who was faster, or that it is there already", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "raced" });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => promote(session(), id)));
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
    expect(refused.length).toBe(19);
    for (const { name, message } of refused) {
      expect(name).toBe("ConflictError");
      expect(message).toMatch(/was staged when this was asked; it was moved to production by .+ at |it is in production already/);
    }
    const { id: modelId } = await findModel(session(), "raced");
    const trail = (await listAudit(session(), modelId)).items.filter(({ to_status }) => to_status === "production");
    expect(trail.length).toBe(1);
  });

  test("of 20 versions at once leaves one in production and 19 archived, each displaced by another", async () => {
    const versions = await Promise.all(
      Array.from({ length: 20 }, (_, k) => deployRun(session(), deep, { name: "crowd", version: `${k}` })),
    );
    await Promise.all(versions.map(({ model_id }) => promote(session(), model_id)));
    const { items } = await listVersions(session(), { name: "crowd", limit: 100 });
    expect(items.map(({ version_status }) => version_status).sort()).toEqual([...Array(19).fill("archived"), "production"]);
  });

  test("is refused when another version is in production than the caller saw", async () => {
    const first = await deployRun(session(), deep, { name: "seen" });
    const second = await deployRun(session(), deep, { name: "seen" });
    await promote(session(), first.model_id, { expectedProduction: null });
    const late = promote(session(), second.model_id, { expectedProduction: null });
    await expect(late).rejects.toThrow("expected no version in production, seen@1.0.0 is");
    expect((await promote(session(), second.model_id, { expectedProduction: "1.0.0" })).version_status).toBe("production");
  });

  test("writes actor, reason and what it displaced into the trail", async () => {
    const first = await deployRun(session(), deep, { name: "trail" });
    const second = await deployRun(session(), deep, { name: "trail" });
    await promote(session(), first.model_id);
    await promote(session(), second.model_id, "better");
    await rollback(session(), "trail", "1.0.0", "worse");
    const { items } = await listAudit(session(), (await findModel(session(), "trail")).id);
    expect(
      items.slice(0, 4).map(({ version, from_status, to_status, reason }) => [version, from_status, to_status, reason]),
    ).toEqual([
      ["1.0.0", "archived", "production", "worse"],
      ["1.1.0", "production", "archived", "displaced by 1.0.0"],
      ["1.1.0", "staged", "production", "better"],
      ["1.0.0", "production", "archived", "displaced by 1.1.0"],
    ]);
    expect(items.every(({ actor }) => typeof actor === "string")).toBe(true);
  });
});

describe("checks before a promotion", () => {
  test("that are required refuse a version whose metric is worse; an owner may force it with a reason", async () => {
    const good = await deployRun(session(), deep, { name: "checked" });
    const bad = await deployRun(session(), shallow, { name: "checked" });
    await promote(session(), good.model_id);
    await changeSettings(session(), "checked", {
      checks: { required: true, metric: "test.accuracy", max_drop: 0.01, schema: true },
    });
    expect((await checkPromotion(session(), bad.model_id)).checks).toMatchObject([
      { name: "file", passed: true },
      { name: "schema", passed: true },
      { name: "metric", passed: false },
    ]);
    await expect(promote(session(), bad.model_id)).rejects.toThrow(
      /fails what a promotion requires: metric: test.accuracy 0\.\d+/,
    );
    await expect(promote(session(), bad.model_id, { force: true })).rejects.toThrow("needs a reason");
    expect((await promote(session(), bad.model_id, { force: true, reason: "trial" })).version_status).toBe("production");
  });

  test("find a file that was changed by a byte", async () => {
    const own = await trainedRun(session(), 2);
    const { model_id: id } = await deployRun(session(), own, { name: "bitten" });
    appendFileSync(session().store.path((await versionFile(session(), id)).file), "x");
    const { passed, checks } = await checkPromotion(session(), id);
    expect(passed).toBe(false);
    expect(checks[0]!.detail).toMatch(/was changed: its hash is .+…, registered was /);
  });
});

describe("an alias", () => {
  test("is another name of a version, and moves", async () => {
    await deployRun(session(), deep, { name: "named" });
    await deployRun(session(), shallow, { name: "named" });
    await setAlias(session(), "named", "champion", "1.0.0");
    expect((await getVersion(session(), "named@champion")).version).toBe("1.0.0");
    await setAlias(session(), "named", "champion", "1.1.0");
    expect((await getVersion(session(), "named@champion")).aliases).toEqual(["champion"]);
    await deleteAlias(session(), "named", "champion");
    expect(await listAliases(session(), "named")).toEqual([]);
  });

  test("may be no status and no version", async () => {
    await deployRun(session(), deep, { name: "clash", version: "v2" });
    await expect(setAlias(session(), "clash", "production", "v2")).rejects.toThrow("be no status");
    await expect(setAlias(session(), "clash", "v2", "v2")).rejects.toThrow('"v2" is a version of this model');
  });

  test("that is protected is moved by owners alone", async () => {
    await deployRun(session(), deep, { name: "guarded" });
    await setAlias(session(), "guarded", "champion", "1.0.0", { protected: true });
    const userId = "01900000-0000-7000-8000-0000000000aa";
    const { db, projectId } = session();
    await db.insertInto("users").values({ id: userId, username: "editor", email: null, full_name: null }).execute();
    await db.insertInto("project_members").values({ project_id: projectId, user_id: userId, role: "editor" }).execute();
    const editor = { ...session(), userId };
    await expect(setAlias(editor, "guarded", "champion", "1.0.0")).rejects.toThrow("may not protect");
    await expect(deleteAlias(editor, "guarded", "champion")).rejects.toThrow("may not protect");
    expect((await setAlias(editor, "guarded", "challenger", "1.0.0")).updated_by).toBe("editor");
  });
});

describe("a deletion", () => {
  test("is refused with whatever refers to the version", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "held" });
    await promote(session(), id);
    await setAlias(session(), "held", "champion", "1.0.0");
    await deployRun(session(), deep, { name: "leaning" });
    await changeSettings(session(), "leaning", { fallback: { basic: "held@1.0.0", rule: null } });
    await predict(session(), id, row);
    await flushPredictions(session());
    await expect(deleteVersion(session(), id)).rejects.toThrow(
      'held@1.0.0 cannot be deleted: it is in production: demote or archive it first; alias "champion" points at it; it is the fallback of leaning; it has a log of predictions',
    );
  });

  test("leaves the trail, and the file that the run has", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "gone" });
    const { file } = await versionFile(session(), id);
    await deleteVersion(session(), id, { reason: "tidy" });
    const { items } = await listAudit(session(), (await findModel(session(), "gone")).id);
    expect(items[0]).toMatchObject({ action: "delete", version: "1.0.0", model_id: null, reason: "tidy" });
    expect(await session().store.fetch(file)).toBe(session().store.path(file));
    expect((await deployRun(session(), deep, { name: "gone" })).version).toBe("1.0.0");
  });
});

test("versions compared show what differs and which metric is best", async () => {
  await deployRun(session(), shallow, { name: "side" });
  await deployRun(session(), deep, { name: "side" });
  const { differences, metrics } = await compareVersions(session(), ["side@1.0.0", "side@1.1.0"]);
  expect(differences.map(({ what, name, values }) => [what, name, values])).toEqual([["params", "max_depth", [1, 4]]]);
  expect(metrics.find(({ name }) => name === "test.accuracy")!.best).toBe(1);
});
