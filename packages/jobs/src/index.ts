export { chargeCard } from "./charge-card.ts";
export { client } from "./client.ts";
export { exampleJob } from "./example-job.ts";
export { flakyWebhook } from "./flaky-webhook.ts";
export { importContacts } from "./import-contacts.ts";
export { onboardUser } from "./onboard-user.ts";
