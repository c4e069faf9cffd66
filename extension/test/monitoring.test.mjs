// The journey of monitoring: drift, traffic, outcomes, rules and their alerts.
import { readFile } from "node:fs/promises";
import { flowers } from "./garden.mjs";

/** The journey on the garden's model in production. */
export function monitoringTests({ page, lab, garden }) {
  const { name, dialog, predict, openModel } = garden;
  return [
    {
      name: "models: drift, traffic and performance are drawn, outcomes come as a file, and rules open alerts that are seen to",
      async run() {
        const rows = (await readFile(flowers, "utf8")).trim().split("\n").slice(1, 121);
        const lines = ["prediction_id,outcome"];
        for (const [k, row] of rows.entries()) {
          const [length, , habitat, species] = row.split(",");
          const features = { petal_length: Number(length) + 4, petal_width: 2.4, habitat };
          const { prediction_id } = await predict({ model_id: `${name}@production`, features });
          lines.push(`${prediction_id},${k % 5 === 0 ? "tulip" : species}`);
        }
        await openModel("monitoring");
        const monitoring = page.locator(".jp-AssayMonitoring:visible");
        await monitoring.locator('[data-figure="rows"] .main-svg').first().waitFor();
        await monitoring.locator('[data-figure="predictions"] .main-svg').first().waitFor();
        await monitoring.locator('tr[data-column="petal_width"] [data-verdict="moved"]').waitFor();
        await monitoring.locator('section[data-outcomes="0"]').waitFor();
        await monitoring
          .locator('section[aria-label="Report outcomes"] input[type="file"]')
          .setInputFiles({ name: "truth.csv", mimeType: "text/csv", buffer: Buffer.from(`${lines.join("\n")}\nnobody,iris\n`) });
        await monitoring.locator('[data-stored="120"]').waitFor();
        await monitoring.locator('[data-figure="performance"] .main-svg').first().waitFor();
        await lab.shot("model-monitoring");
        await monitoring.locator(".jp-AssayRules-new summary").click();
        await monitoring.locator('form[aria-label="New rule"] input[name="threshold"]').fill("90");
        await monitoring.locator('form[aria-label="New rule"] input[name="rule_name"]').fill("drifting");
        await monitoring.getByRole("button", { name: "Watch" }).click();
        const rule = monitoring.locator('tr[data-rule="drifting"]');
        await rule.waitFor();
        await rule.locator('input[name="threshold"]').fill("0.2");
        await rule.locator('input[name="threshold"]').press("Enter");
        await monitoring.getByRole("button", { name: "Check now" }).click();
        const alert = monitoring.locator('li[data-alert="drifting"]');
        await alert.waitFor();
        await lab.shot("model-alert");
        await lab.open("assay:open-models");
        await page
          .locator(`.jp-AssayModels:visible tr[data-model="${name}"]`)
          .getByRole("button", { name: /1 open alert/ })
          .click();
        await alert.getByRole("button", { name: "Acknowledge drifting" }).click();
        await dialog().locator("input").fill("spring has come");
        await dialog().getByRole("button", { name: "Acknowledge" }).click();
        await monitoring
          .locator('li[data-alert="drifting"][data-status="acknowledged"]', { hasText: "spring has come" })
          .waitFor();
        await alert.getByRole("button", { name: "Resolve drifting" }).click();
        await dialog().getByRole("button", { name: "Resolve" }).click();
        await alert.waitFor({ state: "detached" });
        await rule.getByRole("button", { name: "Pause drifting" }).click();
        await rule.getByRole("button", { name: "Resume drifting" }).waitFor();
        await rule.getByRole("button", { name: "Delete drifting" }).click();
        await rule.waitFor({ state: "detached" });
      },
    },
  ];
}
