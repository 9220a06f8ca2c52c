import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { model, url, weather } from './server.mjs';

// A key pair that Entrepot issued: entrepot keys create --aws
const credentials = { accessKeyId: process.env.ENTREPOT_AWS_ID, secretAccessKey: process.env.ENTREPOT_AWS_SECRET };
const skip = credentials.accessKeyId ? false : 'ENTREPOT_AWS_ID and ENTREPOT_AWS_SECRET are not set';
const client = (more = credentials) => new BedrockRuntimeClient({ endpoint: url, region: 'us-east-1', credentials: more, maxAttempts: 1 });
const ask = (text) => ({ modelId: model, messages: [{ role: 'user', content: [{ text }] }] });

test('aws: converse over h2c, signed', { skip }, async () => {
  const answer = await client().send(new ConverseCommand(ask('say hello there')));
  assert.equal(answer.output.message.content[0].text, 'hello there');
  assert.equal(answer.usage.totalTokens, 15);
});

test('aws: converse stream with a tool', { skip }, async () => {
  const answer = await client().send(new ConverseStreamCommand({ ...ask('weather in Oslo'),
    toolConfig: { tools: [{ toolSpec: { name: weather.name, description: weather.description, inputSchema: { json: weather.schema } } }] } }));
  let input = '';
  let stop;
  for await (const event of answer.stream) {
    input += event.contentBlockDelta?.delta?.toolUse?.input ?? '';
    stop = event.messageStop?.stopReason ?? stop;
  }
  assert.deepEqual(JSON.parse(input), { city: 'Oslo' });
  assert.equal(stop, 'tool_use');
});

test('aws: a wrong secret is refused in its own shape', { skip }, async () => {
  await assert.rejects(client({ ...credentials, secretAccessKey: 'wrong' }).send(new ConverseCommand(ask('say x'))),
    failure => failure.$metadata.httpStatusCode === 403);
});
