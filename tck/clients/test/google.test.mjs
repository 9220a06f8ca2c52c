import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import { key, model, url, weather } from './server.mjs';

const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });

test('google: generate and stream', async () => {
  const answer = await client.models.generateContent({ model, contents: 'say hello there' });
  assert.equal(answer.text, 'hello there');
  assert.equal(answer.usageMetadata.totalTokenCount, 15);
  let text = '';
  for await (const chunk of await client.models.generateContentStream({ model, contents: 'say one two' })) text += chunk.text ?? '';
  assert.equal(text, 'one two');
});

test('google: a function and its answer', async () => {
  const config = { tools: [{ functionDeclarations: [{ name: weather.name, description: weather.description,
    parametersJsonSchema: weather.schema }] }] };
  const first = await client.models.generateContent({ model, contents: 'weather in Oslo', config });
  assert.deepEqual(first.functionCalls[0].args, { city: 'Oslo' });
  const after = await client.models.generateContent({ model, config, contents: [
    { role: 'user', parts: [{ text: 'weather in Oslo' }] },
    first.candidates[0].content,
    { role: 'user', parts: [{ functionResponse: { id: first.functionCalls[0].id, name: weather.name, response: { output: 'rain' } } }] }] });
  assert.match(after.text, /^Done: .*rain/);
});

test('google: tokens and errors', async () => {
  assert.ok((await client.models.countTokens({ model, contents: 'hi' })).totalTokens > 0);
  await assert.rejects(client.models.generateContent({ model: 'no/such', contents: 'x' }), failure => failure.status === 404);
});
