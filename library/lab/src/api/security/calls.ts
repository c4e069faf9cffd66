import type { InjectOptions } from "light-my-request";
import type { Declared } from "./declared-routes.ts";
import { multipart } from "./forms.ts";
import { exampleIds, type Planted } from "./planted.ts";

/** A route's example as a request to the project whose things are planted. */
export function callOf({ route }: Declared, planted: Planted, project = planted.get(exampleIds.project)!): InjectOptions {
  const put = <T>(value: T): T =>
    JSON.parse([...planted].reduce((text, [example, id]) => text.replaceAll(example, id), JSON.stringify(value)));
  const { params, query, body, form } = put(route.example);
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) for (const each of [value].flat()) search.append(name, String(each));
  if (!search.has("project_id") && ((body as Record<string, unknown> | undefined)?.["project_id"] ?? undefined) === undefined)
    search.set("project_id", project);
  const url = `${path}?${search}`;
  if (!route.form) return { method: route.method, url, ...(body !== undefined && { payload: body as object }) };
  const { payload, type } = multipart(form ?? {}, { name: "rows.csv", text: "koi_period,koi_depth\n1,2\n" });
  return { method: route.method, url, payload, headers: { "content-type": type } };
}
