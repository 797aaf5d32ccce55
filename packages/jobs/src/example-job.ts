// oxlint-disable no-unused-vars -- the code below stands as it is printed in the reference of invokeTrigger().
import { invokeTrigger } from "@beckon/core";
import { z } from "zod";
import { client } from "./client.ts";

//this Job subscribes to an event called new.user
export const exampleJob = client.defineJob({
  id: "example-job",
  name: "Example job",
  version: "1.0.1",
  trigger: invokeTrigger({
    //the expected payload shape
    schema: z.object({
      userId: z.string(),
      tier: z.union([z.literal("free"), z.literal("pro")]),
    }),
    //(optional) example payload object
    examples: [
      {
        id: "issue.opened",
        name: "Issue opened",
        payload: {
          userId: "1234",
          tier: "free",
        },
        //optional
        icon: "github",
      },
    ],
  }),
  run: async (payload, io, ctx) => {
    // do something with the payload
  },
});
