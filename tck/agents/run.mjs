// Runs command-line agents, unmodified, end to end through an Entrepot of the kit's own: each is
// asked to run a command, must do so with its own tool, and must end with what came of it.
//
//   node run.mjs [--only codex] [--junit FILE] [--verbose]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startServer } from '../server.mjs';

const AGENT_MILLIS_MAX = 120_000;
const bin = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', '.bin');
const { values } = parseArgs({ options: { only: { type: 'string' }, junit: { type: 'string' },
  verbose: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
if (values.help) {
  console.log('node run.mjs [--only codex|claude|gemini|opencode] [--junit FILE] [--verbose]');
  process.exit(0);
}

const wish = (name) => `run echo made by ${name} > out.txt && cat out.txt`;

/** How each agent is pointed at a server; `model` has no slash, as some take one for a provider. */
const agents = {
  codex: (at) => ({ command: ['codex', 'exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '-m', at.model,
    '-c', 'model_provider="entrepot"', '-c', `model_providers.entrepot={name="entrepot",base_url="${at.url}/v1",env_key="KIT_KEY",wire_api="responses"}`,
    wish('codex')], env: { KIT_KEY: at.key, CODEX_HOME: at.home } }),
  claude: (at) => ({ command: ['claude', '-p', wish('claude'), '--model', at.model, '--allowedTools', 'Bash', '--output-format', 'text'],
    env: { ANTHROPIC_BASE_URL: at.url, ANTHROPIC_API_KEY: at.key, ANTHROPIC_DEFAULT_HAIKU_MODEL: at.model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' } }),
  gemini: (at) => {
    mkdirSync(join(at.home, '.gemini'), { recursive: true });
    writeFileSync(join(at.home, '.gemini', 'settings.json'),
      JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } }, privacy: { usageStatisticsEnabled: false } }));
    return { command: ['gemini', '-p', wish('gemini'), '-m', at.model, '--yolo', '--skip-trust'],
      env: { GOOGLE_GEMINI_BASE_URL: at.url, GEMINI_API_KEY: at.key } };
  },
  opencode: (at) => {
    writeFileSync(join(at.work, 'opencode.json'), JSON.stringify({ $schema: 'https://opencode.ai/config.json', autoupdate: false,
      provider: { entrepot: { npm: '@ai-sdk/openai-compatible', name: 'Entrepot', options: { baseURL: `${at.url}/v1`, apiKey: at.key },
        models: { [at.model]: { name: 'Echo' } } } } }));
    return { command: ['opencode', 'run', '-m', `entrepot/${at.model}`, wish('opencode')], env: {} };
  },
};

function execute([program, ...parameters], env, work, home) {
  return new Promise(resolve => {
    const child = spawn(join(bin, program), parameters, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'], detached: true,
      env: { PATH: bin + delimiter + process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, '.config'),
        XDG_DATA_HOME: join(home, '.data'), TERM: 'dumb', CI: '1', NO_COLOR: '1', ...env } });
    let out = '';
    let err = '';
    child.stdout.on('data', piece => { out += piece; });
    child.stderr.on('data', piece => { err += piece; });
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), AGENT_MILLIS_MAX);
    child.once('close', code => { clearTimeout(timer); resolve({ code, out, err }); });
  });
}

async function check(name, server) {
  const home = mkdtempSync(join(tmpdir(), `kit-${name}-home-`));
  const work = mkdtempSync(join(tmpdir(), `kit-${name}-`));
  try {
    const { command, env } = agents[name]({ ...server, home, work });
    const told = await execute(command, env, work, home);
    let made = '';
    try { made = readFileSync(join(work, 'out.txt'), 'utf8').trim(); } catch { /* the command did not run */ }
    const problems = [];
    if (told.code !== 0) problems.push(`ended with ${told.code}`);
    if (made !== `made by ${name}`) problems.push(`its command left '${made}'`);
    if (!/Done/.test(told.out)) problems.push('its last word is missing');
    return { name, problems, output: `${told.out}\n${told.err}` };
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(work, { recursive: true, force: true });
  }
}

const escaped = (text) => text.replace(/[&<>"\u0000-\u0008\u000b-\u001f]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? '');

function junit(results) {
  const cases = results.map(({ name, problems, output }) => `<testcase name="${name}">${problems.length
    ? `<failure message="${escaped(problems.join('; '))}">${escaped(output.slice(-4000))}</failure>` : ''}</testcase>`);
  return `<testsuite name="agents" tests="${results.length}" failures="${results.filter(r => r.problems.length).length}">${cases.join('')}</testsuite>\n`;
}

const server = await startServer(['tck/echo'], { 'kit-echo': 'tck/echo', 'gemini-2.5-flash': 'tck/echo', 'gemini-2.5-flash-lite': 'tck/echo' });
server.model = 'kit-echo';
const results = [];
for (const name of Object.keys(agents).filter(each => !values.only || each === values.only)) {
  const result = await check(name, server);
  results.push(result);
  console.log(`${result.problems.length ? 'FAILED' : 'ok    '}  ${name}${result.problems.length ? ': ' + result.problems.join('; ') : ''}`);
  if (result.problems.length || values.verbose) console.log(result.output.slice(-6000));
}
if (values.verbose) console.log(JSON.stringify(server.requests.map(r => [r.body.tools?.map(t => t.function.name), r.body.messages.filter(m => m.role !== "system").map(m => JSON.stringify(m).slice(0, 600))]), null, 1).slice(0, 6000));
await server.close();
if (values.junit) writeFileSync(values.junit, junit(results));
process.exit(results.some(result => result.problems.length) ? 1 : 0);
