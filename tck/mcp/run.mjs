// Runs the official conformance suite of MCP with our client, and with our endpoint over the suite's own tools. Only what
// is offered is run: see docs/mcp.md. Wants the classes of the tests: ./entrepot test, or mvn test-compile.
//   node run.mjs --classpath FILE     a file with the class path of gateway's and runtime's tests
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SCENARIO_MILLIS_MAX = 60_000;
const REVISIONS = {
  '2025-11-25': {
    client: ['initialize', 'tools_call', 'sse-retry'],
    server: ['server-initialize', 'ping', 'tools-list', 'tools-call-simple-text', 'tools-call-image', 'tools-call-audio',
      'tools-call-embedded-resource', 'tools-call-mixed-content', 'tools-call-error', 'tools-call-with-progress',
      'server-sse-multiple-streams', 'dns-rebinding-protection'],
  },
  '2026-07-28': {
    client: ['tools_call', 'request-metadata', 'sep-2322-client-request-state', 'http-standard-headers',
      'http-custom-headers', 'http-invalid-tool-headers', 'json-schema-ref-no-deref'],
    server: ['tools-list', 'tools-call-simple-text', 'tools-call-image', 'tools-call-audio', 'tools-call-embedded-resource',
      'tools-call-mixed-content', 'tools-call-error', 'tools-call-with-progress', 'server-sse-multiple-streams',
      'sep-2164-resource-not-found', 'dns-rebinding-protection', 'http-header-validation'],
  },
};
const SUITE = new URL('node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url).pathname;

function run(args) {
  return new Promise(resolve => {
    let text = '';
    const child = spawn(process.execPath, [SUITE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const clock = setTimeout(() => child.kill('SIGKILL'), SCENARIO_MILLIS_MAX);
    child.stdout.on('data', piece => { text += piece; });
    child.stderr.on('data', piece => { text += piece; });
    child.once('exit', code => { clearTimeout(clock); resolve({ ok: code === 0, text }); });
  });
}

const at = process.argv.indexOf('--classpath');
if (at < 0 || !process.argv[at + 1]) {
  console.error('usage: node run.mjs --classpath FILE');
  process.exit(2);
}
const classpath = readFileSync(process.argv[at + 1], 'utf8').trim();
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
const folder = mkdtempSync(join(tmpdir(), 'entrepot-mcp-'));
const client = join(folder, 'client');
writeFileSync(client, `#!/bin/sh\nexec '${java}' -cp '${classpath}' entrepot.runtime.tools.mcp.ConformanceClient "$@"\n`);
chmodSync(client, 0o755);
const server = spawn(java, ['-cp', classpath, 'entrepot.gateway.mcp.ConformanceServer'], { stdio: ['pipe', 'pipe', 'ignore'] });
let failed = 0;
let passed = 0;
try {
  const port = await new Promise((resolve, reject) => {
    createInterface(server.stdout).once('line', resolve);
    server.once('exit', code => reject(new Error(`the server ended with ${code}: is the class path whole?`)));
  });
  for (const [revision, sides] of Object.entries(REVISIONS)) {
    for (const [side, scenarios] of Object.entries(sides)) {
      for (const scenario of scenarios) {
        const where = side === 'client' ? ['--command', client] : ['--url', `http://127.0.0.1:${port}/mcp`];
        const end = await run([side, ...where, '--scenario', scenario, '--spec-version', revision]);
        end.ok ? passed++ : failed++;
        console.log(`${end.ok ? 'ok  ' : 'FAIL'} ${revision} ${side} ${scenario}`);
        if (!end.ok) console.log(end.text.split('\n').slice(-25).join('\n'));
      }
    }
  }
} finally {
  server.stdin.end();
  rmSync(folder, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
