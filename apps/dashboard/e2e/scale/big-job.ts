import { BeckonClient, invokeTrigger } from "@beckon/core";

const client = new BeckonClient({ id: "scale" });

/** Has 5,000 tasks and logs 20,000 lines. */
export const big = client.defineJob({
  id: "big",
  name: "Big",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    for (let group = 0; group < 50; group += 1) {
      await io.runTask(["group", group], async (_task, inner) => {
        for (let step = 0; step < 99; step += 1) {
          await inner.runTask(["step", step], (_inner, own) => {
            for (let line = 0; line < 4; line += 1) own.logger.info(`line ${line} of step ${step}`, { group });
            return step;
          });
        }
        for (let line = 0; line < 4; line += 1) inner.logger.warn(`group ${group} is done`);
      });
    }
    for (let line = 0; line < 50; line += 1) await io.runTask(["last", line], () => line);
  },
});
