/** A request of one text, or of none. */
export interface ExchangeRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A whole answer. */
export interface Exchanged {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
}

/** Of an answer, as `Headers` has them. */
export type AnswerHeaders = Pick<Headers, "get">;

/** Of headers that are no headers. What the platform says of them would repeat the token. */
export const UNSENDABLE_HEADERS = "one of them, or the token, has a character that cannot be sent";

/** Sends a request and reads its answer to the end. Rejects where there is none, or one that breaks off. */
export type Exchange = (url: string, request: ExchangeRequest) => Promise<Exchanged>;
