import { auth } from './auth.ts';

/** Does the same for each page that connects. */
(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  port!.onmessage = async ({ data: { id, path } }: MessageEvent<{ id: number; path: string }>) => {
    const outcome = await auth.fetch(path).then(({ status }) => status, (error: { code: string }) => error.code);
    port!.postMessage({ id, outcome });
  };
};
