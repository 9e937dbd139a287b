'use client';

import type { ReactNode } from 'react';
import { AuthProvider, createAuthClient } from 'unexpired';
import { AuthDevtools } from 'unexpired/devtools';
import { protocol } from './protocol';

const auth = createAuthClient({ protocol });

export function Session({ children }: { children: ReactNode }) {
  return (
    <AuthProvider client={auth}>
      {children}
      <AuthDevtools client={auth} />
    </AuthProvider>
  );
}
