import { readFileSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { runTool } from '../guest/namespace/tool.ts'

/** The link that has the machine's address. Throws a sentence when none has. */
export function linkOfAddress(address: string): string {
  const found = Object.entries(networkInterfaces()).find(([, all]) => all?.some((one) => one.address === address))
  if (found) return found[0]
  throw new Error(
    `No link of this machine has the address ${address}. Give it that address, or join with the one that it has.`,
  )
}

/** Puts the addresses on the link, each alone; those that are there stay as they are. */
export async function addAddresses(link: string, addresses: readonly string[]): Promise<void> {
  await batch(addresses.map((one) => `addr add ${one}/32 dev ${link}`))
}

/** Removes those of the addresses that are on the link. */
export async function removeAddresses(link: string, addresses: readonly string[]): Promise<void> {
  await batch(addresses.map((one) => `addr del ${one}/32 dev ${link}`))
}

/** Runs commands of `ip` one after the other, all of them even if one fails: another may have done it. */
export async function batch(commands: readonly string[]): Promise<void> {
  if (commands.length > 0) await runTool('ip', ['-force', '-batch', '-'], `${commands.join('\n')}\n`).catch(() => {})
}

/** So that only the holder answers who asks for a VIP, and nobody asks in a VIP's name: the VIPs are on `lo` of every machine. */
const wanted = { arp_ignore: '1', arp_announce: '2' } as const

type Setting = keyof typeof wanted

const settings = Object.keys(wanted) as readonly Setting[]

/** Sets how the link answers; `savedIn` keeps what was set before, also over a crash. */
export function quietLink(link: string, savedIn: string): void {
  const before = Object.fromEntries(settings.map((one) => [one, readFileSync(fileOf(link, one), 'utf8').trim()]))
  try {
    writeFileSync(savedIn, JSON.stringify({ link, before }), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  for (const one of settings) writeFileSync(fileOf(link, one), wanted[one])
}

/** Sets again what `quietLink` has found. */
export function restoreLink(savedIn: string): void {
  const { link, before } = JSON.parse(readFileSync(savedIn, 'utf8')) as {
    readonly link: string
    readonly before: Readonly<Record<Setting, string>>
  }
  for (const one of settings)
    try {
      writeFileSync(fileOf(link, one), before[one])
    } catch {
      // The link is gone.
    }
}

function fileOf(link: string, setting: Setting): string {
  return `/proc/sys/net/ipv4/conf/${link.replaceAll('.', '/')}/${setting}`
}
