import { oauth2 } from 'unexpired/oauth2';
import { createSessions } from 'unexpired/server';

const protocol = oauth2({
  tokenEndpoint: 'https://id.example.com/oauth/token',
  revocationEndpoint: 'https://id.example.com/oauth/revoke',
  clientId: 'my-app',
  resourceOrigins: ['https://api.example.com'],
});

export const sessions = createSessions({ protocol, secrets: [process.env['SESSION_SECRET'] ?? ''] });
