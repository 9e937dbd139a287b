// A process of its own for one instance of the server. The demo builds the instance, starts it and ends it.
import { pathToFileURL } from 'node:url';

// Ctrl-C reaches this process, too, but the demo ends it.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0)); // The demo has ended.

process.once('message', async (settings) => {
  try {
    const { startInstance } = await import(pathToFileURL(process.argv[2]).href);
    const { port, close } = await startInstance(settings, (message) => process.connected && process.send(message));
    process.on('SIGTERM', () => void close().finally(() => process.exit(0)));
    process.send({ type: 'listening', port });
  } catch (error) {
    process.send({ type: 'problem', text: error?.name === 'DemoProblem' ? error.message : String(error?.stack) }, () => process.exit(1));
  }
});
