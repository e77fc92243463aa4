import { execFileSync } from 'node:child_process'
import { globSync, readdirSync } from 'node:fs'

/** Links, tables, routes and control groups of the fabric; the number is the b of its 127.b.0.0/16. */
export function leftOf(fabric: number): readonly string[] {
  const tables = execFileSync('/usr/sbin/nft', ['list', 'tables'], { encoding: 'utf8' }).split('\n')
  const routes = execFileSync('/usr/sbin/ip', ['route'], { encoding: 'utf8' }).split('\n')
  return [
    ...readdirSync('/sys/class/net').filter((name) => name.startsWith(`rd${fabric}-`)),
    ...tables.filter((line) => line.includes(`reddog-${fabric}-`)),
    ...routes.filter((line) => line.includes(`10.${fabric}.`)),
    ...globSync([`/sys/fs/cgroup/reddog-${fabric}-*`, `/sys/fs/cgroup/*/reddog-${fabric}-*`]),
  ]
}
