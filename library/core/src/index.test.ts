import { expect, test, vi } from "vitest";

const built = vi.hoisted(() => [] as string[]);
vi.mock("zod", async (original) => {
  const { z, ...rest } = await original<typeof import("zod")>();
  const counted = new Proxy(z, {
    get(_, name: "string") {
      const make = z[name];
      if (typeof make !== "function" || !/^[a-z]/.test(name)) return make;
      return Object.assign((...given: []) => {
        built.push(name);
        return make(...given);
      }, make);
    },
  });
  return { ...rest, z: counted };
});

test("an import of the library builds no schema: hundreds of them would take longer than all the rest", async () => {
  const { ridge } = await import("./index.ts");
  expect(built).toEqual([]);
  expect(ridge().params.alpha).toBe(1);
  expect(built).toContain("strictObject");
});
