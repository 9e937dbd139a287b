import { after } from 'next/server';
import { sessions } from '../../../sessions';

const answer = (request: Request) => sessions().handler(request, { waitUntil: after });

export { answer as GET, answer as POST };
