import { fromJsonOptions, InvalidOptionError, type JsonSchema } from "@beckon/core/runtime";
import { invokeOptions, toJsonSchema } from "@beckon/router";
import { mediaTypeOf, RICH_TYPE } from "../http/api-body.ts";

type Fields = Record<string, unknown>;

/** Reads `{ payload, options? }` as the router takes it. What else is in it the router refuses by name. */
export function toInvokeInput(body: unknown, request: Request): Fields & { readonly payload: unknown } {
  const { options, payload, ...others } = asFields(body, "{ payload, options? }");
  const rest = { payload, ...others };
  const key = request.headers.get("idempotency-key");
  if (key === null && options === undefined) return rest;
  return { ...rest, options: withKey(toOptions(options, request), key) };
}

/** Reads `{ items: [{ payload, options? }] }`. */
export function toBatchInput(body: unknown, request: Request): Fields {
  const { items, ...rest } = asFields(body, "{ items: [{ payload, options? }] }");
  if (request.headers.has("idempotency-key")) {
    throw new InvalidOptionError(
      "Idempotency-Key",
      "a batch has a key for each item: send it as the item's options.idempotencyKey",
    );
  }
  if (!Array.isArray(items)) return { ...rest, items };
  return { ...rest, items: items.map((item: unknown) => withOptions(item, request)) };
}

function withOptions(item: unknown, request: Request): unknown {
  if (typeof item !== "object" || item === null || !("options" in item)) return item;
  return { ...item, options: toOptions(item.options, request) };
}

function toOptions(options: unknown, request: Request): unknown {
  if (typeof options !== "object" || options === null || mediaTypeOf(request) === RICH_TYPE) return options;
  return fromJsonOptions(options);
}

/** The header that HTTP clients know is the option of the same name. */
function withKey(options: unknown, key: string | null): unknown {
  if (key === null) return options;
  const given = options === undefined ? {} : asFields(options, "options as an object");
  if (given["idempotencyKey"] !== undefined && given["idempotencyKey"] !== key) {
    throw new InvalidOptionError(
      "idempotencyKey",
      "the body names another than the header Idempotency-Key: send one of them",
    );
  }
  return { ...given, idempotencyKey: key };
}

export function asFields(value: unknown, expected: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new InvalidOptionError("body", `send ${expected} as JSON`);
}

/** The body of an invocation, for a payload of this shape. */
export function invokeBodySchema(payload: JsonSchema, isRequired: boolean): JsonSchema {
  return {
    type: "object",
    properties: { ...itemProperties(payload), requestId },
    ...(isRequired && { required: ["payload"] }),
    additionalProperties: false,
  };
}

/** The body of a batch of them. */
export function batchBodySchema(payload: JsonSchema, isRequired: boolean): JsonSchema {
  const item = {
    type: "object",
    properties: itemProperties(payload),
    ...(isRequired && { required: ["payload"] }),
    additionalProperties: false,
  };
  return {
    type: "object",
    properties: { items: { type: "array", items: item, maxItems: 1_000 }, requestId },
    required: ["items"],
    additionalProperties: false,
  };
}

/** As the router checks it; dates go as texts. */
export function invokeOptionsSchema(): JsonSchema {
  const { $schema: _draft, ...schema } = toJsonSchema(invokeOptions) ?? {};
  return schema;
}

const requestId: JsonSchema = {
  type: "string",
  minLength: 8,
  maxLength: 256,
  description:
    "Sent again with the same id within 24 h, the request gives the first answer and makes no second run; with another payload it is a conflict.",
};

function itemProperties(payload: JsonSchema): JsonSchema {
  return { payload, options: { $ref: "#/components/schemas/InvokeOptions" } };
}
