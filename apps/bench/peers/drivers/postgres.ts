import { Client } from "pg";

/** Connections of a pool that sixty-four callers or a hundred jobs share; the pools' own default is ten. */
export const POOL_SIZE = 25;

/** An empty database of its own for one measurement. */
export async function createDatabase(service: string): Promise<string> {
  const name = `bench_${process.pid}_${Date.now()}`;
  const admin = new Client({ connectionString: service });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const url = new URL(service);
  url.pathname = `/${name}`;
  return url.href;
}

/** What still has connections is left: it goes with its server. */
export async function dropDatabase(service: string, database: string): Promise<void> {
  const admin = new Client({ connectionString: service });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${new URL(database).pathname.slice(1)}`).catch(() => undefined);
  await admin.end();
}
