import { afterAll, beforeAll, expect, test } from "vitest";
import type { Opened } from "../projects/index.ts";
import { testSession } from "../testing/test-session.ts";
import { accountPaths } from "./account-page.ts";
import { type App, makeApp } from "./app.ts";

let opened: Opened;
const apps: App[] = [];
beforeAll(async () => {
  opened = await testSession();
  apps.push(await makeApp(opened.session, { signIn: true }), await makeApp(opened.session, {}));
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await opened.close();
});

test("the page and its files are given to nobody known, with a policy that lets no other script run", async () => {
  for (const url of accountPaths) {
    const { statusCode, headers } = await apps[0]!.inject({ url });
    expect(statusCode).toBe(200);
    expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  }
});

test("the page has no script, style or handler within it", async () => {
  const { body } = await apps[0]!.inject({ url: "/" });
  expect(body).toMatch(/<script type="module" src="\/account\.js"><\/script>/);
  expect(body).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/i);
});

test("a service behind JupyterLab has no such page", async () => {
  expect((await apps[1]!.inject({ url: "/" })).statusCode).toBe(404);
});
