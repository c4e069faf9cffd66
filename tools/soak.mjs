// `npm run soak`: 10,000 damaged files a reader, 200 kills of worker, service and PostgreSQL under load, then the same work again and again; memory and connections must not grow. `npm run soak -- 10` runs ten minutes.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "./assay.mjs";
import { again, node24, root, setup } from "./setup.mjs";

await setup();
if (!again(fileURLToPath(import.meta.url))) {
  const minutes = Number(process.argv[2] ?? 5);
  const fuzz = ["node_modules/vitest/vitest.mjs", "run", "--project", "core", "library/core/src/data/fuzz"];
  execFileSync(node24(), fuzz, { cwd: root, stdio: "inherit", env: { ...process.env, ASSAY_FUZZ: "10000" } });
  const kills = ["node_modules/vitest/vitest.mjs", "run", "--project", "lab", "library/lab/src/jobs/crashes"];
  const often = { ...process.env, ASSAY_KILLS: "200", ASSAY_KILL_SEED: String(Date.now() % 1e6) };
  console.log(`200 kills, seed ${often.ASSAY_KILL_SEED}`);
  execFileSync(node24(), kills, { cwd: root, stdio: "inherit", env: often });
  process.env.ASSAY_HOME = temporaryFolder("soak");
  const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
  const { connect } = await import(pathToFileURL(join(root, "library/lab/dist/index.js")).href);
  const lab = await connect();
  const draw = ml.random(1, "soak");
  const x = Array.from({ length: 500 }, () => [draw.normal(), draw.normal(), draw.normal()]);
  const y = x.map(([a, b]) => (a + b > 0 ? "up" : "down"));
  const rows = ml.table(x.map(([a, b, c], i) => ({ a, b, c, y: y[i] })));
  const residentMb = () => process.memoryUsage().rss / 2 ** 20;
  let rounds = 0;
  let settled;
  for (const end = Date.now() + minutes * 60_000; Date.now() < end; rounds++) {
    await lab.experiment("soak").run(`round ${rounds}`, async (run) => {
      const model = await ml.randomForestClassifier({ nEstimators: 50 }).fit(rows, { target: "y", observer: run });
      await run.evaluate(model, rows);
      await run.saveModel(model);
    });
    if (rounds % 20 === 0) console.log(`${String(rounds).padStart(5)} rounds, ${residentMb().toFixed(0)} MB resident`);
    if (rounds === 60) settled = residentMb();
  }
  const grown = settled === undefined ? 0 : residentMb() - settled;
  await lab.close();
  execFileSync(node24(), [join(root, "library/lab/bin/assay.mjs"), "db", "stop"], { stdio: "ignore" });
  console.log(`${rounds} rounds, grown by ${grown.toFixed(0)} MB since round 60`);
  process.exit(grown > 200 ? 1 : 0);
}
