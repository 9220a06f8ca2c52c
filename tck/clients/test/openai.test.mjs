import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI, { AzureOpenAI } from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { key, model, url, weather } from './server.mjs';

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const say = (words) => [{ role: 'user', content: `say ${words}` }];
const chatTool = { type: 'function', function: { name: weather.name, description: weather.description, parameters: weather.schema } };
const tool = { type: 'function', name: weather.name, description: weather.description, parameters: weather.schema, strict: true };

test('openai: chat', async () => {
  const answer = await client.chat.completions.create({ model, messages: say('hello there') });
  assert.equal(answer.choices[0].message.content, 'hello there');
  assert.equal(answer.usage.total_tokens, 15);
});

test('openai: chat, streamed, with usage only when asked for', async () => {
  for (const asked of [false, true]) {
    const stream = await client.chat.completions.create({ model, messages: say('one two three'), stream: true,
      ...(asked ? { stream_options: { include_usage: true } } : {}) });
    let text = '';
    let usage;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? '';
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, 'one two three');
    assert.equal(usage?.total_tokens, asked ? 15 : undefined);
  }
});

test('openai: chat tools, with the runner', async () => {
  const runner = client.chat.completions.runTools({ model, messages: [{ role: 'user', content: 'weather in Oslo' }],
    tools: [{ type: 'function', function: { ...chatTool.function, parse: JSON.parse, function: ({ city }) => `${city}: rain` } }] });
  assert.equal(await runner.finalContent(), 'Done: Oslo: rain');
});

test('openai: models and errors', async () => {
  const ids = [];
  for await (const each of client.models.list()) ids.push(each.id);
  assert.ok(ids.includes(model));
  await assert.rejects(client.chat.completions.create({ model: 'no/such', messages: say('x') }),
    failure => failure.status === 404 && failure.code === 'model_not_found');
  await assert.rejects(new OpenAI({ baseURL: `${url}/v1`, apiKey: 'wrong', maxRetries: 0 }).models.list(),
    failure => failure.status === 401);
});

test('openai: responses, kept and continued', async () => {
  const first = await client.responses.create({ model, input: 'say blue', instructions: 'Be brief.' });
  assert.equal(first.output_text, 'blue');
  const second = await client.responses.create({ model, input: 'say green', previous_response_id: first.id });
  assert.equal(second.output_text, 'green');
  assert.equal(second.previous_response_id, first.id);
  assert.equal((await client.responses.retrieve(first.id)).output_text, 'blue');
  const items = await client.responses.inputItems.list(second.id);
  assert.ok(items.data.length >= 1);
  await client.responses.delete(first.id);
  await assert.rejects(client.responses.retrieve(first.id), failure => failure.status === 404);
});

test('openai: responses, streamed, with a tool', async () => {
  const stream = client.responses.stream({ model, input: 'weather in Oslo', tools: [tool] });
  const types = new Set();
  for await (const event of stream) types.add(event.type);
  for (const type of ['response.created', 'response.output_item.added', 'response.function_call_arguments.delta',
    'response.function_call_arguments.done', 'response.output_item.done', 'response.completed']) {
    assert.ok(types.has(type), type);
  }
  const done = await stream.finalResponse();
  const call = done.output.find(item => item.type === 'function_call');
  assert.deepEqual(JSON.parse(call.arguments), { city: 'Oslo' });
  const after = await client.responses.create({ model, previous_response_id: done.id, tools: [tool],
    input: [{ type: 'function_call_output', call_id: call.call_id, output: 'Oslo: rain' }] });
  assert.equal(after.output_text, 'Done: Oslo: rain');
});

test('openai: a response in the background, resumed', async () => {
  const queued = await client.responses.create({ model, input: 'say later', background: true, stream: true });
  let id;
  let at;
  for await (const event of queued) {
    id ??= event.response?.id;
    at = event.sequence_number;
    break;
  }
  const rest = await client.responses.retrieve(id, { stream: true, starting_after: at });
  let last;
  for await (const event of rest) {
    assert.ok(event.sequence_number > at);
    last = event;
  }
  assert.equal(last.type, 'response.completed');
  assert.equal(last.response.output_text ?? last.response.output[0].content[0].text, 'later');
});

test('openai: conversations', async () => {
  const conversation = await client.conversations.create({ metadata: { topic: 'kit' } });
  await client.responses.create({ model, input: 'say first', conversation: conversation.id });
  const texts = [];
  for await (const item of client.conversations.items.list(conversation.id)) texts.push(JSON.stringify(item));
  assert.ok(texts.some(text => text.includes('first')));
  await client.conversations.delete(conversation.id);
});

test('openai: responses over a websocket', async () => {
  const socket = new ResponsesWS(client);
  const types = [];
  const done = new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('event', event => {
      types.push(event.type);
      if (event.type === 'response.completed') resolve(event.response);
    });
  });
  socket.socket.on('open', () => socket.send({ type: 'response.create', model, input: 'say through a socket' }));
  const response = await done;
  socket.close();
  assert.equal(types[0], 'response.created');
  assert.equal(response.output[0].content[0].text, 'through a socket');
});

test('azure: deployments and the v1 form', async () => {
  const azure = new AzureOpenAI({ endpoint: url, apiKey: key, apiVersion: '2025-04-01-preview', maxRetries: 0 });
  const answer = await azure.chat.completions.create({ model, messages: say('by deployment') });
  assert.equal(answer.choices[0].message.content, 'by deployment');
  const v1 = new OpenAI({ baseURL: `${url}/openai/v1/`, apiKey: key, maxRetries: 0 });
  assert.equal((await v1.chat.completions.create({ model, messages: say('by v1') })).choices[0].message.content, 'by v1');
  assert.equal((await v1.responses.create({ model, input: 'say by v1' })).output_text, 'by v1');
});
