import { listen } from "../db/listener.ts";
import { forgetAllowed } from "../projects/authorize-often.ts";

/** What is decided, by name, and how. */
export type Question<T> = readonly [key: string, decide: () => Promise<T>];

/** Decisions about callers that are remembered for a moment. */
export interface Decisions {
  /** What was decided, or is decided now, once for all who ask at the same time; an error is not remembered. */
  of<T>(...question: Question<T>): Promise<T>;
  /** What was decided a moment ago, without waiting; undefined where nothing was. From half of its time on it is decided anew beside. */
  now<T>(...question: Question<T>): T | undefined;
  /** Forgets all that was decided, and what is being asked. */
  forget(): void;
  remember(): Promise<void>;
  close(): Promise<void>;
}

const freshMs = 1000;
const renewMs = 500;
const most = 20_000;

/** What was decided, on the clock of `performance.now` when it was asked for, and what is being asked. */
interface Kept {
  readonly answers: Map<string, { readonly value: unknown; readonly at: number }>;
  readonly asked: Map<string, Promise<unknown>>;
}

const nothing = (): Kept => ({ answers: new Map(), asked: new Map() });

/**
 * Remembers decisions for a second at most, and only while it hears of changes: the database tells every process of each change to people, members,
 * tokens and sign-ins (0009), and all that was remembered or is being asked is forgotten then. Whoever is answered that a token was revoked finds it
 * refused: here at once (`forget`), in other processes as soon as the database has told them, and within a second where its word is lost. Until
 * `remember` nothing is kept.
 */
export function makeDecisions(): Decisions {
  let kept = nothing();
  let end: (() => Promise<void>) | undefined;

  const ask = <T>([key, decide]: Question<T>): Promise<T> => {
    const { answers, asked } = kept; // a change meanwhile replaces them, and the answer goes into the old ones
    const underway = asked.get(key) as Promise<T> | undefined;
    if (underway) return underway;
    const at = performance.now();
    const answer = decide()
      .then((value) => {
        answers.delete(key);
        if (answers.size >= most) answers.clear();
        if (value !== undefined) answers.set(key, { value, at });
        return value;
      })
      .catch((error) => {
        answers.delete(key);
        throw error;
      })
      .finally(() => asked.delete(key));
    asked.set(key, answer);
    return answer;
  };

  const now = <T>(...[key, decide]: Question<T>): T | undefined => {
    const known = end && kept.answers.get(key);
    if (!known) return undefined;
    const age = performance.now() - known.at;
    if (age >= freshMs) return undefined;
    if (age >= renewMs) ask([key, decide]).catch(() => {}); // whoever asks next is told
    return known.value as T;
  };

  const forget = (): void => {
    kept = nothing();
    forgetAllowed();
  };

  return {
    now,
    forget,
    async of(...question) {
      return end ? (now(...question) ?? ask(question)) : question[1]();
    },
    async remember() {
      end ??= await listen((wake) => {
        if (!wake || wake.project === "people") forget();
      });
    },
    async close() {
      await end?.();
      end = undefined;
    },
  };
}
