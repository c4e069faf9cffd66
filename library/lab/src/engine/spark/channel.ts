import type { DescMessage, JsonValue, Message, Registry } from "@bufbuild/protobuf";
import type { ClientReadableStream, Metadata } from "@grpc/grpc-js";
import { sparkMessages } from "./descriptors.ts";
import type { SparkRemote } from "./remote.ts";

type Json = null | boolean | number | string | readonly Json[] | MessageJson;

/** A message as JSON, in protobuf's own form: names in camelCase, bytes in base64. */
export interface MessageJson {
  readonly [name: string]: Json;
}

/** The names of the service's methods that are used. */
export type UnaryMethod = "AnalyzePlan" | "Config" | "Interrupt" | "ReleaseExecute" | "ReleaseSession";

/** A stream of a method, to be read once and ended by `cancel`. */
export interface Streamed extends AsyncIterable<Message> {
  cancel(): void;
}

/** A connection to a Spark Connect server, over which messages go. */
export interface SparkChannel {
  readonly registry: Registry;
  /** Host and port. */
  readonly address: string;
  /** One question, one answer, both as JSON. Throws gRPC's errors. */
  ask(method: UnaryMethod, request: MessageJson, deadlineMs: number): Promise<MessageJson>;
  /** One question, many answers. */
  stream(method: "ExecutePlan" | "ReattachExecute", request: MessageJson): Streamed;
  /** A message as JSON. */
  plain(message: Message): MessageJson;
  close(): void;
}

/** What a connection takes besides the connection string. */
export interface ChannelOptions {
  /** Certificates that are trusted, as PEM; default the system's. */
  readonly roots?: Uint8Array | undefined;
}

const service = "spark.connect.SparkConnectService";

/** Opens a connection; nothing is sent before it is asked. gRPC and the messages are loaded with the first. */
export async function openChannel(remote: SparkRemote, { roots }: ChannelOptions = {}): Promise<SparkChannel> {
  const [grpc, { fromBinary, fromJson, toBinary, toJson }, registry] = await Promise.all([
    import("@grpc/grpc-js"),
    import("@bufbuild/protobuf"),
    sparkMessages(),
  ]);
  const address = `${remote.host}:${remote.port}`;
  const credentials = remote.tls
    ? grpc.credentials.createSsl(roots ? Buffer.from(roots) : null)
    : grpc.credentials.createInsecure();
  const client = new grpc.Client(address, credentials, {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    "grpc.primary_user_agent": remote.userAgent,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 5000,
  });
  const metadata = headersOf(remote, new grpc.Metadata());
  const method = (name: string) => {
    const { input, output } = registry.getService(service)!.methods.find((each) => each.name === name)!;
    return {
      path: `/${service}/${name}`,
      write: (message: Message) => Buffer.from(toBinary(input, message)),
      read: (bytes: Buffer): Message => fromBinary(output, bytes),
      message: (json: MessageJson): Message => fromJson(input, json as JsonValue, { registry }),
    };
  };
  const plain = (message: Message): MessageJson => toJson(desc(registry, message), message, { registry }) as MessageJson;
  return {
    ...{ registry, address, plain },
    ask(name, request, deadlineMs) {
      const { path, write, read, message } = method(name);
      const deadline = Date.now() + deadlineMs;
      return new Promise((resolve, reject) =>
        client.makeUnaryRequest(path, write, read, message(request), metadata, { deadline }, (error, answer) =>
          error ? reject(error) : resolve(plain(answer!)),
        ),
      );
    },
    stream(name, request) {
      const { path, write, read, message } = method(name);
      return client.makeServerStreamRequest(path, write, read, message(request), metadata) as ClientReadableStream<Message>;
    },
    close: () => client.close(),
  };
}

function desc(registry: Registry, { $typeName }: Message): DescMessage {
  return registry.getMessage($typeName)!;
}

function headersOf({ token, headers }: SparkRemote, metadata: Metadata): Metadata {
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}
