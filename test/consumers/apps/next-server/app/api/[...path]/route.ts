import { after } from 'next/server';
import { sessions } from '../../../sessions';

const answer = (request: Request) => sessions().proxy(request, { waitUntil: after });

export { answer as GET, answer as POST, answer as PUT, answer as PATCH, answer as DELETE };
