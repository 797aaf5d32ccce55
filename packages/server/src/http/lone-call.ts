import { type AnyTRPCProcedure, TRPCError } from "@trpc/server";
import type { AnyJobRouter } from "./any-job-router.ts";
import { JSON_TYPE, mediaTypeOf, readText } from "./api-body.ts";
import { readTRPCPath } from "./refuse.ts";
import { createSecureResponse, securing } from "./secure-headers.ts";

const HEADERS = securing({ "content-type": JSON_TYPE, vary: "trpc-accept, accept" });

/** A request that calls one query or one mutation, and has nothing about it that only tRPC judges. */
export interface LoneCall {
  readonly path: string;
  readonly type: "query" | "mutation";
  readonly getRawInput: () => Promise<unknown>;
  /** Of a mutation that waits for nothing, which could end with the request, undefined: a signal costs as much as all else of it. */
  readonly signal: AbortSignal | undefined;
}

export interface LoneCalls {
  /** null: the request is none. */
  read(request: Request): LoneCall | null;
  /** Answers with what the procedure gave, in tRPC's shape. */
  write(value: unknown): Response;
}

export function createLoneCalls({ _def: { _config: config, procedures } }: AnyJobRouter): LoneCalls {
  const { input, output } = config.transformer;
  // At run time tRPC keeps them flat, by their whole path.
  const byPath = new Map(Object.entries(procedures as unknown as Record<string, AnyTRPCProcedure>));
  const typeOf = (path: string) => {
    const { _def: definition } = byPath.get(path) ?? {};
    return definition?.type;
  };
  const toInput = (text: string): unknown => (text === "" ? undefined : input.deserialize(JSON.parse(text)));
  return {
    read: (request) => {
      const { procedures: path = "", search = "" } = readTRPCPath(request) ?? {};
      const type = typeOf(path);
      if (type === "mutation" && isLoneMutation(request, search)) {
        const signal = path.endsWith(".invokeAndWait") ? request.signal : undefined;
        return { path, type, getRawInput: () => readInput(readText(request), toInput), signal };
      }
      if (type !== "query" || !isLoneQuery(request, search)) return null;
      const text = new URLSearchParams(search).get("input") ?? "";
      return { path, type, getRawInput: () => readInput(text, toInput), signal: request.signal };
    },
    write: (value) =>
      createSecureResponse(JSON.stringify({ result: { data: output.serialize(value) } }), {
        status: 200,
        headers: HEADERS,
      }),
  };
}

/** @throws TRPCError as tRPC's own: what cannot be read is the caller's mistake */
async function readInput(sent: string | Promise<string>, toInput: (text: string) => unknown): Promise<unknown> {
  const text = await sent;
  try {
    return toInput(text);
  } catch (cause) {
    throw new TRPCError({ code: "BAD_REQUEST", message: cause instanceof Error ? cause.message : "", cause });
  }
}

function isLoneMutation(request: Request, search: string): boolean {
  return request.method === "POST" && search === "" && mediaTypeOf(request) === JSON_TYPE && !wantsStream(request);
}

/** A batch says so in its search. */
function isLoneQuery(request: Request, search: string): boolean {
  const hasInputAlone = search === "" || (search.startsWith("?input=") && !search.includes("&"));
  return request.method === "GET" && hasInputAlone && mediaTypeOf(request) === "" && !wantsStream(request);
}

function wantsStream({ headers }: Request): boolean {
  return headers.has("trpc-accept") || (headers.get("accept")?.includes("jsonl") ?? false);
}
