import type { Command } from './harness.ts';

const CHANNEL = 'harness';

type Message = { readonly command: Command; readonly id: string } | { readonly done: string };

/** Lets one tab run commands in all tabs at the same time, without the browser driver. */
export function joinCommands(run: (command: Command) => void): (commands: readonly Command[], others: number) => Promise<void> {
  const channel = new BroadcastChannel(CHANNEL);
  const answers = new Map<string, () => void>();
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('done' in data) return answers.get(data.done)?.();
    channel.postMessage({ done: data.id } satisfies Message);
    run(data.command);
  };

  function send(command: Command, others: number): Promise<void> {
    const id = Math.random().toString(36); // An insecure context has no randomUUID.
    return new Promise((resolve) => {
      let left = others;
      answers.set(id, () => {
        left -= 1;
        if (left === 0) resolve();
      });
      channel.postMessage({ command, id } satisfies Message);
      run(command);
      if (others === 0) resolve();
    });
  }

  return async (commands, others) => {
    for (const command of commands) await send(command, others);
  };
}
