import { createFileRoute } from '@tanstack/react-router';
import { sessions } from '../../sessions.server';

const answer = ({ request }: { request: Request }) => sessions.handler(request);

export const Route = createFileRoute('/auth/$')({ server: { handlers: { ANY: answer } } });
