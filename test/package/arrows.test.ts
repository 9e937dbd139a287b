import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint();

async function complaints(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId ?? 'fatal');
}

describe('the layers', () => {
  it.each([
    ['src/core/model/x.ts', "import type { Platform } from '../platform.ts';\nexport type X = Platform;"],
    ['src/core/model/x.ts', "import { get } from 'idb-keyval';\nexport const x = get;"],
    ['src/core/x.ts', "import { useAuth } from '../react/use-auth.ts';\nexport const x = useAuth;"],
    ['src/core/x.ts', "import { bonfire } from '../protocols/bonfire/bonfire.ts';\nexport const x = bonfire;"],
    ['src/core/x.ts', "import type { ReactNode } from 'react';\nexport type X = ReactNode;"],
    ['src/protocols/bonfire/x.ts', "import { createAuthClient } from '../../core/create-auth-client.ts';\nexport const x = createAuthClient;"],
    ['src/react/x.ts', "import { useQuery } from '@tanstack/react-query';\nexport const x = useQuery;"],
    ['src/react/x.ts', "import { bonfire } from '../protocols/bonfire/bonfire.ts';\nexport const x = bonfire;"],
    ['src/react/x.ts', "import { useAuthedQuery } from '../query/use-authed-query.ts';\nexport const x = useAuthedQuery;"],
    ['src/query/x.ts', "import { useAuth } from '../react/use-auth.ts';\nexport const x = useAuth;"],
    ['src/query/x.ts', "import { bonfire } from '../protocols/bonfire/bonfire.ts';\nexport const x = bonfire;"],
    ['src/testing/x.ts', "import { useAuth } from '../react/use-auth.ts';\nexport const x = useAuth;"],
  ])('break the lint when an arrow in %s points the wrong way: %s', async (file, code) => {
    expect(await complaints(file, code)).toEqual(['no-restricted-imports']);
  });

  it.each([
    ['src/core/model/x.ts', 'export const x = Date.now();'],
    ['src/core/model/x.ts', 'export const x = new Date();'],
    ['src/core/model/x.ts', 'export const x = Math.random();'],
    ['src/protocols/bonfire/x.ts', "export const x = () => fetch('/');"],
    ['src/protocols/bonfire/x.ts', 'export const x = () => setTimeout(() => undefined, 1);'],
    ['src/core/x.ts', 'export const x = () => Date.now();'],
    ['src/core/x.ts', "export const x = () => localStorage.getItem('token');"],
    ['src/react/x.ts', 'export const x = () => window.location.href;'],
    ['src/query/x.ts', 'export const x = () => Date.now();'],
  ])('break the lint when %s reaches for the world: %s', async (file, code) => {
    expect((await complaints(file, code)).length).toBeGreaterThan(0);
  });

  it.each([
    ['src/core/model/x.ts', "import { jwtDecode } from 'jwt-decode';\nimport { redact } from './redact.ts';\nexport const x = [jwtDecode, redact, new Date(0)];"],
    ['src/react/x.ts', "import { useState } from 'react';\nimport { createAuthClient } from '../core/create-auth-client.ts';\nexport const x = [useState, createAuthClient];"],
    ['src/query/x.ts', "import { useQuery } from '@tanstack/react-query';\nimport { useState } from 'react';\nimport { createAuthClient } from '../core/create-auth-client.ts';\nexport const x = [useQuery, useState, createAuthClient];"],
  ])('let %s pass where its arrows are right', async (file, code) => {
    expect(await complaints(file, code)).toEqual([]);
  });
});
