// A supplier's double: it speaks Chat Completions and answers by rule, so that a client's whole
// loop (text, tool call, tool result, end) can be checked without a model.
//
//   "say WORDS"          answers WORDS
//   "run COMMAND"        asks for the client's own shell tool, whatever it is called, with COMMAND
//   "weather in PLACE"   asks for the function named like a weather tool, or the first one
//   a tool's result      answers "Done: " and the result
import { createServer } from 'node:http';

const SHELLS = ['shell', 'shell_command', 'exec_command', 'local_shell', 'container.exec', 'bash', 'Bash',
  'run_shell_command'];

function text(content) {
  if (typeof content === 'string') return content;
  return (content ?? []).map(part => part.text ?? '').join('\n');
}

function argumentsFor(tool, command) {
  const properties = tool.function.parameters?.properties ?? {};
  if (properties.cmd) return { cmd: command };
  if (properties.command?.type === 'array') return { command: ['bash', '-lc', command] };
  if (properties.command) return { command, ...(properties.description ? { description: 'Runs a command' } : {}) };
  return { input: command };
}

/** What the double says to a request: text, or a call. */
export function reply(request) {
  const last = request.messages.at(-1);
  // Some agents quote what they were asked.
  if (last.role === 'tool') return { text: `Done: ${text(last.content).trim().slice(0, 400)}` };
  const user = request.messages.filter(message => message.role === 'user').map(message => text(message.content));
  const wish = user.findLast(words => /(^|\n)\s*\"?(run|say|weather in) /.test(words)) ?? '';
  const results = request.messages.some(message => message.role === 'tool');
  const tools = request.tools ?? [];
  const run = /(?:^|\n)\s*"?run ([^"\n]+)/.exec(wish);
  if (run && results) return { text: 'Done.' };
  const shell = tools.find(tool => SHELLS.includes(tool.function?.name));
  if (run && shell) return { call: shell.function.name, arguments: argumentsFor(shell, run[1].trim()) };
  const place = /(?:^|\n)\s*"?weather in (\w+)/.exec(wish);
  if (place && tools.length) {
    const tool = tools.find(each => /weather/i.test(each.function.name)) ?? tools[0];
    return { call: tool.function.name, arguments: { city: place[1] } };
  }
  const say = /(?:^|\n)\s*"?say ([^"\n]+)/.exec(wish);
  return { text: say ? say[1].trim() : 'Hello.' };
}

function usage(request) {
  const prompt = request.messages.length * 10;
  return { prompt_tokens: prompt, completion_tokens: 5, total_tokens: prompt + 5 };
}

function stream(request, answer, out) {
  const chunk = (delta, finish = null) => out.write(`data: ${JSON.stringify({
    id: 'chatcmpl-double', object: 'chat.completion.chunk', created: 1, model: request.model,
    choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
  out.writeHead(200, { 'content-type': 'text/event-stream' });
  chunk({ role: 'assistant', content: answer.call ? null : '' });
  if (answer.call) {
    const json = JSON.stringify(answer.arguments);
    const call = (more) => chunk({ tool_calls: [{ index: 0, ...more }] });
    call({ id: 'call_double_1', type: 'function', function: { name: answer.call, arguments: '' } });
    for (let at = 0; at < json.length; at += 7) call({ function: { arguments: json.slice(at, at + 7) } });
  } else {
    for (const piece of answer.text.match(/.{1,6}/gs) ?? []) chunk({ content: piece });
  }
  chunk({}, answer.call ? 'tool_calls' : 'stop');
  if (request.stream_options?.include_usage) {
    out.write(`data: ${JSON.stringify({ id: 'chatcmpl-double', object: 'chat.completion.chunk', created: 1,
      model: request.model, choices: [], usage: usage(request) })}\n\n`);
  }
  out.end('data: [DONE]\n\n');
}

function whole(request, answer, out) {
  const message = answer.call
    ? { role: 'assistant', content: null, tool_calls: [{ id: 'call_double_1', type: 'function',
        function: { name: answer.call, arguments: JSON.stringify(answer.arguments) } }] }
    : { role: 'assistant', content: answer.text };
  out.writeHead(200, { 'content-type': 'application/json' });
  out.end(JSON.stringify({ id: 'chatcmpl-double', object: 'chat.completion', created: 1, model: request.model,
    choices: [{ index: 0, message, finish_reason: answer.call ? 'tool_calls' : 'stop', logprobs: null }],
    usage: usage(request) }));
}

/** Starts the double on a free port of loopback; `requests` holds what it was asked. */
export async function start() {
  const requests = [];
  const server = createServer(async (incoming, out) => {
    const pieces = [];
    for await (const piece of incoming) pieces.push(piece);
    const request = JSON.parse(Buffer.concat(pieces).toString('utf8') || '{}');
    requests.push({ path: incoming.url, headers: incoming.headers, body: request });
    if (!incoming.url.endsWith('/chat/completions')) {
      out.writeHead(404, { 'content-type': 'application/json' });
      out.end(JSON.stringify({ error: { message: `nothing at ${incoming.url}`, type: 'invalid_request_error' } }));
      return;
    }
    const answer = reply(request);
    if (request.stream) stream(request, answer, out); else whole(request, answer, out);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, requests, close: () => server.close() };
}
