import { readFile } from "node:fs/promises";
import { invokeTrigger } from "@beckon/core";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { client } from "./client.ts";

/** Reads a CSV file, and takes its valid rows in batch by batch. Stopped anywhere, it goes on where it was. */
export const importContacts = client.defineJob({
  id: "import-contacts",
  name: "Import contacts",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({
      batchSize: z.int().min(1).max(500).default(25),
      pauseInSeconds: z.number().min(0).default(1),
    }),
    examples: [
      { id: "gently", name: "Gently: 25 rows a second", payload: {} },
      { id: "at-once", name: "All at once", payload: { batchSize: 500 } },
    ],
  }),
  run: async ({ batchSize, pauseInSeconds }, io) => {
    // A task runs once: when this function is run again after a wait, its result is read, not the file.
    const { contacts, rejected } = await io.runTask("read the file", readContacts);
    const total = contacts.length;

    const progress = await io.createStatus("progress", {
      label: "Importing",
      state: "loading",
      data: { imported: 0, total },
    });
    for (let start = 0; start < total; start += batchSize) {
      if (start > 0) await io.wait(["pause before row", start], pauseInSeconds);
      const batch = contacts.slice(start, start + batchSize);
      // The job's own store stands for your database: writing a batch there twice leaves it there once.
      await io.runTask(["import from row", start], () => io.store.job.set(`contacts from ${start}`, batch));
      await progress.update(["row", start], { data: { imported: start + batch.length, total } });
    }
    await progress.update("done", { label: "Imported", state: "success" });

    return { imported: total, rejected };
  },
});

const Contact = z.object({
  name: z.string("is missing").trim().min(1, "is missing"),
  email: z.email("is not an e-mail address").toLowerCase(),
  company: z.string("is missing").trim(),
  country: z.string("is missing").regex(/^[A-Z]{2}$/, "is not a code of two capital letters"),
  signedUpOn: z.iso.date("is not a day such as 2025-03-31").transform((day) => new Date(day)),
});

type Contact = z.infer<typeof Contact>;

interface RejectedRow {
  /** The row's line in the file; the header is line 1. */
  readonly line: number;
  readonly reasons: readonly string[];
}

interface Row {
  readonly record: unknown;
  readonly info: { readonly lines: number };
}

/** Checks every row of the file that ships with this package. A bad row is reported, and keeps no other out. */
async function readContacts(): Promise<{ contacts: Contact[]; rejected: RejectedRow[] }> {
  const text = await readFile(new URL("../data/contacts.csv", import.meta.url), "utf8");
  const contacts = new Map<string, Contact>();
  const rejected: RejectedRow[] = [];
  for (const { record, info } of parse<Row>(text, { columns: true, info: true, relax_column_count: true })) {
    const row = Contact.safeParse(record);
    if (!row.success) {
      const reasons = row.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
      rejected.push({ line: info.lines, reasons });
    } else if (contacts.has(row.data.email)) {
      rejected.push({ line: info.lines, reasons: ["email is that of an earlier line"] });
    } else {
      contacts.set(row.data.email, row.data);
    }
  }
  return { contacts: [...contacts.values()], rejected };
}
