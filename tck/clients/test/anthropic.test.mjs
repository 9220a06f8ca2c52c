import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import Anthropic0 from 'anthropic-sdk-0';
import { key, model, url, weather } from './server.mjs';

const tools = [{ name: weather.name, description: weather.description, input_schema: weather.schema }];

for (const [version, Client] of [['1', Anthropic], ['0', Anthropic0]]) {
  const client = new Client({ baseURL: url, apiKey: key, maxRetries: 0 });
  const ask = (content) => ({ model, max_tokens: 100, messages: [{ role: 'user', content }] });

  test(`anthropic ${version}: messages`, async () => {
    const answer = await client.messages.create(ask('say hello there'));
    assert.equal(answer.content[0].text, 'hello there');
    assert.equal(answer.stop_reason, 'end_turn');
    assert.equal(answer.usage.output_tokens, 5);
  });

  test(`anthropic ${version}: streamed, with a tool, and its result`, async () => {
    const first = await client.messages.stream({ ...ask('weather in Oslo'), tools }).finalMessage();
    assert.equal(first.stop_reason, 'tool_use');
    const call = first.content.find(block => block.type === 'tool_use');
    assert.deepEqual(call.input, { city: 'Oslo' });
    const after = await client.messages.create({ model, max_tokens: 100, tools, messages: [
      { role: 'user', content: 'weather in Oslo' },
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'Oslo: rain' }] }] });
    assert.equal(after.content[0].text, 'Done: Oslo: rain');
  });

  test(`anthropic ${version}: tokens, models and errors`, async () => {
    assert.ok((await client.messages.countTokens({ model, messages: [{ role: 'user', content: 'hi' }] })).input_tokens > 0);
    const ids = [];
    for await (const each of client.models.list()) ids.push(each.id);
    assert.ok(ids.includes(model));
    await assert.rejects(client.messages.create({ ...ask('x'), model: 'no/such' }),
      failure => failure.status === 404 && failure.error?.error?.type === 'not_found_error');
    await assert.rejects(new Client({ baseURL: url, apiKey: 'wrong', maxRetries: 0 }).messages.create(ask('x')),
      failure => failure.status === 401);
  });
}
