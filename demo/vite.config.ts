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
    // All of them by name: one found only later would reload the page under its visitor.
    include: ['@tanstack/react-query', 'idb-keyval', 'jwt-decode', 'react', 'react-dom', 'react-dom/client', 'react/jsx-dev-runtime', 'react/jsx-runtime'],
    noDiscovery: true,
  },
});
