import type { RoleDefinition } from '../definition.ts'
import type { Grounds } from './commands.ts'
import type { Finding } from './finding.ts'

/** Files of PHP in the sites of a role, by their paths below its root, on a machine that cannot run them (I-45). Those of libraries are nobody's pages. */
export function phpFindings(
  { name: role }: RoleDefinition,
  paths: readonly string[],
  { has }: Pick<Grounds, 'has'>,
): readonly Finding[] {
  const [first, ...more] = paths.filter(
    (path) => /^(?:approot|sitesroot)\/.*\.php$/i.test(path) && !/\/(?:node_modules|vendor)\//i.test(path),
  )
  if (first === undefined || has('php-cgi')) return []
  const which = more.length === 0 ? `${first} is` : `${first} and ${more.length} more are`
  const reason = `Role ${role}: ${which} PHP, and this machine has no php-cgi: requests are answered 404.3. Install Debian's php-cgi on every host.`
  return [{ role, subject: 'site', name: first, verdict: 'passedOver', reason }]
}
