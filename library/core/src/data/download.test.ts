import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";
import { readTable } from "./read-table.ts";

let server: Server;
let at = "";
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/data.csv?key=secret") response.end("a,b\n1,2\n");
    else if (path === "/moved") response.writeHead(302, { location: "/data.csv?key=secret" }).end();
    else if (path === "/round") response.writeHead(302, { location: "/round" }).end();
    else if (path === "/file") response.writeHead(302, { location: "file:///etc/passwd" }).end();
    else if (path === "/endless.csv") {
      response.write("a\n");
      const write = (): void => {
        while (!response.destroyed && response.write("1\n".repeat(10_000)));
      };
      response.on("drain", write);
      write();
    } else if (path === "/slow.csv") response.write("a\n");
    else response.writeHead(path === "/broken.csv" ? 500 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const read = (path: string, options = {}) => readTable(at + path, { allowPrivate: true, ...options });

test("a table is read from an address, also after a redirect", async () => {
  expect((await read("/data.csv?key=secret")).values("b")).toEqual([2]);
  expect((await read("/moved", { format: "csv" })).values("a")).toEqual([1]);
});

describe("refused are", () => {
  test("this machine, unless it is allowed", async () => {
    await expect(readTable(`${at}/data.csv`)).rejects.toMatchObject({ name: "PermissionError" });
    await expect(readTable(at.replace("127.0.0.1", "localhost"))).rejects.toMatchObject({ name: "PermissionError" });
    await expect(readTable("http://2130706433/")).rejects.toThrow("127.0.0.1"); // the same as a whole number
    await expect(readTable("http://[::ffff:127.0.0.1]/")).rejects.toMatchObject({ name: "PermissionError" });
  });
  test("a redirect to another scheme", () =>
    expect(read("/file", { format: "csv" })).rejects.toThrow("must begin with https:// or http://"));
  test("redirects without end", () => expect(read("/round", { format: "csv" })).rejects.toThrow("redirects more than 5 times"));
  test("more bytes than the limit", () =>
    expect(read("/endless.csv", { limitBytes: 100_000 })).rejects.toMatchObject({ name: "LimitError" }));
  test("an answer that does not end in time", () =>
    expect(read("/slow.csv", { timeoutMs: 100 })).rejects.toThrow("took longer than 100 ms"));
  test("404 as not found, other errors with the status but without the query", async () => {
    await expect(read("/none.csv?key=secret")).rejects.toMatchObject({
      name: "NotFoundError",
      message: expect.not.stringContaining("secret"),
    });
    await expect(read("/broken.csv")).rejects.toThrow("answers 500");
  });
  test("other schemes and names with passwords", async () => {
    await expect(readTable("ftp://example.org/a.csv")).rejects.toThrow(
      "must begin with https://, http:// or file://, got ftp://",
    );
    await expect(readTable("https://me:pass@example.org/a.csv")).rejects.toThrow("must not carry a user name");
  });
  test("what was aborted", () =>
    expect(read("/slow.csv", { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" }));
});

test.each([
  ["8.8.8.8", true],
  ["93.184.215.14", true],
  ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", true],
  ["10.1.2.3", false],
  ["100.64.0.1", false],
  ["127.0.0.1", false],
  ["169.254.169.254", false],
  ["172.31.255.255", false],
  ["172.32.0.1", true],
  ["192.168.1.1", false],
  ["0.0.0.0", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["::", false],
  ["::1", false],
  ["::ffff:8.8.8.8", false],
  ["::ffff:7f00:1", false],
  ["64:ff9b::7f00:1", false],
  ["2002:7f00:1::", false],
  ["2001:db8::1", false],
  ["fe80::1", false],
  ["fe80::1%eth0", false],
  ["fc00::1", false],
  ["ff02::1", false],
  ["not an address", false],
])("%s is public: %s", (address, isPublic) => expect(isPublicAddress(address)).toBe(isPublic));
