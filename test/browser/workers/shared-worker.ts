import { outcomeOf } from './outcome.ts';

/** Does the same for each page that connects. */
(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  port!.onmessage = async ({ data: { id, path } }: MessageEvent<{ id: number; path: string }>) => {
    port!.postMessage({ id, outcome: await outcomeOf(path) });
  };
};
