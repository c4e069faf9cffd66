import { describe, expect, test } from "vitest";
import { actionOf } from "../../contract/route.ts";
import { testService } from "../../testing/test-service.ts";
import { declared } from "./declared-routes.ts";
import { noteResult } from "./results.ts";

const service = testService({ hosts: ["assay.example.org", "localhost"], origins: ["https://pages.example.org"] });

const host = "assay.example.org";
const ask = async (headers: Record<string, string>, url = "/api/ml/datasets", method: "GET" | "POST" = "GET") =>
  (await service.app.inject({ method, url, headers: { host, ...headers } })).statusCode;

const foreignHosts = [
  "evil.example",
  "assay.example.org.evil.example",
  "evilassay.example.org",
  "assay.example.org@evil.example",
  "assay.example.org:80@evil.example",
  "assay.example.org.",
  "localhost.evil.example",
  "xn--assay-example.org",
  "assay.example.org,evil.example",
];
const foreignOrigins = [
  "null",
  "https://evil.example",
  "https://assay.example.org.evil.example",
  "https://evil-assay.example.org",
  "https://pages.example.org.evil.example",
  "https://evilpages.example.org",
  "https://pages.example.org:8443",
  "http://pages.example.org",
  "https://assay.example.org:8790",
  "https://user@evil.example",
  "file://",
  "chrome-extension://abc",
  "https://pages.example.org/",
  "HTTPS://PAGES.EXAMPLE.ORG",
  "https://assay.example.org evil",
  "",
];

describe("a foreign page", () => {
  test.each(foreignHosts)("that points the name %s at the service gets nothing", async (name) =>
    expect(await ask({ host: name })).toBe(403),
  );

  test.each(foreignOrigins)("of the origin %j gets nothing", async (origin) => expect(await ask({ origin })).toBe(403));

  test("of an allowed origin, or none, is answered", async () => {
    expect(await ask({ origin: "https://pages.example.org" })).toBe(200);
    expect(await ask({})).toBe(200);
  });

  test("changes nothing by a form: each route that changes something wants a header of ours", async () => {
    const changing = declared.filter(({ route }) => route.method !== "GET");
    const wrong: string[] = [];
    for (const { name, route } of changing)
      for (const type of ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]) {
        const { statusCode } = await service.app.inject({
          method: route.method,
          url: route.path.replaceAll(/:\w+/g, "x"),
          headers: { host, ...(type && { "content-type": type }) },
          payload: "a=1",
        });
        if (statusCode !== 403) wrong.push(`${name} ${type}: ${statusCode}`);
      }
    expect(wrong).toEqual([]);
    noteResult("pages of strangers", {
      "forms refused": changing.length * 4,
      hosts: foreignHosts.length,
      origins: foreignOrigins.length,
    });
  });

  test("is not told by CORS that it may read, or send cookies", async () => {
    const allowed = async (origin: string) =>
      (
        await service.app.inject({
          method: "OPTIONS",
          url: "/api/ml/datasets",
          headers: { host, origin, "access-control-request-method": "POST", "access-control-request-headers": "x-assay" },
        })
      ).headers;
    for (const origin of foreignOrigins.filter((origin) => origin !== ""))
      expect([origin, (await allowed(origin))["access-control-allow-origin"] ?? "none"]).not.toContainEqual(
        expect.stringMatching(/^\*$/),
      );
    const ours = await allowed("https://pages.example.org");
    expect([ours["access-control-allow-origin"], ours["access-control-allow-credentials"]]).toEqual([
      "https://pages.example.org",
      undefined,
    ]);
  });
});

test("no route that only reads changes anything: what changes is POST, PUT, PATCH or DELETE", () => {
  const odd = declared.filter(
    ({ route }) => route.method === "GET" && !["read", "known", "own", "administer", undefined].includes(actionOf(route)),
  );
  expect(odd.map(({ name }) => name)).toEqual([]);
});

test("no other way of asking gets past: methods that no route has, other spellings of a path", async () => {
  for (const url of [
    "/API/ml/datasets",
    "/api/ml//datasets",
    "/api/./ml/datasets",
    "/api/ml/datasets/",
    "/api%2fml%2fdatasets",
    "//api/ml/datasets",
  ]) {
    const { statusCode } = await service.app.inject({ method: "GET", url, headers: { host: "evil.example" } });
    expect([url, statusCode]).toEqual([url, 403]);
  }
  for (const method of ["TRACE", "PROPFIND", "SEARCH"] as const) {
    const { statusCode } = await service.app
      .inject({ method: method as never, url: "/api/ml/datasets", headers: { host } })
      .catch(() => ({ statusCode: 400 }));
    expect(statusCode).toBeGreaterThanOrEqual(400);
  }
});
