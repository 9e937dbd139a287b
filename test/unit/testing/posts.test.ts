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

describe('/posts', () => {
  it('shows the post of a bot to a client with the App Key', async () => {
    const { post, ember, send } = await twoBots();
    const created = await post('hello', ember);
    expect(created.status).toBe(201);
    const read = await send('/posts/1');
    expect(await read.json()).toEqual(await created.json());
  });

  it('lists the newest posts first, up to `limit`', async () => {
    const { post, ember, spark, send, texts } = await twoBots();
    await post('one', ember);
    await post('two', spark);
    await post('three', ember);
    expect(await texts(await send('/posts'))).toEqual(['three', 'two', 'one']);
    expect(await texts(await send('/posts?limit=2', { bearer: spark }))).toEqual(['three', 'two']);
    expect(await texts(await send('/users/me/posts', { bearer: spark }))).toEqual(['two']);
    expect(await refusalOf(await send('/posts?limit=0'))).toEqual({ status: 400, code: 600 });
  });

  it('lets the author edit and delete a post', async () => {
    const { post, ember, send, texts } = await twoBots();
    await post('draft', ember);
    expect((await send('/posts/1', { method: 'PUT', bearer: ember, json: { text: 'final' } })).status).toBe(200);
    expect(await texts(await send('/posts'))).toEqual(['final']);
    expect((await send('/posts/1', { method: 'DELETE', bearer: ember })).status).toBe(200);
    expect(await refusalOf(await send('/posts/1'))).toEqual({ status: 404, code: 703 });
  });

  it('refuses to change the post of another user with 730 and HTTP 401', async () => {
    const { post, ember, spark, send, texts } = await twoBots();
    await post('mine', ember);
    const edit = await send('/posts/1', { method: 'PUT', bearer: spark, json: { text: 'yours' } });
    expect(await refusalOf(edit)).toEqual({ status: 401, code: 730 });
    expect(await refusalOf(await send('/posts/1', { method: 'DELETE', bearer: spark }))).toEqual({ status: 401, code: 730 });
    expect(await texts(await send('/posts'))).toEqual(['mine']);
  });

  it('refuses an empty text and names the parameter', async () => {
    const { post, ember } = await twoBots();
    const response = await post(' ', ember);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 600, params: ['text'] } });
  });
});

describe('the API', () => {
  it('refuses the App Key if a user is required', async () => {
    const { send } = apiUser();
    expect(await refusalOf(await send('/users/me'))).toEqual({ status: 401, code: 420 });
  });

  it.each([
    ['a request without a bearer', null],
    ['a bearer with a space in it', 'a b'],
  ])('refuses %s as not authenticated', async (_what, bearer) => {
    const { send } = apiUser();
    expect(await refusalOf(await send('/posts', { bearer }))).toEqual({ status: 401, code: 400 });
  });

  it('refuses an unknown access token even if the App Key is enough', async () => {
    const { send } = apiUser();
    expect(await refusalOf(await send('/posts', { bearer: 'made-up' }))).toEqual({ status: 401, code: 450 });
  });

  it('answers an unknown path with 404 and a wrong method with 405, both with an error body', async () => {
    const { send, api } = apiUser();
    expect(await refusalOf(await send('/nowhere'))).toEqual({ status: 404, code: 700 });
    expect(await refusalOf(await send('/oauth'))).toEqual({ status: 405, code: 900 });
    expect(await refusalOf(await api.fetch(new Request('https://bonfire.test/')))).toEqual({ status: 404, code: 700 });
  });
});

describe('the stream of posts', () => {
  const textIn = (chunk: ReadableStreamReadResult<Uint8Array>) => /"text":"([^"]*)"/.exec(new TextDecoder().decode(chunk.value))?.[1];

  it('sends the existing posts, then each new one', async () => {
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

  it('is closed on the server when its client cancels or aborts it', async () => {
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

  it('refuses the App Key and the method HEAD', async () => {
    const { send } = apiUser();
    expect((await refusalOf(await send('/posts/stream'))).code).toBe(420);
    expect((await send('/posts/stream', { method: 'HEAD' })).status).toBe(405);
  });
});
