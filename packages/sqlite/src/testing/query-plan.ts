import Database from "better-sqlite3";
import { MIGRATIONS } from "../migrations.ts";

/** How SQLite answers a statement on our schema, step by step. */
export function explainQuery(sql: string): readonly string[] {
  const db = new Database(":memory:");
  for (const migration of MIGRATIONS) db.exec(migration);
  const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => name);
  const named = names.length === 0 ? [] : [Object.fromEntries(names.map((name) => [name, null]))];
  const positional = [...sql.matchAll(/\?/g)].map(() => null);
  const plan = db.prepare<unknown[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  const steps = plan.all(...positional, ...named).map(({ detail }) => detail);
  db.close();
  return steps;
}

/**
 * The steps that read more than they need: a table from its beginning, or a sorted copy of it. Going through what a
 * subquery gives, or one that feeds on itself, is not one of them: what that itself reads has steps of its own. Nor is going
 * through rows that are given with the statement.
 */
export function findWaste(sql: string): readonly string[] {
  const ownRows = new Set([...sql.matchAll(/WITH RECURSIVE (\w+)/g)].map(([, name]) => `SCAN ${name}`));
  const steps = explainQuery(sql).filter(
    (step) =>
      /\bSCAN (?!\(subquery|\d+-ROW VALUES|CONSTANT ROW)|TEMP B-TREE|AUTOMATIC/.test(step) && !ownRows.has(step),
  );
  return steps.map((step) => `${step} in: ${sql}`);
}
