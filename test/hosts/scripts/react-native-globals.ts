// Turns the globals of Node into those of React Native, before a script runs.
import { AbortController, AbortSignal } from 'abort-controller/dist/abort-controller.mjs'; // As React Native does: the main entry point takes that of the host.
import { request as send } from 'node:http';
import { fetch, Headers, Request, Response } from 'whatwg-fetch';

const MISSING = [
  'BroadcastChannel', 'CompressionStream', 'CryptoKey', 'CustomEvent', 'DOMException', 'DecompressionStream', 'Event', 'EventTarget', 'MessageChannel',
  'ReadableStream', 'SubtleCrypto', 'TextDecoder', 'TransformStream', 'WritableStream', 'FinalizationRegistry', 'crypto', 'document', 'location', 'reportError', 'structuredClone',
];
for (const name of MISSING) Reflect.deleteProperty(globalThis, name);
delete (URL as { canParse?: unknown }).canParse;

/** What `fetch` of React Native uses of `XMLHttpRequest`. */
class XMLHttpRequest {
  status = 0;
  statusText = '';
  response = '';
  responseType = '';
  responseURL = '';
  onload = () => undefined;
  onerror = () => undefined;
  onabort = () => undefined;
  onreadystatechange = () => undefined;
  #request: ReturnType<typeof send> | null = null;
  #headers: readonly string[] = [];
  readonly #sent: Record<string, string> = {};
  #target = { method: '', url: '' };

  open(method: string, url: string): void {
    this.#target = { method, url };
  }

  setRequestHeader(name: string, value: string): void {
    this.#sent[name] = value;
  }

  getAllResponseHeaders(): string {
    return this.#headers.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
  }

  send(body: string | URLSearchParams | null): void {
    const { method, url } = this.#target;
    this.#request = send(url, { method, headers: this.#sent, agent: false }, (answer) => {
      answer.setEncoding('utf8').on('data', (text: string) => void (this.response += text));
      answer.on('end', () => {
        [this.status, this.statusText, this.#headers, this.responseURL] = [answer.statusCode ?? 0, answer.statusMessage ?? '', answer.rawHeaders, url];
        this.onload();
      });
    });
    this.#request.on('error', () => this.onerror());
    this.#request.end(body === null ? undefined : `${body}`);
  }

  abort(): void {
    this.#request?.destroy();
    this.onabort();
  }
}

Object.assign(globalThis, { AbortController, AbortSignal, XMLHttpRequest, fetch, Headers, Request, Response, FormData: class {}, window: globalThis }); // That of Node needs what is missing.
Object.defineProperty(globalThis, 'navigator', { value: { product: 'ReactNative' }, configurable: true });
