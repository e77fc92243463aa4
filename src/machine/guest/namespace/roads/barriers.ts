import type { GuestNetwork } from '../guest-network.ts'
import { runTool } from '../tool.ts'

/** A chain of somebody else that drops what passes through the machine, unless a rule of its table lets it. */
interface Barrier {
  readonly family: string
  readonly table: string
  readonly name: string
}

/**
 * What others have on this machine that keeps guests from passing between machines, in sentences. A table that speaks of the fabric's addresses is
 * taken to have let them.
 */
export async function barrierTroubles({ fabricSubnet }: GuestNetwork): Promise<readonly string[]> {
  const barriers = barriersIn(await runTool('nft', ['-j', 'list', 'chains']))
  const tables = await Promise.all(
    barriers.map(async (barrier) => ({
      ...barrier,
      text: await runTool('nft', ['list', 'table', barrier.family, barrier.table]),
    })),
  )
  return tables
    .filter(({ text }) => !text.includes(fabricSubnet))
    .map(({ family, table, name, text }) => {
      const chain = text.includes('chain DOCKER-USER ') ? 'DOCKER-USER' : name
      return `The chain ${name} of table ${table} drops what it does not know, so guests of this machine and of others do not reach one another. Let them pass: nft insert rule ${family} ${table} ${chain} ip saddr ${fabricSubnet} accept, and the same with daddr.`
    })
}

/** The chains that drop by policy what is forwarded, in what nft prints; ours accept. */
export function barriersIn(text: string): readonly Barrier[] {
  const { nftables = [] } = JSON.parse(text || '{}') as {
    readonly nftables?: readonly {
      readonly chain?: Barrier & { readonly hook?: string; readonly policy?: string }
    }[]
  }
  return nftables.flatMap(({ chain }) =>
    chain?.hook === 'forward' && chain.policy === 'drop' && ['ip', 'inet'].includes(chain.family) ? [chain] : [],
  )
}
