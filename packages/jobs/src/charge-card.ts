import { invokeTrigger } from "@beckon/core";
import { z } from "zod";
import { client } from "./client.ts";

const LIMIT_IN_CENTS = 100_000;

const DeclineReason = z.enum(["insufficient_funds", "expired_card", "lost_card"]);

/** Charges a card once, however often it runs. A refusal is a declared error: callers know its code and its data. */
export const chargeCard = client.defineJob({
  id: "charge-card",
  name: "Charge card",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({
      card: z.string().startsWith("tok_"),
      amountInCents: z.int().positive(),
      currency: z.enum(["EUR", "USD"]).default("EUR"),
    }),
    examples: [
      { id: "approved", name: "A good card", payload: { card: "tok_visa", amountInCents: 2_900 } },
      {
        id: "declined",
        name: "A card without funds",
        payload: { card: "tok_insufficient_funds", amountInCents: 2_900 },
      },
    ],
  }),
  errors: {
    CARD_DECLINED: z.object({ reason: DeclineReason }),
    AMOUNT_TOO_HIGH: z.object({ limitInCents: z.number() }),
  },
  run: async ({ card, amountInCents, currency }, io, ctx) => {
    if (amountInCents > LIMIT_IN_CENTS) throw ctx.errors.AMOUNT_TOO_HIGH({ limitInCents: LIMIT_IN_CENTS });

    const answer = await io.runTask("charge", ({ idempotencyKey }) =>
      askBank({ card, amountInCents, currency, idempotencyKey }),
    );
    if (!answer.isApproved) {
      // The data is for callers' code, the message for people.
      throw ctx.errors.CARD_DECLINED({ reason: answer.reason }, `The bank declined the card: ${answer.reason}.`);
    }

    return { chargeId: answer.chargeId, chargedAt: await io.now("charged at") };
  },
});

interface Charge {
  readonly card: string;
  readonly amountInCents: number;
  readonly currency: "EUR" | "USD";
  /** The task's own: after a crash the same charge is asked for again, and the bank takes the money once. */
  readonly idempotencyKey: string;
}

type Answer =
  | { readonly isApproved: true; readonly chargeId: string }
  | { readonly isApproved: false; readonly reason: z.infer<typeof DeclineReason> };

/** Stands for a payment provider in its test mode: the card's name decides the answer. */
async function askBank({ card, idempotencyKey }: Charge): Promise<Answer> {
  const reason = DeclineReason.safeParse(card.replace("tok_", ""));
  if (reason.success) return { isApproved: false, reason: reason.data };
  return { isApproved: true, chargeId: `charge_${idempotencyKey.slice(0, 12)}` };
}
