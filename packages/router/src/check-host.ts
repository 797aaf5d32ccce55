import { DefinitionError, NotFoundError } from "@beckon/core/runtime";
import { type AnyTRPCRootTypes, TRPCError, type TRPCRootConfig } from "@trpc/server";

/** The two settings of a tRPC instance that matter here. */
type HostConfig = Pick<TRPCRootConfig<AnyTRPCRootTypes>, "transformer" | "errorFormatter">;

/** What tells superjson from a transformer that loses values. */
const PROBE = { date: new Date(0), map: new Map([[1n, undefined]]) };

/**
 * Refuses a host's tRPC instance over which values or errors would not arrive as they are.
 * @throws DefinitionError saying what to add
 */
export function checkHost({ _config: config }: { readonly _config: HostConfig }): void {
  if (!keepsValues(config)) {
    throw new DefinitionError(
      "createJobRouter needs a tRPC instance with the superjson transformer, or dates and maps get lost: " +
        'create it with initTRPC.create({ transformer: superjson, errorFormatter: beckonErrorFormatter }), superjson from "superjson".',
    );
  }
  if (!keepsErrors(config)) {
    throw new DefinitionError(
      "createJobRouter needs a tRPC instance whose error formatter keeps Beckon's error data: create it with " +
        "errorFormatter: beckonErrorFormatter, or call beckonErrorFormatter({ shape, error }) at the end of your own.",
    );
  }
}

function keepsValues({ transformer }: HostConfig): boolean {
  const sent: unknown = transformer.output.deserialize(overTheWire(transformer.output.serialize(PROBE)));
  const received: unknown = transformer.input.deserialize(overTheWire(transformer.input.serialize(PROBE)));
  return [sent, received].every(isProbe);
}

function overTheWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function isProbe(value: unknown): boolean {
  const { date, map }: Partial<typeof PROBE> = typeof value === "object" && value !== null ? value : {};
  return date instanceof Date && map instanceof Map && map.has(1n);
}

/** A formatter that fails on an error without a context fails on tRPC's own such errors too, and so is no keeper. */
function keepsErrors({ errorFormatter }: HostConfig): boolean {
  const cause = new NotFoundError("A probe of the error formatter.");
  const error = new TRPCError({ code: "NOT_FOUND", message: cause.message, cause });
  const shape = { message: cause.message, code: -32004, data: { code: "NOT_FOUND", httpStatus: 404 } } as const;
  try {
    const formatted = errorFormatter({
      shape,
      error,
      ctx: undefined,
      input: undefined,
      path: undefined,
      type: "unknown",
    });
    return formatted.data?.beckon?.code === cause.code;
  } catch {
    return false; // See above.
  }
}
