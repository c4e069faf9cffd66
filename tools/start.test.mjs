// What `npm start` promises: it opens, two at once share a database, it says what is wrong, and it leaves nothing behind.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { runTests, startAssay, temporaryFolder } from "./assay.mjs";

/** Processes whose environment holds a text, by id. */
function processesWith(text) {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(join("/proc", pid, "environ"), "utf8").includes(text);
    } catch {
      return false;
    }
  });
}

const api = async ({ base, token }, path, init = {}) =>
  fetch(`${base}${path}`, {
    ...init,
    headers: { authorization: `token ${token}`, "content-type": "application/json", "x-assay": "1", ...init.headers },
  });

async function until(what, condition) {
  for (const end = Date.now() + 120_000; Date.now() < end; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`not within two minutes: ${what}`);
}

const tests = [
  {
    name: "a start answers on its address, and Ctrl-C leaves no process behind",
    async run() {
      const assay = startAssay();
      const lab = await assay.ready;
      assert.equal((await api(lab, "/assay/health")).status, 200);
      const kernel = await (await api(lab, "/api/kernels", { method: "POST", body: JSON.stringify({ name: "assay" }) })).json();
      await until("the kernel is known", async () => (await api(lab, `/api/kernels/${kernel.id}`)).ok);
      assert.equal(await assay.stop("SIGINT"), 0);
      await until("no process of this start is left", () => processesWith(`ASSAY_HOME=${assay.home}`).length === 0);
    },
  },
  {
    name: "two starts at once take two ports and one database",
    async run() {
      const home = temporaryFolder("two");
      const both = [startAssay({ home }), startAssay({ home })];
      const [first, second] = await Promise.all(both.map((assay) => assay.ready));
      assert.notEqual(first.port, second.port);
      for (const lab of [first, second]) assert.equal((await api(lab, "/ready")).status < 500 ? 200 : 500, 200);
      for (const lab of [first, second]) assert.equal((await api(lab, "/assay/ready")).status, 200);
      await both[0].stop();
      assert.equal((await api(second, "/assay/ready")).status, 200, "the other one still has its database");
      await both[1].stop();
    },
  },
  {
    name: "a taken port is named with the remedy",
    async run() {
      const server = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const { port } = server.address();
      const assay = startAssay({ args: ["--port", String(port)] });
      assert.equal(await assay.exited, 1);
      server.close();
      assert.match(assay.out, new RegExp(`port ${port} is taken: choose another with --port`));
    },
  },
  {
    name: "an unknown option is refused with the list of options",
    async run() {
      const assay = startAssay({ args: ["--prot", "1"] });
      assert.equal(await assay.exited, 1);
      assert.match(assay.out, /--prot[\s\S]*--port N/);
    },
  },
  {
    name: "an external database is used and not stopped",
    async run() {
      const owner = startAssay();
      await owner.ready;
      const url = `postgresql://assay@localhost/postgres?host=${join(owner.home, "pg18")}`;
      const guest = startAssay({ args: ["--database-url", url] });
      const lab = await guest.ready;
      assert.equal((await api(lab, "/assay/ready")).status, 200);
      await guest.stop();
      assert.equal((await api(await owner.ready, "/assay/ready")).status, 200);
      await owner.stop();
    },
  },
];

await runTests(tests);
