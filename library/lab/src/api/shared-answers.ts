import type { Session } from "../projects/session.ts";

interface Answering<A> {
  readonly answer: Promise<A>;
  /** Of those who came while it was being made. */
  next: Promise<A> | undefined;
}

/**
 * A handler of a reading route that many ask for the same: one answer is made at a time for a session and address, and all who come meanwhile share the
 * next one. Nobody is told what was so before they asked. The handler takes nothing from its request but session, params and query.
 */
export function shared<R extends { readonly session: Session; readonly url: string }, A>(
  handler: (request: R) => Promise<A>,
): (request: R) => Promise<A> {
  const sessions = new WeakMap<Session, Map<string, Answering<A>>>();

  const begin = (underway: Map<string, Answering<A>>, request: R): Promise<A> => {
    const answer = handler(request);
    const own: Answering<A> = { answer, next: undefined };
    underway.set(request.url, own);
    const leave = (): void => {
      if (underway.get(request.url) === own && !own.next) underway.delete(request.url);
    };
    answer.then(leave, leave);
    return answer;
  };

  return (request) => {
    let underway = sessions.get(request.session);
    if (!underway) sessions.set(request.session, (underway = new Map()));
    const now = underway.get(request.url);
    if (!now) return begin(underway, request);
    const begins = (): Promise<A> => begin(underway, request);
    return (now.next ??= now.answer.then(begins, begins));
  };
}
