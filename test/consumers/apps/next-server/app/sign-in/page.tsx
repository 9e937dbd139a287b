import { RequireNoUser } from '../require-no-user';
import { SignIn } from '../sign-in';

export default function Page() {
  return <RequireNoUser><SignIn /></RequireNoUser>;
}
