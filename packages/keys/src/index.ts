export { directoryOf, type Registration, type UserDirectory } from './users.ts';
