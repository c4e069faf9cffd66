import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { download } from "./download.ts";

type Lookup = (host: string, options: object, done: (error: Error | null, found: unknown) => void) => void;

/** An internet without a wire: what name servers say of a name, one time after the other, and what an address answers. */
const internet = vi.hoisted(() => ({
  names: new Map<string, string[][]>(),
  redirects: new Map<string, string>(),
  asked: [] as string[],
}));

vi.mock("node:dns", () => ({
  lookup: (host: string, _: object, done: (error: Error | null, found: readonly object[]) => void) => {
    internet.asked.push(host);
    const said = internet.names.get(host);
    if (!said) return done(new Error(`getaddrinfo ENOTFOUND ${host}`), []);
    const addresses = said.length > 1 ? said.shift()! : said[0]!;
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  },
}));

vi.mock("node:http", () => ({
  request: (url: URL, { lookup }: { lookup: Lookup }, resolve: (answer: Readable) => void) => {
    const answer = (): void => {
      const location = internet.redirects.get(url.href);
      const head = { statusCode: location === undefined ? 200 : 302, headers: location === undefined ? {} : { location } };
      resolve(Object.assign(Readable.from([Buffer.from("a\n1\n")]), head));
    };
    const sent = Object.assign(new EventEmitter(), {
      end: () =>
        /^[\d.]+$|^\[/.test(url.hostname) // as Node does, an address is not looked up
          ? answer()
          : lookup(url.hostname, { all: true }, (error) => (error ? sent.emit("error", error) : answer())),
    });
    return sent;
  },
}));

beforeEach(() => {
  internet.names.clear();
  internet.redirects.clear();
  internet.asked.length = 0;
  internet.names.set("data.example", [["93.184.215.14"]]);
});
const read = async (address: string) => String(await download("readTable", new URL(address)));
const inside = { name: "PermissionError", message: expect.stringContaining("must lead to the public internet") };

test("what lies in the public internet is read", async () => {
  expect(await read("http://data.example/a.csv")).toBe("a\n1\n");
  expect(await read("http://93.184.215.14/a.csv")).toBe("a\n1\n");
});

describe("this machine is refused, however its address is written:", () => {
  test.each([
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127.255.255.254",
    "0",
    "0.0.0.0",
    "%31%32%37.0.0.1",
    "１２７.０.０.１",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
  ])("%s", async (host) => {
    await expect(read(`http://${host}/a.csv`)).rejects.toMatchObject(inside);
    expect(internet.asked).toEqual([]);
  });
});

describe("the cloud's own addresses are refused:", () => {
  test.each([
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "[::ffff:169.254.169.254]",
    "[fd00:ec2::254]",
  ])("%s", (host) => expect(read(`http://${host}/latest/meta-data/`)).rejects.toMatchObject(inside));
});

describe("a name is refused", () => {
  test.each(["localhost", "localhost.", "LOCALHOST", "a.localhost", "router.lan"])("that leads inside: %s", async (host) => {
    internet.names.set(host.toLowerCase(), [["127.0.0.1"]]);
    await expect(read(`http://${host}/a.csv`)).rejects.toMatchObject(inside);
  });

  test.each([
    [["93.184.215.14", "10.0.0.1"]],
    [["10.0.0.1", "93.184.215.14"]],
    [["93.184.215.14", "::1"]],
    [["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:10.0.0.1"]],
    [[]],
  ])("one of whose addresses leads inside: %j", async (addresses) => {
    internet.names.set("two.example", [addresses]);
    await expect(read("http://two.example/a.csv")).rejects.toMatchObject(inside);
  });

  test("that leads inside when it is asked for the second time", async () => {
    internet.names.set("turning.example", [["93.184.215.14"], ["127.0.0.1"]]);
    internet.redirects.set("http://turning.example/a.csv", "/b.csv");
    await expect(read("http://turning.example/a.csv")).rejects.toMatchObject(inside);
  });

  test("before anybody connects: one look-up a request, and its answer is what is connected to", async () => {
    internet.names.set("once.example", [["93.184.215.14"], ["127.0.0.1"]]);
    expect(await read("http://once.example/a.csv")).toBe("a\n1\n");
    expect(internet.asked).toEqual(["once.example"]);
  });
});

describe("a redirect is refused", () => {
  test.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://[::ffff:127.0.0.1]/",
    "//127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http://localhost./",
    "http://169.254.169.254/latest/meta-data/",
  ])("that leads inside: %s", async (location) => {
    internet.names.set("localhost.", [["127.0.0.1"]]);
    internet.redirects.set("http://data.example/a.csv", location);
    await expect(read("http://data.example/a.csv")).rejects.toMatchObject(inside);
  });

  test("that leads inside behind others that do not", async () => {
    internet.redirects.set("http://data.example/a.csv", "/b.csv");
    internet.redirects.set("http://data.example/b.csv", "http://93.184.215.14/c.csv");
    internet.redirects.set("http://93.184.215.14/c.csv", "http://10.0.0.1/d.csv");
    await expect(read("http://data.example/a.csv")).rejects.toMatchObject(inside);
  });

  test.each(["file:///etc/passwd", "gopher://127.0.0.1:6379/_", "ftp://data.example/", "data:text/csv,a"])(
    "to another scheme: %s",
    async (location) => {
      internet.redirects.set("http://data.example/a.csv", location);
      await expect(read("http://data.example/a.csv")).rejects.toMatchObject({ name: "ParamsError" });
    },
  );

  test("that hides its host behind a user name", async () => {
    internet.redirects.set("http://data.example/a.csv", "http://data.example@127.0.0.1/");
    await expect(read("http://data.example/a.csv")).rejects.toMatchObject({ name: "ParamsError" });
  });
});
