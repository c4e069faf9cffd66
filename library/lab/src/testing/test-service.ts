import { afterAll, beforeAll } from "vitest";
import { type App, makeApp } from "../api/app.ts";
import type { Opened, Session } from "../projects/session.ts";
import { type Ask, asking } from "./signed-in.ts";
import { testSession } from "./test-session.ts";

/** A service of a test file, there once its tests begin. */
export interface TestService {
  readonly app: App;
  readonly session: Session;
  readonly opened: Opened & { readonly home: string };
  /** Asks the service for a path below /api/ml, as whoever reaches it. */
  readonly ask: Ask;
  /** Has it listen on this machine; gives its address, the same each time. */
  listen(): Promise<string>;
}

/** Has a service made before the tests of a file, over a database of its own, prepared, and ended behind them. */
export function testService(
  options: Parameters<typeof makeApp>[1] = {},
  prepare: (service: TestService) => Promise<unknown> = async () => {},
): TestService {
  let address: Promise<string> | undefined;
  const service: { -readonly [K in keyof TestService]?: TestService[K] } = {
    listen: () => (address ??= service.app!.listen({ host: "127.0.0.1", port: 0 })),
  };
  beforeAll(async () => {
    service.opened = await testSession();
    service.session = service.opened.session;
    service.app = await makeApp(service.session, options);
    service.ask = asking(service.app, {}, "/api/ml");
    await prepare(service as TestService);
  });
  afterAll(async () => {
    await service.app?.close();
    await service.opened?.close();
  });
  return service as TestService;
}
