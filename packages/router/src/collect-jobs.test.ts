import { BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob, DefinitionError } from "@beckon/core/runtime";
import { startTestEngine } from "@beckon/engine/testing";
import { describe, expect, test } from "vitest";
import { collectJobs } from "./collect-jobs.ts";

const client = new BeckonClient({ id: "tests" });
const define = (id: string) =>
  client.defineJob({ id, name: id, version: "1.0.0", trigger: invokeTrigger(), run: async () => id });

describe("the jobs of a module", () => {
  test("are those of its exports that are jobs", () => {
    const jobs = collectJobs({ client, first: define("first"), second: define("second"), VERSION: "1", helper() {} });
    expect([...jobs.keys()]).toEqual(["first", "second"]);
  });

  test("B6 two different jobs with one id are an error that names the id and the exports", () => {
    const jobs = { mail: define("send-mail"), letter: define("send-mail") };
    expect(() => collectJobs(jobs)).toThrow(DefinitionError);
    expect(() => collectJobs(jobs)).toThrow(
      'Two different jobs have the id "send-mail", the exports "mail" and "letter"',
    );
  });

  test("B6 one job under two names is no error, and neither is its copy bound to a server", async () => {
    const job = define("send-mail");
    await using world = await startTestEngine([job]);
    const jobs = collectJobs({ mail: job, letter: job, bound: bindJob(job, world.engine.transport) });
    expect([...jobs.keys()]).toEqual(["mail", "letter", "bound"]);
  });

  test("B6 a module that defines a job again, as a hot reload does, is no error", () => {
    expect(collectJobs({ mail: define("send-mail") }).size).toBe(1);
    expect(collectJobs({ mail: define("send-mail") }).size).toBe(1);
  });

  test.each(["then", "call", "apply", "runs", "catalog"])("cannot be exported as %s", (name) => {
    expect(() => collectJobs({ [name]: define("send-mail") })).toThrow(`Job "send-mail" is exported as "${name}"`);
  });

  test("cannot be exported under a name that would cut a path", () => {
    expect(() => collectJobs({ "a.b": define("send-mail") })).toThrow(
      'exported as "a.b", which cannot be part of a path',
    );
  });

  test("a reserved name that is no job is left alone", () => {
    expect(collectJobs({ runs: [], mail: define("send-mail") }).size).toBe(1);
  });
});
