// Starts an Entrepot of its own for a run of the kit: a fresh data folder, and one model that a
// double stands behind.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start as startUpstream } from './upstream.mjs';

const HOME = dirname(dirname(fileURLToPath(import.meta.url)));
const START_MILLIS_MAX = 180_000;

function freePort() {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function ready(url, child) {
  const end = Date.now() + START_MILLIS_MAX;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`entrepot stopped with ${child.exitCode}`);
    try {
      if ((await fetch(`${url}/health`)).ok) return;
    } catch { /* not yet */ }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error('entrepot did not start');
}

/** @returns {Promise<{url: string, key: string, model: string, requests: object[], close: () => Promise<void>}>} */
export async function startServer(models = ['tck/echo'], aliases = {}) {
  const upstream = await startUpstream();
  const data = mkdtempSync(join(tmpdir(), 'entrepot-kit-'));
  const offers = models.map(model => `  ${model}:\n    offers: [{supplier: double, name: echo, prices: free}]\n`);
  writeFileSync(join(data, 'catalogue.yaml'),
    `suppliers:\n  double:\n    kind: openai-compatible\n    base_url: http://127.0.0.1:${upstream.port}/v1\n`
    + `models:\n${offers.join('')}aliases:\n`
    + Object.entries({ 'kit-alias': models[0], ...aliases }).map(([alias, id]) => `  ${alias}: ${id}\n`).join(''));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const key = 'sk-kit-0123456789abcdef0123456789abcdef';
  const child = spawn(join(HOME, 'entrepot'), ['serve', '--data', data, '--port', String(port)],
    { env: { ...process.env, ENTREPOT_ADMIN_KEY: key }, stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  try {
    await ready(url, child);
  } catch (failure) {
    child.kill();
    throw failure;
  }
  const pair = execFileSync(join(HOME, 'entrepot'), ['keys', 'create', '--aws', '--url', url, '--key', key, 'kit'], { encoding: 'utf8' });
  const aws = { id: /ACCESS_KEY_ID=(\S+)/.exec(pair)[1], secret: /SECRET_ACCESS_KEY=(\S+)/.exec(pair)[1], pair };
  return {
    url, key, aws, model: models[0], requests: upstream.requests, data,
    close: async () => {
      const gone = new Promise(resolve => child.once('exit', resolve));
      process.kill(-child.pid, 'SIGTERM');
      await gone;
      upstream.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
