import { useAuthedQuery } from 'unexpired/query';

export function Orders() {
  const { data } = useAuthedQuery({ queryKey: ['orders'], queryFn: async ({ authedFetch, signal }): Promise<string[]> => {
    const response = await authedFetch('/orders', { signal });
    return response.ok ? response.json() : Promise.reject(new Error(`HTTP ${response.status}`));
  } });
  return <p>{data?.join(', ')}</p>;
}
