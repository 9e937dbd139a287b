import { useState } from 'react';
import { useAuthedFetch, type InterceptorEntry } from 'unexpired';

export function Traced() {
  const [lines, setLines] = useState<readonly string[]>([]);
  const tell = (line: string) => setLines((before) => [...before, line]);
  const interceptors: InterceptorEntry[] = [
    async (request, next) => {
      const response = await next(request); // the refresh and the replay happen in here
      tell(`call: ${response.status}`);
      return response;
    },
    {
      scope: 'send',
      interceptor: async (request, next) => {
        const response = await next(request);
        tell(`attempt: ${response.status}`);
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
