import { Agent, request as send } from 'node:http';
import { Agent as SecureAgent, request as sendSecurely } from 'node:https';
import type { CookieJar } from './jar.ts';

/** The name under which the browser reaches all instances, as behind a load balancer. */
export const APP_HOST = 'app.localhost:4600';
export const APP_ORIGIN = `http://${APP_HOST}`;

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly setCookie: readonly string[];
  readonly location: string | undefined;
}

/** A browser with one jar. It applies cookies in the order in which answers arrive. */
export class Browser {
  readonly #plain = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly #secure: SecureAgent;

  constructor(certificate: string) {
    this.#secure = new SecureAgent({ keepAlive: true, ca: certificate });
  }

  /** Calls a path of an instance with the cookies of the jar. */
  async call(port: number, path: string, jar: CookieJar, method = 'GET'): Promise<Answer> {
    const answer = await this.#send(new URL(path, APP_ORIGIN), port, jar, method);
    jar.accept(answer.setCookie);
    return answer;
  }

  /** Opens a path and follows its redirects, to the authorization server and back to the same instance. */
  async open(port: number, path: string, jar: CookieJar): Promise<Answer> {
    let url = new URL(path, APP_ORIGIN);
    for (let hops = 0; hops < 10; hops += 1) {
      const answer = url.origin === APP_ORIGIN ? await this.call(port, url.pathname + url.search, jar) : await this.#send(url, port, null, 'GET');
      if (answer.location === undefined) return answer;
      url = new URL(answer.location, url);
    }
    throw new Error(`${path} redirects without an end.`);
  }

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #send(url: URL, port: number, jar: CookieJar | null, method: string): Promise<Answer> {
    const cookie = jar?.header() ?? '';
    const path = url.pathname + url.search;
    const headers = { ...(cookie && { cookie }), ...(path.startsWith('/proxied') && { 'sec-fetch-site': 'same-origin' }), ...(method !== 'GET' && { 'content-length': '0' }) };
    return new Promise((resolve, reject) => {
      const request = url.origin === APP_ORIGIN
        ? send({ host: '127.0.0.1', port, path, method, agent: this.#plain, headers: { ...headers, host: APP_HOST, origin: APP_ORIGIN } })
        : sendSecurely({ host: url.hostname, port: url.port, path, method, agent: this.#secure });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), setCookie: response.headers['set-cookie'] ?? [], location: response.headers.location });
        });
      });
      request.end();
    });
  }
}
