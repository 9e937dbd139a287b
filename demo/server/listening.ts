import type { Server } from 'node:http';
import { DemoProblem } from './demo-problem.ts';

const HOST = '127.0.0.1';

/** A listening server. */
export interface Listening {
  readonly origin: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Listens on a port of the loopback interface.
 *
 * @param variable the environment variable that sets the port, for the error message
 * @throws DemoProblem when the port is in use or not allowed
 */
export function listen(server: Server, port: number, variable: string): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(problemOf(error, port, variable)));
    server.listen(port, HOST, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ origin: `http://${HOST}:${taken}`, port: taken, close: () => close(server) });
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections(); // A request that hangs because of a fault must not keep the process alive.
  });
}

function problemOf(error: NodeJS.ErrnoException, port: number, variable: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new DemoProblem(`Port ${port} is in use. Stop the program that uses it, or set another port: ${variable}=${suggested(port)} npm run demo`);
  }
  if (error.code === 'EACCES') return new DemoProblem(`Port ${port} is not allowed for this user. Set a port from 1024 up: ${variable}=5173 npm run demo`);
  return error;
}

function suggested(port: number): number {
  return port + 10 <= 65_535 ? port + 10 : 0;
}
