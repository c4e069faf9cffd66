import type { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** Answers with a stream as a file of the user's; `done` is called when it was sent or broken off. */
export function sendFile(
  reply: FastifyReply,
  stream: Readable,
  { fileName, contentType, done }: { readonly fileName: string; readonly contentType: string; readonly done?: () => unknown },
): FastifyReply {
  if (done) stream.once("close", done);
  const plain = fileName.replaceAll(/[^\w.@ -]/g, "_");
  return reply
    .header("content-type", contentType)
    .header("content-disposition", `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`)
    .send(stream);
}
