import { readFileSync, writeFileSync } from 'node:fs'
import { tablePrefix } from './guest-network.ts'
import { outwardInterfaces } from './outward.ts'
import { tables } from './tables.ts'
import { runTool } from './tool.ts'

/** The record of interfaces that did not forward before: a table without rules, which lives as long as its content. */
const note = 'reddog-forwarding'

const forwards = (name: string) => `/proc/sys/net/ipv4/conf/${name}/forwarding`

/** Set for the whole machine, it is somebody else's affair, who sets it for each interface too. */
const machineForwards = '/proc/sys/net/ipv4/ip_forward'

/** Has the interfaces of the default routes pass packets on, for guests that go out. */
export async function forwardOutward(): Promise<void> {
  await forward(await outwardInterfaces())
}

/** Has these interfaces pass packets on, and notes which of them did not. */
export async function forward(names: readonly string[]): Promise<void> {
  const quiet = names.filter((name) => isOff(forwards(name)))
  if (quiet.length === 0) return
  const elements = quiet.map((name) => `"${name}"`).join(', ')
  await runTool(
    'nft',
    ['-f', '-'],
    `add table ip ${note}\nadd set ip ${note} interfaces { type ifname; }\nadd element ip ${note} interfaces { ${elements} }\n`,
  )
  for (const name of quiet) writeFileSync(forwards(name), '1')
}

/**
 * Restores the interfaces when no host of any fabric has guests on this machine any more. At the same moment another fabric may end, and
 * remove the record first, or begin: then they forward again.
 */
export async function endForwarding(): Promise<void> {
  if (!(await tables()).includes(note) || (await hasHosts())) return
  const noted = await runTool('nft', ['list', 'set', 'ip', note, 'interfaces']).catch(async (error: unknown) => {
    if ((await tables()).includes(note)) throw error
    return ''
  })
  if (isOff(machineForwards)) for (const name of interfacesIn(noted)) putOff(name)
  await runTool('nft', ['-f', '-'], `add table ip ${note}\ndelete table ip ${note}\n`)
  if (await hasHosts()) await forwardOutward()
}

/** A host has its table before it asks for forwarding. */
async function hasHosts(): Promise<boolean> {
  return (await tables()).some((name) => name !== note && name.startsWith(tablePrefix))
}

/** The names in a set, as nft prints it. */
export function interfacesIn(set: string): readonly string[] {
  const [, elements = ''] = /elements = \{([^}]*)\}/.exec(set) ?? []
  return [...elements.matchAll(/"([^"]+)"/g)].flatMap(([, name]) => name ?? [])
}

function isOff(file: string): boolean {
  return readFileSync(file, 'utf8').trim() === '0'
}

/** Does nothing when the interface is gone. */
function putOff(name: string): void {
  try {
    writeFileSync(forwards(name), '0')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
