/**
 * Breaks one rule of the driver while it is loaded: `ROOKERY_FAULT=<id> node --import ./register.js ../dist/main.js`.
 * Without the variable nothing happens. Nothing here is part of a package.
 */
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFaults, root } from './list.js';

const id = process.env.ROOKERY_FAULT;
if (id !== undefined) {
  const fault = readFaults().find((one) => one.id === id);
  if (fault === undefined) throw new Error(`there is no seeded fault ${id}`);
  const { file, find, replace } = fault;
  register('./hook.js', import.meta.url, { data: { url: pathToFileURL(`${root}${file}`).href, find, replace } });
}
