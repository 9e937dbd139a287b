import { Posts } from '../posts';
import { RequireUser } from '../require-user';

export default function Page() {
  return <RequireUser><Posts /></RequireUser>;
}
