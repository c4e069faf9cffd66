export { type ActivityQuery, type Deed, listActivity, logActivity, logDeed } from "./activity.ts";
export { type Asking, checkGrant, type Grant, type Role, type Scope } from "./authorize.ts";
export { removeOldFailures } from "./failures.ts";
export { type Projects, projectsOf, whoIs } from "./for-cells.ts";
export { type HubSignIn, signInFromHub } from "./hub.ts";
export { newInvitation, resetPassword, setPassword, useInvitation } from "./invitations.ts";
export { getMember, listMembers, putMember, removeMember } from "./members.ts";
export { homeProject } from "./own-user.ts";
export { checkPassword, hashPassword } from "./passwords.ts";
export {
  changeProject,
  createProject,
  deleteProject,
  findProject,
  getProject,
  listProjects,
  type ProjectsQuery,
} from "./projects.ts";
export { type Action, authorize, type Opened, openSession, type Session, type SessionOptions } from "./session.ts";
export { changePassword, isFresh, register, type SignedIn, signIn } from "./sign-in.ts";
export {
  beginSignIn,
  endSignIn,
  endSignIns,
  findSignIn,
  listSignIns,
  type OpenSignIn,
  type Origin,
  removeOldSignIns,
} from "./sign-ins.ts";
export { createToken, findToken, listTokens, revokeToken, type TokenHolder } from "./tokens.ts";
export { getUser, toUser, type UserRow } from "./user-rows.ts";
export {
  changePeopleSettings,
  changeProfile,
  changeUser,
  checkAdmin,
  createUser,
  listUsers,
  peopleSettings,
  type UserQuery,
} from "./users.ts";
