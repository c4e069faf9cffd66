// The page of a service with sign-in, in Chromium: the first user registers, makes and revokes a token, signs out and in again; and which pages
// of other origins may read the service's streams.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { startService } from "../../../tools/assay.mjs";

const password = "correct horse battery staple";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** An origin with an empty page. */
async function emptyPage() {
  const server = createServer((_, answer) =>
    answer.setHeader("content-type", "text/html").end("<!doctype html><title>elsewhere</title>"),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.closeAllConnections() ?? server.close() };
}

/** In a page: the first two blocks of a stream that is fetched with a token, however they are cut on their way, or why there are none. */
async function firstOfStream([url, token]) {
  try {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}`, "last-event-id": "0" } });
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    while (text.split("\n\n").length <= 2) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
    return `${answer.status} ${text}`;
  } catch (error) {
    return error.message;
  }
}

/** In a page: what becomes of an EventSource. */
function openedSource([url, withCredentials]) {
  return new Promise((resolve) => {
    const source = new EventSource(url, { withCredentials });
    const end = (what) => () => {
      source.close();
      resolve(what);
    };
    source.onopen = end("open");
    source.onerror = end("refused");
  });
}

/** The journey, one test after the other on one page. */
export async function accountTests({ browser, program }) {
  const [allowed, foreign] = [await emptyPage(), await emptyPage()];
  const service = await startService({ ASSAY_ALLOWED_ORIGINS: allowed.origin, ASSAY_WORKERS: "0" }, program);
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const form = (id) => page.locator(`#${id}`);
  const who = page.locator("#who");
  const tokens = page.locator("#tokens tr");
  let secret;
  const asToken = () => fetch(`${service.base}/api/auth/me`, { headers: { authorization: `Bearer ${secret}` } });
  const accessible = async () => {
    await page.evaluate(axe); // past the page's policy, as the developer tools are
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      [],
    );
  };
  return [
    {
      name: "account: the first user registers, and administers the service",
      async run() {
        await page.goto(service.base);
        await form("sign-in").waitFor();
        await accessible();
        await page.getByText("Register", { exact: true }).first().click();
        await form("register").getByLabel("Username").fill("ada");
        await form("register").getByLabel("Full name").fill("<i>Ada</i>");
        await form("register").getByLabel("Password").fill(password);
        await form("register").getByRole("button").click();
        await who.waitFor();
        assert.equal(await who.textContent(), "ada, <i>Ada</i>, administrator");
        assert.equal(await form("sign-in").isVisible(), false);
        await accessible();
      },
    },
    {
      name: "account: a token is shown once, works, and is revoked",
      async run() {
        await form("new-token").getByLabel("Name").fill("<b>ci</b>");
        await form("new-token").getByLabel("May").selectOption("read");
        await form("new-token").getByRole("button").click();
        await page.locator("#made").waitFor();
        secret = await page.locator("#secret").textContent();
        assert.equal((await asToken()).status, 200);
        assert.match(await tokens.first().textContent(), /^<b>ci<\/b>.*read/);
        await page.reload();
        await tokens.first().waitFor();
        assert.equal((await page.content()).includes(secret), false);
        await page.getByRole("button", { name: "Revoke <b>ci</b>" }).click();
        await tokens.first().waitFor({ state: "detached" });
        assert.equal((await asToken()).status, 401);
      },
    },
    {
      name: "account: projects are listed, and what others wrote is text",
      async run() {
        const name = `<img src="x" onerror="document.title='run'">`;
        await page.evaluate(
          (text) =>
            fetch("/api/projects", {
              method: "POST",
              headers: { "x-assay": "1", "content-type": "application/json" },
              body: JSON.stringify({ name: text, description: "kept apart" }),
            }),
          name,
        );
        await page.reload();
        await page.locator("#projects li").filter({ hasText: name }).filter({ hasText: "owner, kept apart" }).waitFor();
        assert.equal(await page.locator("#projects img").count(), 0);
        assert.equal(await page.title(), "Assay");
      },
    },
    {
      name: "account: after signing out a wrong password is told, and the right one lets in, by the keyboard alone",
      async run() {
        assert.deepEqual(complaints.splice(0), [
          "Failed to load resource: the server responded with a status of 401 (Unauthorized)",
        ]);
        await page.getByRole("button", { name: "Sign out" }).press("Enter");
        await form("sign-in").getByLabel("Username").fill("ada");
        await form("sign-in").getByLabel("Password").fill("not this one, surely");
        await page.keyboard.press("Enter");
        await page.getByRole("alert").waitFor();
        assert.match(await page.getByRole("alert").textContent(), /password/);
        await form("sign-in").getByLabel("Password").fill(password);
        await page.keyboard.press("Enter");
        await who.waitFor();
        assert.equal(await page.getByRole("alert").isVisible(), false);
      },
    },
    {
      name: "account: a page of an allowed origin reads a stream by fetch with a token, a foreign one by no means",
      async run() {
        const stream = `${service.base}/api/ml/events`;
        const token = await page.evaluate(async () => {
          const headers = { "x-assay": "1", "content-type": "application/json" };
          const answer = await fetch("/api/auth/tokens", { method: "POST", headers, body: '{"name":"page","scopes":["read"]}' });
          return (await answer.json()).token;
        });
        const elsewhere = await context.newPage(); // beside the page that is signed in: its cookie is there
        const seen = [];
        for (const { origin } of [allowed, foreign]) {
          await elsewhere.goto(origin);
          seen.push(await elsewhere.evaluate(firstOfStream, [stream, token]));
          for (const withCredentials of [false, true])
            seen.push(await elsewhere.evaluate(openedSource, [stream, withCredentials]));
        }
        assert.deepEqual(seen, ["200 : open\n\nid: 0\n\n", "refused", "refused", "Failed to fetch", "refused", "refused"]);
        assert.equal(await page.evaluate(openedSource, [stream, false]), "open");
        await elsewhere.close();
      },
    },
    {
      name: "account: the service ends",
      async run() {
        allowed.close();
        foreign.close();
        await context.close();
        await service.stop();
      },
    },
  ];
}
