import { expect, test } from "vitest";
import { parseRemote } from "./remote.ts";

test("host and port are enough", () => {
  expect(parseRemote("sc://spark.example:15003")).toMatchObject({
    host: "spark.example",
    port: 15_003,
    tls: false,
    userId: "assay",
  });
});

test("the port is 15002 where none is said", () => {
  expect(parseRemote("sc://spark.example/").port).toBe(15_002);
});

test("parameters are taken by name, decoded", () => {
  expect(
    parseRemote(
      "sc://h:1/;token=a%3Bb;use_ssl=true;user_id=ann;user_agent=x;session_id=00112233-4455-6677-8899-aabbccddeeff;x-team=red",
    ),
  ).toEqual({
    ...{
      host: "h",
      port: 1,
      token: "a;b",
      tls: true,
      userId: "ann",
      userAgent: "x",
      sessionId: "00112233-4455-6677-8899-aabbccddeeff",
      headers: { "x-team": "red" },
    },
  });
});

test("an address of IPv6 stands in brackets", () => {
  expect(parseRemote("sc://[::1]:7")).toMatchObject({ host: "[::1]", port: 7 });
});

test("a token makes the connection encrypted", () => {
  expect(parseRemote("sc://spark.example/;token=t").tls).toBe(true);
});

test("a token goes to this machine in the clear", () => {
  expect(parseRemote("sc://localhost/;token=t").tls).toBe(false);
});

test("a token does not go to another machine in the clear", () => {
  expect(() => parseRemote("sc://spark.example/;token=t;use_ssl=false")).toThrow(
    "SPARK_REMOTE: a token does not go to spark.example in the clear: leave use_ssl=false away",
  );
});

test.each([
  ["http://h", 'SPARK_REMOTE: must be sc://host:port/;name=value;…, got "http://h"'],
  ["sc://h:0", "SPARK_REMOTE: must name host:port with a port of 1 to 65535, got h:0"],
  ["sc://h/;toke=1", 'SPARK_REMOTE: no parameter "toke", did you mean token'],
  ["sc://h/;use_ssl=yes", 'SPARK_REMOTE: use_ssl must be true or false, got "yes"'],
  ["sc://me@h", "SPARK_REMOTE: must name host:port with a port of 1 to 65535, got me@h"],
  ["sc://h/;session_id=s", 'SPARK_REMOTE: session_id must be a UUID, got "s"'],
  ["sc://h/;token=ä", "SPARK_REMOTE: token must be of printable ASCII characters, got others"],
  ["sc://h/;token=a\nb", "SPARK_REMOTE: token must be of printable ASCII characters, got others"],
  ["sc://h/;x-team=ä", 'SPARK_REMOTE: x-team must be of printable ASCII characters, got "ä"'],
  ["sc://h/;user_id", 'SPARK_REMOTE: parameters are name=value, got "user_id"'],
  ["sc://h/;user_id=%zz", "SPARK_REMOTE: a value holds a % that begins no percent code: % itself is written %25"],
])("%s is refused with what must hold", (text, message) => {
  expect(() => parseRemote(text)).toThrow(message);
});

test("a token is not told", () => {
  expect(() => parseRemote("http://h/;token=secret;user_id=a")).not.toThrow(/secret/);
});
