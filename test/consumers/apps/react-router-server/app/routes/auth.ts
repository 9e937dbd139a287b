import { sessions } from '../sessions.server';

const answer = ({ request }: { request: Request }) => sessions.handler(request);

export { answer as action, answer as loader };
