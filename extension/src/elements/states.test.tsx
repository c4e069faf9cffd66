import React, { act } from "react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { usePanel } from "../panel";
import { type Drawn, draw } from "../testing/draw";
import { fakeService, forbids, nobodyAnswers, onItsWay, refuses } from "../testing/fake-service";
import { Empty, Failure, State } from "./states";
import { useAction } from "./use-action";
import { useLoaded } from "./use-loaded";

let drawn: Drawn | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await drawn?.close();
  drawn = undefined;
});

/** A list of names that is loaded. */
function Names(): React.JSX.Element {
  const { api } = usePanel();
  const names = useLoaded("names", () => api.get<string[]>("names"));
  return (
    <>
      <button type="button" onClick={names.reload}>
        Reload
      </button>
      <button type="button" onClick={() => names.change((all) => [...all, "told"])}>
        Tell
      </button>
      <State of={names} rows={3} empty={(all) => all.length === 0 && <Empty title="No names yet." />}>
        {(all) => <p id="names">{all.join(", ")}</p>}
      </State>
    </>
  );
}

const answers = (...given: unknown[]) => {
  let turn = 0;
  return fakeService((_, path) => {
    if (path !== "names") return undefined;
    const next = given[Math.min(turn++, given.length - 1)];
    if (next instanceof Error) throw next;
    return next;
  });
};
const text = (selector: string) => drawn!.node.querySelector(selector)?.textContent;

describe("what is on its way", () => {
  test("shows no bars for 150 ms, and then some", async () => {
    vi.useFakeTimers();
    drawn = await draw(<Names />, answers(new Promise(() => {})), false);
    const bars = () => drawn!.node.querySelectorAll(".jp-Assay-loading > div").length;
    await act(async () => void vi.advanceTimersByTime(149));
    expect(bars()).toBe(0);
    await act(async () => void vi.advanceTimersByTime(1));
    expect(bars()).toBe(3);
    expect(text('[role="status"]')).toBe("Loading");
  });

  test("stays as it was drawn while it is loaded anew", async () => {
    drawn = await draw(<Names />, answers(["ada"], new Promise(() => {})));
    await drawn.press("Reload");
    expect(text("#names")).toBe("ada");
    expect(drawn.node.querySelector(".jp-Assay-loading")).toBeNull();
  });
});

describe("what is asked for again while its answer is on its way", () => {
  test("is drawn when that has come, and asked for once more", async () => {
    const first = onItsWay<string[]>();
    drawn = await draw(<Names />, answers(first.answer, ["ada", "grace"]));
    for (let k = 0; k < 3; k++) await drawn.press("Reload");
    const asked = () => drawn!.service.asked.filter((each) => each === "GET names").length;
    expect(asked()).toBe(1);
    first.send(["ada"]);
    await drawn.settle();
    expect(text("#names")).toBe("ada, grace");
    expect(asked()).toBe(2);
  });

  test("is changed by what was told meanwhile", async () => {
    const first = onItsWay<string[]>();
    drawn = await draw(<Names />, answers(first.answer));
    await drawn.press("Tell");
    first.send(["ada"]);
    await drawn.settle();
    expect(text("#names")).toBe("ada, told");
  });

  test("is not waited for longer than five seconds", async () => {
    drawn = await draw(<Names />, answers(new Promise(() => {}), ["ada"]));
    vi.useFakeTimers();
    await act(async () => drawn!.find("button").click());
    await act(() => vi.advanceTimersByTimeAsync(5000));
    expect(text("#names")).toBe("ada");
  });
});

describe("what is refused", () => {
  test("says why in the service's words, with field, hint and places", async () => {
    const refusal = refuses(422, "the file cannot be read", "data", {
      field: "file",
      hint: "save it as UTF-8",
      errors: [{ field: "line 3", detail: "has 4 fields" }],
    });
    drawn = await draw(<Names />, answers(refusal));
    expect(drawn.node.querySelector(".jp-Assay-failure")?.getAttribute("data-state")).toBe("error");
    for (const words of ["the file cannot be read", "save it as UTF-8", "line 3: has 4 fields"])
      expect(text(".jp-Assay-failure")).toContain(words);
  });

  test("names the field that it is about", async () => {
    drawn = await draw(<Failure error={refuses(400, "must be positive", "params", { field: "alpha" })} />);
    expect(text(".jp-Assay-failure")).toContain("alpha: must be positive");
  });

  test("is tried again by a button, and then drawn", async () => {
    drawn = await draw(<Names />, answers(refuses(500, "the service failed"), ["ada"]));
    await drawn.press("Try again");
    expect(text("#names")).toBe("ada");
    expect(drawn.node.querySelector(".jp-Assay-failure")).toBeNull();
  });

  test("stands above what was drawn before", async () => {
    drawn = await draw(<Names />, answers(["ada"], refuses(500, "the service failed")));
    await drawn.press("Reload");
    expect(text(".jp-Assay-failure")).toContain("the service failed");
    expect(text("#names")).toBe("ada");
  });

  test("for want of a role says whose project it is, and which role it needs", async () => {
    drawn = await draw(<Names />, answers(forbids()));
    expect(drawn.node.querySelector(".jp-Assay-failure")?.getAttribute("data-state")).toBe("forbidden");
    expect(text(".jp-Assay-failure")).toContain("needs the role editor, has viewer (the project survey of ada)");
  });
});

describe("a service that is away", () => {
  test("is said once, above what was drawn, which stays", async () => {
    drawn = await draw(
      <>
        <Names />
        <Names />
      </>,
      answers(["ada"], ["ada"], nobodyAnswers()),
    );
    await drawn.press("Reload");
    expect(drawn.node.querySelectorAll(".jp-Assay-offline").length).toBe(1);
    expect(text("#names")).toBe("ada");
  });

  test("is asked again at once when the reader says so", async () => {
    drawn = await draw(<Names />, answers(nobodyAnswers(), ["ada"]));
    await drawn.press("Try now");
    expect(text("#names")).toBe("ada");
  });

  test("is asked again when the stream of events is live again", async () => {
    drawn = await draw(<Names />, answers(nobodyAnswers(), ["ada"]));
    expect(text(".jp-Assay-offline")).toContain("does not answer");
    await act(async () => void drawn!.live.listen(() => {}));
    await drawn.settle();
    expect(text("#names")).toBe("ada");
    expect(drawn.node.querySelector(".jp-Assay-offline")).toBeNull();
  });

  test("is asked every 5 s where the stream cannot tell, but not while the panel is hidden", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    drawn = await draw(<Names />, answers(nobodyAnswers()));
    const pass = async () => {
      await act(async () => void vi.advanceTimersByTime(5000));
      await drawn!.settle();
    };
    await pass();
    expect(drawn.service.asked.length).toBe(2);
    await drawn.show(false);
    await pass();
    expect(drawn.service.asked.length).toBe(2);
  });

  test("is not asked while the page is hidden", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    drawn = await draw(<Names />, answers(nobodyAnswers()));
    const page = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await act(async () => void vi.advanceTimersByTime(60_000));
    await drawn.settle();
    page.mockRestore();
    expect(drawn.service.asked.length).toBe(1);
  });

  test("takes no action of the reader, which is said where it was asked", async () => {
    drawn = await draw(<Failure error={nobodyAnswers()} />);
    expect(drawn.node.querySelector(".jp-Assay-failure")?.getAttribute("data-state")).toBe("offline");
  });
});

describe("where there is nothing", () => {
  test("it is said", async () => {
    drawn = await draw(<Names />, answers([]));
    expect(text(".jp-Assay-emptyTitle")).toBe("No names yet.");
  });

  test("a button does what is to be done first", async () => {
    const run = vi.fn();
    drawn = await draw(<Empty title="No names yet." action={{ label: "Give one", run }} />);
    await drawn.press("Give one");
    expect(run).toHaveBeenCalledOnce();
  });
});

describe("an action", () => {
  function Doing({ done }: { done(): void }): React.JSX.Element {
    const { api } = usePanel();
    const { act: attempt, failure, busy } = useAction(done);
    return (
      <>
        <button type="button" disabled={busy} onClick={() => attempt(() => api.post("names"))}>
          Do
        </button>
        <Failure error={failure} />
      </>
    );
  }

  test("that is refused says why, and what follows it does not happen", async () => {
    const done = vi.fn();
    drawn = await draw(<Doing done={done} />, answers(forbids()));
    await drawn.press("Do");
    expect(text(".jp-Assay-failure")).toContain("needs the role editor");
    expect(done).not.toHaveBeenCalled();
  });

  test("that is done after all takes the refusal away", async () => {
    const done = vi.fn();
    drawn = await draw(<Doing done={done} />, answers(forbids(), {}));
    await drawn.press("Do");
    await drawn.press("Do");
    expect(drawn.node.querySelector(".jp-Assay-failure")).toBeNull();
    expect(done).toHaveBeenCalledOnce();
  });
});
