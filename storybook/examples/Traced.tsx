import { useState } from 'react';
import { useAuthedFetch, type InterceptorEntry } from 'unexpired';

export function Traced() {
  const [lines, setLines] = useState<readonly string[]>([]);
  const log = (line: string) => setLines((before) => [...before, line]);
  const interceptors: InterceptorEntry[] = [
    async (request, next) => {
      const response = await next(request); // includes the refresh and the replay
      log(`call: ${response.status}`);
      return response;
    },
    {
      scope: 'send',
      interceptor: async (request, next) => {
        const response = await next(request);
        log(`send: ${response.status}`);
        return response;
      },
    },
  ];
  const authedFetch = useAuthedFetch({ interceptors });
  return (
    <>
      <button onClick={() => void authedFetch('/users/me')}>Call</button>
      <ol>{lines.map((line, index) => <li key={index}>{line}</li>)}</ol>
    </>
  );
}
