import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { Agent, run, setDefaultOpenAIClient, setTracingDisabled, tool as agentTool } from '@openai/agents';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';
import { alias, key, model, url } from './server.mjs';

const providers = {
  'openai responses': createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).responses(model),
  'openai chat': createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).chat(model),
  compatible: createOpenAICompatible({ name: 'entrepot', baseURL: `${url}/v1`, apiKey: key })(model),
  anthropic: createAnthropic({ baseURL: `${url}/v1`, apiKey: key })(model),
  // It takes a name with a slash for a path of its own.
  google: createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: key })(alias),
};

for (const [name, provider] of Object.entries(providers)) {
  test(`vercel ai, ${name}: a loop with a tool, streamed`, async () => {
    const weather = tool({ description: 'The weather in a city', inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => `${city}: rain` });
    const result = streamText({ model: provider, prompt: 'weather in Oslo', tools: { weather }, stopWhen: stepCountIs(3), maxRetries: 0 });
    assert.match(await result.text, /^Done: .*Oslo: rain/);
    const whole = await generateText({ model: provider, prompt: 'say hello there', maxRetries: 0 });
    assert.equal(whole.text, 'hello there');
  });
}

test('openai agents: a loop with a tool', async () => {
  setDefaultOpenAIClient(new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 }));
  setTracingDisabled(true);
  const weather = agentTool({ name: 'get_weather', description: 'The weather in a city',
    parameters: z.object({ city: z.string() }), execute: async ({ city }) => `${city}: rain` });
  const agent = new Agent({ name: 'Weather', instructions: 'Answer.', model, tools: [weather] });
  assert.equal((await run(agent, 'weather in Oslo')).finalOutput, 'Done: Oslo: rain');
});
