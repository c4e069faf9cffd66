import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AuthError } from "assay";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../lab.ts";
import type { Opened } from "../projects/session.ts";
import { type ListeningService, listeningService } from "../testing/listening-service.ts";
import { testSession } from "../testing/test-session.ts";

let opened: Opened;
let service: ListeningService;
let hub: Server;
beforeAll(async () => {
  opened = await testSession();
  service = await listeningService(opened.session);
  hub = createServer(({ headers }, response) => {
    const isKnown = headers.authorization === "token of-the-hub";
    response.writeHead(isKnown ? 200 : 403, { "content-type": "application/json" });
    response.end(JSON.stringify(isKnown ? { kind: "user", name: "nora" } : { status: 403 }));
  });
  await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("JUPYTERHUB_API_URL", `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hub/api`);
  vi.stubEnv("ASSAY_URL", service.url);
  vi.stubEnv("ASSAY_TOKEN", undefined);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  hub.close();
  await service.close();
  await opened.close();
});

test("a cell under a JupyterHub asks the service of its settings as the hub's user", async () => {
  vi.stubEnv("JUPYTERHUB_API_TOKEN", "of-the-hub");
  const lab = await connect();
  expect(await lab.me()).toMatchObject({ user: { username: "nora", admin: false } });
});

test("a service that a cell names does not get the hub's token", async () => {
  vi.stubEnv("JUPYTERHUB_API_TOKEN", "of-the-hub");
  await expect(connect({ url: service.url })).rejects.toThrow(AuthError);
});

test("a hub's token that the hub does not know is said", async () => {
  vi.stubEnv("JUPYTERHUB_API_TOKEN", "of-nobody");
  await expect(connect()).rejects.toThrow(/hub/i);
});
