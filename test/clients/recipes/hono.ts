import type { Env, Hono } from 'hono';
import { hc } from 'hono/client';
import type { Schema } from 'hono/types';
import type { AuthClient } from 'unexpired/core';

export const honoClient = <App extends Hono<Env, Schema, string>>(auth: AuthClient, baseUrl: string) => hc<App>(baseUrl, { fetch: auth.fetch });
