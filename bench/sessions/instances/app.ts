import { setClockOffset } from '../clock.ts';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { peerNamed } from '../peers/index.ts';
import { roundTrips } from './round-trips.ts';
import type { Asked, Command, Settings } from './settings.ts';

const settings = JSON.parse(process.argv[2] ?? '') as Settings;
setClockOffset(settings.clockMs);
process.on('disconnect', () => process.exit());

const app = await (await peerNamed(settings.peer).load()).createApp(settings);
const listener: RequestListener = 'fetch' in app ? getRequestListener((request) => app.fetch(request)) : app.listener;
const server = createServer({ keepAliveTimeout: 60_000 }, listener);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', ({ id, command }: Asked) => {
  void obey(command).then((value) => process.send?.({ id, value }));
});

async function obey(command: Command): Promise<number> {
  if (command.type === 'clock') setClockOffset(command.offsetMs);
  if (command.type === 'round-trips') return roundTrips();
  if (command.type === 'processor-time') return processorMs();
  if (command.type === 'memory') return heapAfterCollection();
  if (command.type === 'sign-in') await app.signInMany?.(command.count);
  return 0;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function heapAfterCollection(): number {
  for (let times = 0; times < 3; times += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
