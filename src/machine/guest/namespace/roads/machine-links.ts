import { runTool } from '../tool.ts'

/** A link of this machine that is up, and its addresses of IPv4. */
export interface MachineLink {
  readonly name: string
  readonly mtu: number
  readonly addresses: readonly { readonly address: string; readonly bits: number }[]
}

/** The machine's links to others: neither the loopback link, nor those that begin with `ours`. */
export async function machineLinks(ours: string): Promise<readonly MachineLink[]> {
  return linksIn(await runTool('ip', ['-json', '-4', 'address', 'show', 'up'])).filter(
    ({ name }) => name !== 'lo' && !name.startsWith(ours),
  )
}

interface Shown {
  readonly ifname?: string
  readonly mtu?: number
  readonly flags?: readonly string[]
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[]
}

/** The links in what ip prints, those without carrier left out: nobody is reached by them. Its word for the state comes up to a second late. */
export function linksIn(text: string): readonly MachineLink[] {
  return (JSON.parse(text || '[]') as readonly Shown[]).flatMap(
    ({ ifname: name, mtu, flags = [], addr_info: addresses = [] }) =>
      name === undefined || mtu === undefined || flags.includes('NO-CARRIER')
        ? []
        : [
            {
              name,
              mtu,
              addresses: addresses.flatMap(({ local, prefixlen }) =>
                local === undefined || prefixlen === undefined ? [] : [{ address: local, bits: prefixlen }],
              ),
            },
          ],
  )
}
