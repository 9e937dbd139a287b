import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { sourceAlias } from '../source-alias.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig({
  root: path('.'),
  cacheDir: path('../node_modules/.vite/demo'),
  plugins: [react()],
  resolve: { alias: sourceAlias },
  server: { fs: { allow: [path('..')] } },
  optimizeDeps: {
    // Every dependency is named, because Vite reloads the page if it finds another dependency later.
    include: ['@tanstack/react-query', 'idb-keyval', 'jwt-decode', 'react', 'react-dom', 'react-dom/client', 'react/jsx-dev-runtime', 'react/jsx-runtime'],
    noDiscovery: true,
  },
});
