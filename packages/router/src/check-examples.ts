import type { AnyJob } from "@beckon/core";
import { DefinitionError, formatIssues, parseWith, type Schema, toRefusal } from "@beckon/core/runtime";
import { collectJobs } from "./collect-jobs.ts";

/**
 * Runs every example of every job through the job's schema, as a server does when it starts.
 * @throws DefinitionError naming each job and example whose payload the schema refuses
 */
export async function checkExamples(jobs: object): Promise<void> {
  const problems = await Promise.all([...new Set(collectJobs(jobs).values())].map(findProblems));
  const sentences = problems.flat();
  if (sentences.length > 0) throw new DefinitionError(sentences.join("\n"));
}

async function findProblems({ id, definition }: AnyJob): Promise<readonly string[]> {
  const found = await Promise.all(
    definition.examples.map(async (example) => {
      const parsed = await parseExample(definition.schema, example.payload);
      if (parsed.ok) return [];
      return [
        `Example "${example.id}" of job "${id}" does not fit its schema: ${formatIssues(parsed.issues, "payload")}.`,
      ];
    }),
  );
  return found.flat();
}

/** What a schema throws is told with the example, too, so that the place is known. */
async function parseExample(
  schema: Schema | undefined,
  payload: unknown,
): Promise<Awaited<ReturnType<typeof parseWith>>> {
  try {
    return await parseWith(schema, payload);
  } catch (thrown) {
    return toRefusal(thrown, payload);
  }
}
