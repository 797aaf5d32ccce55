import type * as jobs from "@acme/jobs";
import type { TestServer } from "@beckon/server/testing";
import type { Page } from "playwright-core";

/** A page in the state in which its picture is taken. */
interface Shot {
  readonly name: string;
  readonly path: string;
  readonly width?: number;
  readonly prepare: (page: Page) => Promise<unknown>;
}

/** Lets the sample jobs run until there is something of each kind to be seen. */
export async function playScene(server: TestServer<typeof jobs>): Promise<readonly Shot[]> {
  const { exampleJob, chargeCard, importContacts, onboardUser } = server.jobs;
  for (let round = 1; round <= 6; round += 1) {
    const tags = [`user:${1_230 + round}`];
    await exampleJob.invokeAndWait({ userId: String(1_230 + round), tier: "pro" }, { tags });
    await chargeCard.invokeAndWait({ card: "tok_visa", amountInCents: 2_900 * round }, { tags });
  }
  for (const card of ["tok_insufficient_funds", "tok_expired_card"]) {
    await chargeCard.invokeAndWait({ card, amountInCents: 4_900 });
  }
  const onboarding = await onboardUser.invoke({
    userId: "1234",
    tier: "pro",
    card: "tok_visa",
    purchases: [
      { item: "first month", amountInCents: 2_900 },
      { item: "set-up", amountInCents: 9_900 },
    ],
    webhookUrl: "http://127.0.0.1:9/hook",
  });
  await onboarding.result();
  const declined = await chargeCard.invoke(
    { card: "tok_lost_card", amountInCents: 1_900 },
    { idempotencyKey: "order-77" },
  );
  await declined.result();
  const importing = await importContacts.invoke({ batchSize: 10, pauseInSeconds: 3 }, { tags: ["crm"], isTest: true });
  await exampleJob.invoke({ userId: "77", tier: "free" }, { delay: "2h", tags: ["later"] });
  return [
    { name: "overview", path: "/", prepare: (page) => page.getByRole("heading", { name: "Overview" }).waitFor() },
    { name: "jobs", path: "/jobs", prepare: (page) => page.getByText("charge-card").first().waitFor() },
    { name: "job", path: "/jobs/charge-card", prepare: (page) => page.getByText("CARD_DECLINED").first().waitFor() },
    { name: "test", path: "/jobs/onboard-user/test", prepare: (page) => page.getByLabel("userId").waitFor() },
    {
      name: "test-json",
      path: "/jobs/onboard-user/test",
      prepare: async (page) => {
        await page.getByRole("tab", { name: "JSON" }).click();
        await page.locator(".cm-content").waitFor();
      },
    },
    {
      name: "runs",
      path: "/runs",
      prepare: (page) => page.getByRole("row").filter({ hasText: "import-contacts" }).waitFor(),
    },
    {
      name: "runs-narrow",
      path: "/runs",
      width: 375,
      prepare: (page) => page.getByRole("row").filter({ hasText: "import-contacts" }).waitFor(),
    },
    { name: "run", path: `/runs/${onboarding.id}`, prepare: (page) => page.getByText("Payload").first().waitFor() },
    {
      name: "run-failed",
      path: `/runs/${declined.id}`,
      prepare: (page) => page.getByText("CARD_DECLINED").first().waitFor(),
    },
    {
      name: "run-waiting",
      path: `/runs/${importing.id}`,
      prepare: (page) => page.getByRole("progressbar").first().waitFor(),
    },
    {
      name: "run-narrow",
      path: `/runs/${onboarding.id}`,
      width: 375,
      prepare: (page) => page.getByText("Payload").first().waitFor(),
    },
    {
      name: "keys",
      path: "/runs",
      prepare: async (page) => {
        await page.getByRole("row").filter({ hasText: "import-contacts" }).waitFor();
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
      },
    },
  ];
}
