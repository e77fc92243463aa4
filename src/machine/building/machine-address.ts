import { execFile } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The answer of the kernel takes no time; `ip` itself may be missing. */
const answerLimitMs = 5_000

/** Any address that the default route leads to; nothing is sent there (RFC 5737). */
const somewhere = '192.0.2.1'

/**
 * The address at which other machines reach this one: the one asked for, else the source address of the default route. Throws an Error with one
 * sentence when it is not an address of this machine, or is of loopback.
 */
export async function machineAddress(asked: string | undefined): Promise<string> {
  const address = asked ?? (await sourceAddress())
  if (address === undefined)
    throw new Error('This machine has no default route that would tell its address. Name it with --address ADDRESS.')
  if (address.startsWith('127.'))
    throw new Error(
      `--address ${address}: other machines cannot reach an address of loopback. Name one of: ${others()}.`,
    )
  if (!ownAddresses().includes(address))
    throw new Error(`--address ${address}: this machine has no such address. It has: ${others()}.`)
  return address
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) =>
    all.flatMap(({ family, address }) => (family === 'IPv4' ? [address] : [])),
  )
}

function others(): string {
  return (
    ownAddresses()
      .filter((address) => !address.startsWith('127.'))
      .join(', ') || 'none but of loopback'
  )
}

async function sourceAddress(): Promise<string | undefined> {
  try {
    const { stdout } = await run('ip', ['-json', '-4', 'route', 'get', somewhere], { timeout: answerLimitMs })
    const [route] = JSON.parse(stdout) as readonly { readonly prefsrc?: string }[]
    return route?.prefsrc
  } catch {
    return undefined
  }
}
