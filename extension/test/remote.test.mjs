// The panels against a service elsewhere: `assay serve` at an address of its own, with a token, which allows JupyterLab's origin.
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startService } from "../../tools/assay.mjs";

const flowers = fileURLToPath(new URL("fixtures/flowers.csv", import.meta.url));

/** The journeys in order. */
export function remoteTests({ page, lab, stamp }) {
  return [
    {
      name: "remote: a token and an address in the settings take the panels to a service elsewhere: data, a training, its events",
      async run() {
        const service = await startService({ ASSAY_ALLOWED_ORIGINS: lab.origin });
        const asked = [];
        const hear = (request) => /\/api\/(ml|auth)\//.test(request.url()) && asked.push(request);
        try {
          const post = async (path, body, headers = {}) => {
            const response = await fetch(`${service.base}/api/${path}`, {
              method: "POST",
              headers: { "X-Assay": "1", "Content-Type": "application/json", ...headers },
              body: JSON.stringify(body),
            });
            assert.ok(response.ok, `${path}: ${response.status}`);
            return { answer: await response.json(), cookie: response.headers.getSetCookie()[0]?.split(";")[0] };
          };
          const { cookie } = await post("auth/register", { username: "ada", password: "correct horse battery staple" });
          const { answer } = await post("auth/tokens", { name: "panels" }, { cookie });
          await lab.setting("url", service.base);
          await lab.setting("token", answer.token);
          page.on("request", hear); // the page that went away asks nothing any more
          await lab.reload();
          await lab.newExperiment();
          await page.getByText("No datasets yet", { exact: false }).first().waitFor({ state: "attached" });
          await page
            .locator('.jp-AssayNew:visible input[type="file"]')
            .setInputFiles({ name: "far.csv", mimeType: "text/csv", buffer: await readFile(flowers) });
          await page.getByLabel("Target", { exact: true }).waitFor();
          await lab.algorithm("decision_tree");
          await page.locator('.jp-AssayNew:visible input[name="run_name"]').fill(`far ${stamp}`);
          await lab.startTraining();
          await page.locator('.jp-AssayRun[data-status="completed"]:visible').waitFor();
          await lab.shot("remote-run");
          await lab.open("assay:open-experiments");
          await page.locator(".jp-AssayExperiments:visible tbody .jp-Assay-link", { hasText: `far ${stamp}` }).waitFor();
          await lab.shot("remote-experiments");
          assert.ok(asked.length > 5);
          for (const request of asked) {
            assert.ok(request.url().startsWith(service.base), request.url());
            const { authorization, cookie: sent } = await request.allHeaders();
            if (request.method() !== "OPTIONS") assert.equal(authorization, `Bearer ${answer.token}`);
            assert.equal(sent, undefined); // the Jupyter server's cookies are its own
          }
          // a wrong token is told in the service's words
          await lab.setting("token", "assay_wrong");
          await lab.reload();
          await lab.open("assay:open-experiments");
          await page.locator(".jp-AssayExperiments:visible .jp-Assay-failure").first().waitFor();
          await lab.shot("remote-refused");
        } finally {
          page.off("request", hear);
          await lab.setting("url", "");
          await lab.setting("token", "");
          await lab.reload();
          await service.stop();
        }
      },
    },
  ];
}
