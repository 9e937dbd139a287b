import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AuthProvider } from 'unexpired';
import { AuthQueryProvider } from 'unexpired/query';
import { auth } from './auth.ts';
import { App } from './components/App.tsx';
import { Devtools } from './components/Devtools.tsx';
import { createQueryClient } from './query-client.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');

createRoot(root).render(
  <StrictMode>
    <AuthProvider client={auth}>
      <AuthQueryProvider queryClient={createQueryClient()}>
        <App />
      </AuthQueryProvider>
      <Devtools />
    </AuthProvider>
  </StrictMode>,
);
