import { suggest } from "assay";
import { z } from "zod";

/** What a check says of a key that its object does not know: the key and the near name. Given to `safeParse` as `error`; all else keeps its words. */
export const nearKey: z.core.$ZodErrorMap = ({ code, keys, inst }) => {
  if (code !== "unrecognized_keys" || !(inst instanceof z.ZodObject)) return undefined;
  const [key] = keys as readonly string[];
  return `no key ${JSON.stringify(key!.slice(0, 100))}${suggest(key!, Object.keys(inst.shape))}`;
};
