import { describe, expect, it } from "vitest";
import type { Session } from "../projects/session.ts";
import { shared } from "./shared-answers.ts";

/** A handler whose answers are told by hand, in the order of its calls. */
function slowHandler() {
  const calls: PromiseWithResolvers<number>[] = [];
  const ask = shared((_: { readonly session: Session; readonly url: string }) => {
    const call = Promise.withResolvers<number>();
    calls.push(call);
    return call.promise;
  });
  return { calls, ask };
}

const session = {} as Session;
const request = { session, url: "/runs" };
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a shared answer", () => {
  it("is made once for all who come while another is being made", async () => {
    const { calls, ask } = slowHandler();
    const [first, second, third] = [ask(request), ask(request), ask(request)];
    expect(calls.length).toBe(1);
    calls[0]!.resolve(1);
    expect(await first).toBe(1);
    await settled();
    expect(calls.length).toBe(2);
    calls[1]!.resolve(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
  });

  it("is never one that was begun before it was asked for", async () => {
    const { calls, ask } = slowHandler();
    const first = ask(request);
    const second = ask(request);
    calls[0]!.resolve(1);
    await first;
    await settled();
    const third = ask(request);
    calls[1]!.resolve(2);
    expect(await second).toBe(2);
    await settled();
    calls[2]!.resolve(3);
    expect(await third).toBe(3);
  });

  it("goes on after an error, which is told to those who asked for it", async () => {
    const { calls, ask } = slowHandler();
    const first = ask(request);
    const second = ask(request);
    calls[0]!.reject(new Error("away"));
    await expect(first).rejects.toThrow("away");
    await settled();
    calls[1]!.resolve(2);
    expect(await second).toBe(2);
    await settled();
    const third = ask(request);
    calls[2]!.resolve(3);
    expect(await third).toBe(3);
  });

  it("is of one session and one address", async () => {
    const { calls, ask } = slowHandler();
    const answers = [ask(request), ask({ session, url: "/runs?limit=1" }), ask({ session: {} as Session, url: "/runs" })];
    expect(calls.length).toBe(3);
    for (const [k, call] of calls.entries()) call.resolve(k);
    expect(await Promise.all(answers)).toEqual([0, 1, 2]);
  });
});
