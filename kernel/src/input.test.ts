import { expect, onTestFinished, test } from "vitest";
import { installInput } from "./input.cjs";

/** A front end and cells that ask it; each cell is allowed to. */
function asked() {
  const questions: { prompt: string; id: string }[] = [];
  let running: { allowStdin: boolean; signal: AbortSignal } | undefined;
  const answered = installInput({
    cell: () => running,
    ask: (_: object, { prompt }: { prompt: string }, id: string) => void questions.push({ prompt, id }),
  });
  onTestFinished(() => {
    delete (globalThis as { input?: unknown }).input;
  });
  return {
    questions,
    /** Asks in the name of another cell; answers with what comes of it, and how the cell is interrupted. */
    ask(prompt: string) {
      const controller = new AbortController();
      running = { allowStdin: true, signal: controller.signal };
      const answer: Promise<string> = (globalThis as unknown as { input(prompt: string): Promise<string> }).input(prompt);
      return { answer, interrupt: () => controller.abort(new Error("interrupted")) };
    },
    say: (value: string, parent: { msg_id?: string } = {}) =>
      answered({ header: { msg_type: "input_reply" }, parent, content: { value } }),
  };
}

test("what is said while nobody asks answers no later question", async () => {
  const { ask, say } = asked();
  say("too early");
  const { answer } = ask("who?");
  say("me");
  expect(await answer).toBe("me");
});

test("an answer to a question that was interrupted is not the next one's, even where that is open when it comes", async () => {
  const { ask, say, questions } = asked();
  const first = ask("first?");
  first.interrupt();
  await expect(first.answer).rejects.toThrow("interrupted");
  const second = ask("second?");
  for (const [k, value] of ["too late", "in time"].entries()) say(value, { msg_id: questions[k]!.id });
  expect(await second.answer).toBe("in time");
});

test("an answer that names another message than a question is the open one's", async () => {
  const { ask, say } = asked();
  const { answer } = ask("who?");
  say("me", { msg_id: "of the cell" });
  expect(await answer).toBe("me");
});
