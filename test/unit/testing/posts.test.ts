import { describe, expect, it } from 'vitest';
import { apiUser, refusalOf } from './api-user.ts';

async function twoBots() {
  const user = apiUser();
  const ember = (await user.create('ember')).access_token;
  const spark = (await user.create('spark')).access_token;
  const post = (text: string, bearer: string) => user.send('/users/me/posts', { method: 'POST', bearer, json: { text } });
  const texts = async (response: Response) => {
    const { data } = (await response.json()) as { data: { attributes: { text: string } }[] };
    return data.map(({ attributes }) => attributes.text);
  };
  return { ...user, ember, spark, post, texts };
}

describe('posts', () => {
  it('a bot posts, anybody with the App Key reads it', async () => {
    const { post, ember, send } = await twoBots();
    const created = await post('hello', ember);
    expect(created.status).toBe(201);
    const read = await send('/posts/1');
    expect(await read.json()).toEqual(await created.json());
  });

  it('the list is newest first and as long as asked for', async () => {
    const { post, ember, spark, send, texts } = await twoBots();
    await post('one', ember);
    await post('two', spark);
    await post('three', ember);
    expect(await texts(await send('/posts'))).toEqual(['three', 'two', 'one']);
    expect(await texts(await send('/posts?limit=2', { bearer: spark }))).toEqual(['three', 'two']);
    expect(await texts(await send('/users/me/posts', { bearer: spark }))).toEqual(['two']);
    expect(await refusalOf(await send('/posts?limit=0'))).toEqual({ status: 400, code: 600 });
  });

  it('the author edits and deletes', async () => {
    const { post, ember, send, texts } = await twoBots();
    await post('draft', ember);
    expect((await send('/posts/1', { method: 'PUT', bearer: ember, json: { text: 'final' } })).status).toBe(200);
    expect(await texts(await send('/posts'))).toEqual(['final']);
    expect((await send('/posts/1', { method: 'DELETE', bearer: ember })).status).toBe(200);
    expect(await refusalOf(await send('/posts/1'))).toEqual({ status: 404, code: 703 });
  });

  it('somebody else’s post answers 730 with HTTP 401, and stays', async () => {
    const { post, ember, spark, send, texts } = await twoBots();
    await post('mine', ember);
    const edit = await send('/posts/1', { method: 'PUT', bearer: spark, json: { text: 'yours' } });
    expect(await refusalOf(edit)).toEqual({ status: 401, code: 730 });
    expect(await refusalOf(await send('/posts/1', { method: 'DELETE', bearer: spark }))).toEqual({ status: 401, code: 730 });
    expect(await texts(await send('/posts'))).toEqual(['mine']);
  });

  it('an empty text is refused with the parameter’s name', async () => {
    const { post, ember } = await twoBots();
    const response = await post(' ', ember);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 600, params: ['text'] } });
  });
});

describe('who may ask', () => {
  it('the App Key is no user', async () => {
    const { send } = apiUser();
    expect(await refusalOf(await send('/users/me'))).toEqual({ status: 401, code: 420 });
  });

  it.each([
    ['no bearer', null],
    ['a bearer with a space in it', 'a b'],
  ])('%s is not authenticated at all', async (_what, bearer) => {
    const { send } = apiUser();
    expect(await refusalOf(await send('/posts', { bearer }))).toEqual({ status: 401, code: 400 });
  });

  it('an unknown access token is refused where the App Key would do', async () => {
    const { send } = apiUser();
    expect(await refusalOf(await send('/posts', { bearer: 'made-up' }))).toEqual({ status: 401, code: 450 });
  });

  it('an unknown path is 404 and a wrong method is 405, both with an error body', async () => {
    const { send, api } = apiUser();
    expect(await refusalOf(await send('/nowhere'))).toEqual({ status: 404, code: 700 });
    expect(await refusalOf(await send('/oauth'))).toEqual({ status: 405, code: 900 });
    expect(await refusalOf(await api.fetch(new Request('https://bonfire.test/')))).toEqual({ status: 404, code: 700 });
  });
});

describe('the stream of posts', () => {
  const textIn = (chunk: ReadableStreamReadResult<Uint8Array>) => /"text":"([^"]*)"/.exec(new TextDecoder().decode(chunk.value))?.[1];

  it('sends the posts there are, then every new one', async () => {
    const { post, ember, send } = await twoBots();
    await post('old', ember);
    const response = await send('/posts/stream', { bearer: ember });
    expect(response.headers.get('Content-Type')).toContain('text/event-stream');
    const reader = response.body!.getReader();
    expect(textIn(await reader.read())).toBe('old');
    const next = reader.read();
    await post('new', ember);
    expect(textIn(await next)).toBe('new');
    await reader.cancel();
  });

  it('leaves nobody listening once cancelled or aborted', async () => {
    const { ember, send, api } = await twoBots();
    const controller = new AbortController();
    const cancelled = await send('/posts/stream', { bearer: ember });
    const aborted = await send('/posts/stream', { bearer: ember, signal: controller.signal });
    const reading = aborted.text();
    expect(api.counts.openStreams).toBe(2);
    await cancelled.body!.cancel();
    controller.abort(new Error('gone'));
    await expect(reading).rejects.toThrow('gone');
    expect(api.counts.openStreams).toBe(0);
  });

  it('is for users', async () => {
    const { send } = apiUser();
    expect((await refusalOf(await send('/posts/stream'))).code).toBe(420);
    expect((await send('/posts/stream', { method: 'HEAD' })).status).toBe(405);
  });
});
