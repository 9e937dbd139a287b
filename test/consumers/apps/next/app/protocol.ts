import { bonfire } from 'unexpired/bonfire';

export const protocol = bonfire({ baseUrl: process.env.NEXT_PUBLIC_API!, appKey: 'app-key' });
