import { expect, test } from "vitest";
import { parseUbjson } from "./ubjson.ts";

/** Bytes of texts and numbers. */
const bytes = (...parts: (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...part].map((sign) => sign.charCodeAt(0)))));

const parse = (...parts: (string | number)[]): unknown => parseUbjson("test", bytes(...parts));

test("numbers are big-endian", () => {
  const list = [
    "[",
    "i",
    0xff,
    "U",
    0xff,
    "I",
    1,
    0,
    "l",
    0,
    1,
    0,
    0,
    "L",
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    7,
    "d",
    0x3f,
    0x80,
    0,
    0,
    "D",
    0xc0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    "]",
  ];
  expect(parse(...list)).toEqual([-1, 255, 256, 65_536, 7, 1, -2]);
});

test("a typed list of numbers is a Float64Array", () => {
  expect(parse("[$I#i", 2, 0, 1, 0xff, 0xff)).toEqual(Float64Array.of(1, -1));
});

test("a counted list has no end mark", () => {
  expect(parse("[#i", 3, "ZTF")).toEqual([null, true, false]);
});

test("objects are Maps, so __proto__ is only a name", () => {
  expect(parse("{i", 9, "__proto__", "Si", 1, "a}")).toEqual(new Map([["__proto__", "a"]]));
});

test.each<[string, (string | number)[], string]>([
  ["a list longer than the file", ["[$d#l", 0x7f, 0xff, 0xff, 0xff], "must follow a length of at most 0, got 2147483647"],
  ["a list of doubles that a part of the file holds", ["[$D#i", 3, 0, 0, 0, 0], "must be followed by 24 bytes, got 4"],
  ["a negative length", ["[#i", 0xff], "must follow a length of at most 0, got -1"],
  ["a length that is no number", ["[#S"], 'must begin a length, got "S"'],
  ["a typed list whose entries take no bytes", ["[$Z#l", 0x7f, 0xff, 0xff, 0xff], "must name a type whose entries take bytes"],
  ["a typed list without a count", ["[$i", 1], 'must be the count "#" of a typed list'],
  ["an unknown type", ["Q"], 'byte 0 must be a type of UBJSON, got "Q"'],
  ["a high-precision number", ["Hi", 1, "1"], "must be a type of UBJSON"],
  ["a whole number beyond 2⁵³", ["L", 0x7f, 0, 0, 0, 0, 0, 0, 0], "within ±2⁵³"],
  ["bytes behind the end", ["ZZ"], "must be the end of the file, got 1 bytes more"],
  ["a name that stands twice", ["{i", 1, "aZi", 1, "aZ}"], "does not stand twice"],
  ["text that is not UTF-8", ["Si", 1, 0xff], "must begin 1 bytes of UTF-8"],
  ["no bytes", [], "byte 0 must be followed by 1 bytes, got 0"],
])("%s is refused", (_, parts, message) => {
  expect(() => parse(...parts)).toThrow(message);
});

test("a hundred thousand levels are refused, not followed", () => {
  expect(() => parse("[".repeat(100_000))).toThrow("more than 64 levels deep");
});
