// Runs the official SDKs against an Entrepot:
//
//   node run.mjs --start                                 against one of its own, with a double behind it
//   node run.mjs --url URL --key KEY --model MODEL       against yours; the model must follow upstream.mjs
//   node run.mjs --start --junit FILE --only openai      JUnit XML; one file of tests
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startServer } from '../server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: {
  start: { type: 'boolean' }, url: { type: 'string' }, key: { type: 'string' }, model: { type: 'string' },
  junit: { type: 'string' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help || !(values.start || (values.url && values.key))) {
  console.log('node run.mjs --start | --url URL --key KEY [--model MODEL]  [--only FILE] [--junit FILE]');
  process.exit(values.help ? 0 : 2);
}
const server = values.start ? await startServer() : { ...values, close: async () => {} };
const files = readdirSync(join(here, 'test'))
  .filter(file => file.endsWith('.test.mjs') && (!values.only || file.startsWith(values.only)))
  .map(file => join(here, 'test', file));
const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
if (values.junit) reporters.push('--test-reporter=junit', `--test-reporter-destination=${values.junit}`);
const tests = spawn(process.execPath, ['--test', '--test-timeout=60000', ...reporters, ...files], { stdio: 'inherit', cwd: here,
  env: { ...process.env, ENTREPOT_URL: server.url, ENTREPOT_KEY: server.key, ENTREPOT_MODEL: server.model ?? 'tck/echo',
    ...(server.aws ? { ENTREPOT_AWS_ID: server.aws.id, ENTREPOT_AWS_SECRET: server.aws.secret } : {}) } });
const code = await new Promise(resolve => tests.once('exit', resolve));
await server.close();
process.exit(code ?? 1);
