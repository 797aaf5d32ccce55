import { invokeTrigger } from "@beckon/core";
import { z } from "zod";
import { chargeCard } from "./charge-card.ts";
import { client } from "./client.ts";
import { exampleJob } from "./example-job.ts";
import { flakyWebhook } from "./flaky-webhook.ts";

/** Invokes other jobs as if they were functions. While it waits for them it holds no slot, and it survives a restart. */
export const onboardUser = client.defineJob({
  id: "onboard-user",
  name: "Onboard user",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({
      userId: z.string().min(1),
      tier: z.enum(["free", "pro"]),
      card: z.string().startsWith("tok_"),
      purchases: z.array(z.object({ item: z.string(), amountInCents: z.int().positive() })).max(20),
      webhookUrl: z.url().optional(),
    }),
    examples: [
      {
        id: "pro",
        name: "A pro user with two purchases",
        payload: {
          userId: "1234",
          tier: "pro",
          card: "tok_visa",
          purchases: [
            { item: "first month", amountInCents: 2_900 },
            { item: "set-up", amountInCents: 9_900 },
          ],
        },
      },
      {
        id: "declined",
        name: "A pro user whose card is declined",
        payload: {
          userId: "5678",
          tier: "pro",
          card: "tok_expired_card",
          purchases: [{ item: "first month", amountInCents: 2_900 }],
        },
      },
    ],
  }),
  run: async ({ userId, tier, card, purchases, webhookUrl }) => {
    // All charges run at once; a declined one is a value among the results, not an exception.
    const payments = await chargeCard.batchInvokeAndWait(
      purchases.map(({ amountInCents }, index) => ({
        payload: { card, amountInCents },
        // By its place in the list: the same thing may be bought twice.
        options: { key: ["charge", index], tags: [`user:${userId}`] },
      })),
    );
    const unpaid = payments.flatMap((payment, index) => {
      if (payment.ok) return [];
      const { error } = payment;
      // Narrowed by its code, a declared error has typed data; every error has a message.
      const reason = error.code === "CARD_DECLINED" ? error.data.reason : error.message;
      return [{ item: purchases[index]?.item, reason }];
    });
    const grantedTier = unpaid.length === 0 ? tier : "free";

    await exampleJob.invokeAndWait({ userId, tier: grantedTier });

    // Invoked and not waited for: it may try for minutes, and the user need not.
    if (webhookUrl !== undefined) {
      await flakyWebhook.invoke({ url: webhookUrl, body: { userId, tier: grantedTier } });
    }
    return { tier: grantedTier, unpaid };
  },
});
